// Tests of tensor/ops/blas: dot, and products with a single row, column or term, which have ways of their
// own. The other products of matrices are tested in test/lua.
#include "tensor/ops/blas.h"

#include <array>
#include <cmath>
#include <vector>

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

TEST_CASE("products_with_one_row_column_or_term_are_sums") {
  for (const Type type : {kFloat, kDouble})
    for (const auto& [m, n, k] : std::vector<std::array<int64_t, 3>>{
             {1, 1, 1}, {1, 5, 7}, {5, 1, 7}, {5, 7, 1}, {1, 7, 1}, {7, 1, 1}, {1, 1, 7}, {1, 300, 200}}) {
      INFO(m << " x " << n << ", " << k << " terms");
      for (const Layout la : kLayouts)
        for (const Layout lb : kLayouts)
          for (const Layout lc : kLayouts)
            for (const double beta : {0.0, 1.0, 2.0}) {
              const Tensor a = inLayout(integers(type, {m, k}, -4, 4), la),
                           b = inLayout(integers(type, {k, n}, -4, 4, 2), lb),
                           c = inLayout(integers(type, {m, n}, -4, 4, 3), lc), expected(kDouble, {m, n});
              for (int64_t i = 0; i < m; ++i)
                for (int64_t j = 0; j < n; ++j) {
                  double sum = beta * c.at({i, j});
                  for (int64_t l = 0; l < k; ++l) sum += 3 * a.at({i, l}) * b.at({l, j});
                  expected.setAt({i, j}, sum);
                }
              if (beta == 0) c.fill(std::nan(""));

              addmm(c, beta, c, 3, a, b);

              CHECK(values(c) == values(expected));
            }
    }
}

}  // namespace
}  // namespace cresset::test
