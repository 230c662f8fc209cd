// Draws of category numbers, counted from 1, from given probabilities.
#pragma once

#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

enum class Replacement { Without, With };

/// n categories for a vector of probabilities, or [rows x n] for [rows x categories]. The probabilities need
/// not add up to 1; each row needs a positive sum and, without replacement, n categories that are not 0
/// (Torch7 drew some of them twice then). `result` is a LongTensor. Throws Error (`invalid multinomial
/// distribution`, `cannot sample ...`).
void multinomial(const Tensor& result, const Tensor& p, int64_t n, Replacement replacement,
                 Generator& g = defaultGenerator());

// Many draws from one distribution in constant time each, by Walker's alias method (Vose, "A linear algorithm
// for generating random numbers with a given distribution", 1991).
/// Fills the table of a vector of probabilities: `other` (LongTensor) and `keep` (p's type) have p's size.
void multinomialAliasSetup(const Tensor& other, const Tensor& keep, const Tensor& p);
/// Fills a LongTensor with draws. A draw picks a place i uniformly; it is category i with probability
/// keep[i], other[i] otherwise. The table is not changed, unlike in Torch7, whose draws therefore strayed
/// from p.
void multinomialAlias(const Tensor& result, const Tensor& other, const Tensor& keep,
                      Generator& g = defaultGenerator());

// Kernel: result [rows x n] and p [rows x categories], a DoubleTensor, are contiguous; p is checked.
using MultinomialKernel = void(const Tensor& result, Generator& g, const Tensor& p, Replacement replacement);
extern Slot<MultinomialKernel> multinomialSlot;

}  // namespace cresset
