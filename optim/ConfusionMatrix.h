// Counts of what a classifier said against what was true.
#pragma once

#include <string>
#include <vector>

#include "tensor/Tensor.h"

namespace cresset::optim {

/// Rows are targets, columns predictions. Classes count from 1; targets below 1 are skipped, as labels of
/// samples that nobody knows. Fields have Torch7's names. Source: Torch7 optim.ConfusionMatrix.
struct ConfusionMatrix {
  ConfusionMatrix() = default;
  /// Throws Error unless nclasses >= 1. `names` may be shorter than nclasses, or empty.
  explicit ConfusionMatrix(int64_t nclasses, std::vector<std::string> names = {});

  /// Counts one sample. `prediction` and `target` are classes. Throws Error when one is larger than nclasses,
  /// or the prediction below 1.
  void add(int64_t prediction, int64_t target);
  /// Counts a batch. Both arguments are classes [batch] or [batch x 1], or scores [batch x nclasses], of
  /// which the largest of each row counts, and of any type. Throws Error before anything is counted.
  void batchAdd(const Tensor& predictions, const Tensor& targets);
  /// Forgets all samples.
  void zero();
  /// Computes the fields after `mat` from it.
  void updateValids();
  /// The table that Torch7 prints, from what updateValids computed. No newline at the end.
  std::string toString() const;

  /// Rates of false rejection and acceptance, the latter as a mean over the other classes that have samples.
  struct Rates {
    Tensor classFrrs, classFars;  // [nclasses] of double; -1 where a class has no samples
    Tensor frrs, fars;            // only classes with samples; empty without any
  };
  Rates farFrr() const;

  int64_t nclasses = 0;
  std::vector<std::string> classes;
  Tensor mat;               // Long [nclasses x nclasses]
  Tensor valids;            // Float [nclasses]: right among the samples of a class; NaN without any
  Tensor unionvalids;       // Float [nclasses]: right among the samples of a class or taken for it
  double totalValid = 0;    // right among all samples
  double averageValid = 0;  // means over classes that are not NaN
  double averageUnionValid = 0;
};

}  // namespace cresset::optim
