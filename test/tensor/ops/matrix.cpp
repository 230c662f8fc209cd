// Tests of tensor/ops/matrix.
#include "tensor/ops/matrix.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// A matrix of these sizes with elements from -9 to 9 (from 0 in unsigned types).
template <class T> Tensor randomMatrix(int64_t rows, int64_t columns, uint64_t seed = 1) {
  return integers(typeOf<T>, {rows, columns}, std::is_same_v<T, uint8_t> ? 0 : -9, 9, seed);
}

TEST_EACH_TYPE(cat_joins_along_each_dimension, EveryType) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 2}, {1, 2, 3, 4}),
               y = tensorOf(x.type(), {2, 2}, {5, 6, 7, 8});
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type()), a = inLayout(x, layout), b = inLayout(y, layout);

    cat(r, {a, b}, 0);
    CHECK(sizesOf(r) == Dims{4, 2});
    CHECK(values(r) == Values{1, 2, 3, 4, 5, 6, 7, 8});
    cat(r, {a, b}, 1);
    CHECK(sizesOf(r) == Dims{2, 4});
    CHECK(values(r) == Values{1, 2, 5, 6, 3, 4, 7, 8});
    cat(r, {a, b});
    CHECK(sizesOf(r) == Dims{2, 4});
  }
}

TEST_CASE("cat_adds_missing_dimensions") {
  const Tensor x = vectorOf(kDouble, {1, 2}), y = vectorOf(kDouble, {3, 4}), r(kDouble);

  cat(r, {x, y}, 1);
  CHECK(sizesOf(r) == Dims{2, 2});
  CHECK(values(r) == Values{1, 3, 2, 4});
  cat(r, {x, y}, 2);
  CHECK(sizesOf(r) == Dims{2, 1, 2});
  cat(r, {r, tensorOf(kDouble, {2}, {5, 6})}, 2);
  CHECK(sizesOf(r) == Dims{2, 1, 3});
  CHECK(values(r) == Values{1, 3, 5, 2, 4, 6});
}

TEST_CASE("cat_of_vectors_is_a_vector_and_empty_ones_are_skipped") {
  const Tensor x = vectorOf(kDouble, {1, 2}), none(kDouble), r = vectorOf(kDouble, {7});

  cat(r, {none, x, none, vectorOf(kDouble, {3})});
  CHECK(values(r) == Values{1, 2, 3});
  cat(r, {none, none});
  CHECK(r.empty());
}

TEST_CASE("cat_into_one_of_its_parts") {
  const Tensor x = vectorOf(kDouble, {1, 2});

  cat(x, {x, x, x});

  CHECK(values(x) == Values{1, 2, 1, 2, 1, 2});
}

TEST_CASE("cat_names_what_does_not_fit") {
  const Tensor x(kDouble, {2, 3}), r = vectorOf(kDouble, {7});

  CHECK_ERROR(cat(r, {x, Tensor(kDouble, {3, 3})}, 1), "inconsistent tensor sizes");
  CHECK_ERROR(cat(r, {x, Tensor(kFloat, {2, 3})}, 1), "expected DoubleTensor in tensor array");
  CHECK_ERROR(cat(r, {x, x}, -2), "invalid dimension");
  CHECK_ERROR(cat(r, {x, x}, 1000000000), "invalid dimension 1000000001");
  CHECK_ERROR(cat(r, {}), "expected at least one tensor");
  CHECK(values(r) == Values{7});
}

TEST_EACH_TYPE(diag_of_a_vector_is_a_matrix_and_back, EveryType) {
  const Tensor x = vectorOf(typeOf<TestType>, {1, 2, 3}), m(x.type()), v(x.type());
  for (int64_t k = -2; k <= 2; ++k)
    for (const Layout layout : kLayouts) {
      diag(m, inLayout(x, layout), k);
      diag(v, inLayout(m, layout), k);

      CHECK(sizesOf(m) == Dims(2, 3 + std::abs(k)));
      for (int64_t i = 0; i < m.size(0); ++i)
        for (int64_t j = 0; j < m.size(1); ++j)
          CHECK(m.at({i, j}) == (j - i == k ? static_cast<double>(std::min(i, j)) + 1 : 0));
      CHECK(values(v) == Values{1, 2, 3});
    }
}

TEST_CASE("diag_of_a_wide_matrix_and_beyond_its_corner") {
  const Tensor x = tensorOf(kDouble, {2, 3}, {1, 2, 3, 4, 5, 6}), r(kDouble);

  diag(r, x, 1);
  CHECK(values(r) == Values{2, 6});
  diag(r, x, -1);
  CHECK(values(r) == Values{4});
  diag(r, x, 3);
  CHECK(r.empty());
  CHECK_ERROR(diag(r, Tensor(kDouble, {2, 2, 2})), "matrix or a vector expected");
  CHECK_ERROR(diag(r, Tensor(kDouble)), "matrix or a vector expected");
  CHECK_ERROR(diag(r, x, INT64_MIN), "diagonal out of range");
}

TEST_EACH_TYPE(tril_and_triu_split_a_matrix, EveryType) {
  for (const Dims& shape : {Dims{5, 5}, Dims{4, 7}, Dims{7, 4}, Dims{1, 1}})
    for (const int64_t k : {-9, -2, -1, 0, 1, 3, 9})
      for (const Layout layout : kLayouts) {
        const Tensor x = integers(typeOf<TestType>, {shape[0], shape[1]}, 1, 100), lower(x.type()),
                     upper(x.type());
        const Tensor inPlace = inLayout(x, layout);

        tril(lower, inLayout(x, layout), k);
        triu(upper, inLayout(x, layout), k);
        tril(inPlace, inPlace, k);

        int wrong = 0;
        for (int64_t i = 0; i < shape[0]; ++i)
          for (int64_t j = 0; j < shape[1]; ++j) {
            wrong += lower.at({i, j}) != (j - i <= k ? x.at({i, j}) : 0);
            wrong += upper.at({i, j}) != (j - i >= k ? x.at({i, j}) : 0);
          }
        CHECK(wrong == 0);
        CHECK(values(inPlace) == values(lower));
      }
}

TEST_CASE("tril_of_a_transposed_view_of_the_result") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4});

  tril(x, x.t());

  CHECK(values(x) == Values{1, 0, 2, 4});
}

TEST_EACH_TYPE(trace_sums_the_diagonal, RealTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 3}, {100, 2, 3, 4, 101, 6});

  for (const Layout layout : kLayouts) CHECK(trace(inLayout(x, layout)) == 201);
  CHECK_ERROR(trace(Tensor(x.type(), {3})), "expected a matrix");
}

TEST_EACH_TYPE(cross_products_along_each_dimension, RealTypes) {
  const Tensor x = randomMatrix<TestType>(5, 3), y = randomMatrix<TestType>(5, 3, 2);
  const Tensor expected(kDouble, {5, 3});
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t j = 0; j < 3; ++j)
      expected.setAt({i, j}, x.at({i, (j + 1) % 3}) * y.at({i, (j + 2) % 3}) -
                                 x.at({i, (j + 2) % 3}) * y.at({i, (j + 1) % 3}));
  const Values wrapped = values(expected.to(x.type()));
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type()), rt(x.type());

    cross(r, inLayout(x, layout), inLayout(y, layout));
    cross(rt, inLayout(x.t(), layout), inLayout(y.t(), layout), 0);

    CHECK(values(r) == wrapped);
    CHECK(values(rt.t()) == wrapped);
  }
}

TEST_CASE("cross_into_an_operand_and_without_a_dimension_of_three") {
  const Tensor x = vectorOf(kDouble, {1, 0, 0}), y = vectorOf(kDouble, {0, 1, 0}), r(kDouble);

  cross(x, x, y);
  CHECK(values(x) == Values{0, 0, 1});
  CHECK_ERROR(cross(r, Tensor(kDouble, {2, 2}), Tensor(kDouble, {2, 2})), "no dimension of size 3");
  CHECK_ERROR(cross(r, Tensor(kDouble, {2, 3}), Tensor(kDouble, {2, 3}), 0),
              "dimension 1 does not have size 3");
  CHECK_ERROR(cross(r, Tensor(kDouble, {2, 3}), Tensor(kDouble, {3})), "inconsistent tensor dimension");
  CHECK_ERROR(cross(r, x, y, 1), "dimension 2 out of range");
}

TEST_EACH_TYPE(renorm_scales_only_what_is_too_long, FloatingTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {3, 2}, {3, 4, 0.3, 0.4, 0, 0});
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type()), columns(x.type()), inPlace = inLayout(x, layout);

    renorm(r, inLayout(x, layout), 2, 0, 1);
    renorm(columns, inLayout(x.t(), layout), 2, 1, 1);
    renorm(inPlace, inPlace, 2, 0, 1);

    const Values expected{0.6, 0.8, 0.3, 0.4, 0, 0};
    for (int64_t i = 0; i < 6; ++i) {
      CHECK(r.at({i / 2, i % 2}) == Approx(expected[static_cast<size_t>(i)]).epsilon(1e-6));
      CHECK(columns.at({i % 2, i / 2}) == r.at({i / 2, i % 2}));
      CHECK(inPlace.at({i / 2, i % 2}) == r.at({i / 2, i % 2}));
    }
    CHECK(r.at({1, 0}) == x.at({1, 0}));
  }
}

TEST_CASE("renorm_with_other_norms_and_bad_arguments") {
  const Tensor x = tensorOf(kDouble, {1, 2}, {1, 3}), r(kDouble);

  renorm(r, x, 1, 0, 2);
  CHECK(r.at({0, 1}) == Approx(1.5).epsilon(1e-6));
  CHECK_ERROR(renorm(r, x, 0, 0, 1), "non-positive-norm not supported");
  CHECK_ERROR(renorm(r, Tensor(kDouble, {2}), 2, 0, 1), "need at least 2 dimensions");
  CHECK_ERROR(renorm(r, x, 2, 2, 1), "dimension 3 out of range");
}

TEST_EACH_TYPE(match_is_the_squared_distance_of_rows, RealTypes) {
  const Tensor x = randomMatrix<TestType>(7, 37), y = randomMatrix<TestType>(5, 37, 2);
  for (const Layout layout : kLayouts) {
    const Tensor r(x.type());

    match(r, inLayout(x, layout), inLayout(y, layout), 2);

    REQUIRE(sizesOf(r) == Dims{7, 5});
    for (int64_t i = 0; i < 7; ++i)
      for (int64_t j = 0; j < 5; ++j) {
        double distance = 0;
        for (int64_t k = 0; k < 37; ++k) distance += std::pow(x.at({i, k}) - y.at({j, k}), 2);
        CHECK(r.at({i, j}) == vectorOf(x.type(), {2 * distance}).item());
      }
  }
}

TEST_CASE("match_flattens_trailing_dimensions") {
  const Tensor x(kDouble, {2, 2, 3}), y(kDouble, {4, 6}), r(kDouble);
  x.fill(1);
  y.fill(3);

  match(r, x, y);

  CHECK(sizesOf(r) == Dims{2, 4});
  CHECK(values(r) == Values(8, 24));
  CHECK_ERROR(match(r, x, Tensor(kDouble, {4, 5})), "inconsistent tensor sizes");
  CHECK_ERROR(match(r, x, Tensor(kDouble)), "empty tensor");
}

}  // namespace
}  // namespace cresset::test
