#include "nn/container/Sequential.h"

#include "nn/ModuleError.h"
#include "tensor/Error.h"

namespace cresset::nn {

Activity Sequential::updateOutput(const Activity& input) {
  Activity current = input;
  for (size_t i = 0; i < modules.size(); ++i)
    current = inChild(*this, i, [&] { return modules[i]->updateOutput(current); });
  output = current;
  return output;
}

Activity Sequential::inputOf(size_t i, const Activity& input) const {
  return i == 0 ? input : modules[i - 1]->currentOutput();
}

void Sequential::checkChildren() const {
  if (modules.empty())
    fail("nn.Sequential", {"attempt to index local 'module' (a nil value): no modules to go back through"});
}

Activity Sequential::updateGradInput(const Activity& input, const Activity& gradOutput) {
  checkChildren();
  Activity gradient = gradOutput;
  for (size_t i = modules.size(); i-- > 0;)
    gradient = inChild(*this, i, [&] { return modules[i]->updateGradInput(inputOf(i, input), gradient); });
  gradInput = gradient;
  return gradInput;
}

void Sequential::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  checkChildren();
  Activity gradient = gradOutput;
  for (size_t i = modules.size(); i-- > 0;) {
    inChild(*this, i, [&] { modules[i]->accGradParameters(inputOf(i, input), gradient, scale); });
    gradient = modules[i]->currentGradInput();
  }
}

Activity Sequential::backward(const Activity& input, const Activity& gradOutput, double scale) {
  checkChildren();
  Activity gradient = gradOutput;
  for (size_t i = modules.size(); i-- > 0;) {
    gradient = inChild(*this, i, [&] { return modules[i]->backward(inputOf(i, input), gradient, scale); });
    modules[i]->keepGradInput(gradient);
  }
  gradInput = gradient;
  return gradInput;
}

std::string Sequential::toString() const {
  std::string chain, lines;
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::string place = "(" + std::to_string(i + 1) + ")";
    chain += place + " -> ";
    lines += "\n  " + place + ": " + indented(modules[i]->toString(), "  ");
  }
  return "nn.Sequential {\n  [input -> " + chain + "output]" + lines + "\n}";
}

void Sequential::add(ModulePtr module) {
  Container::add(module);
  if (modules.size() == 1) gradInput = module->currentGradInput();
  output = module->currentOutput();
}

void Sequential::insert(ModulePtr module, int64_t at) {
  if (!module) fail("nn.Sequential", arg(1, "module"), {"expected a module, got nil"});
  if (at < 0 || at > static_cast<int64_t>(modules.size()))
    fail("nn.Sequential", {"index should be contiguous to existing modules: got ", text(at + 1), " of ",
                           text(static_cast<int64_t>(modules.size()))});
  modules.insert(modules.begin() + at, std::move(module));
  output = modules.back()->currentOutput();
  gradInput = modules.front()->currentGradInput();
}

void Sequential::remove(int64_t at) {
  if (at < 0 || at >= static_cast<int64_t>(modules.size()))
    fail("nn.Sequential",
         {"index out of range: got ", text(at + 1), " of ", text(static_cast<int64_t>(modules.size()))});
  modules.erase(modules.begin() + at);
  output = modules.empty() ? Activity(Tensor(defaultType())) : modules.back()->currentOutput();
  gradInput = modules.empty() ? Activity(Tensor(defaultType())) : modules.front()->currentGradInput();
}

}  // namespace cresset::nn
