// How Lua's arguments may fill the parameters of an operation: the signatures of the op table, parsed.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensor/Type.h"
#include "tensor/ops/OpTable.h"

namespace cresset::lua {

inline constexpr int kMaxArguments = 16;

/// One parameter of a signature, parsed.
struct Parameter {
  enum Kind : uint8_t {
    TensorKind,
    Tensors,
    Number,
    Integer,
    Dim,
    Boolean,
    Gen,
    SizesKind,
    Letter
  } kind = TensorKind;
  enum Default : uint8_t { Required, Fresh, FirstArgument, Last, Text } absent = Required;
  bool result = false;
  bool joined = false;  // optional, given when the parameter before it is
  bool typed = false;   // a tensor of `dtype`, whatever the dispatched type
  DType dtype = DType::Double;
  int8_t dims = 0;    // exactly so many dimensions; 0: any
  double number = 0;  // the default of a number
  std::string text;   // the default's text, or a Letter's letters

  bool optional() const { return absent != Required; }
  Type typeFor(Type dispatched) const { return typed ? Type{dtype, dispatched.device} : dispatched; }
};

/// One overload's parameters.
struct Signature {
  const Op* op;
  const Overload* overload;
  std::vector<Parameter> parameters;
  bool ofNumbers = false;  // takes nothing else, as torch.exp(1) does: computes as for one element
};

using LuaTypes = uint16_t;  // a set: bit lua_type(...)

/// One way to fill an overload's parameters with n arguments.
struct Pattern {
  const Signature* signature;
  std::array<int8_t, kMaxArguments> argumentOf{};  // by parameter: which argument, or -1
  std::array<LuaTypes, kMaxArguments> luaTypes{};  // by argument: what Lua's type may be
  int fixed = 0;                                   // arguments before a `size...` tail
};

/// All overloads of one operation in one form, expanded: every combination of present and absent optional
/// parameters, in Torch7's order, by argument count.
struct Matcher {
  const Op* op;
  Form form;
  std::vector<std::unique_ptr<Signature>> signatures;
  std::array<std::vector<Pattern>, kMaxArguments + 1> byCount;
  std::vector<Pattern> variadic;
  /// The first argument is of a type of its own, as `where`'s condition: the call's type is that of the
  /// others.
  bool typedFirst = false;
};

/// An operation's matcher, made when it is first called: parsing all of them would cost milliseconds at
/// start-up.
struct LazyMatcher {
  const Op* op = nullptr;
  Form form = Form::Function;
  std::atomic<const Matcher*> made = nullptr;

  const Matcher& get() {
    if (const Matcher* m = made.load(std::memory_order_acquire)) [[likely]]
      return *m;
    return make();
  }

 private:
  const Matcher& make();
};

/// The matcher of an operation, by its place in the table.
LazyMatcher& matcherOf(size_t op, Form form);

}  // namespace cresset::lua
