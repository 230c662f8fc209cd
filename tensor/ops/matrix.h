// Joining tensors, and helpers around matrices and vectors.
#pragma once

#include <initializer_list>
#include <span>

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// The tensors one behind the other along `dim`; -1 is the last dimension of the one that has most. Empty
/// ones are skipped, missing dimensions have size 1 (two vectors along dim 1 become two columns). Throws
/// Error (`inconsistent tensor sizes`, `expected DoubleTensor in tensor array`) or when there is none.
void cat(const Tensor& result, std::span<const Tensor> tensors, int64_t dim = -1);
inline void cat(const Tensor& result, std::initializer_list<Tensor> tensors, int64_t dim = -1) {
  cat(result, std::span(tensors.begin(), tensors.size()), dim);
}

/// A matrix with the vector x on its k-th diagonal, or the k-th diagonal of the matrix x; k > 0 lies above
/// the main one. Throws Error (`matrix or a vector expected`).
void diag(const Tensor& result, const Tensor& x, int64_t k = 0);
/// The matrix x with zeros above (tril) or below (triu) its k-th diagonal. The result may be x.
void tril(const Tensor& result, const Tensor& x, int64_t k = 0);
void triu(const Tensor& result, const Tensor& x, int64_t k = 0);
/// The sum of the main diagonal. Throws Error (`expected a matrix`).
double trace(const Tensor& x);

/// Cross products of the 3-vectors along `dim`; -1 is the first dimension of size 3. Throws Error (`no
/// dimension of size 3`, `dimension d does not have size 3`, `inconsistent tensor dimension`).
void cross(const Tensor& result, const Tensor& x, const Tensor& y, int64_t dim = -1);
/// Scales each slice along `dim` whose p-norm exceeds `maxNorm` by maxNorm / (norm + 1e-7). Floating types,
/// two or more dimensions, p > 0. The result may be x.
void renorm(const Tensor& result, const Tensor& x, double p, int64_t dim, double maxNorm);
/// [n x m]: gain times the squared distance of each of x's n slices and each of y's m slices along the first
/// dimension.
void match(const Tensor& result, const Tensor& x, const Tensor& y, double gain = 1);

// Kernels
/// Keeps what lies on or below (`Keep::Lower`) or above the k-th diagonal; sizes agree, result may be x.
enum class Keep { Lower, Upper };
using TriangleKernel = void(const Tensor& result, const Tensor& x, int64_t k, Keep keep);
/// Contiguous: result [n x m], x [n x d], y [m x d].
using MatchKernel = void(const Tensor& result, const Tensor& x, const Tensor& y, double gain);
extern Slot<TriangleKernel> triangleSlot;
extern Slot<MatchKernel> matchSlot;

}  // namespace cresset
