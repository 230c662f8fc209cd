#include "nn/container/DepthConcat.h"

#include <algorithm>

#include "tensor/Error.h"

namespace cresset::nn {

Shape DepthConcat::joinedSizes(const std::vector<Tensor>& outputs) const {
  Shape sizes = outputs[0].sizes();
  for (size_t i = 1; i < outputs.size(); ++i) {
    if (outputs[i].dim() != outputs[0].dim())
      fail(typeName(), {"inconsistent tensor size: output ", text(static_cast<int64_t>(i) + 1), " is ",
                        describe(outputs[i]), " beside ", describe(outputs[0])});
    for (int64_t d = 0; d < sizes.size(); ++d)
      sizes[d] = d == dimension - 1 ? sizes[d] + outputs[i].size(d) : std::max(sizes[d], outputs[i].size(d));
  }
  return sizes;
}

Tensor DepthConcat::window(const Tensor& joined, const Tensor& part, int64_t offset) const {
  Tensor view = joined;
  for (int64_t d = 0; d < joined.dim(); ++d)
    view = d == dimension - 1 ? view.narrow(d, offset, part.size(d))
                              : view.narrow(d, (joined.size(d) - part.size(d)) / 2, part.size(d));
  return view;
}

}  // namespace cresset::nn
