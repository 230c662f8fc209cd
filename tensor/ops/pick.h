// Elements picked by tensors of positions in some dimensions at once: x[{rows, columns}] and its kin.
#pragma once

#include <vector>

#include "tensor/Tensor.h"

namespace cresset {

/// Positions in one dimension: a LongTensor of any shape, counted from 1. Those of several dimensions are
/// broadcast against each other and read side by side, as in NumPy.
struct Pick {
  int64_t dim;
  Tensor positions;
};

/// The picked elements as a contiguous copy. The shape of the positions stands where the dimensions were that
/// are picked from, or in front when these are not neighbours; the others stay. `picks` has at least one
/// entry, in the order of the dimensions. Throws Error (`index out of range`, `inconsistent tensor size`,
/// `expected torch.LongTensor`) before anything is written. Source: NumPy's advanced indexing.
Tensor pick(const Tensor& x, const std::vector<Pick>& picks);

/// Puts a number, or the elements of `source`, where pick reads; of several values for one place the last one
/// stays. `source`, of any type, has as many elements or sizes that broadcast.
void pickFill(const Tensor& x, const std::vector<Pick>& picks, double value);
void pickCopy(const Tensor& x, const std::vector<Pick>& picks, const Tensor& source);

}  // namespace cresset
