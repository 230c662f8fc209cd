// The table of operations: each is declared once, with its name, signatures, element types and a line of
// help. Its readers are the Lua binding, the argument errors, `?name`, and `th --ops-json`; none of them
// names an operation.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tensor/Tensor.h"

namespace cresset {

class Generator;

/// How Torch7 calls an operation as a function (`torch.f`) and as a method (`x:f`):
enum class Family : uint8_t {
  InPlace,   // torch.f([res,] x, ...); x:f(...) overwrites x
  Result,    // torch.f([res,] x, ...); x:f(...) returns a new tensor, res:f(x, ...) writes into res
  Creation,  // torch.f([res,] ...); x:f(...) resizes and fills x
  Self,      // torch.f(x, ...) and x:f(...) both change x
  Query,     // torch.f(x, ...) and x:f(...) return numbers or booleans
  Function,  // torch.f(...) only
};

/// One argument of a call, already checked. What is valid follows from the signature.
union Value {
  TensorImpl* tensor;  // borrowed
  double number;
  int64_t integer;
  bool boolean;
  char letter;
  Generator* generator;
  const Shape* sizes;
  const std::vector<Tensor>* tensors;
};

/// What an operation gives back instead of the tensors that receive its results; Nothing for most. A lambda
/// that decides while it runs, as squeeze does for a single element, returns a Returned itself.
struct Returned {
  enum Kind : uint8_t { Nothing, Number, Boolean, Object } kind = Nothing;
  double number = 0;
  Tensor tensor;  // Kind Object: a view, such as squeeze makes
};

using Invoke = void (*)(const Value* arguments, Returned& returned);

namespace detail {

// A Value's tensor is read as a Tensor handle.
static_assert(sizeof(Tensor) == sizeof(TensorImpl*));  // NOLINT(bugprone-sizeof-expression)

template <class T> decltype(auto) unpack(const Value& value) {
  if constexpr (std::is_same_v<T, const Tensor&>) {
    return *reinterpret_cast<const Tensor*>(&value.tensor);
  } else if constexpr (std::is_same_v<T, double>) {
    return double{value.number};
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return int64_t{value.integer};
  } else if constexpr (std::is_same_v<T, bool>) {
    return bool{value.boolean};
  } else if constexpr (std::is_same_v<T, char>) {
    return char{value.letter};
  } else if constexpr (std::is_same_v<T, Generator&>) {
    return *value.generator;
  } else if constexpr (std::is_same_v<T, Sizes>) {
    return static_cast<Sizes>(*value.sizes);
  } else {
    static_assert(std::is_same_v<T, const std::vector<Tensor>&>,
                  "no signature kind gives this argument type");
    return *value.tensors;
  }
}

template <class F> struct Caller;
template <class F, class R, class... A> struct Caller<R (F::*)(A...) const> {
  static constexpr int kArity = sizeof...(A);
  template <size_t... I> static void call(const Value* v, Returned& returned, std::index_sequence<I...>) {
    if constexpr (std::is_void_v<R>) {
      F{}(unpack<A>(v[I])...);
    } else if constexpr (std::is_same_v<R, Returned>) {
      returned = F{}(unpack<A>(v[I])...);
    } else if constexpr (std::is_same_v<R, Tensor>) {
      returned.tensor = F{}(unpack<A>(v[I])...);
      returned.kind = Returned::Object;
    } else if constexpr (std::is_same_v<R, bool>) {
      returned.number = F{}(unpack<A>(v[I])...);
      returned.kind = Returned::Boolean;
    } else {
      returned.number = static_cast<double>(F{}(unpack<A>(v[I])...));
      returned.kind = Returned::Number;
    }
  }
  static void invoke(const Value* v, Returned& returned) {
    call(v, returned, std::make_index_sequence<sizeof...(A)>());
  }
};

}  // namespace detail

enum class Form : uint8_t { Function = 1, Method = 2, Both = 3 };

/// One way to call an operation. `arguments` lists kinds, separated by spaces:
///   T tensor of the dispatched type; Byte Long Int Float Double tensor of that type; ~2D exactly two
///   dimensions; {T,...} non-empty array of T; num number; int integer; dim dimension counted from 1 (the
///   operation gets it from 0); bool; gen; size... a LongStorage or numbers to the end; "V|F" a string with
///   one of these first letters.
/// `>X` receives a result and is returned; `[X]` is optional: a fresh tensor, or the default after `=`;
/// `[>X >Y]` are results that a caller gives together or not at all.
/// `[T=arg1]` is the first argument again. `[dim=last]`, `[dim=-1]` (which a caller may write too) and
/// `[dim=first-of-size-3]` are given as -1.
struct Overload {
  Form form;
  TypeSet types;
  std::string arguments;
  Invoke invoke;
  int arity;
};

struct Op {
  std::string name;
  Family family;
  std::string help;
  std::string page;  // of the reference: the family of sources that declares it
  std::vector<Overload> overloads;
};

class OpTable {
 public:
  /// Names the page of the reference that the operations to follow are on.
  void page(const char* name) { page_ = name; }

  /// Starts an operation; the `overload` calls that follow belong to it. A name may be opened again to add
  /// overloads.
  OpTable& op(const char* name, Family family, const char* help);

  /// Adds an overload in its function form. The method form follows from the family:
  /// InPlace `[>T] T ...` becomes `>T [T=arg1] ...`; Creation `[>T] ...` becomes `>T ...`; the others keep
  /// theirs. Half and BFloat16 belong to every set with Float. `function` is a lambda without captures whose
  /// parameters match the kinds one for one.
  template <class F> OpTable& overload(TypeSet types, const char* arguments, F) {
    using Caller = detail::Caller<decltype(&F::operator())>;
    return add(Form::Both, types, arguments, Caller::invoke, Caller::kArity);
  }
  /// The same for one form, where the two differ in more than the family says.
  template <class F> OpTable& overload(Form form, TypeSet types, const char* arguments, F) {
    using Caller = detail::Caller<decltype(&F::operator())>;
    return add(form, types, arguments, Caller::invoke, Caller::kArity);
  }

  const std::vector<Op>& ops() const { return ops_; }

 private:
  OpTable& add(Form form, TypeSet types, const char* arguments, Invoke invoke, int arity);
  std::vector<Op> ops_;
  std::string page_;
  size_t current_ = 0;
};

/// All operations, in the order of their families' sources.
const OpTable& opTable();

/// The argument list of an overload in one form; empty when the overload has no such form.
std::string argumentsOf(const Op& op, const Overload& overload, Form form);

/// The table as JSON, for documentation and editor stubs.
std::string opTableJson();

}  // namespace cresset
