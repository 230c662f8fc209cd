#include "test/nn/expression.h"

#include <cctype>
#include <cmath>
#include <cstdlib>
#include <variant>

#include "nn/registry.h"

namespace cresset::nn {
namespace {

struct Value;
using Values = std::vector<Value>;
struct Value {
  std::variant<std::monostate, bool, double, std::string, Tensor, Shape, ModulePtr, CriterionPtr, Values> v;
  template <class T> const T* as() const { return std::get_if<T>(&v); }
};

Activity toActivity(const Value& value) {
  if (const auto* x = value.as<Tensor>()) return *x;
  if (const auto* x = value.as<double>()) return *x;
  if (const auto* x = value.as<Values>()) {
    std::vector<Activity> entries;
    for (const Value& entry : *x) entries.push_back(toActivity(entry));
    return Activity::list(std::move(entries));
  }
  return {};
}

/// Arguments as the parser read them.
class ParsedArguments final : public Arguments {
 public:
  explicit ParsedArguments(Values values) : values_(std::move(values)) {}
  int count() const override { return static_cast<int>(values_.size()); }
  bool isNil(int i) const override { return i > count() || at(i).as<std::monostate>(); }
  bool isTensor(int i) const override { return !isNil(i) && at(i).as<Tensor>(); }
  bool isBoolean(int i) const override { return !isNil(i) && at(i).as<bool>(); }
  bool isNumber(int i) const override { return !isNil(i) && at(i).as<double>(); }
  int64_t integer(int i, const char* name) const override {
    return static_cast<int64_t>(get<double>(i, name, "a number"));
  }
  double number(int i, const char* name) const override { return get<double>(i, name, "a number"); }
  bool boolean(int i, const char* name) const override { return get<bool>(i, name, "a boolean"); }
  std::string string(int i, const char* name) const override { return get<std::string>(i, name, "a string"); }
  Tensor tensor(int i, const char* name) const override { return get<Tensor>(i, name, "a tensor"); }
  ModulePtr module(int i, const char* name) const override { return get<ModulePtr>(i, name, "a module"); }
  CriterionPtr criterion(int i, const char* name) const override {
    return get<CriterionPtr>(i, name, "a criterion");
  }
  Shape sizes(int i, const char* name) const override {
    if (!isNil(i) && at(i).as<Shape>()) return *at(i).as<Shape>();
    Shape shape;
    for (; i <= count() && isNumber(i); ++i) shape.push(integer(i, name));
    return shape;
  }
  Activity activity(int i, const char*) const override { return isNil(i) ? Activity() : toActivity(at(i)); }

 private:
  const Value& at(int i) const { return values_[static_cast<size_t>(i) - 1]; }
  template <class T> const T& get(int i, const char* name, const char* expected) const {
    if (isNil(i) || !at(i).as<T>()) fail("test", Arg{i, name}, {"expected ", expected});
    return *at(i).as<T>();
  }
  Values values_;
};

class FieldFinder final : public PartialFieldVisitor {
 public:
  explicit FieldFinder(std::string name) : name_(std::move(name)) {}
  using PartialFieldVisitor::field;
  void field(const char* name, Tensor& value) override {
    if (name == name_) found = value;
  }
  Tensor found;

 private:
  std::string name_;
};

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  Value whole() {
    Value value = expression();
    skip();
    if (at_ != text_.size()) bad();
    return value;
  }

 private:
  [[noreturn]] void bad() const { fail("test", {"cannot read `", text_, "` at `", text_.substr(at_), "`"}); }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool accept(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) bad();
  }
  std::string name() {
    skip();
    size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '.' || text_[end] == '_'))
      ++end;
    std::string word = text_.substr(at_, end - at_);
    at_ = end;
    return word;
  }
  Values list(char close) {
    Values values;
    while (!accept(close)) {
      values.push_back(expression());
      if (!accept(',')) {
        expect(close);
        break;
      }
    }
    return values;
  }

  Value expression() {
    Value value = primary();
    while (accept(':')) {
      const std::string method = name();
      expect('(');
      value = call(std::move(value), method, list(')'));
    }
    return value;
  }

  Value primary() {
    skip();
    if (accept('{')) return {list('}')};
    if (accept('\'')) {
      const size_t end = text_.find('\'', at_);
      if (end == std::string::npos) bad();
      const std::string s = text_.substr(at_, end - at_);
      at_ = end + 1;
      return {s};
    }
    if (at_ < text_.size() &&
        (std::isdigit(static_cast<unsigned char>(text_[at_])) || text_[at_] == '-' || text_[at_] == '.')) {
      char* end = nullptr;
      const double number = std::strtod(text_.c_str() + at_, &end);
      at_ = static_cast<size_t>(end - text_.c_str());
      return {number};
    }
    const std::string word = name();
    if (word == "nil") return {};
    if (word == "true" || word == "false") return {word == "true"};
    if (word == "math.huge") return {HUGE_VAL};
    if (word == "L" || word == "torch.Tensor" || word == "torch.LongStorage") {
      expect('{');
      return literal(word, list('}'));
    }
    if (!accept('(')) bad();
    return construct(word, list(')'));
  }

  static void collect(const Values& values, int64_t depth, Shape& sizes, std::vector<double>& numbers) {
    if (depth == sizes.size()) sizes.push(static_cast<int64_t>(values.size()));
    for (const Value& value : values) {
      if (const auto* nested = value.as<Values>()) collect(*nested, depth + 1, sizes, numbers);
      if (const auto* number = value.as<double>()) numbers.push_back(*number);
    }
  }

  static Value literal(const std::string& kind, const Values& values) {
    Shape sizes;
    std::vector<double> numbers;
    collect(values, 0, sizes, numbers);
    if (kind == "torch.LongStorage") {
      Shape shape;
      for (double number : numbers) shape.push(static_cast<int64_t>(number));
      return {shape};
    }
    const Tensor x = tensorOf(sizes, [&](int64_t k) { return numbers[static_cast<size_t>(k)]; });
    return {kind == "L" ? x.to(kLong) : x};
  }

  static Value generate(const std::string& kind, Sizes sizes) {
    const auto s = [](int64_t k) { return std::sin(0.5 + 1.3 * static_cast<double>(k)); };
    if (kind == "S") return {tensorOf(sizes, s)};
    if (kind == "S2")
      return {tensorOf(sizes, [](int64_t k) { return std::sin(2.1 + 0.7 * static_cast<double>(k)); })};
    if (kind == "P") return {tensorOf(sizes, [&](int64_t k) { return 0.1 + std::fabs(s(k)); })};
    if (kind == "P01") return {tensorOf(sizes, [&](int64_t k) { return 0.1 + 0.8 * std::fabs(s(k)); })};
    if (kind == "torch.ones") return {tensorOf(sizes, [](int64_t) { return 1.0; })};
    return {};
  }

  static Value construct(const std::string& word, Values values) {
    const ParsedArguments arguments(std::move(values));
    if (const ModuleClass* c = registry().findModule(word)) return {c->construct(arguments)};
    if (const CriterionClass* c = registry().findCriterion(word)) return {c->construct(arguments)};
    Value value = generate(word, arguments.sizes(1, "sizes"));
    if (value.as<std::monostate>()) fail("test", {"unknown name ", word});
    return value;
  }

  static Value call(Value self, const std::string& method, Values values) {
    const ParsedArguments arguments(std::move(values));
    if (const auto* criterion = self.as<CriterionPtr>()) {
      invoke(registry().findCriterion((*criterion)->typeName()), **criterion, method, arguments);
      return self;
    }
    const auto* x = self.as<Tensor>();
    if (x && method == "mul") return x->mul(arguments.number(1, "factor")), self;
    const auto* module = self.as<ModulePtr>();
    if (!module) fail("test", {"no method ", method});
    if (method == "training") return (*module)->training(), self;
    if (method == "evaluate") return (*module)->evaluate(), self;
    if (method == "float") return (*module)->type(kFloat), self;
    if (method == "fill") {
      fieldOf(**module, arguments.string(1, "field")).fill(arguments.number(2, "value"));
      return self;
    }
    const ModuleClass* c = registry().findModule((*module)->typeName());
    while (c && !has(*c, method)) c = registry().findModule(c->parent);
    invoke(c, **module, method, arguments);
    return self;
  }

  template <class Class> static bool has(const Class& c, const std::string& method) {
    for (const auto& entry : c.methods)
      if (method == entry.name) return true;
    return false;
  }

  template <class Class, class Self>
  static void invoke(const Class* c, Self& self, const std::string& method, const Arguments& arguments) {
    if (c)
      for (const auto& entry : c->methods)
        if (method == entry.name) return void(entry.call(self, arguments));
    fail("test", {self.typeName(), " has no method ", method});
  }

  const std::string& text_;
  size_t at_ = 0;
};

template <class T> T make(const std::string& text, const char* expected) {
  const Value value = Parser(text).whole();
  if (!value.as<T>()) fail("test", {"`", text, "` is no ", expected});
  return *value.as<T>();
}

}  // namespace

ModulePtr makeModule(const std::string& text) { return make<ModulePtr>(text, "module"); }
CriterionPtr makeCriterion(const std::string& text) { return make<CriterionPtr>(text, "criterion"); }
Activity makeActivity(const std::string& text) { return toActivity(Parser(text).whole()); }

bool isCriterion(const std::string& text) {
  return registry().findCriterion(text.substr(0, text.find('('))) != nullptr;
}

Tensor fieldOf(Module& module, const std::string& name) {
  FieldFinder finder(name);
  module.fields(finder);
  return finder.found;
}

}  // namespace cresset::nn
