#include "nn/container/GradientSum.h"

#include "tensor/Error.h"

namespace cresset::nn {

GradientSum::GradientSum(const Container& owner, Activity& gradInput, const Activity& input)
    : owner_(owner), gradInput_(gradInput), input_(input) {}

void GradientSum::add(const Activity& gradient) {
  if (gradient.isNil()) return;
  if (input_.isTable()) {
    if (!gradient.isTable())
      fail(owner_.typeName(), {"currentGradInput is not a table! It is ", describe(gradient)});
    const size_t expected = input_.table()->list().size(), got = gradient.table()->list().size();
    if (expected != got)
      fail(owner_.typeName(), {"table size mismatch: ", text(static_cast<int64_t>(expected)),
                               " ~= ", text(static_cast<int64_t>(got))});
  }
  if (isFirst_) {
    copyInto(gradInput_, gradient);
  } else {
    addInto(gradInput_, gradient);
  }
  isFirst_ = false;
}

const Activity& GradientSum::result() {
  if (isFirst_) gradInput_ = zerosLike(input_, gradInput_);
  return gradInput_;
}

}  // namespace cresset::nn
