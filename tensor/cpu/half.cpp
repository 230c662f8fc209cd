// CPU kernels for half and bfloat16: those for float behind conversions (half.h), and the conversions.
#include "tensor/cpu/half.h"

#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/convolution.h"
#include "tensor/ops/copy.h"
#include "tensor/ops/creation.h"
#include "tensor/ops/fft.h"
#include "tensor/ops/histogram.h"
#include "tensor/ops/matrix.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/random.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/sort.h"

namespace cresset {
namespace {

template <class To, class From>
void convertRow(char* const* data, const int64_t* strides, int64_t n, const void*) {
  if (strides[0] == sizeof(To) && strides[1] == sizeof(From))
    return half::convert(reinterpret_cast<const From*>(data[1]), reinterpret_cast<To*>(data[0]), n);
  for (int64_t i = 0; i < n; ++i)
    half::convert(reinterpret_cast<const From*>(data[1] + i * strides[1]),
                  reinterpret_cast<To*>(data[0] + i * strides[0]), 1);
}

/// Between float and the half types in one step, between them and the others in two.
void copyKernel(const Tensor& to, const Tensor& from) {
  using Others = half::InFloat<copySlot>;
  if (to.dtype() == from.dtype()) return Others::kernel(to, from);
  const auto by = [&](Inner row) { loop({&to, &from}, row, nullptr); };
  if (to.dtype() == DType::Float && from.dtype() == DType::Half) return by(convertRow<float, Half>);
  if (to.dtype() == DType::Float && from.dtype() == DType::BFloat16) return by(convertRow<float, BFloat16>);
  if (to.dtype() == DType::Half && from.dtype() == DType::Float) return by(convertRow<Half, float>);
  if (to.dtype() == DType::BFloat16 && from.dtype() == DType::Float) return by(convertRow<BFloat16, float>);
  Others::elements(to, from);
}

/// A reduction to one number, joined from those of parts in their order: the result does not depend on the
/// number of threads.
template <auto& slot, double (*join)(double, double)> struct InParts {
  static constexpr int64_t kRun = 2 * half::kPart;  // one operand leaves more room in the cache
  static inline ReduceAllKernel* kernel = nullptr;

  static double run(const Tensor& x, double parameter) {
    if (!half::isHalf(x)) return kernel(x, parameter);
    const int64_t n = x.nElement(), count = (n + kRun - 1) / kRun;
    std::vector<double> parts(static_cast<size_t>(count));
    parallelFor(count, kGrain / kRun, [&](int64_t begin, int64_t end) {
      half::Part part;
      for (int64_t i = begin; i < end; ++i) {
        part.read(x, i * kRun, std::min(kRun, n - i * kRun));
        parts[static_cast<size_t>(i)] = kernel(part.value, parameter);
      }
    });
    double result = parts[0];
    for (size_t i = 1; i < parts.size(); ++i) result = join(result, parts[i]);
    return result;
  }
};

template <auto& slot, double (*join)(double, double)> void partsInFloat() {
  InParts<slot, join>::kernel = std::exchange(slot.cpu, InParts<slot, join>::run);
}

double sumOf(double a, double b) { return a + b; }
double productOf(double a, double b) { return a * b; }
// The first NaN wins.
double largerOf(double a, double b) { return b > a || (b != b && a == a) ? b : a; }
double smallerOf(double a, double b) { return b < a || (b != b && a == a) ? b : a; }

}  // namespace

void fillHalf() {
  using namespace half;
#define ELEMENTS(slot, types) \
  if constexpr (contains(types, DType::Float)) elementsInFloat<slot>();
#define UNARY(name, functor_, types, help)   ELEMENTS(name##Slot, types)
#define UNARY_ONLY                           UNARY
#define SCALAR(name, functor_, types, help)  ELEMENTS(name##ScalarSlot, types)
#define BINARY(name, functor_, types, help)  ELEMENTS(name##BinarySlot, types)
#define SCALED(name, functor_, types, help)  ELEMENTS(name##ScaledSlot, types)
#define TERNARY(name, functor_, types, help) ELEMENTS(name##TernarySlot, types)
#define COMPARE(name, functor_, help)  \
  elementsInFloat<name##ScalarSlot>(); \
  elementsInFloat<name##BinarySlot>();
#include "tensor/ops/pointwise.def"
  elementsInFloat<powSlot>();
  elementsInFloat<powOfSlot>();
  elementsInFloat<clampSlot>();
  elementsInFloat<lerpSlot>();
  elementsInFloat<copySlot>();
  copySlot.cpu = copyKernel;
  partsInFloat<sumAllSlot, sumOf>();
  partsInFloat<prodAllSlot, productOf>();
  partsInFloat<maxAllSlot, largerOf>();
  partsInFloat<minAllSlot, smallerOf>();
  wholeInFloat<varAllSlot>();
  wholeInFloat<normAllSlot>();
  wholeInFloat<sumSlot>();
  wholeInFloat<prodSlot>();
  wholeInFloat<varSlot>();
  wholeInFloat<normSlot>();
  wholeInFloat<cumsumSlot>();
  wholeInFloat<cumprodSlot>();
  wholeInFloat<maxSlot>();
  wholeInFloat<minSlot>();
  wholeInFloat<gemmSlot>();
  wholeInFloat<dotSlot>();
  wholeInFloat<sequenceSlot>();
  wholeInFloat<bernoulliSlot>();
  wholeInFloat<bernoulliEachSlot>();
  wholeInFloat<geometricSlot>();
  wholeInFloat<uniformSlot>();
  wholeInFloat<normalSlot>();
  wholeInFloat<cauchySlot>();
  wholeInFloat<logNormalSlot>();
  wholeInFloat<exponentialSlot>();
  wholeInFloat<randomSlot>();
  wholeInFloat<randpermSlot>();
  wholeInFloat<sortSlot>();
  wholeInFloat<kthvalueSlot>();
  wholeInFloat<modeSlot>();
  wholeInFloat<matchSlot>();
  wholeInFloat<histogramSlot>();
  wholeInFloat<correlationSlot>();
  wholeInFloat<fourierSlot>();
}

}  // namespace cresset
