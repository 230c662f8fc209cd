// The kernel slots of nn.LookupTable.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

// `indices` is a contiguous LongTensor of n row numbers from 1. Throw Error (`index out of range`) before
// anything is written.
/// y [n x width] receives rows of `weight`.
using LookupKernel = void(const Tensor& y, const Tensor& weight, const Tensor& indices);
/// Adds scale times the rows of gy [n x width] to rows of gradWeight, without those of `padding`. With
/// `isByFrequency`, each is divided by how often its index occurs in `indices`.
using LookupGradientKernel = void(const Tensor& gradWeight, const Tensor& gy, const Tensor& indices,
                                  double scale, int64_t padding, bool isByFrequency);
/// Scales the rows that occur in `indices` so that their p-norm is at most `maxNorm`.
using LookupRenormKernel = void(const Tensor& weight, const Tensor& indices, double maxNorm, double p);
extern Slot<LookupKernel> lookupSlot;
extern Slot<LookupGradientKernel> lookupGradientSlot;
extern Slot<LookupRenormKernel> lookupRenormSlot;

}  // namespace cresset::nn
