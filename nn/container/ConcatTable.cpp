#include "nn/container/ConcatTable.h"

#include "nn/ModuleError.h"
#include "nn/container/GradientSum.h"
#include "tensor/Error.h"

namespace cresset::nn {

ConcatTable::ConcatTable() { output = Activity::list({}); }

Activity ConcatTable::updateOutput(const Activity& input) {
  std::vector<Activity> outputs;
  for (size_t i = 0; i < modules.size(); ++i)
    outputs.push_back(inChild(*this, i, [&] { return modules[i]->updateOutput(input); }));
  output.makeTable() = std::move(outputs);
  return output;
}

Activity ConcatTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  GradientSum sum(*this, gradInput, input);
  for (size_t i = 0; i < modules.size(); ++i)
    sum.add(inChild(*this, i, [&] {
      return modules[i]->updateGradInput(input, part(gradOutput, arg(2, "gradOutput"), i));
    }));
  return sum.result();
}

void ConcatTable::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  for (size_t i = 0; i < modules.size(); ++i)
    inChild(*this, i,
            [&] { modules[i]->accGradParameters(input, part(gradOutput, arg(2, "gradOutput"), i), scale); });
}

Activity ConcatTable::backward(const Activity& input, const Activity& gradOutput, double scale) {
  GradientSum sum(*this, gradInput, input);
  for (size_t i = 0; i < modules.size(); ++i)
    sum.add(inChild(*this, i, [&] {
      return modules[i]->backward(input, part(gradOutput, arg(2, "gradOutput"), i), scale);
    }));
  return sum.result();
}

}  // namespace cresset::nn
