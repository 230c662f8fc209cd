// The rows of golden.txt and cases.txt.
#pragma once

#include <string>
#include <vector>

#include "nn/Activity.h"

namespace cresset::nn {

/// Columns of a row, without the spaces around them. Rows of cases.txt have the first two.
struct Case {
  std::string constructor, input, target, output, gradInput, gradients;
};

std::vector<Case> casesOf(const std::string& file);

/// Calls visit(tensor) for each tensor of nested tables, in order.
template <class Visit> void eachTensor(const Activity& activity, const Visit& visit) {
  if (activity.isTensor()) visit(activity.tensor());
  if (activity.isTable())
    for (const Activity& entry : activity.table()->list()) eachTensor(entry, visit);
}

/// A copy with every tensor replaced by change(tensor).
template <class Change> Activity mapTensors(const Activity& activity, const Change& change) {
  if (activity.isTensor()) return change(activity.tensor());
  if (!activity.isTable()) return activity;
  std::vector<Activity> entries;
  for (const Activity& entry : activity.table()->list()) entries.push_back(mapTensors(entry, change));
  return Activity::list(std::move(entries));
}

/// Element k (from 0, in logical order) as a double.
double element(const Tensor& x, int64_t k);
void setElement(const Tensor& x, int64_t k, double value);

/// The gradOutput of the golden rows: cos(0.2 + 0.9 k) for each element.
Activity waveLike(const Activity& output);

}  // namespace cresset::nn
