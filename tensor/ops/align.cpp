#include "tensor/ops/align.h"

#include <algorithm>

namespace cresset {
namespace {

/// True when `from` can be expanded to `to`.
bool expandsTo(Sizes from, Sizes to) {
  if (from.size() == 0 || from.size() > to.size()) return false;
  for (int i = 1; i <= from.size(); ++i) {
    const int64_t size = from[from.size() - i];
    if (size != 1 && size != to[to.size() - i]) return false;
  }
  return true;
}

}  // namespace

Tensor alignTo(const char* op, Arg argument, const Tensor& x, const Tensor& like) {
  if (x.isSameSizeAs(like)) return x;
  if (x.nElement() == like.nElement()) return x.contiguous().view(like.sizes());
  if (!expandsTo(x.sizes(), like.sizes())) checkSameElements(op, argument, x, like);
  return x.expand(like.sizes());
}

Shape broadcastSizes(const char* op, const Tensor& x, const Tensor& y) {
  if (x.nElement() == y.nElement() || x.empty() || y.empty()) return x.sizes();
  const int n = static_cast<int>(std::max(x.dim(), y.dim()));
  Shape sizes;
  for (int i = n; i >= 1; --i) {
    const int64_t a = i <= x.dim() ? x.size(x.dim() - i) : 1, b = i <= y.dim() ? y.size(y.dim() - i) : 1;
    if (a != b && a != 1 && b != 1) checkSameElements(op, arg(2, "y"), y, x);
    sizes.push(std::max(a, b));
  }
  return sizes;
}

}  // namespace cresset
