#include "nn/container/ParallelTable.h"

#include "nn/ModuleError.h"
#include "tensor/Error.h"

namespace cresset::nn {

ParallelTable::ParallelTable() {
  output = Activity::list({});
  gradInput = Activity::list({});
}

Activity ParallelTable::updateOutput(const Activity& input) {
  std::vector<Activity> outputs;
  for (size_t i = 0; i < modules.size(); ++i)
    outputs.push_back(
        inChild(*this, i, [&] { return modules[i]->updateOutput(part(input, arg(1, "input"), i)); }));
  output.makeTable() = std::move(outputs);
  return output;
}

Activity ParallelTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  std::vector<Activity> gradients;
  for (size_t i = 0; i < modules.size(); ++i)
    gradients.push_back(inChild(*this, i, [&] {
      return modules[i]->updateGradInput(part(input, arg(1, "input"), i),
                                         part(gradOutput, arg(2, "gradOutput"), i));
    }));
  gradInput.makeTable() = std::move(gradients);
  return gradInput;
}

void ParallelTable::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  for (size_t i = 0; i < modules.size(); ++i)
    inChild(*this, i, [&] {
      modules[i]->accGradParameters(part(input, arg(1, "input"), i),
                                    part(gradOutput, arg(2, "gradOutput"), i), scale);
    });
}

Activity ParallelTable::backward(const Activity& input, const Activity& gradOutput, double scale) {
  std::vector<Activity> gradients;
  for (size_t i = 0; i < modules.size(); ++i)
    gradients.push_back(inChild(*this, i, [&] {
      return modules[i]->backward(part(input, arg(1, "input"), i), part(gradOutput, arg(2, "gradOutput"), i),
                                  scale);
    }));
  gradInput.makeTable() = std::move(gradients);
  return gradInput;
}

}  // namespace cresset::nn
