// The list of classes: what Lua and files know them by, how they are made, and the methods they have besides
// the usual.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/Criterion.h"
#include "nn/Module.h"

namespace cresset::nn {

/// The arguments of a constructor or method as its caller gave them, by position from 1. Nil counts as
/// absent. Errors name the class, position, name, what was expected and what came.
class Arguments {
 public:
  virtual ~Arguments() = default;
  virtual int count() const = 0;
  virtual bool isNil(int position) const = 0;
  virtual bool isTensor(int position) const = 0;
  virtual bool isBoolean(int position) const = 0;
  virtual bool isNumber(int position) const = 0;

  virtual int64_t integer(int position, const char* name) const = 0;
  virtual double number(int position, const char* name) const = 0;
  virtual bool boolean(int position, const char* name) const = 0;
  virtual std::string string(int position, const char* name) const = 0;
  virtual Tensor tensor(int position, const char* name) const = 0;
  virtual ModulePtr module(int position, const char* name) const = 0;
  virtual CriterionPtr criterion(int position, const char* name) const = 0;
  /// A LongStorage at `position`, or the numbers from `position` to the last one.
  virtual Shape sizes(int position, const char* name) const = 0;
  /// A tensor, a number, or a table of these.
  virtual Activity activity(int position, const char* name) const;

  int64_t integer(int position, const char* name, int64_t absent) const {
    return isNil(position) ? absent : integer(position, name);
  }
  double number(int position, const char* name, double absent) const {
    return isNil(position) ? absent : number(position, name);
  }
  bool boolean(int position, const char* name, bool absent) const {
    return isNil(position) ? absent : boolean(position, name);
  }
};

/// What a class-specific method gives back: nothing means `self`, so that calls chain.
using MethodResult = std::optional<Activity>;

template <class Base> struct ClassInfo {
  struct Method {
    const char* name;
    std::function<MethodResult(Base&, const Arguments&)> call;
  };
  const char* name;    // "nn.Linear"
  const char* parent;  // "nn.Module", or another class of the list
  std::function<std::shared_ptr<Base>(const Arguments&)> construct;
  /// An object whose fields will be set, such as one read from a file.
  std::function<std::shared_ptr<Base>()> blank;
  std::vector<Method> methods;
  int version = 1;  // Torch7's __version

  /// Adds a method; `call` takes (M&, const Arguments&) and returns void or MethodResult.
  template <class M, class F> ClassInfo& method(const char* methodName, F call) {
    methods.push_back({methodName, [call](Base& self, const Arguments& arguments) -> MethodResult {
                         if constexpr (std::is_void_v<decltype(call(static_cast<M&>(self), arguments))>) {
                           call(static_cast<M&>(self), arguments);
                           return {};
                         } else {
                           return call(static_cast<M&>(self), arguments);
                         }
                       }});
    return *this;
  }
};
using ModuleClass = ClassInfo<Module>;
using CriterionClass = ClassInfo<Criterion>;

/// All classes; parents stand before their children.
class Registry {
 public:
  /// M needs a default constructor for `blank`.
  template <class M, class F> ModuleClass& module(const char* name, const char* parent, F construct) {
    modules_.push_back(std::make_unique<ModuleClass>(
        ModuleClass{name,
                    parent,
                    [construct](const Arguments& a) -> ModulePtr { return construct(a); },
                    [] { return std::make_shared<M>(); },
                    {}}));
    return *modules_.back();
  }
  /// A class without constructor arguments.
  template <class M> ModuleClass& module(const char* name, const char* parent = "nn.Module") {
    return module<M>(name, parent, [](const Arguments&) { return std::make_shared<M>(); });
  }
  template <class C, class F> CriterionClass& criterion(const char* name, const char* parent, F construct) {
    criterions_.push_back(std::make_unique<CriterionClass>(
        CriterionClass{name,
                       parent,
                       [construct](const Arguments& a) -> CriterionPtr { return construct(a); },
                       [] { return std::make_shared<C>(); },
                       {}}));
    return *criterions_.back();
  }
  const std::vector<std::unique_ptr<ModuleClass>>& modules() const { return modules_; }
  const std::vector<std::unique_ptr<CriterionClass>>& criterions() const { return criterions_; }
  const ModuleClass* findModule(std::string_view name) const;
  const CriterionClass* findCriterion(std::string_view name) const;

 private:
  std::vector<std::unique_ptr<ModuleClass>> modules_;
  std::vector<std::unique_ptr<CriterionClass>> criterions_;
};

const Registry& registry();

}  // namespace cresset::nn
