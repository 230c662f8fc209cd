#include "tensor/ops/histogram.h"

#include <algorithm>
#include <cmath>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<HistogramKernel> histogramSlot{"histc"};

namespace {

void histogram(const char* op, const Tensor& result, const Tensor& x, Sizes sizes, int64_t rows, double min,
               double max) {
  if (min == max) {
    min = minAll(x);
    max = maxAll(x);
  }
  if (min == max) {
    const double margin = std::max(1.0, 1e-6 * std::fabs(min));  // 1 vanishes beside a large float
    min -= margin;
    max += margin;
  }
  const bool single = x.dtype() != DType::Double;  // in which two borders may become one
  const double width = single ? static_cast<float>(max) - static_cast<float>(min) : max - min;
  if (!(width > 0 && std::isfinite(width)))
    fail(op, {"expected a finite range from min to a larger max, got ", text(min), " to ", text(max)});
  const Tensor target = targetFor(result, sizes, {&x});
  histogramSlot.on(x)(target.view({rows, sizes[sizes.size() - 1]}),
                      x.contiguous().view({rows, x.nElement() / rows}), min, max);
  finish(result, target);
}

void checkHistogram(const char* op, const Tensor& result, const Tensor& x, int64_t bins) {
  checkSameType(op, arg(1, "result"), result, x);
  if (x.empty()) fail(op, arg(2, "x"), {"empty tensor"});
  if (bins < 1) fail(op, arg(3, "bins"), {"expected at least one bin, got ", text(bins)});
}

}  // namespace

void histc(const Tensor& result, const Tensor& x, int64_t bins, double min, double max) {
  checkHistogram("histc", result, x, bins);
  histogram("histc", result, x, {bins}, 1, min, max);
}

void bhistc(const Tensor& result, const Tensor& x, int64_t bins, double min, double max) {
  checkHistogram("bhistc", result, x, bins);
  if (x.dim() > 2)
    fail("bhistc", arg(2, "x"), {"invalid dimension: the input must be a 2d tensor, got ", describe(x)});
  const int64_t rows = x.dim() == 2 ? x.size(0) : 1;
  histogram("bhistc", result, x, {rows, bins}, rows, min, max);
}

void declareHistogramOps(OpTable& table) {
  using T = const Tensor&;
  table.op("histc", Family::Result, "how many elements fall into each of some bins from min to max")
      .overload(Floating, "[>T] T [int=100] [num=0] [num=0]",
                [](T r, T x, int64_t bins, double min, double max) { histc(r, x, bins, min, max); });
  table.op("bhistc", Family::Result, "a histogram for each row of a matrix, over one range")
      .overload(Floating, "[>T] T [int=100] [num=0] [num=0]",
                [](T r, T x, int64_t bins, double min, double max) { bhistc(r, x, bins, min, max); });
}

}  // namespace cresset
