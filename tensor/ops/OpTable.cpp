#include "tensor/ops/OpTable.h"

#include <algorithm>
#include <cassert>

#include "tensor/ops/families.h"

namespace cresset {

OpTable& OpTable::op(const char* name, Family family, const char* help) {
  const auto found = std::find_if(ops_.begin(), ops_.end(), [&](const Op& op) { return op.name == name; });
  current_ = static_cast<size_t>(found - ops_.begin());
  if (found == ops_.end()) ops_.push_back({name, family, help, page_, {}});
  return *this;
}

OpTable& OpTable::add(Form form, TypeSet types, const char* arguments, Invoke invoke, int arity) {
  assert(!ops_.empty());
  if (contains(types, DType::Float) && !(types & NotHalves)) types |= Halves;
  types &= static_cast<TypeSet>(~NotHalves);
  ops_[current_].overloads.push_back({form, types, arguments, invoke, arity});
  return *this;
}

const OpTable& opTable() {
  static const OpTable table = [] {
    OpTable t;
#define CRESSET_FAMILY(name) \
  t.page(#name);             \
  declare##name##Ops(t);
    CRESSET_OP_FAMILIES
#undef CRESSET_FAMILY
    return t;
  }();
  return table;
}

std::string argumentsOf(const Op& op, const Overload& overload, Form form) {
  if (overload.form != Form::Both) return overload.form == form ? overload.arguments : "";
  if (form == Form::Function) return overload.arguments;
  std::string text = overload.arguments;
  const auto startsWith = [&](std::string_view prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
  };
  switch (op.family) {
    case Family::Function:
      return "";
    case Family::Creation:
      if (startsWith("[>")) text.replace(0, text.find(']') + 1, text.substr(1, text.find(']') - 1));
      return text;
    case Family::InPlace: {
      if (!startsWith("[>T] ")) return text;  // the form on plain numbers
      std::string rest = text.substr(5);
      // The first plain tensor becomes the first argument again.
      for (size_t at = 0; at < rest.size();) {
        const size_t end = std::min(rest.find(' ', at), rest.size());
        if (rest[at] == 'T') {
          rest.replace(at, end - at, "[" + rest.substr(at, end - at) + "=arg1]");
          break;
        }
        at = end + 1;
      }
      return ">T " + rest;
    }
    default:
      return text;
  }
}

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string opTableJson() {
  static constexpr const char* kFamilies[] = {"in-place", "result", "creation", "self", "query", "function"};
  std::string json = "[\n";
  bool first = true;
  for (const Op& op : opTable().ops()) {
    if (!first) json += ",\n";
    first = false;
    json += "{\"name\": " + quoted(op.name) + ", \"family\": \"" + kFamilies[static_cast<int>(op.family)] +
            "\", \"page\": " + quoted(op.page) + ", \"help\": " + quoted(op.help) + ", \"overloads\": [";
    bool firstOverload = true;
    for (const Overload& overload : op.overloads) {
      for (const Form form : {Form::Function, Form::Method}) {
        const std::string arguments = argumentsOf(op, overload, form);
        if (arguments.empty() && !(overload.arguments.empty() && form == Form::Function)) continue;
        json += firstOverload ? "\n  " : ",\n  ";
        firstOverload = false;
        json += std::string("{\"form\": \"") + (form == Form::Function ? "function" : "method") +
                "\", \"types\": " + quoted(toString(overload.types)) +
                ", \"arguments\": " + quoted(arguments) + "}";
      }
    }
    json += "]}";
  }
  return json + "\n]\n";
}

}  // namespace cresset
