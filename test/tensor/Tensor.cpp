// Tests of tensor/Tensor: views, resize and set, copies between types.
#include "tensor/Tensor.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

TEST_EACH_TYPE(copy_between_every_layout, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {6, 5}, 0, 100);
  for (const Layout from : kLayouts)
    for (const Layout to : kLayouts) {
      const Tensor target = inLayout(Tensor(x.type(), {6, 5}).zero(), to);

      target.copy(inLayout(x, from));

      CHECK(values(target) == values(x));
    }
}

TEST_EACH_TYPE(copy_into_the_middle_of_a_vector_leaves_the_rest, EveryType) {
  const Tensor x = Tensor(typeOf<TestType>, {9}).fill(7);

  x.narrow(0, 3, 4).copy(vectorOf(typeOf<TestType>, {1, 2, 3, 4}));
  CHECK(values(x) == Values{7, 7, 7, 1, 2, 3, 4, 7, 7});
  x.narrow(0, 0, 2).copy(x.narrow(0, 5, 2));
  CHECK(values(x) == Values{3, 4, 7, 1, 2, 3, 4, 7, 7});
}

}  // namespace
}  // namespace cresset::test
