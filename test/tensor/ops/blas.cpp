// Tests of tensor/ops/blas: dot. The products of matrices are tested in test/lua.
#include "tensor/ops/blas.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

TEST_EACH_TYPE(dot_of_any_length_is_that_of_a_loop, RealTypes) {
  for (const int64_t n : {1, 3, 15, 16, 17, 64, 127, 128, 1000, 33000}) {
    INFO("n " << n);
    const Tensor x = integers(typeOf<TestType>, {n}, 0, 9), y = integers(x.type(), {n}, 0, 9, 2);

    const Values a = values(x), b = values(y);
    double expected = 0;
    for (size_t i = 0; i < a.size(); ++i) expected += a[i] * b[i];
    CHECK(dot(x, y) == expected);
  }
}

TEST_CASE("dot_of_floats_keeps_products_beyond_float") {
  for (const double element : {1e30, 1e-30, 1e-21, 0.0}) {
    INFO(element);
    const Tensor x = Tensor(kFloat, {1000}).fill(element);
    const double exact = static_cast<float>(element);

    CHECK(dot(x, x) == Approx(1000 * exact * exact).epsilon(1e-12).margin(0));
  }
  const Tensor x = Tensor(kFloat, {1000}).fill(0.1f);
  CHECK(dot(x, x) == Approx(1000 * double{0.1f} * 0.1f).epsilon(0x1p-23));
}

}  // namespace
}  // namespace cresset::test
