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

bool broadcast(Sizes x, Sizes y, Shape& sizes) {
  sizes = {};
  for (int i = std::max(x.size(), y.size()); i >= 1; --i) {
    const int64_t a = i <= x.size() ? x[x.size() - i] : 1, b = i <= y.size() ? y[y.size() - i] : 1;
    if (a != b && a != 1 && b != 1) return false;
    sizes.push(std::max(a, b));
  }
  return true;
}

Shape broadcastSizes(const char* op, Arg argument, const Tensor& x, const Tensor& y) {
  if (x.nElement() == y.nElement() || x.empty() || y.empty()) return x.sizes();
  Shape sizes;
  if (!broadcast(x.sizes(), y.sizes(), sizes)) checkSameElements(op, argument, y, x);
  return sizes;
}

}  // namespace cresset
