// Tests of tensor/ops/histogram.
#include "tensor/ops/histogram.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

TEST_EACH_TYPE(histc_counts_in_a_given_range, FloatingTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 4}, {0, 0.5, 1, 2, 3.9, 4, 4.1, -1});
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type());

    histc(r, inLayout(x, layout), 4, 0, 4);

    CHECK(values(r) == Values{2, 1, 1, 2});
  }
}

TEST_EACH_TYPE(histc_takes_the_range_of_the_data, FloatingTypes) {
  const Tensor r(typeOf<TestType>);

  histc(r, vectorOf(r.type(), {1, 2, 3, 4, 5}), 2);
  CHECK(values(r) == Values{2, 3});
  histc(r, vectorOf(r.type(), {1, 2}));
  CHECK(r.nElement() == 100);
}

TEST_EACH_TYPE(histc_of_a_constant_widens_the_range, FloatingTypes) {
  const Tensor r(typeOf<TestType>);

  histc(r, vectorOf(r.type(), {3, 3}), 4);
  CHECK(values(r) == Values{0, 0, 2, 0});
  histc(r, vectorOf(r.type(), {1e9, 1e9}), 4);
  CHECK(values(r) == Values{0, 0, 2, 0});
}

TEST_CASE("histc_puts_a_float_on_the_border_it_prints_as") {
  const Tensor x = vectorOf(kFloat, {0.7}), r(kFloat);

  histc(r, x, 10, 0, 1);

  CHECK(r.at({7}) == 1);
}

TEST_CASE("histc_ignores_nan_in_a_given_range") {
  const Tensor r(kDouble);

  histc(r, vectorOf(kDouble, {NAN, 1}), 2, 0, 2);

  CHECK(values(r) == Values{0, 1});
}

TEST_EACH_TYPE(bhistc_has_a_row_for_each_row, FloatingTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 3}, {1, 1, 2, 3, 5, 5});
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type());

    bhistc(r, inLayout(x, layout), 2);

    CHECK(sizesOf(r) == Dims{2, 2});
    CHECK(values(r) == Values{3, 0, 0, 3});
  }
}

TEST_CASE("bad_histograms_are_refused") {
  const Tensor x = vectorOf(kDouble, {1, 2}), r = vectorOf(kDouble, {7});

  CHECK_ERROR(histc(r, x, 0), "expected at least one bin");
  CHECK_ERROR(histc(r, x, 10, 2, 1), "expected a finite range");
  CHECK_ERROR(histc(r, vectorOf(kDouble, {1, INFINITY}), 10), "expected a finite range");
  CHECK_ERROR(histc(r, vectorOf(kDouble, {1, NAN}), 10), "expected a finite range");
  CHECK_ERROR(histc(Tensor(kFloat), x.to(kFloat), 10, 1, 1 + 1e-12), "expected a finite range");
  CHECK_ERROR(histc(r, Tensor(kDouble), 10), "empty tensor");
  CHECK_ERROR(bhistc(r, Tensor(kDouble, {2, 2, 2}), 10), "invalid dimension");
  CHECK(values(r) == Values{7});
}

}  // namespace
}  // namespace cresset::test
