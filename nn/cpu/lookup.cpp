// CPU kernels of nn.LookupTable.
#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/lookup/kernels.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

void checkIndices(const Tensor& indices, int64_t rows) {
  const int64_t* k = indices.data<int64_t>();
  for (int64_t i = 0, n = indices.nElement(); i < n; ++i)
    if (k[i] < 1 || k[i] > rows)
      fail("nn.LookupTable", arg(1, "input"),
           {"index out of range: element ", text(i + 1), " is ", text(k[i]), ", the table has rows 1 to ",
            text(rows)});
}

void lookupKernel(const Tensor& y, const Tensor& weight, const Tensor& indices) {
  checkIndices(indices, weight.size(0));
  const int64_t* k = indices.data<int64_t>();
  const int64_t width = weight.size(1), rowStride = weight.stride(0), stride = weight.stride(1);
  visit<Floating>("nn.LookupTable", weight.type(), [&]<class T>() {
    const T* w = weight.data<T>();
    T* to = y.data<T>();
    parallelFor(indices.nElement(), std::max<int64_t>(1, kGrain / width), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* row = w + (k[i] - 1) * rowStride;
        if (stride == 1) {
          std::copy_n(row, width, to + i * width);
        } else {
          for (int64_t j = 0; j < width; ++j) to[i * width + j] = row[j * stride];
        }
      }
    });
  });
}

void gradientKernel(const Tensor& gradWeight, const Tensor& gy, const Tensor& indices, double scale,
                    int64_t padding, bool isByFrequency) {
  checkIndices(indices, gradWeight.size(0));
  const int64_t* k = indices.data<int64_t>();
  const int64_t n = indices.nElement(), width = gradWeight.size(1);
  const int64_t rowStride = gradWeight.stride(0), stride = gradWeight.stride(1);
  std::vector<int64_t> count(isByFrequency ? static_cast<size_t>(gradWeight.size(0)) + 1 : 0);
  if (isByFrequency)
    for (int64_t i = 0; i < n; ++i) ++count[static_cast<size_t>(k[i])];
  visit<Floating>("nn.LookupTable", gradWeight.type(), [&]<class T>() {
    const T* from = gy.data<T>();
    T* g = gradWeight.data<T>();
    // Each thread takes some columns of all rows: no two meet, and the order of the additions is always the
    // same.
    parallelFor(
        width, std::max<int64_t>(16, kGrain / std::max<int64_t>(n, 1)), [&](int64_t begin, int64_t end) {
          for (int64_t i = 0; i < n; ++i) {
            if (k[i] == padding) continue;
            const T s = static_cast<T>(
                isByFrequency ? scale / static_cast<double>(count[static_cast<size_t>(k[i])]) : scale);
            T* row = g + (k[i] - 1) * rowStride;
            const T* add = from + i * width;
            if (stride == 1) {
              for (int64_t j = begin; j < end; ++j) row[j] += s * add[j];
            } else {
              for (int64_t j = begin; j < end; ++j) row[j * stride] += s * add[j];
            }
          }
        });
  });
}

void renormKernel(const Tensor& weight, const Tensor& indices, double maxNorm, double p) {
  if (!(p > 0)) fail("nn.LookupTable", {"normType must be positive, got ", text(p)});
  checkIndices(indices, weight.size(0));
  std::vector<int64_t> rows(indices.data<int64_t>(), indices.data<int64_t>() + indices.nElement());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  const int64_t width = weight.size(1), rowStride = weight.stride(0), stride = weight.stride(1);
  visit<Floating>("nn.LookupTable", weight.type(), [&]<class T>() {
    T* w = weight.data<T>();
    parallelFor(static_cast<int64_t>(rows.size()), std::max<int64_t>(1, kGrain / width / 8),
                [&](int64_t begin, int64_t end) {
                  for (int64_t i = begin; i < end; ++i) {
                    T* row = w + (rows[static_cast<size_t>(i)] - 1) * rowStride;
                    double sum = 0;
                    for (int64_t j = 0; j < width; ++j) {
                      const double v = std::fabs(static_cast<double>(row[j * stride]));
                      sum += p == 1 ? v : p == 2 ? v * v : std::pow(v, p);
                    }
                    const double norm = p == 1 ? sum : p == 2 ? std::sqrt(sum) : std::pow(sum, 1 / p);
                    if (norm <= maxNorm) continue;
                    const T factor = static_cast<T>(maxNorm / (norm + 1e-7));  // Torch7's guard
                    for (int64_t j = 0; j < width; ++j) row[j * stride] *= factor;
                  }
                });
  });
}

}  // namespace

void fillLookup() {
  lookupSlot.cpu = lookupKernel;
  lookupGradientSlot.cpu = gradientKernel;
  lookupRenormSlot.cpu = renormKernel;
}

}  // namespace cresset::nn
