#include "nn/container/Container.h"

#include "tensor/Error.h"

namespace cresset::nn {

Activity Container::updateOutput(const Activity&) { return output; }
Activity Container::updateGradInput(const Activity&, const Activity&) { return gradInput; }

void Container::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("modules", modules);
}

void Container::reset(std::optional<double> stdv) {
  for (const ModulePtr& module : modules) module->reset(stdv);
}

Parameters Container::parameters() {
  Parameters all;
  for (const ModulePtr& module : modules) {
    const Parameters p = module->parameters();
    all.weights.insert(all.weights.end(), p.weights.begin(), p.weights.end());
    all.gradients.insert(all.gradients.end(), p.gradients.begin(), p.gradients.end());
  }
  return all;
}

void Container::add(ModulePtr module) {
  if (!module) fail(typeName(), arg(1, "module"), {"expected a module, got nil"});
  modules.push_back(std::move(module));
}

const Activity& Container::part(const Activity& whole, Arg argument, size_t i) const {
  if (whole.isTable() && i < whole.table()->list().size()) [[likely]]
    return whole.table()->list()[i];
  const std::string name = typeName();
  (void)whole.table(name.c_str(), argument);  // throws for what is no table
  fail(name, argument,
       {"expected ", text(static_cast<int64_t>(modules.size())), " entries, got ", describe(whole)});
}

std::string indented(const std::string& text, const std::string& indent) {
  std::string result;
  for (char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

std::string Container::branchesToString() const {
  std::string text = typeName() + " {\n  input";
  for (size_t i = 0; i < modules.size(); ++i) {
    const bool isLast = i + 1 == modules.size();
    text += isLast ? "\n     `-> (" : "\n    |`-> (";
    text +=
        std::to_string(i + 1) + "): " + indented(modules[i]->toString(), isLast ? "         " : "    |    ");
  }
  return text + "\n     ... -> output\n}";
}

}  // namespace cresset::nn
