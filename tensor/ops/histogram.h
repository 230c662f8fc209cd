// Histograms.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// How many elements fall into each of `bins` intervals of equal width from `min` to `max`; the last one
/// includes `max`, values outside count nowhere. min = max stands for the range of x, or one beyond on both
/// sides when x is constant. Floating types. Throws Error for fewer than one bin, an empty x, or a range that
/// is reversed or not finite.
void histc(const Tensor& result, const Tensor& x, int64_t bins = 100, double min = 0, double max = 0);
/// [rows x bins]: a histogram for each row of a matrix, over one range; a vector is one row.
void bhistc(const Tensor& result, const Tensor& x, int64_t bins = 100, double min = 0, double max = 0);

// Kernel: contiguous result [rows x bins] and x [rows x n]; min < max.
using HistogramKernel = void(const Tensor& result, const Tensor& x, double min, double max);
extern Slot<HistogramKernel> histogramSlot;

}  // namespace cresset
