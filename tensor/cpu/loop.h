// The one strided loop: every pointwise kernel is an inner function over a row, called by `loop`.
#pragma once

#include <cstdint>

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Handles n elements; operand i starts at data[i] and steps strides[i] bytes.
using Inner = void (*)(char* const* data, const int64_t* strides, int64_t n, const void* context);

inline constexpr int kMaxOperands = 4;

struct Operands {
  int count = 0;
  int dims = 0;
  int64_t nElement = 0;
  int64_t size[kMaxDims];                  // outermost first
  int64_t stride[kMaxOperands][kMaxDims];  // bytes
  int64_t width[kMaxOperands];             // bytes of an element
  char* data[kMaxOperands];
};

/// Any: in the order of the first operand's memory; elements of the others may come from copies. InPlace: the
/// same without copies, for an `inner` that finds other elements from where it is. Logical: row-major, on one
/// thread.
enum class Order { Any, InPlace, Logical };

/// Fills `o` with the operands' sizes and strides, in which neighbouring dimensions are merged where all
/// operands allow it; there is at least one. The operands have equal sizes and elements.
void collapse(Operands& o, std::initializer_list<const Tensor*> operands, Order order);

/// Rows below this many elements stay on one thread: waking a second one costs as much as 30 k additions.
inline constexpr int64_t kGrain = 32768;

/// Calls `inner` over all elements of the operands, which have equal sizes; it may write to the first. Merges
/// dimensions that are contiguous for all operands, and splits large work over the threads. `grain`: elements
/// that are worth a thread.
void loop(std::initializer_list<const Tensor*> operands, Inner inner, const void* context,
          int64_t grain = kGrain, Order order = Order::Any);

/// Copies a tile of rows x columns elements of so many bytes; `fromRow` and `fromColumn` are strides in
/// bytes. Filled by tensor/cpu/copy.cpp.
using TileKernel = void(void* to, const void* from, int64_t fromRow, int64_t fromColumn, int64_t rows,
                        int64_t columns, int64_t width);
extern Slot<TileKernel> tileSlot;

/// Calls body(begin, end) on disjoint parts of [0, n), on as many threads as n / grain is worth.
void parallelFor(int64_t n, int64_t grain, void (*body)(int64_t begin, int64_t end, const void* context),
                 const void* context);

template <class Body> void parallelFor(int64_t n, int64_t grain, const Body& body) {
  parallelFor(
      n, grain,
      [](int64_t begin, int64_t end, const void* context) {
        (*static_cast<const Body*>(context))(begin, end);
      },
      &body);
}

/// How many parts parallelFor would make.
int parallelParts(int64_t n, int64_t grain);

/// CPU threads that operations use.
int getNumThreads();
void setNumThreads(int n);
int getNumCores();

}  // namespace cresset
