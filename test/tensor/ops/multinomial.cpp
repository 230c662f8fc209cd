// Tests of tensor/ops/multinomial.
#include "tensor/ops/multinomial.h"

#include <set>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

Generator seeded(uint64_t seed) {
  Generator g;
  g.manualSeed(seed);
  return g;
}

TEST_CASE("multinomial_equals_the_golden_rows") {
  const Tensor p = vectorOf(kDouble, {1, 2, 3, 4}), x(kLong);

  Generator g = seeded(123);
  multinomial(x, p, 6, Replacement::With, g);
  CHECK(values(x) == Values{4, 4, 2, 3, 2, 4});
  g.manualSeed(123);
  multinomial(x, p, 4, Replacement::Without, g);
  CHECK(values(x) == Values{4, 3, 1, 2});
}

TEST_EACH_TYPE(multinomial_draws_each_row_from_its_own_distribution, FloatingTypes) {
  const Tensor p = tensorOf(typeOf<TestType>, {3, 3}, {0, 5, 0, 1, 0, 0, 0, 0, 0.1}), x(kLong);
  for (const Layout layout : kLayouts) {
    multinomial(x, inLayout(p, layout, -1), 4, Replacement::With);

    CHECK(sizesOf(x) == Dims{3, 4});
    CHECK(values(x) == Values{2, 2, 2, 2, 1, 1, 1, 1, 3, 3, 3, 3});
  }
}

TEST_CASE("multinomial_reads_a_strided_vector") {
  const Tensor p = tensorOf(kDouble, {2, 2}, {0, 1, 1, 0}).select(1, 0), x(kLong);

  multinomial(x, p, 3, Replacement::With);

  CHECK(values(x) == Values{2, 2, 2});
}

TEST_CASE("multinomial_without_replacement_draws_each_category_once") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Generator g = seeded(seed);
    const Tensor p = integers(kDouble, {40}, 1, 9, seed), x(kLong);
    p.setAt({3}, 1e15);  // takes all of the mass that doubles can see

    multinomial(x, p, 40, Replacement::Without, g);

    const Values v = values(x);
    CHECK(std::set<double>(v.begin(), v.end()).size() == 40);
  }
}

TEST_CASE("multinomial_counts_follow_the_probabilities") {
  Generator g = seeded(1);
  const Tensor p = vectorOf(kDouble, {1, 0, 3}), x(kLong);
  const int64_t n = 40000;

  multinomial(x, p, n, Replacement::With, g);

  int64_t counts[4] = {};
  for (int64_t i = 0; i < n; ++i) ++counts[x.data<int64_t>()[i]];
  CHECK(counts[2] == 0);
  CHECK(static_cast<double>(counts[3]) / n == Approx(0.75).margin(0.01));
}

TEST_CASE("multinomial_refuses_what_is_no_distribution") {
  const Tensor x = vectorOf(kLong, {5});
  const auto draw = [&](const Tensor& p, int64_t n, Replacement r) { multinomial(x, p, n, r); };

  CHECK_ERROR(draw(vectorOf(kDouble, {0, 0}), 1, Replacement::With), "invalid multinomial distribution");
  CHECK_ERROR(draw(vectorOf(kDouble, {1, -1}), 1, Replacement::With), "invalid multinomial distribution");
  CHECK_ERROR(draw(vectorOf(kDouble, {1, NAN}), 1, Replacement::With), "invalid multinomial distribution");
  CHECK_ERROR(draw(vectorOf(kDouble, {1, INFINITY}), 1, Replacement::With),
              "invalid multinomial distribution");
  CHECK_ERROR(draw(vectorOf(kDouble, {1, 0, 0}), 2, Replacement::Without),
              "invalid multinomial distribution");
  CHECK_ERROR(draw(vectorOf(kDouble, {1}), 0, Replacement::With), "cannot sample n_sample < 0 samples");
  CHECK_ERROR(draw(vectorOf(kDouble, {1}), 2, Replacement::Without),
              "cannot sample n_sample > prob_dist:size(1) samples without replacement");
  CHECK_ERROR(draw(Tensor(kDouble), 1, Replacement::With), "expected 1 or 2 dimensions");
  CHECK(values(x) == Values{5});
}

TEST_EACH_TYPE(multinomialAlias_draws_with_the_given_probabilities, FloatingTypes) {
  Generator g = seeded(1);
  const Tensor p = vectorOf(typeOf<TestType>, {1, 0, 4, 3, 0.5, 1.5}), other(kLong), keep(typeOf<TestType>);
  const int64_t n = 100000;
  const Tensor x(kLong, {n / 100, 100});
  multinomialAliasSetup(other, keep, p);
  const Values before = values(keep);

  multinomialAlias(x, other, keep, g);

  int64_t counts[7] = {};
  for (const double v : values(x)) ++counts[static_cast<int>(v)];
  for (int i = 0; i < 6; ++i)
    CHECK(static_cast<double>(counts[i + 1]) / n ==
          Approx(values(p)[static_cast<size_t>(i)] / 10).margin(0.01));
  CHECK(counts[2] == 0);
  CHECK(values(keep) == before);
}

TEST_CASE("multinomialAlias_refuses_a_table_that_points_outside") {
  const Tensor x(kLong, {2}), keep = vectorOf(kDouble, {0.5, 0.5});

  CHECK_ERROR(multinomialAlias(x, vectorOf(kLong, {1, 3}), keep), "index out of range");
  CHECK_ERROR(multinomialAlias(x, vectorOf(kLong, {0, 1}), keep), "index out of range");
  CHECK_ERROR(multinomialAlias(x, vectorOf(kLong, {1}), keep), "inconsistent tensor size");
  CHECK_ERROR(multinomialAliasSetup(Tensor(kLong), Tensor(kDouble), vectorOf(kDouble, {0})),
              "invalid multinomial distribution");
}

}  // namespace
}  // namespace cresset::test
