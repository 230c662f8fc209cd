#include "nn/arithmetic/broadcast.h"

#include "tensor/Error.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {
namespace {

/// The parameter with as many dimensions as x.
Tensor aligned(const char* op, const Tensor& parameter, const Tensor& x) {
  if (parameter.nElement() == x.nElement()) return parameter.contiguous().view(x.sizes());
  Tensor view = parameter;
  if (parameter.dim() != x.dim() && !x.empty() && parameter.nElement() * x.size(0) == x.nElement()) {
    Shape sizes = x.sizes();
    sizes[0] = 1;
    view = parameter.contiguous().view(sizes);
  }
  bool fits = view.dim() == x.dim();
  for (int64_t d = 0; fits && d < x.dim(); ++d) fits = view.size(d) == x.size(d) || view.size(d) == 1;
  if (!fits)
    fail(op, arg(1, "input"),
         {"incorrect size: only supporting singleton expansion (size=1): ", describe(parameter), " for ",
          describe(x)});
  return view;
}

}  // namespace

Tensor spread(const char* op, const Tensor& parameter, const Tensor& x) {
  return aligned(op, parameter, x).expand(x.sizes());
}

void gatherInto(const char* op, const Tensor& gradient, double scale, const Tensor& g) {
  const Tensor target = aligned(op, gradient, g);
  Tensor total = g;
  for (int64_t d = 0; d < g.dim(); ++d) {
    if (target.size(d) == total.size(d)) continue;
    Tensor reduced(g.type());
    sum(reduced, total, d);
    total = reduced;
  }
  gradient.add(scale, total);
}

}  // namespace cresset::nn
