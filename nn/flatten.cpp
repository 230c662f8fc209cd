// Gathering of parameters into one vector: Module::getParameters.
#include <algorithm>
#include <unordered_map>

#include "nn/Module.h"

namespace cresset::nn {
namespace {

/// Sizes and strides without the dimensions that do not move, the largest stride first.
struct Layout {
  Shape sizes, strides;

  explicit Layout(const Tensor& x) {
    for (int64_t d = 0; d < x.dim(); ++d) {
      if (x.size(d) == 1 || x.stride(d) == 0) continue;
      int64_t at = 0;
      while (at < strides.size() && strides[at] >= x.stride(d)) ++at;
      sizes.insert(at, x.size(d));
      strides.insert(at, x.stride(d));
    }
  }

  /// Different indices reach neighbouring elements, without gaps.
  bool isCompact() const {
    int64_t expected = 1;
    for (int64_t d = sizes.size() - 1; d >= 0; --d) {
      if (strides[d] != expected) return false;
      expected *= sizes[d];
    }
    return true;
  }

  int64_t elements() const {
    int64_t n = 1;
    for (int64_t size : sizes) n *= size;
    return n;
  }

  template <class Visit> void eachElement(int64_t first, const Visit& visit, int64_t d = 0) const {
    if (d == sizes.size()) return visit(first);
    for (int64_t i = 0; i < sizes[d]; ++i) eachElement(first + i * strides[d], visit, d + 1);
  }
};

/// The storages laid end to end in the order in which they are met.
struct Pool {
  std::unordered_map<StorageImpl*, int64_t> base;
  std::vector<Storage> storages;
  int64_t size = 0;

  int64_t baseOf(const Tensor& x) {
    const auto [entry, isNew] = base.try_emplace(x.impl()->storage, size);
    if (isNew) {
      storages.push_back(x.storage());
      size += x.storage().size();
    }
    return entry->second;
  }
};

}  // namespace

Tensor flatten(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> parameters;
  for (const Tensor& x : tensors)
    if (x && !x.empty()) parameters.push_back(x);
  if (parameters.empty()) return Tensor(defaultType());
  for (const Tensor& x : parameters) checkSameType("flatten", arg(1, "parameters"), x, parameters[0]);

  Pool pool;
  for (const Tensor& x : parameters) pool.baseOf(x);
  std::vector<char> used(static_cast<size_t>(pool.size), 0);
  bool allCompact = true;
  for (const Tensor& x : parameters) {
    const Layout layout(x);
    const int64_t first = pool.baseOf(x) + x.storageOffset();
    if (layout.isCompact()) {
      std::fill_n(used.begin() + first, layout.elements(), char{1});
    } else {
      allCompact = false;
      layout.eachElement(first, [&](int64_t i) { used[static_cast<size_t>(i)] = 1; });
    }
  }
  // Where each element goes: the number of used ones before it.
  std::vector<int64_t> target(used.size());
  int64_t total = 0;
  for (size_t i = 0; i < used.size(); ++i) {
    target[i] = total;
    total += used[i];
  }
  if (total != pool.size && !allCompact) fail("flatten", {"Cannot gather tensors that are not compact"});

  Tensor flat(parameters[0].type(), {total});
  for (const Storage& storage : pool.storages) {
    // Runs of used elements are copied at once; most storages are one run.
    const int64_t base = pool.base[storage.impl()];
    for (int64_t i = 0; i < storage.size();) {
      int64_t n = 0;
      while (i + n < storage.size() && used[static_cast<size_t>(base + i + n)]) ++n;
      if (n > 0) flat.narrow(0, target[static_cast<size_t>(base + i)], n).copy(Tensor(storage, i, {n}));
      i += std::max<int64_t>(n, 1);
    }
  }
  // Only now: parameters that are one object must not be moved before all offsets are known.
  const Storage storage = flat.storage();
  std::vector<int64_t> offsets;
  offsets.reserve(parameters.size());
  for (const Tensor& x : parameters)
    offsets.push_back(target[static_cast<size_t>(pool.baseOf(x) + x.storageOffset())]);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Shape sizes = parameters[i].sizes(), strides = parameters[i].strides();
    parameters[i].set(storage, offsets[i], sizes, strides);
  }
  return flat;
}

std::pair<Tensor, Tensor> Module::getParameters() {
  const Parameters p = parameters();
  const Tensor weights = flatten(p.weights), gradients = flatten(p.gradients);
  if (weights.nElement() != gradients.nElement())
    fail("getParameters",
         {"check that you are sharing parameters and gradParameters: ", text(weights.nElement()),
          " parameters and ", text(gradients.nElement()), " gradients"});
  for (size_t i = 0; i < p.weights.size() && i < p.gradients.size(); ++i)
    if (p.weights[i].storageOffset() != p.gradients[i].storageOffset())
      fail("getParameters", {"misaligned parameter at ", text(static_cast<int64_t>(i) + 1)});
  return {weights, gradients};
}

}  // namespace cresset::nn
