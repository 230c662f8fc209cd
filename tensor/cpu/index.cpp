// CPU kernels of index, gather, scatter and their relatives. Moving elements needs only their width.
#include "tensor/ops/index.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/width.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset {
namespace {

/// Lines are read at random places: fewer elements than of a sum keep a thread busy.
constexpr int64_t kMoveGrain = kGrain / 4;

template <class W> W& at(char* data, int64_t offset) { return *reinterpret_cast<W*>(data + offset); }

/// to[i] = from[i]; strides in bytes.
template <class W> void copyRow(char* to, int64_t toStride, char* from, int64_t fromStride, int64_t n) {
  if (toStride == sizeof(W) && fromStride == sizeof(W)) {
    std::memcpy(to, from, static_cast<size_t>(n) * sizeof(W));
  } else {
    for (int64_t i = 0; i < n; ++i) at<W>(to, i * toStride) = at<W>(from, i * fromStride);
  }
}

/// Operands: result, starts, indices. Context: bytes between positions.
template <class W> void gatherRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  const int64_t step = *static_cast<const int64_t*>(context);
  if (strides[2] == 0)  // along another dimension: all from one slice
    return copyRow<W>(data[0], strides[0], data[1] + (at<int64_t>(data[2], 0) - 1) * step, strides[1], n);
  if (strides[0] == sizeof(W) && strides[1] == 0 && strides[2] == sizeof(int64_t) && step == sizeof(W)) {
    // Within a contiguous line, four at a time: loads need not wait for the stores before them.
    auto* to = &at<W>(data[0], 0);
    const auto* line = &at<W>(data[1], 0);
    const auto* index = &at<int64_t>(data[2], 0);
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      const W a = line[index[i] - 1], b = line[index[i + 1] - 1], c = line[index[i + 2] - 1],
              d = line[index[i + 3] - 1];
      to[i] = a;
      to[i + 1] = b;
      to[i + 2] = c;
      to[i + 3] = d;
    }
    for (; i < n; ++i) to[i] = line[index[i] - 1];
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    at<W>(data[0], i * strides[0]) =
        at<W>(data[1], i * strides[1] + (at<int64_t>(data[2], i * strides[2]) - 1) * step);
}

/// Operands: starts, indices, source.
template <class W>
void scatterRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  const int64_t step = *static_cast<const int64_t*>(context);
  if (strides[1] == 0)
    return copyRow<W>(data[0] + (at<int64_t>(data[1], 0) - 1) * step, strides[0], data[2], strides[2], n);
  for (int64_t i = 0; i < n; ++i)
    at<W>(data[0], i * strides[0] + (at<int64_t>(data[1], i * strides[1]) - 1) * step) =
        at<W>(data[2], i * strides[2]);
}

template <class T>
void scatterAddRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  const int64_t step = *static_cast<const int64_t*>(context);
  if (strides[1] == 0 && strides[0] == sizeof(T) && strides[2] == sizeof(T)) {
    T* x = &at<T>(data[0], (at<int64_t>(data[1], 0) - 1) * step);
    const T* source = &at<T>(data[2], 0);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) x[i] = functor::plus{}(x[i], source[i]);
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    T& x = at<T>(data[0], i * strides[0] + (at<int64_t>(data[1], i * strides[1]) - 1) * step);
    x = functor::plus{}(x, at<T>(data[2], i * strides[2]));
  }
}

/// Each line in order on one thread, so that the last of several values for one place stays; lines side by
/// side.
void overLines(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step, int64_t dim,
               Inner inner) {
  int64_t split = dim == 0 ? 1 : 0;  // the longest other dimension
  for (int64_t d = 0; d < indices.dim(); ++d)
    if (d != dim && indices.size(d) > indices.size(split)) split = d;
  if (indices.dim() == 1 || indices.nElement() < kMoveGrain)
    return loop({&starts, &indices, &source}, inner, &step, kMoveGrain, Order::Logical);
  const int64_t n = indices.size(split), grain = std::max<int64_t>(1, kMoveGrain * n / indices.nElement());
  parallelFor(n, grain, [&](int64_t begin, int64_t end) {
    const Tensor s = starts.narrow(split, begin, end - begin), i = indices.narrow(split, begin, end - begin),
                 y = source.narrow(split, begin, end - begin);
    loop({&s, &i, &y}, inner, &step, kMoveGrain, Order::Logical);
  });
}

struct Positions {
  uint64_t size;
  std::atomic<bool> wrong = false;
};

/// Operand: indices. Context: Positions.
void checkRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  auto& positions = *static_cast<Positions*>(const_cast<void*>(context));
  uint64_t largest = 0;  // of those from 0; what is below them is larger still
  if (strides[0] == sizeof(int64_t)) {
    const auto* index = &at<uint64_t>(data[0], 0);
    for (int64_t i = 0; i < n; ++i) largest = std::max(largest, index[i] - 1);
  } else {
    for (int64_t i = 0; i < n; ++i) largest = std::max(largest, at<uint64_t>(data[0], i * strides[0]) - 1);
  }
  if (largest >= positions.size) positions.wrong = true;
}

bool positionsKernel(const Tensor& indices, int64_t size) {
  Positions positions{static_cast<uint64_t>(size)};
  loop({&indices}, checkRow, &positions);
  return !positions.wrong;
}

/// Copies slices of the outermost dimension, as a lookup table does, without the bookkeeping of `loop`:
/// slices are short. False when these are no such slices, or not contiguous.
bool gatherSlices(const Tensor& result, const Tensor& starts, const Tensor& indices, int64_t step) {
  if (!result.isContiguous() || starts.stride(0) != 0) return false;
  for (int64_t d = 1; d < result.dim(); ++d)
    if (indices.stride(d) != 0 || (starts.stride(d) != result.stride(d) && result.size(d) != 1)) return false;
  const int64_t n = result.size(0), slice = result.nElement() / n,
                bytes = slice * elementSize(result.dtype()), stride = indices.stride(0);
  const auto* index = indices.data<int64_t>();
  auto* to = static_cast<char*>(result.data());
  const auto* from = static_cast<const char*>(starts.data());
  parallelFor(n, std::max<int64_t>(1, kMoveGrain / slice), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      std::memcpy(to + i * bytes, from + (index[i * stride] - 1) * step, static_cast<size_t>(bytes));
  });
  return true;
}

void gatherKernel(const Tensor& result, const Tensor& starts, const Tensor& indices, int64_t step) {
  step *= elementSize(result.dtype());
  if (result.dim() > 1 && gatherSlices(result, starts, indices, step)) return;
  visitWidth(result, [&]<class W>() {
    loop({&result, &starts, &indices}, gatherRow<W>, &step, kMoveGrain, Order::InPlace);
  });
}

void scatterKernel(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step,
                   int64_t dim) {
  step *= elementSize(starts.dtype());
  visitWidth(starts, [&]<class W>() { overLines(starts, indices, source, step, dim, scatterRow<W>); });
}

void scatterAddKernel(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step,
                      int64_t dim) {
  step *= elementSize(starts.dtype());
  visit<Real>("indexAdd", starts.type(),
              [&]<class T>() { overLines(starts, indices, source, step, dim, scatterAddRow<T>); });
}

}  // namespace

void fillIndex() {
  positionsSlot.cpu = positionsKernel;
  gatherSlot.cpu = gatherKernel;
  scatterSlot.cpu = scatterKernel;
  scatterAddSlot.cpu = scatterAddKernel;
}

}  // namespace cresset
