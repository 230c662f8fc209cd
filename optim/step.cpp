#include "optim/step.h"

#include <functional>

#include "tensor/ops/result.h"

namespace cresset::optim {
namespace {

std::string elements(const Tensor& x) {
  return std::string(tensorTypeName(x.type())) + " with " + text(x.nElement()) +
         (x.nElement() == 1 ? " element" : " elements");
}

std::string found(const Tensor& x) { return x ? describe(x) : "nil"; }

/// Whether the two share some memory but are not the same elements. Both are contiguous.
bool overlapsPartly(const Tensor& x, const Tensor& y) {
  const auto* a = static_cast<const char*>(x.data());
  const auto* b = static_cast<const char*>(y.data());
  const int64_t bytes = x.nElement() * elementSize(x.dtype());
  const std::less<const char*> before;
  return a != b && before(a, b + bytes) && before(b, a + bytes);
}

}  // namespace

void checkParameters(const char* op, const Tensor& x) {
  if (!x) fail(op, arg(2, "x"), {"expected torch.*Tensor, got nil"});
  if (!contains(Floating | Halves, x.dtype())) failNotAvailable(op, x.type());
}

void checkGradient(const char* op, const Tensor& x, const Tensor& gradient) {
  if (!gradient || gradient.type() != x.type() || gradient.nElement() != x.nElement())
    fail(op,
         {"gradient (second result of opfunc): expected ", elements(x), " like x, got ", found(gradient)});
}

Tensor perParameter(const char* op, const char* name, const Tensor& values, const Tensor& x) {
  if (!values) return {};
  if (values.nElement() != x.nElement() || values.device() != x.device())
    fail(op, {"config.", name, ": expected ", elements(x), " like x, got ", found(values)});
  return values.to(x.type());
}

Tensor stateLike(const char* op, const char* name, const Tensor& value, const Tensor& gradient,
                 double initial) {
  if (!value) {
    Tensor fresh(gradient.type(), gradient.sizes());
    return initial == 0 ? fresh.zero() : fresh.fill(initial);
  }
  if (value.type() != gradient.type() || value.nElement() != gradient.nElement())
    fail(op, {"state.", name, ": expected ", elements(gradient), " like x, got ", found(value),
              "; a new optimisation needs a new state table"});
  return value;
}

FlatOperands::FlatOperands(std::initializer_list<Tensor> operands) {
  for (const Tensor& x : operands) {
    if (!x) continue;  // no factors of the learning rate
    original_[n_] = x;
    flat_[n_++] = x.contiguous();
  }
  // The new gradient is lost then, for writing it back would change the parameters.
  if (overlapsPartly(flat_[0], flat_[1])) original_[1] = flat_[1] = flat_[1].clone();
  for (int i = 0; i < n_; ++i) flat_[i] = widened(flat_[i]);
}

void FlatOperands::finish(int n, bool changesGradient) const {
  for (int i = 0; i < n; ++i)
    if (!flat_[i].is(original_[i]) && (i != 1 || changesGradient)) original_[i].copy(flat_[i]);
}

}  // namespace cresset::optim
