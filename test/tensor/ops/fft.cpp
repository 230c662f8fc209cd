// Tests of tensor/ops/fft, against the sum that defines the transform.
#include "tensor/ops/fft.h"

#include <complex>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using Complex = std::complex<double>;
using Row = std::vector<Complex>;

/// Lengths with each butterfly of KISS FFT, with factors up to and beyond what it is used for, and 1.
constexpr int64_t kLengths[] = {1, 2, 3, 4, 5, 6, 7, 9, 16, 19, 23, 30, 38, 46, 49, 67, 128, 134, 361, 1009};

/// Numbers between -1 and 1, the same in every run.
Tensor noise(Type type, Sizes sizes, uint64_t seed = 1) {
  return integers(kDouble, sizes, -1000, 1000, seed).div(1000).to(type);
}

/// X[k] = sum of x[j] exp(sign 2 pi i j k / n).
Row sums(const Row& x, int sign) {
  const size_t n = x.size();
  Row result(n);
  for (size_t k = 0; k < n; ++k)
    for (size_t j = 0; j < n; ++j)
      result[k] +=
          x[j] * std::polar(1.0, sign * 2 * M_PI * static_cast<double>(j * k % n) / static_cast<double>(n));
  return result;
}

/// The rows of [rows x n x 2], or of [rows x n] real numbers.
Row rowOf(const Tensor& x, int64_t row) {
  Row result;
  for (int64_t i = 0; i < x.size(1); ++i)
    result.push_back(x.dim() == 3 ? Complex(x.at({row, i, 0}), x.at({row, i, 1})) : Complex(x.at({row, i})));
  return result;
}

double largestDifference(const Row& a, const Row& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double largestDifference(const Tensor& a, const Tensor& b) {
  const Values x = values(a), y = values(b);
  double largest = sizesOf(a) == sizesOf(b) ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    largest = std::max(largest, std::fabs(x[i] - y[i]));
  return largest;
}

/// Of a transform of n numbers up to 1, computed in double and stored in T.
template <class T> double tolerance(int64_t n) {
  return static_cast<double>(n) * (std::is_same_v<T, float> ? 1e-7 : 2e-15) + 1e-15;
}

TEST_EACH_TYPE(fft_and_ifft_are_their_sums_in_every_layout, FloatingTypes) {
  for (const int64_t n : kLengths) {
    const Tensor x = noise(typeOf<TestType>, {3, n, 2});
    for (const Layout layout : kLayouts) {
      const Tensor forward(x.type()), inverse(x.type());

      fft(forward, inLayout(x, layout));
      ifft(inverse, inLayout(x, layout));

      INFO("n = " << n);
      CHECK(sizesOf(forward) == Dims{3, n, 2});
      for (int64_t row = 0; row < 3; ++row) {
        Row backwards = sums(rowOf(x, row), 1);
        for (Complex& z : backwards) z /= static_cast<double>(n);
        CHECK(largestDifference(rowOf(forward, row), sums(rowOf(x, row), -1)) < tolerance<TestType>(n));
        CHECK(largestDifference(rowOf(inverse, row), backwards) < tolerance<TestType>(n));
      }
    }
  }
}

TEST_EACH_TYPE(rfft_is_the_first_half_of_fft, FloatingTypes) {
  for (const int64_t n : kLengths) {
    const Tensor x = noise(typeOf<TestType>, {3, n});
    for (const Layout layout : kLayouts) {
      const Tensor half(x.type());

      rfft(half, inLayout(x, layout));

      INFO("n = " << n);
      CHECK(sizesOf(half) == Dims{3, n / 2 + 1, 2});
      for (int64_t row = 0; row < 3; ++row) {
        Row whole = sums(rowOf(x, row), -1);
        whole.resize(static_cast<size_t>(n / 2 + 1));
        CHECK(largestDifference(rowOf(half, row), whole) < tolerance<TestType>(n));
      }
    }
  }
}

TEST_EACH_TYPE(inverses_give_the_numbers_back, FloatingTypes) {
  for (const int64_t n : kLengths) {
    const Tensor real = noise(typeOf<TestType>, {2, 2, n}), x = noise(real.type(), {2, 2, n, 2}),
                 r(real.type());

    rfft(r, real);
    irfft(r, r, n);
    CHECK(largestDifference(r, real) < tolerance<TestType>(n));
    fft(r, x);
    ifft(r, r);
    CHECK(largestDifference(r, x) < tolerance<TestType>(n));
  }
}

TEST_CASE("long_transforms_keep_their_digits") {
  for (const int64_t n : {int64_t{1} << 16, int64_t{65537}}) {
    const Tensor x = noise(kFloat, {1, n, 2}), r(kFloat);

    fft(r, x);
    ifft(r, r);

    CHECK(largestDifference(r, x) < 1e-6);
  }
}

TEST_CASE("many_rows_are_what_each_one_is") {
  const Tensor x = noise(kDouble, {500, 67, 2}), r(kDouble), one(kDouble);

  fft(r, x);

  for (int64_t row = 0; row < 500; ++row) {
    fft(one, x.select(0, row));
    CHECK(values(r.select(0, row)) == values(one));
  }
}

TEST_CASE("irfft_ignores_what_real_numbers_cannot_have") {
  const Tensor x = tensorOf(kDouble, {3, 2}, {4, 9, 1, 2, 3, 9}), r(kDouble), same(kDouble);

  irfft(r, x);
  irfft(same, tensorOf(kDouble, {3, 2}, {4, 0, 1, 2, 3, 0}));

  CHECK(values(r) == values(same));
  CHECK(values(r) == Values{2.25, -0.75, 1.25, 1.25});
  irfft(r, tensorOf(kDouble, {1, 2}, {5, 9}));
  CHECK(values(r) == Values{5});
}

TEST_EACH_TYPE(fft2_is_a_double_sum, FloatingTypes) {
  const int64_t h = 6, w = 5;
  const Tensor x = noise(typeOf<TestType>, {2, h, w, 2}), r(x.type()), back(x.type());

  fft2(r, x);
  ifft2(back, r);

  for (int64_t b = 0; b < 2; ++b)
    for (int64_t k = 0; k < h; ++k)
      for (int64_t l = 0; l < w; ++l) {
        Complex sum = 0;
        for (int64_t i = 0; i < h; ++i)
          for (int64_t j = 0; j < w; ++j)
            sum += Complex(x.at({b, i, j, 0}), x.at({b, i, j, 1})) *
                   std::polar(1.0,
                              -2 * M_PI * (static_cast<double>(i * k) / h + static_cast<double>(j * l) / w));
        CHECK(std::abs(Complex(r.at({b, k, l, 0}), r.at({b, k, l, 1})) - sum) < tolerance<TestType>(h * w));
      }
  CHECK(largestDifference(back, x) < tolerance<TestType>(h * w));
}

TEST_CASE("transforms_in_place_and_into_strided_results") {
  const Tensor x = noise(kDouble, {4, 6, 2}), expected(kDouble), plane(kDouble);
  fft(expected, x);
  fft2(plane, x);

  const Tensor inPlace = x.clone(), strided = Tensor(kDouble, {6, 4, 2}).transpose(0, 1), image = x.clone();
  fft(inPlace, inPlace);
  fft(strided, x);
  fft2(image, image);

  CHECK(values(inPlace) == values(expected));
  CHECK(values(strided) == values(expected));
  CHECK(values(image) == values(plane));
}

TEST_CASE("transforms_name_what_does_not_fit") {
  const Tensor r = vectorOf(kDouble, {7}), real = noise(kDouble, {4, 5}), x = noise(kDouble, {5, 2});

  CHECK_ERROR(fft(r, real), "fft: argument 2 (x): expected complex numbers");
  CHECK_ERROR(ifft(r, vectorOf(kDouble, {1, 2})), "got torch.DoubleTensor [2]");
  CHECK_ERROR(fft2(r, x), "fft2: argument 2 (x): expected complex numbers, 3 or more dimensions");
  CHECK_ERROR(irfft(r, real), "expected complex numbers");
  CHECK_ERROR(irfft(r, x, 7), "irfft: argument 3 (n): expected a length of 8 or 9");
  CHECK_ERROR(irfft(r, x, -1), "expected a length of 8 or 9");
  CHECK_ERROR(rfft(r, Tensor(kDouble)), "empty tensor");
  CHECK_ERROR(fft(r, Tensor(kDouble)), "expected complex numbers");
  CHECK_ERROR(fft(r, x.to(kFloat)), "expected torch.FloatTensor");
  CHECK(values(r) == Values{7});
}

}  // namespace
}  // namespace cresset::test
