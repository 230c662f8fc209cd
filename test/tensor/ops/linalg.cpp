// Tests of tensor/ops/linalg: what is computed must solve the equations that define it.
#include "tensor/ops/linalg.h"

#include <limits>
#include <string>

#include "tensor/ops/matrix.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

constexpr int64_t kTall[] = {7, 4}, kWide[] = {4, 7}, kEqual[] = {6, 6};
constexpr Triangle kTriangles[] = {Triangle::Upper, Triangle::Lower};

template <class T> constexpr double kTolerance = std::is_same_v<T, float> ? 2e-4 : 1e-11;

template <class T> Tensor random(int64_t rows, int64_t columns, uint64_t seed = 1) {
  return integers(typeOf<T>, {rows, columns}, -50, 50, seed).div(25);
}
/// Far from singular: 4 on the diagonal.
template <class T> Tensor regular(int64_t n, uint64_t seed = 1) {
  const Tensor x = random<T>(n, n, seed);
  for (int64_t i = 0; i < n; ++i) x.setAt({i, i}, 4);
  return x;
}

/// The matrix product in double, by its definition.
Tensor product(const Tensor& x, const Tensor& y) {
  REQUIRE(x.size(1) == y.size(0));
  const Tensor r = Tensor(kDouble, {x.size(0), y.size(1)}).zero();
  for (int64_t i = 0; i < x.size(0); ++i)
    for (int64_t j = 0; j < y.size(1); ++j)
      for (int64_t k = 0; k < x.size(1); ++k) r.setAt({i, j}, r.at({i, j}) + x.at({i, k}) * y.at({k, j}));
  return r;
}
template <class T> Tensor definite(int64_t n) {
  const Tensor x = regular<T>(n);
  return product(x, x.t()).to(typeOf<T>);
}
Tensor identity(int64_t n) {
  const Tensor x = Tensor(kDouble, {n, n}).zero();
  for (int64_t i = 0; i < n; ++i) x.setAt({i, i}, 1);
  return x;
}
Tensor diagonal(const Tensor& x) {
  const Tensor r(x.type());
  diag(r, x);
  return r;
}
/// One triangle of x; elsewhere what no function may read.
Tensor triangleOf(const Tensor& x, Triangle triangle, double elsewhere) {
  const Tensor r = x.clone();
  for (int64_t i = 0; i < x.size(0); ++i)
    for (int64_t j = 0; j < x.size(1); ++j)
      if (triangle == Triangle::Upper ? i > j : i < j) r.setAt({i, j}, elsewhere);
  return r;
}

void checkClose(const Tensor& x, const Tensor& expected, double tolerance) {
  REQUIRE(sizesOf(x) == sizesOf(expected));
  const Values a = values(x), b = values(expected);
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  CHECK(largest < tolerance);
}
void checkColumnMajor(const Tensor& x) {
  REQUIRE(x.dim() == 2);
  CHECK(x.stride(0) == 1);
  CHECK(x.stride(1) == x.size(0));
}
void checkOrthonormal(const Tensor& x, double tolerance) {
  checkClose(product(x.t(), x), identity(x.size(1)), tolerance);
}

TEST_EACH_TYPE(gesv_solves_in_every_layout, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor a = regular<TestType>(9), b = random<TestType>(9, 3, 2);
  for (const Layout layout : kLayouts) {
    const Tensor x(type), lu(type), aa = inLayout(a, layout), bb = inLayout(b, layout);

    gesv(x, lu, bb, aa);

    checkClose(product(a, x), b, kTolerance<TestType>);
    checkColumnMajor(x);
    checkColumnMajor(lu);
    CHECK(values(aa) == values(a));
    CHECK(values(bb) == values(b));
  }
}

TEST_EACH_TYPE(gesv_of_a_vector_gives_one_column, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor a = tensorOf(type, {2, 2}, {0, 2, 4, 0}), b = vectorOf(type, {6, 8}), x(type), lu(type);

  gesv(x, lu, b, a);

  CHECK(sizesOf(x) == Dims{2, 1});
  CHECK(values(x) == Values{2, 3});
  CHECK(values(lu) == Values{4, 0, 0, 2});
}

TEST_CASE("gesv_into_its_inputs") {
  const Tensor a = regular<double>(5), b = random<double>(5, 2, 2), x = b.clone(), lu = a.clone();

  gesv(x, lu, x, lu);
  checkClose(product(a, x), b, 1e-11);

  const Tensor swappedX = a.clone(), swappedLu = b.clone();
  gesv(swappedX, swappedLu, swappedLu, swappedX);
  CHECK(values(swappedX) == values(x));
  CHECK(values(swappedLu) == values(lu));
}

TEST_CASE("gesv_of_an_expanded_right_hand_side") {
  const Tensor a = regular<double>(4), b = vectorOf(kDouble, {1, 2, 3, 4}).unsqueeze(1).expand({4, 3}),
               x(kDouble), lu(kDouble);

  gesv(x, lu, b, a);

  checkClose(product(a, x), b, 1e-11);
}

TEST_CASE("a_result_keeps_its_storage_and_a_failed_call_its_content") {
  const Tensor a = regular<double>(4), b = random<double>(4, 2, 2), x(kDouble, {30}), lu(kDouble);
  const void* const memory = x.data();

  gesv(x, lu, b, a);
  CHECK(x.data() == memory);
  checkColumnMajor(x);

  const Values before = values(x);
  CHECK_ERROR(gesv(x, lu, b, Tensor(kDouble, {4, 4}).zero()),
              "Lapack Error in gesv : U(1,1) is zero, singular U.");
  CHECK(values(x) == before);
}

TEST_CASE("a_result_inside_another_matrix_leaves_its_surroundings") {
  const Tensor a = regular<double>(3), around = Tensor(kDouble, {5, 5}).fill(7),
               r = around.narrow(0, 1, 3).narrow(1, 1, 3);

  inverse(r, a);

  checkClose(product(around.narrow(0, 1, 3).narrow(1, 1, 3), a), identity(3), 1e-11);
  for (int64_t i = 0; i < 5; ++i) CHECK((around.at({0, i}) == 7 && around.at({i, 4}) == 7));
}

TEST_EACH_TYPE(gels_solves_a_tall_system_in_the_least_squares_sense, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor a = random<TestType>(7, 4), b = random<TestType>(7, 2, 2), x(type), factor(type);

  gels(x, factor, b, a);

  CHECK(sizesOf(x) == Dims{4, 2});
  CHECK(sizesOf(factor) == Dims{7, 4});
  checkColumnMajor(x);
  // The residual is orthogonal to the columns of A.
  checkClose(product(a.t(), product(a, x)), product(a.t(), b), 20 * kTolerance<TestType>);
}

TEST_EACH_TYPE(gels_gives_the_smallest_solution_of_a_wide_system, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor a = random<TestType>(4, 7), b = vectorOf(type, {1, 2, 3, 4}), x(type), factor(type);

  gels(x, factor, b, a);

  CHECK(sizesOf(x) == Dims{7, 1});
  checkClose(product(a, x), b.unsqueeze(1), 10 * kTolerance<TestType>);
  // A smallest solution is A' y for some y, so that solving A A' y = b gives it again.
  const Tensor y(kDouble), lu(kDouble);
  gesv(y, lu, b.to(kDouble), product(a, a.t()));
  checkClose(x, product(a.t(), y), 10 * kTolerance<TestType>);
}

TEST_EACH_TYPE(trtrs_reads_one_triangle, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor full = regular<TestType>(5), b = random<TestType>(5, 3, 2);
  for (const Triangle triangle : kTriangles) {
    for (const Transposed transposed : {Transposed::No, Transposed::Yes}) {
      const Tensor x(type), copy(type),
          used = triangleOf(full, triangle, 0),
          a = triangleOf(full, triangle, std::numeric_limits<double>::quiet_NaN()).t().clone().t();

      trtrs(x, copy, b, a, triangle, transposed);

      checkClose(product(transposed == Transposed::Yes ? used.t() : used, x), b, kTolerance<TestType>);
      checkColumnMajor(copy);
      CHECK(copy.at({1, 1}) == 4);
    }
  }
}

TEST_CASE("trtrs_with_a_unit_diagonal") {
  const Tensor a = tensorOf(kDouble, {2, 2}, {0, 3, 7, 0}), x(kDouble), copy(kDouble);

  trtrs(x, copy, vectorOf(kDouble, {5, 1}), a, Triangle::Upper, Transposed::No, Diagonal::Unit);

  CHECK(values(x) == Values{2, 1});
  CHECK(values(copy) == values(a));
}

TEST_EACH_TYPE(symeig_gives_ascending_values_and_orthonormal_vectors, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor a = definite<TestType>(6);
  for (const Triangle triangle : kTriangles) {
    const Tensor e(type), v(type), half = triangleOf(a, triangle, std::numeric_limits<double>::infinity());

    symeig(e, v, half, Vectors::Yes, triangle);

    for (int64_t i = 1; i < 6; ++i) CHECK(e.at({i - 1}) <= e.at({i}));
    checkClose(product(a, v), product(v, diagonal(e)), 100 * kTolerance<TestType>);
    checkOrthonormal(v, kTolerance<TestType>);
    const Tensor alone(type);
    symeig(alone, v, half, Vectors::No, triangle);
    checkClose(alone, e, 100 * kTolerance<TestType>);
  }
}

TEST_EACH_TYPE(eig_gives_real_and_complex_pairs, FloatingTypes) {
  const Type type = typeOf<TestType>;
  // A quarter turn, with eigenvalues i and -i, beside 3.
  const Tensor a = tensorOf(type, {3, 3}, {0, -1, 0, 1, 0, 0, 0, 0, 3}), e(type), v(type);

  eig(e, v, a, Vectors::Yes);

  CHECK(sizesOf(e) == Dims{3, 2});
  checkClose(e, tensorOf(kDouble, {3, 2}, {0, 1, 0, -1, 3, 0}), kTolerance<TestType>);
  // A (re + i im) = i (re + i im).
  const Tensor re = v.narrow(1, 0, 1), im = v.narrow(1, 1, 1), other = v.narrow(1, 2, 1);
  checkClose(product(a, im), re, kTolerance<TestType>);
  checkClose(product(a, re), im.clone().mul(-1), kTolerance<TestType>);
  checkClose(product(a, other), other.clone().mul(3), kTolerance<TestType>);
}

TEST_CASE("eig_without_vectors_empties_their_result") {
  const Tensor e(kDouble), v(kDouble, {2, 2});

  eig(e, v, tensorOf(kDouble, {2, 2}, {2, 1, 0, 5}));

  CHECK(v.empty());
  CHECK(values(e) == Values{2, 0, 5, 0});
}

TEST_EACH_TYPE(svd_factorizes_tall_wide_and_square, FloatingTypes) {
  const Type type = typeOf<TestType>;
  for (const int64_t* sizes : {kTall, kWide, kEqual}) {
    for (const Factors factors : {Factors::Some, Factors::All}) {
      const int64_t m = sizes[0], n = sizes[1], k = std::min(m, n);
      const Tensor a = random<TestType>(m, n), u(type), s(type), v(type);

      svd(u, s, v, a, factors);

      CHECK(sizesOf(u) == Dims{m, factors == Factors::All ? m : k});
      CHECK(sizesOf(s) == Dims{k});
      CHECK(sizesOf(v) == Dims{n, factors == Factors::All ? n : k});
      for (int64_t i = 1; i < k; ++i) CHECK(s.at({i - 1}) >= s.at({i}));
      checkClose(product(product(u.narrow(1, 0, k), diagonal(s)), v.narrow(1, 0, k).t()), a,
                 10 * kTolerance<TestType>);
      checkOrthonormal(u, kTolerance<TestType>);
      checkOrthonormal(v, kTolerance<TestType>);
      checkColumnMajor(u);
      checkColumnMajor(v);
    }
  }
}

TEST_EACH_TYPE(inverse_in_every_layout_and_in_place, FloatingTypes) {
  const Tensor a = regular<TestType>(8);
  for (const Layout layout : kLayouts) {
    const Tensor r(a.type()), x = inLayout(a, layout);

    inverse(r, x);
    checkClose(product(r, a), identity(8), kTolerance<TestType>);
    checkColumnMajor(r);
    CHECK(values(x) == values(a));

    inverse(x, x);
    CHECK(values(x) == values(r));
  }
}

TEST_EACH_TYPE(potrf_reads_one_triangle_and_clears_the_other, FloatingTypes) {
  const Tensor a = definite<TestType>(6), b = random<TestType>(6, 2, 3);
  for (const Triangle triangle : kTriangles) {
    const Tensor c(a.type()), x(a.type()), inverseOfA(a.type());

    potrf(c, triangleOf(a, triangle, std::numeric_limits<double>::quiet_NaN()), triangle);
    CHECK(values(c) == values(triangleOf(c, triangle, 0)));
    checkClose(triangle == Triangle::Upper ? product(c.t(), c) : product(c, c.t()), a,
               10 * kTolerance<TestType>);
    checkColumnMajor(c);

    potrs(x, b, c, triangle);
    checkClose(product(a, x), b, 10 * kTolerance<TestType>);
    potri(inverseOfA, c, triangle);
    checkClose(product(inverseOfA, a), identity(6), 10 * kTolerance<TestType>);
    CHECK(values(inverseOfA) == values(inverseOfA.t()));
    checkColumnMajor(inverseOfA);

    potri(c, c, triangle);
    CHECK(values(c) == values(inverseOfA));
  }
}

TEST_EACH_TYPE(pstrf_factorizes_the_permuted_matrix, FloatingTypes) {
  const Tensor a = definite<TestType>(6);
  a.setAt({4, 4}, a.at({4, 4}) + 30);
  for (const Triangle triangle : kTriangles) {
    const Tensor c(a.type()), pivots(kInt);

    pstrf(c, pivots, a, triangle);

    CHECK(pivots.at({0}) == 5);  // the largest diagonal element comes first
    const Tensor permutation = Tensor(kDouble, {6, 6}).zero();
    for (int64_t j = 0; j < 6; ++j) permutation.setAt({static_cast<int64_t>(pivots.at({j})) - 1, j}, 1);
    checkClose(triangle == Triangle::Upper ? product(c.t(), c) : product(c, c.t()),
               product(product(permutation.t(), a), permutation), 10 * kTolerance<TestType>);
  }
}

TEST_EACH_TYPE(qr_factorizes_tall_wide_and_square, FloatingTypes) {
  for (const int64_t* sizes : {kTall, kWide, kEqual}) {
    const int64_t k = std::min(sizes[0], sizes[1]);
    const Tensor a = random<TestType>(sizes[0], sizes[1]), q(a.type()), r(a.type());

    qr(q, r, a);

    CHECK(sizesOf(q) == Dims{sizes[0], k});
    CHECK(sizesOf(r) == Dims{k, sizes[1]});
    CHECK(values(r) == values(triangleOf(r, Triangle::Upper, 0)));
    checkClose(product(q, r), a, kTolerance<TestType>);
    checkOrthonormal(q, kTolerance<TestType>);
    checkColumnMajor(q);
    checkColumnMajor(r);
  }
}

TEST_EACH_TYPE(orgqr_and_ormqr_apply_what_geqrf_packed, FloatingTypes) {
  for (const int64_t* sizes : {kTall, kWide, kEqual}) {
    const int64_t m = sizes[0], k = std::min(m, sizes[1]);
    const Tensor a = random<TestType>(m, sizes[1]), packed(a.type()), tau(a.type()), q(a.type()), r(a.type()),
                 basis(a.type()), square(a.type());
    qr(q, r, a);

    geqrf(packed, tau, a);
    CHECK(sizesOf(packed) == Dims{m, sizes[1]});
    CHECK(sizesOf(tau) == Dims{k});
    orgqr(basis, packed, inLayout(tau, Layout::Strided));
    checkClose(basis, q, kTolerance<TestType>);

    ormqr(square, packed, tau, identity(m).to(a.type()));
    checkOrthonormal(square, kTolerance<TestType>);
    checkClose(square.narrow(1, 0, k), q, kTolerance<TestType>);
    for (const Side side : {Side::Left, Side::Right}) {
      for (const Transposed transposed : {Transposed::No, Transposed::Yes}) {
        const Tensor c = side == Side::Left ? random<TestType>(m, 3, 5) : random<TestType>(3, m, 5),
                     factor = transposed == Transposed::Yes ? square.t() : square, x(a.type());
        ormqr(x, packed, tau, c, side, transposed);
        checkClose(x, side == Side::Left ? product(factor, c) : product(c, factor), kTolerance<TestType>);
      }
    }
  }
}

TEST_EACH_TYPE(matrices_of_one_element, FloatingTypes) {
  const Tensor a = tensorOf(typeOf<TestType>, {1, 1}, {4}), x(a.type()), y(a.type()), z(a.type());

  inverse(x, a);
  CHECK(values(x) == Values{0.25});
  potrf(x, a);
  CHECK(values(x) == Values{2});
  svd(x, y, z, a);
  CHECK(values(y) == Values{4});
  eig(x, y, a, Vectors::Yes);
  CHECK(values(x) == Values{4, 0});
}

TEST_CASE("a_matrix_larger_than_one_block_of_the_library") {
  const Tensor a = regular<double>(150), b = random<double>(150, 4, 2), x(kDouble), lu(kDouble);
  for (int64_t i = 0; i < 150; ++i) a.setAt({i, i}, 40);

  gesv(x, lu, b, a);

  checkClose(product(a, x), b, 1e-10);
}

TEST_CASE("linalg_errors_name_what_is_wrong") {
  const Tensor a = regular<double>(3), b = random<double>(3, 2), wide = random<double>(2, 3),
               vector = vectorOf(kDouble, {1, 2, 3}), none(kDouble),
               cube = integers(kDouble, {2, 2, 2}, 0, 9), x(kDouble), y(kDouble), z(kDouble);

  CHECK_ERROR(gesv(x, y, b, wide), "gesv: argument 3 (B): A,B size incompatible: expected 2 rows");
  CHECK_ERROR(gesv(x, y, vectorOf(kDouble, {1, 2}), wide), "argument 4 (A): A should be square, got");
  CHECK_ERROR(gesv(x, y, b, vector), "A should have 2 dimensions, but has 1");
  CHECK_ERROR(gesv(x, y, cube, a), "B should have 1 or 2 dimensions, but has 3");
  CHECK_ERROR(gesv(x, y, b.to(kFloat), a), "gesv: argument 3 (B): expected torch.DoubleTensor");
  CHECK_ERROR(gesv(x, Tensor(kFloat), b, a), "gesv: argument 2 (result)");
  CHECK_ERROR(gesv(x, y, none, a), "B should have 1 or 2 dimensions, but has 0");
  CHECK_ERROR(gels(x, y, wide, a), "A,B size incompatible");
  CHECK_ERROR(gels(x, y, b, none), "A should have 2 dimensions, but has 0");
  CHECK_ERROR(trtrs(x, y, b, tensorOf(kDouble, {3, 3}, {1, 2, 3, 0, 0, 4, 0, 0, 5})), "A(2,2) is zero");
  CHECK_ERROR(trtrs(x, y, wide, wide), "A should be square");
  CHECK_ERROR(symeig(x, y, wide), "A should be square");
  CHECK_ERROR(symeig(x, y, cube), "A should be 2 dimensional");
  CHECK_ERROR(eig(x, y, vector), "A should be 2 dimensional");
  CHECK_ERROR(eig(x, y, wide), "A should be square");
  CHECK_ERROR(svd(x, y, z, none), "A should be 2 dimensional");
  CHECK_ERROR(inverse(x, none), "A should be 2 dimensional");
  CHECK_ERROR(inverse(x, wide), "A should be square");
  CHECK_ERROR(inverse(x, tensorOf(kDouble, {2, 2}, {1, 2, 2, 4})),
              "inverse: Lapack Error getrf : U(2,2) is 0, U is singular");
  CHECK_ERROR(potrf(x, tensorOf(kDouble, {2, 2}, {1, 2, 2, 1})),
              "the leading minor of order 2 is not positive definite");
  CHECK_ERROR(potrf(x, wide), "A should be square");
  CHECK_ERROR(potrs(x, wide, a), "A,B size incompatible");
  CHECK_ERROR(potri(x, tensorOf(kDouble, {2, 2}, {1, 1, 0, 0})), "A(2,2) is 0, A cannot be inverted");
  CHECK_ERROR(pstrf(x, Tensor(kInt), Tensor(kDouble, {3, 3}).fill(1)), "rank deficient");
  CHECK_ERROR(pstrf(x, Tensor(kLong), a), "pstrf: argument 2 (pivots)");
  CHECK_ERROR(qr(x, y, vector), "A should be 2 dimensional");
  CHECK_ERROR(geqrf(x, y, cube), "A should be 2 dimensional");
  CHECK_ERROR(orgqr(x, a, vectorOf(kDouble, {1, 2, 3, 4})), "expected 1 dimension of size up to 3");
  CHECK_ERROR(orgqr(x, a, none), "orgqr: argument 3 (tau)");
  CHECK_ERROR(ormqr(x, a, vector, wide), "size mismatch: expected 3 rows, got torch.DoubleTensor [2 x 3]");
  CHECK_ERROR(ormqr(x, a, vector, b, Side::Right), "size mismatch: expected 3 columns");
  CHECK_ERROR(ormqr(x, a, vector, vector), "C should be 2 dimensional");
  CHECK_ERROR(inverse(Tensor(kInt), Tensor(kInt, {2, 2}).fill(1)), "not available for torch.IntTensor");
  CHECK(x.empty());
}

TEST_CASE("more_rows_than_lapack_can_count") {
  const Tensor a = Tensor(kDouble, {1, 1}).fill(1).expand({int64_t{1} << 31, 1}), x(kDouble), y(kDouble),
               z(kDouble);

  CHECK_ERROR(svd(x, y, z, a), "too large for LAPACK");
  CHECK_ERROR(qr(x, y, a), "too large for LAPACK");
  CHECK_ERROR(gels(x, y, a, a), "too large for LAPACK");
}

TEST_EACH_TYPE(factorizations_refuse_nan_and_infinity, FloatingTypes) {
  const Type type = typeOf<TestType>;
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    const Tensor a = regular<TestType>(5), b = random<TestType>(5, 2), x(type), y(type), z(type),
                 pivots(kInt);
    a.setAt({1, 2}, bad);
    a.setAt({2, 1}, bad);

    CHECK_ERROR(gesv(x, y, b, a), "gesv: argument 4 (A): contains NaN or infinity");
    CHECK_ERROR(gels(x, y, b, a), "gels: argument 4 (A): contains NaN or infinity");
    CHECK_ERROR(gels(x, y, a, regular<TestType>(5)), "gels: argument 3 (B): contains NaN or infinity");
    CHECK_ERROR(symeig(x, y, a), "contains NaN or infinity");
    CHECK_ERROR(eig(x, y, a), "contains NaN or infinity");
    CHECK_ERROR(svd(x, y, z, a), "contains NaN or infinity");
    CHECK_ERROR(inverse(x, a), "contains NaN or infinity");
    CHECK_ERROR(potrf(x, a), "contains NaN or infinity");
    CHECK_ERROR(pstrf(x, pivots, a), "contains NaN or infinity");
    CHECK_ERROR(qr(x, y, a), "contains NaN or infinity");
    CHECK_ERROR(geqrf(x, y, a), "contains NaN or infinity");
  }
}

TEST_EACH_TYPE(nan_in_a_right_hand_side_or_a_factor_reaches_the_result, FloatingTypes) {
  const Type type = typeOf<TestType>;
  for (const int64_t n : {3, 90}) {
    const Tensor a = regular<TestType>(n), b = random<TestType>(n, 2), x(type), y(type);
    b.setAt({n - 1, 1}, std::numeric_limits<double>::quiet_NaN());

    gesv(x, y, b, a);
    CHECK(std::isnan(x.at({0, 1})));
    CHECK(std::isfinite(x.at({0, 0})));
    trtrs(x, y, b, a);
    CHECK(std::isnan(x.at({0, 1})));
    potrs(x, b, a);
    CHECK(std::isnan(x.at({0, 1})));
  }
}

}  // namespace
}  // namespace cresset::test
