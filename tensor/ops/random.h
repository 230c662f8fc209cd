// Random elements from Torch7's streams: a seed gives Torch7's numbers, in logical order, one draw after the
// other, and leaves the generator in Torch7's state (contract: torch.md, section 26).
#pragma once

#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

// Tensors of every type with arithmetic. CUDA tensors draw from the device's own generator and ignore `g`.
/// Integers from 0 up to what the type holds: 255, 127, 2^15 - 1, 2^31 - 1, any 32-bit number (Long, Double),
/// 2^24 (Float).
void random(const Tensor& x, Generator& g = defaultGenerator());
/// Integers from a to b. Throws Error (`upper bound must be larger than lower bound`).
void random(const Tensor& x, int64_t a, int64_t b, Generator& g = defaultGenerator());
/// 1 with probability p, else 0. Throws Error (`must be >= 0 and <= 1`).
void bernoulli(const Tensor& x, double p = 0.5, Generator& g = defaultGenerator());
/// The same with a probability for each element: a FloatTensor or DoubleTensor of x's count.
void bernoulli(const Tensor& x, const Tensor& p, Generator& g = defaultGenerator());
/// floor(ln(1 - U) / ln(p)) + 1. Throws Error (`must be > 0 and < 1`).
void geometric(const Tensor& x, double p, Generator& g = defaultGenerator());

// Floating types.
/// In [a, b).
void uniform(const Tensor& x, double a = 0, double b = 1, Generator& g = defaultGenerator());
/// Throws Error (`standard deviation must be strictly positive`), as logNormal does.
void normal(const Tensor& x, double mean = 0, double stdv = 1, Generator& g = defaultGenerator());
void cauchy(const Tensor& x, double median = 0, double sigma = 1, Generator& g = defaultGenerator());
/// exp(normal(mean, stdv)).
void logNormal(const Tensor& x, double mean = 1, double stdv = 2, Generator& g = defaultGenerator());
void exponential(const Tensor& x, double lambda, Generator& g = defaultGenerator());

/// uniform(0, 1) and normal(0, 1) in a tensor of these sizes.
void rand(const Tensor& result, Sizes sizes, Generator& g = defaultGenerator());
void randn(const Tensor& result, Sizes sizes, Generator& g = defaultGenerator());
/// A permutation of 1..n. Throws Error (`must be strictly positive`).
void randperm(const Tensor& result, int64_t n, Generator& g = defaultGenerator());

// Kernels. x is contiguous and not empty, parameters are checked.
using DrawKernel = void(const Tensor& x, Generator& g, double a, double b);
/// Integers low + R mod range; a range of 0 stands for 2^64.
using DrawIntegerKernel = void(const Tensor& x, Generator& g, int64_t low, uint64_t range);
/// `p` is a contiguous DoubleTensor of x's count.
using DrawEachKernel = void(const Tensor& x, Generator& g, const Tensor& p);
using PermutationKernel = void(const Tensor& x, Generator& g);
extern Slot<DrawKernel> bernoulliSlot, geometricSlot, uniformSlot, normalSlot, cauchySlot, logNormalSlot,
    exponentialSlot;
extern Slot<DrawIntegerKernel> randomSlot;
extern Slot<DrawEachKernel> bernoulliEachSlot;
extern Slot<PermutationKernel> randpermSlot;

}  // namespace cresset
