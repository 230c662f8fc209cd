#include "lua/signatures.h"

#include <algorithm>
#include <cstdlib>
#include <lua.hpp>
#include <mutex>
#include <string_view>
#include <utility>

namespace cresset::lua {
namespace {

Parameter parseParameter(std::string_view word) {
  Parameter p;
  if (word.front() == '[') {
    word = word.substr(1, word.size() - 2);
    p.absent = Parameter::Fresh;
    if (const size_t equals = word.rfind('='); equals != std::string_view::npos) {
      const std::string_view value = word.substr(equals + 1);
      word = word.substr(0, equals);
      p.absent = value == "arg1"                                 ? Parameter::FirstArgument
                 : value == "last" || value == "first-of-size-3" ? Parameter::Last
                                                                 : Parameter::Text;
      p.text = value;
      p.number = std::strtod(p.text.c_str(), nullptr);
    }
  }
  if (word.front() == '>') {
    p.result = true;
    word = word.substr(1);
  }
  if (const size_t tilde = word.find('~'); tilde != std::string_view::npos) {
    p.dims = static_cast<int8_t>(word[tilde + 1] - '0');
    word = word.substr(0, tilde);
  }
  constexpr std::pair<std::string_view, DType> kTyped[] = {{"Byte", DType::Byte},
                                                           {"Long", DType::Long},
                                                           {"Int", DType::Int},
                                                           {"Float", DType::Float},
                                                           {"Double", DType::Double}};
  constexpr std::pair<std::string_view, Parameter::Kind> kKinds[] = {
      {"T", Parameter::TensorKind},      {"{T,...}", Parameter::Tensors}, {"num", Parameter::Number},
      {"int", Parameter::Integer},       {"dim", Parameter::Dim},         {"bool", Parameter::Boolean},
      {"size...", Parameter::SizesKind}, {"gen", Parameter::Gen}};
  for (const auto& [name, dtype] : kTyped) {
    if (word != name) continue;
    p.typed = true;
    p.dtype = dtype;
    return p;
  }
  for (const auto& [name, kind] : kKinds) {
    if (word != name) continue;
    p.kind = kind;
    return p;
  }
  p.kind = Parameter::Letter;  // "V|F"=V was split above: the default is in text, the letters in the word
  p.text = std::string(word) + "=" + p.text;
  return p;
}

/// The types that a parameter's arguments have in Lua: most patterns of a call are ruled out by them alone.
LuaTypes luaTypesOf(Parameter::Kind kind) {
  constexpr LuaTypes kUserdata = 1u << LUA_TUSERDATA, kNumber = 1u << LUA_TNUMBER | 1u << LUA_TSTRING;
  switch (kind) {
    case Parameter::TensorKind:
    case Parameter::Gen:
      return kUserdata;
    case Parameter::Number:
    case Parameter::Integer:
    case Parameter::Dim:
      return kNumber;
    case Parameter::Boolean:
      return 1u << LUA_TBOOLEAN;
    case Parameter::Tensors:
      return 1u << LUA_TTABLE;
    case Parameter::SizesKind:
      return kUserdata | kNumber;
    case Parameter::Letter:
      return 1u << LUA_TSTRING;
  }
  return 0;
}

void expand(Matcher& m, const Signature& s) {
  std::vector<int> optional;
  for (size_t i = 0; i < s.parameters.size(); ++i)
    if (s.parameters[i].optional() && !s.parameters[i].joined) optional.push_back(static_cast<int>(i));
  for (unsigned mask = 0; mask < 1u << optional.size(); ++mask) {
    Pattern p{&s};
    int argument = 0;
    bool tail = false;
    for (size_t i = 0; i < s.parameters.size(); ++i) {
      const auto at = std::find(optional.begin(), optional.end(), static_cast<int>(i));
      const bool present = s.parameters[i].joined
                               ? p.argumentOf[i - 1] >= 0
                               : at == optional.end() || (mask >> (at - optional.begin()) & 1u);
      p.argumentOf[i] = static_cast<int8_t>(present ? argument : -1);
      if (present) p.luaTypes[static_cast<size_t>(argument)] = luaTypesOf(s.parameters[i].kind);
      if (present && s.parameters[i].kind == Parameter::SizesKind) {
        tail = true;
      } else if (present) {
        ++argument;
      }
    }
    p.fixed = argument;
    if (tail) {
      m.variadic.push_back(p);
    } else {
      m.byCount[static_cast<size_t>(argument)].push_back(p);
    }
  }
}

std::unique_ptr<Matcher> makeMatcher(const Op& op, Form form) {
  auto m = std::make_unique<Matcher>();
  m->op = &op;
  m->form = form;
  for (const Overload& overload : op.overloads) {
    if (overload.form != Form::Both && overload.form != form) continue;
    const std::string arguments = argumentsOf(op, overload, form);
    if (form == Form::Method && arguments.empty()) continue;
    auto s = std::make_unique<Signature>();
    s->op = &op;
    s->overload = &overload;
    bool group = false;  // between `[>T` and `>T]`
    for (size_t at = 0; at < arguments.size();) {
      const size_t end = std::min(arguments.find(' ', at), arguments.size());
      std::string_view word = std::string_view(arguments).substr(at, end - at);
      const bool opens = word.front() == '[' && word.back() != ']',
                 closes = word.front() != '[' && word.back() == ']';
      if (opens) word.remove_prefix(1);
      if (closes) word.remove_suffix(1);
      Parameter p = parseParameter(word);
      if (opens || group) p.absent = Parameter::Fresh;
      p.joined = group;
      group = (group || opens) && !closes;
      s->parameters.push_back(std::move(p));
      at = end + 1;
    }
    s->ofNumbers = std::all_of(s->parameters.begin(), s->parameters.end(),
                               [](const Parameter& p) { return p.kind == Parameter::Number; });
    expand(*m, *s);
    const auto first = std::find_if(s->parameters.begin(), s->parameters.end(),
                                    [](const Parameter& p) { return !p.optional(); });
    m->typedFirst = m->typedFirst || (first != s->parameters.end() && first->typed);
    m->signatures.push_back(std::move(s));
  }
  return m;
}

}  // namespace

const Matcher& LazyMatcher::make() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (!made) made = makeMatcher(*op, form).release();
  return *made;
}

LazyMatcher& matcherOf(size_t op, Form form) {
  static LazyMatcher* const matchers = [] {
    const auto& ops = opTable().ops();
    auto* list = new LazyMatcher[2 * ops.size()];  // never destroyed: collectors call until the end
    for (size_t i = 0; i < 2 * ops.size(); ++i) {
      list[i].op = &ops[i / 2];
      list[i].form = i % 2 ? Form::Method : Form::Function;
    }
    return list;
  }();
  return matchers[2 * op + (form == Form::Method)];
}

}  // namespace cresset::lua
