#include "nn/random.h"

#include "tensor/Generator.h"
#include "tensor/dispatch.h"

namespace cresset::nn {
namespace {

template <class Draw> void fillWith(const char* op, const Tensor& x, Draw draw) {
  if (x.empty()) return;
  const Type type{x.dtype(), Device::CPU};
  const Tensor target = x.type() == type && x.isContiguous() ? x : Tensor(type, x.sizes());
  visit<Floating>(op, type, [&]<class T>() {
    T* p = target.data<T>();
    for (int64_t i = 0, n = target.nElement(); i < n; ++i) p[i] = static_cast<T>(draw());
  });
  if (!target.is(x)) x.copy(target);
}

}  // namespace

void fillUniform(const Tensor& x, double a, double b) {
  Generator& generator = defaultGenerator();
  fillWith("uniform", x, [&] { return generator.uniform(a, b); });
}

void fillNormal(const Tensor& x, double mean, double stdv) {
  Generator& generator = defaultGenerator();
  fillWith("normal", x, [&] { return generator.normal(mean, stdv); });
}

void fillBernoulli(const Tensor& x, double p) {
  Generator& generator = defaultGenerator();
  fillWith("bernoulli", x, [&] { return generator.bernoulli(p) ? 1 : 0; });
}

}  // namespace cresset::nn
