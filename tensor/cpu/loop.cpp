#include "tensor/cpu/loop.h"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>

#include "tensor/ops/blas.h"

// ThreadSanitizer does not see the barriers of libgomp: it is told that a parallel region starts after what
// came before it and ends before what follows.
#ifdef __SANITIZE_THREAD__
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#define CRESSET_NO_TSAN __attribute__((no_sanitize("thread")))
#else
static inline void __tsan_acquire(void*) {}  // NOLINT(bugprone-reserved-identifier)
static inline void __tsan_release(void*) {}  // NOLINT(bugprone-reserved-identifier)
#define CRESSET_NO_TSAN
#endif

namespace cresset {

Slot<TileKernel> tileSlot{"copy"};

namespace {
char regionStarted, regionEnded;  // their addresses stand for the two moments
}

void collapse(Operands& o, std::initializer_list<const Tensor*> operands, Order order) {
  const Tensor& first = **operands.begin();
  o.count = 0;
  for (const Tensor* x : operands) {
    o.width[o.count] = elementSize(x->dtype());
    o.data[o.count++] = static_cast<char*>(x->data());
  }
  o.nElement = first.nElement();
  int perm[kMaxDims];
  int n = 0;
  for (int d = 0; d < first.dim(); ++d)
    if (first.size(d) != 1) perm[n++] = d;
  if (order != Order::Logical)  // by insertion: dimensions are few, and in order mostly
    for (int i = 1; i < n; ++i)
      for (int j = i; j > 0 && first.stride(perm[j]) > first.stride(perm[j - 1]); --j)
        std::swap(perm[j], perm[j - 1]);
  o.dims = 0;
  for (int i = 0; i < n; ++i) {
    const int d = perm[i];
    int64_t strides[kMaxOperands];
    int k = 0;
    bool merges = o.dims > 0;
    for (const Tensor* x : operands) {
      strides[k] = x->stride(d) * o.width[k];
      merges = merges && o.stride[k][o.dims - 1] == strides[k] * first.size(d);
      ++k;
    }
    if (merges) {
      o.size[o.dims - 1] *= first.size(d);
    } else {
      o.size[o.dims++] = first.size(d);
    }
    for (int j = 0; j < k; ++j) o.stride[j][o.dims - 1] = strides[j];
  }
  if (o.dims == 0) {
    o.size[0] = 1;
    o.dims = 1;
    for (int k = 0; k < o.count; ++k) o.stride[k][0] = o.width[k];
  }
}

namespace {

/// Elements [begin, end) in the collapsed order.
void walk(const Operands& o, int64_t begin, int64_t end, Inner inner, const void* context) {
  const int last = o.dims - 1;
  int64_t index[kMaxDims];
  int64_t steps[kMaxDims][kMaxOperands];  // from the last row of the dimensions inside to the next row
  int64_t strides[kMaxOperands], back[kMaxOperands] = {};
  char* data[kMaxOperands] = {};
  std::copy_n(o.data, o.count, data);
  int64_t rest = begin;
  for (int d = last; d >= 0; --d) {
    index[d] = rest % o.size[d];
    rest /= o.size[d];
    for (int k = 0; k < kMaxOperands; ++k) {
      const int64_t stride = k < o.count ? o.stride[k][d] : 0;
      if (d == last) strides[k] = stride;
      data[k] += index[d] * stride;
      steps[d][k] = stride - back[k];
      if (d < last) back[k] += (o.size[d] - 1) * stride;
    }
  }
  int64_t n = std::min(o.size[last] - index[last], end - begin);
  inner(data, strides, n, context);
  for (int k = 0; k < kMaxOperands; ++k) data[k] -= index[last] * strides[k];
  while ((begin += n) < end) {
    int d = last - 1;
    for (; index[d] + 1 == o.size[d]; --d) index[d] = 0;
    ++index[d];
    for (int k = 0; k < kMaxOperands; ++k) data[k] += steps[d][k];
    n = std::min(o.size[last], end - begin);
    inner(data, strides, n, context);
  }
}

constexpr int64_t kLine = 64;            // bytes of a cache line
constexpr int64_t kTileBytes = 1 << 15;  // of an operand: stays in the second cache beside the others
constexpr int64_t kWholeRow = 512;       // elements; a tile of such rows is one piece of the result
constexpr int64_t kTileColumns = 128;    // of longer rows: few pages, and tall enough to be read ahead

/// Whether an operand jumps from line to line in the last dimension but stays in a line along this one.
bool crosses(const Operands& o, int k, int d) {
  return std::abs(o.stride[k][o.dims - 1]) >= kLine && o.stride[k][d] != 0 &&
         std::abs(o.stride[k][d]) < kLine;
}

/// A dimension that some operand crosses; -1 when there is none. Walked row by row, such an operand (the
/// transposed one of x + y:t()) would read each line sixteen times.
int crossing(const Operands& o) {
  const int last = o.dims - 1;
  if (o.size[last] < kLine / 4) return -1;
  for (int k = 1; k < o.count; ++k)
    for (int d = 0; d < last; ++d)
      if (crosses(o, k, d) && o.size[d] >= kLine / 4) return d;
  return -1;
}

/// Whether all rows of the last two dimensions read one contiguous row, which is not part of the result.
bool repeats(const Operands& o, int k) {
  const int last = o.dims - 1;
  if (last == 0 || o.stride[k][last - 1] != 0 || o.stride[k][last] != o.width[k]) return false;
  const char* end = o.data[0] + o.width[0];
  for (int d = 0; d <= last; ++d) end += (o.size[d] - 1) * o.stride[0][d];
  return o.data[k] >= end || o.data[k] + o.size[last] * o.width[k] <= o.data[0];
}

/// Whether rows are short only because some operands repeat theirs (the bias of x + bias:expandAs(x)).
bool repeating(const Operands& o) {
  const int last = o.dims - 1;
  if (last == 0 || o.size[last] > kWholeRow) return false;
  bool some = false;
  for (int k = 0; k < o.count; ++k) {
    if (o.stride[k][last - 1] == o.size[last] * o.stride[k][last]) continue;
    if (k == 0 || !repeats(o, k)) return false;
    some = true;
  }
  return some;
}

struct Tile {
  int cross;  // its other dimension beside the last one
  int64_t rows, columns;
};

Tile crossingTile(const Operands& o, int cross) {
  const int64_t width = *std::max_element(o.width, o.width + o.count), row = o.size[o.dims - 1],
                columns = row <= kWholeRow ? row : kTileColumns;
  return {cross, kTileBytes / (width * columns) / 8 * 8, columns};
}

/// About a thousand elements: calls cost little beside them.
Tile repeatingTile(const Operands& o) {
  const int64_t columns = o.size[o.dims - 1];
  return {o.dims - 2, 8 * std::max<int64_t>(1, 128 / columns), columns};
}

/// Tile by tile, those along the other dimension behind each other. Operands that cross or repeat their rows
/// are read from a copy of the tile in which rows are contiguous.
void walkTiles(const Operands& o, const Tile& tile, Inner inner, const void* context, int64_t grain,
               Order order) {
  const int last = o.dims - 1, cross = tile.cross;
  const int64_t rows = o.size[cross], columns = o.size[last], down = (rows + tile.rows - 1) / tile.rows,
                across = (columns + tile.columns - 1) / tile.columns,
                tiles = o.nElement / (rows * columns) * across * down;
  bool copied[kMaxOperands] = {};
  for (int k = 1; k < o.count && order == Order::Any; ++k)
    copied[k] = crosses(o, k, cross) || (cross == last - 1 && repeats(o, k));
  TileKernel* const copyTile = tileSlot.on({DType::Byte, Device::CPU});
  parallelFor(tiles, std::max<int64_t>(1, grain * tiles / o.nElement), [&](int64_t begin, int64_t end) {
    alignas(kLine) char buffers[kMaxOperands - 1][kTileBytes];
    const char* copiedFrom[kMaxOperands] = {};
    int64_t copiedRows = 0;
    for (int64_t t = begin; t < end; ++t) {
      int64_t index[kMaxDims];
      index[cross] = t % down * tile.rows;
      index[last] = t / down % across * tile.columns;
      int64_t rest = t / down / across;
      for (int d = last - 1; d >= 0; --d) {
        if (d == cross) continue;
        index[d] = rest % o.size[d];
        rest /= o.size[d];
      }
      const int64_t m = std::min(tile.rows, rows - index[cross]),
                    n = std::min(tile.columns, columns - index[last]);
      char* data[kMaxOperands];
      int64_t strides[kMaxOperands], steps[kMaxOperands];
      bool merges = true;
      for (int k = 0; k < o.count; ++k) {
        data[k] = o.data[k];
        for (int d = 0; d < o.dims; ++d) data[k] += index[d] * o.stride[k][d];
        strides[k] = o.stride[k][last];
        steps[k] = o.stride[k][cross];
        if (copied[k]) {
          if (copiedFrom[k] != data[k] || copiedRows != m)
            copyTile(buffers[k - 1], data[k], steps[k], strides[k], m, n, o.width[k]);
          copiedFrom[k] = data[k];
          data[k] = buffers[k - 1];
          strides[k] = o.width[k];
          steps[k] = n * o.width[k];
        }
        merges = merges && steps[k] == n * strides[k];
      }
      copiedRows = m;
      if (merges) {
        inner(data, strides, m * n, context);
        continue;
      }
      for (int64_t i = 0; i < m; ++i) {
        inner(data, strides, n, context);
        for (int k = 0; k < o.count; ++k) data[k] += steps[k];
      }
    }
  });
}

}  // namespace

void loop(std::initializer_list<const Tensor*> operands, Inner inner, const void* context, int64_t grain,
          Order order) {
  const Tensor& first = **operands.begin();
  const int64_t total = first.nElement();
  if (total == 0) return;
  bool contiguous = true;
  for (const Tensor* x : operands) contiguous = contiguous && x->isContiguous();
  if (contiguous && total < grain) {  // the common small case, without any bookkeeping
    char* data[kMaxOperands];
    int64_t strides[kMaxOperands];
    int k = 0;
    for (const Tensor* x : operands) {
      data[k] = static_cast<char*>(x->data());
      strides[k++] = elementSize(x->dtype());
    }
    return inner(data, strides, total, context);
  }
  Operands o;
  collapse(o, operands, order);
  if (order == Order::Logical) return walk(o, 0, total, inner, context);
  if (const int cross = crossing(o); cross >= 0)
    return walkTiles(o, crossingTile(o, cross), inner, context, grain, order);
  if (order == Order::Any && repeating(o))
    return walkTiles(o, repeatingTile(o), inner, context, grain, order);
  parallelFor(total, grain, [&](int64_t begin, int64_t end) { walk(o, begin, end, inner, context); });
}

int parallelParts(int64_t n, int64_t grain) {
  if (n <= grain || omp_in_parallel()) return 1;
  return static_cast<int>(
      std::min<int64_t>(omp_get_max_threads(), (n + grain - 1) / std::max<int64_t>(grain, 1)));
}

CRESSET_NO_TSAN void parallelFor(int64_t n, int64_t grain, void (*body)(int64_t, int64_t, const void*),
                                 const void* context) {
  if (n <= 0) return;
  const int parts = parallelParts(n, grain);
  if (parts <= 1) return body(0, n, context);
  int64_t step = (n + parts - 1) / parts;
  // Whole cache lines for each thread, whatever the element size. Few are chunks or rows, and not rounded.
  if (step >= 1024) step = (step + 63) & ~int64_t{63};
  std::exception_ptr error;
  std::mutex errorMutex;
  __tsan_release(&regionStarted);
#pragma omp parallel num_threads(parts)
  {
    __tsan_acquire(&regionStarted);
    try {
      // Under OMP_THREAD_LIMIT or OMP_DYNAMIC there may be fewer threads than parts.
      for (int part = omp_get_thread_num(); part < parts; part += omp_get_num_threads()) {
        const int64_t begin = part * step, end = std::min(n, begin + step);
        if (begin < end) body(begin, end, context);
      }
    } catch (...) {
      const std::lock_guard lock(errorMutex);
      error = std::current_exception();
    }
    __tsan_release(&regionEnded);
  }
  __tsan_acquire(&regionEnded);
  if (error) std::rethrow_exception(error);
}

int getNumThreads() { return omp_get_max_threads(); }

void setNumThreads(int n) {
  omp_set_num_threads(std::max(n, 1));
  setBlasThreads(std::max(n, 1));
}

int getNumCores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : omp_get_num_procs();
}

}  // namespace cresset
