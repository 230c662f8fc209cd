// Tests of tensor/ops/reduce: against loops over the elements, over types, dimensions and layouts.
#include "tensor/ops/reduce.h"

#include <functional>
#include <numeric>

#include "tensor/cpu/loop.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Small, with one element, with long rows, and several chunks of work for several threads.
const std::vector<Dims> kShapes = {{1}, {7}, {4, 6}, {3, 4, 5}, {37, 300}, {300, 37}, {3, 50000}};

template <class T, class Body> void forEachTensor(Body body) {
  const bool isUnsigned = std::is_same_v<T, uint8_t>;
  for (const Dims& shape : kShapes)
    for (const Layout layout : kLayouts) {
      INFO("sizes " << Catch::StringMaker<Dims>::convert(shape) << ", layout " << static_cast<int>(layout));
      const Sizes sizes(shape.data(), static_cast<int64_t>(shape.size()));
      body(inLayout(integers(typeOf<T>, sizes, isUnsigned ? 0 : -100, 100), layout, 77));
    }
}

template <class T, class Body> void forEachDim(Body body) {
  forEachTensor<T>([&](const Tensor& x) {
    for (int64_t dim = 0; dim < x.dim(); ++dim) {
      INFO("dim " << dim);
      body(x, dim);
    }
  });
}

/// The lines of x along dim, one after the other in the order of the other dimensions.
std::vector<Values> linesOf(const Tensor& x, int64_t dim) {
  const Values all = values(x.transpose(dim, x.dim() - 1));
  std::vector<Values> lines;
  for (auto at = all.begin(); at != all.end(); at += x.size(dim)) lines.emplace_back(at, at + x.size(dim));
  return lines;
}

double sumOf(const Values& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double varOf(const Values& v, double divisor) {
  const double mean = sumOf(v) / static_cast<double>(v.size());
  double squares = 0;
  for (const double x : v) squares += (x - mean) * (x - mean);
  return squares / divisor;
}
double normOf(const Values& v, double p) {
  double sum = 0, largest = 0;
  for (const double x : v) {
    sum += p == 0 ? x != 0 : std::pow(std::fabs(x), p);
    largest = std::max(largest, std::fabs(x));
  }
  return std::isinf(p) ? largest : p == 0 ? sum : std::pow(sum, 1 / p);
}

bool close(Type type, double actual, double expected) {
  if (std::isnan(expected)) return std::isnan(actual);
  return std::fabs(actual - expected) <=
         (type == kDouble ? 1e-12 : 1e-5) * std::max(1.0, std::fabs(expected));
}

/// Checks that `reduce(result, x, dim)` gives `expected(line)` for each line, with `dim` kept in size 1.
void checkLines(const Tensor& x, int64_t dim, const std::function<void(const Tensor&)>& reduce,
                const std::function<double(const Values&)>& expected) {
  const Tensor result(x.type());

  reduce(result);

  Shape sizes = x.sizes();
  sizes[dim] = 1;
  REQUIRE(result.sizes() == static_cast<Sizes>(sizes));
  const auto lines = linesOf(x, dim), results = linesOf(result, dim);
  int wrong = 0;
  for (size_t l = 0; l < lines.size(); ++l) wrong += !close(x.type(), results[l][0], expected(lines[l]));
  CHECK(wrong == 0);
}

/// A number as the type holds it.
double wrapped(Type type, double value) {
  return visit<Real>("wrapped", type, [&]<class T>() { return toDouble(fromDouble<T>(value)); });
}

TEST_EACH_TYPE(whole_tensor_sum_and_extremes, RealTypes) {
  forEachTensor<TestType>([](const Tensor& x) {
    const Values v = values(x);

    CHECK(sumAll(x) == sumOf(v));
    CHECK(maxAll(x) == *std::max_element(v.begin(), v.end()));
    CHECK(minAll(x) == *std::min_element(v.begin(), v.end()));
  });
}

TEST_EACH_TYPE(whole_tensor_product, RealTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 3}, {1, 2, 3, 4, 5, 6});

  for (const Layout layout : kLayouts) CHECK(prodAll(inLayout(x, layout)) == 720);
}

TEST_EACH_TYPE(whole_tensor_statistics, FloatingTypes) {
  forEachTensor<TestType>([](const Tensor& x) {
    const Values v = values(x);
    const auto n = static_cast<double>(v.size());

    CHECK(meanAll(x) == Approx(sumOf(v) / n).epsilon(1e-12).margin(1e-12));
    CHECK(varAll(x, Variance::Biased) == Approx(varOf(v, n)).epsilon(1e-12));
    if (n > 1) CHECK(varAll(x, Variance::Unbiased) == Approx(varOf(v, n - 1)).epsilon(1e-12));
    if (n == 1) CHECK(std::isnan(varAll(x, Variance::Unbiased)));
    for (const double p : {0.0, 1.0, 2.0, 3.0, 0.5, static_cast<double>(INFINITY)})
      CHECK(normAll(x, p) == Approx(normOf(v, p)).epsilon(1e-10));
  });
}

TEST_EACH_TYPE(dist_is_the_norm_of_the_difference, FloatingTypes) {
  const Tensor x = vectorOf(typeOf<TestType>, {1, 2, 3}), y = vectorOf(x.type(), {1, 5, 7});

  CHECK(dist(x, y, 2) == 5);
  CHECK(dist(x, y, 1) == 7);
  CHECK(dist(Tensor(x.type()), Tensor(x.type()), 2) == 0);
  CHECK_ERROR(dist(x, vectorOf(x.type(), {1}), 2), "inconsistent tensor size");
}

TEST_EACH_TYPE(sum_and_prod_along_a_dimension_wrap_in_the_type, RealTypes) {
  forEachDim<TestType>([](const Tensor& x, int64_t dim) {
    checkLines(
        x, dim, [&](const Tensor& r) { sum(r, x, dim); },
        [&](const Values& line) { return wrapped(x.type(), sumOf(line)); });
  });
  const Tensor x = tensorOf(typeOf<TestType>, {2, 3}, {2, 3, 4, 5, 6, 7}), r(x.type());
  prod(r, x, 0);
  CHECK(values(r) == Values{10, 18, 28});
  prod(r, x, 1);
  CHECK(values(r) == values(vectorOf(x.type(), {24, 210})));
}

TEST_EACH_TYPE(statistics_along_a_dimension, FloatingTypes) {
  forEachDim<TestType>([](const Tensor& x, int64_t dim) {
    const auto n = static_cast<double>(x.size(dim));
    checkLines(
        x, dim, [&](const Tensor& r) { mean(r, x, dim); }, [&](const Values& v) { return sumOf(v) / n; });
    checkLines(
        x, dim, [&](const Tensor& r) { var(r, x, dim, Variance::Biased); },
        [&](const Values& v) { return varOf(v, n); });
    checkLines(
        x, dim, [&](const Tensor& r) { std(r, x, dim, Variance::Unbiased); },
        [&](const Values& v) { return std::sqrt(varOf(v, n - 1)); });
    for (const double p : {0.0, 1.0, 2.0, 3.0, static_cast<double>(INFINITY)})
      checkLines(
          x, dim, [&](const Tensor& r) { norm(r, x, p, dim); },
          [&](const Values& v) { return normOf(v, p); });
  });
}

TEST_EACH_TYPE(extremes_along_a_dimension_take_the_first_of_equal_ones, RealTypes) {
  forEachDim<TestType>([](const Tensor& x, int64_t dim) {
    const Tensor largest(x.type()), smallest(x.type()), first(kLong), firstSmall(kLong);

    max(largest, first, x, dim);
    min(smallest, firstSmall, x, dim);

    const auto lines = linesOf(x, dim), top = linesOf(largest, dim), topAt = linesOf(first, dim),
               low = linesOf(smallest, dim), lowAt = linesOf(firstSmall, dim);
    int wrong = 0;
    for (size_t l = 0; l < lines.size(); ++l) {
      const auto maximum = std::max_element(lines[l].begin(), lines[l].end());
      const auto minimum = std::min_element(lines[l].begin(), lines[l].end());
      wrong += top[l][0] != *maximum || topAt[l][0] != static_cast<double>(maximum - lines[l].begin() + 1);
      wrong += low[l][0] != *minimum || lowAt[l][0] != static_cast<double>(minimum - lines[l].begin() + 1);
    }
    CHECK(wrong == 0);
  });
}

TEST_EACH_TYPE(running_sums_and_products, RealTypes) {
  forEachDim<TestType>([](const Tensor& x, int64_t dim) {
    const Tensor sums(x.type()), inPlace = x.clone();

    cumsum(sums, x, dim);
    cumsum(inPlace, inPlace, dim);

    const auto lines = linesOf(x, dim), results = linesOf(sums, dim);
    int wrong = 0;
    for (size_t l = 0; l < lines.size(); ++l) {
      double running = 0;
      for (size_t i = 0; i < lines[l].size(); ++i)
        wrong += !close(x.type(), results[l][i], wrapped(x.type(), running += lines[l][i]));
    }
    CHECK(wrong == 0);
    CHECK(values(inPlace) == values(sums));
  });
  const Tensor products(typeOf<TestType>);
  cumprod(products, vectorOf(products.type(), {1, 2, 3, 4}), 0);
  CHECK(values(products) == Values{1, 2, 6, 24});
}

TEST_EACH_TYPE(nan_wins_and_its_place_is_the_first, FloatingTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {2, 3}, {1, NAN, NAN, 3, 2, 1}), v(x.type()), i(kLong);

  CHECK(std::isnan(maxAll(x)));
  CHECK(std::isnan(minAll(x)));
  max(v, i, x, 1);
  CHECK(std::isnan(v.at({0, 0})));
  CHECK(values(i) == Values{2, 1});
  min(v, i, x, 1);
  CHECK(std::isnan(v.at({0, 0})));
  CHECK(values(i) == Values{2, 3});
}

TEST_EACH_TYPE(nan_wins_wherever_it_stands, FloatingTypes) {
  for (const int64_t n : {1, 17, 100, 40000})
    for (const int64_t at : {int64_t{0}, n / 2, n - 1}) {
      const Tensor x = Tensor(typeOf<TestType>, {n}).fill(1);
      x.setAt({at}, NAN);

      CHECK(std::isnan(maxAll(x)));
      CHECK(std::isnan(minAll(x)));
    }
}

TEST_EACH_TYPE(places_of_extremes_in_rows_of_any_length, FloatingTypes) {
  for (int64_t n = 1; n <= 70; ++n) {
    const Tensor x = Tensor(typeOf<TestType>, {n, n}).fill(0), v(x.type()), at(kLong);
    for (int64_t i = 0; i < n; ++i) x.setAt({i, i}, i % 3 == 0 ? NAN : 1);

    max(v, at, x, 1);

    int wrong = 0;
    for (int64_t i = 0; i < n; ++i) {
      wrong += i % 3 == 0 ? !std::isnan(v.at({i, 0})) : v.at({i, 0}) != 1;
      wrong += at.at({i, 0}) != static_cast<double>(i + 1);
    }
    INFO("n " << n);
    CHECK(wrong == 0);
  }
}

TEST_EACH_TYPE(reductions_of_an_expanded_tensor_count_each_element, RealTypes) {
  const Tensor x = tensorOf(typeOf<TestType>, {1, 3}, {1, 2, 3}).expand({4, 3}), r(x.type());

  CHECK(sumAll(x) == 24);
  sum(r, x, 0);
  CHECK(values(r) == Values{4, 8, 12});
}

TEST_CASE("results_may_be_the_source_or_have_any_layout") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4}),
               strided = inLayout(Tensor(kDouble, {1, 2}), Layout::Strided);

  sum(strided, x, 0);
  CHECK(values(strided) == Values{4, 6});
  sum(x, x, 1);
  CHECK(sizesOf(x) == Dims{2, 1});
  CHECK(values(x) == Values{3, 7});
}

TEST_CASE("a_result_that_views_the_source_does_not_disturb_the_reduction") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4});

  sum(x.narrow(0, 0, 1).t(), x, 1);

  CHECK(values(x) == Values{3, 7, 3, 4});
}

TEST_CASE("sums_of_bytes_do_not_wrap_and_float_sums_keep_small_terms") {
  const Tensor bytes = Tensor(kByte, {1000}).fill(255), ones = Tensor(kFloat, {(1 << 24) + 8}).fill(1);

  CHECK(sumAll(bytes) == 255000);
  CHECK(sumAll(ones) == (1 << 24) + 8);
  CHECK(prodAll(Tensor(kInt, {40}).fill(2)) == 1099511627776.0);
}

TEST_CASE("sums_along_a_dimension_keep_small_terms") {
  const Tensor x = Tensor(kFloat, {1 << 20, 17}).fill(1);
  x.narrow(0, 0, 1).fill(1 << 26);  // a float of this size does not change when 1 is added

  const Tensor down(kFloat), across(kFloat), running(kFloat);
  sum(down, x, 0);
  sum(across, x.t().contiguous(), 1);
  cumsum(running, x, 0);

  const double exact = (1 << 26) + (1 << 20) - 1;
  CHECK(down.at({0, 16}) == Approx(exact).epsilon(0x1p-23));
  CHECK(across.at({16, 0}) == Approx(exact).epsilon(0x1p-23));
  CHECK(running.at({(1 << 20) - 1, 16}) == Approx(exact).epsilon(0x1p-23));
}

TEST_CASE("sums_of_floats_are_those_of_doubles_for_rows_of_any_length") {
  Generator generator;
  for (const int64_t n : {1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 127, 1000, 4095, 4096, 4097, 100001}) {
    INFO("n " << n);
    const Tensor x(kFloat, {n}), running(kFloat);
    for (int64_t i = 0; i < n; ++i) x.data<float>()[i] = static_cast<float>(0.1 + generator.uniform());

    cumsum(running, x, 0);

    double sum = 0;
    int wrong = 0;
    for (int64_t i = 0; i < n; ++i) {
      sum += x.data<float>()[i];
      wrong += std::fabs(running.data<float>()[i] - sum) > sum * 0x1.001p-24;
    }
    CHECK(wrong == 0);
    CHECK(sumAll(x) == Approx(sum).epsilon(0x1p-24));
  }
}

TEST_CASE("float_sums_survive_partial_sums_beyond_float") {
  const Tensor x = Tensor(kFloat, {16, 100}).fill(3e38), r(kFloat);
  x.narrow(0, 8, 8).fill(-3e38);

  CHECK(sumAll(x) == 0);
  CHECK(sumAll(x.narrow(0, 0, 8)) == 800 * double{3e38f});
  sum(r, x, 0);
  CHECK(values(r) == Values(100, 0.0));
  sum(r, x.t().contiguous(), 1);
  CHECK(values(r) == Values(100, 0.0));
  x.setAt({1, 1}, NAN);
  CHECK(std::isnan(sumAll(x)));
}

TEST_CASE("results_do_not_depend_on_the_number_of_threads") {
  const int threads = getNumThreads();
  const Tensor x(kFloat, {300001}), sums(kFloat), alone(kFloat);
  Generator generator;
  for (int64_t i = 0; i < x.nElement(); ++i) x.data<float>()[i] = static_cast<float>(generator.uniform());

  setNumThreads(1);
  const double total = sumAll(x);
  cumsum(alone, x, 0);
  setNumThreads(3);

  CHECK(sumAll(x) == total);
  cumsum(sums, x, 0);
  CHECK(values(sums) == values(alone));
  setNumThreads(threads);
}

TEST_EACH_TYPE(sums_of_many_wide_rows_are_those_of_the_columns, RealTypes) {
  for (const int64_t n : {31, 32, 33, 64, 65, 200}) {
    const Tensor x = integers(typeOf<TestType>, {n, 2500}, 0, 5), columns(x.type()), rows(x.type());

    sum(columns, x, 0);
    sum(rows, x.t().contiguous(), 1);

    CHECK(values(columns) == values(rows));
  }
}

TEST_CASE("float_statistics_along_a_dimension_keep_their_digits") {
  // 0.1 is no float: a sum in float would be off by 1 % after a million terms.
  constexpr int64_t kN = 1000000;
  const Tensor x = Tensor(kFloat, {kN, 2}).fill(0.1), r(kFloat);
  const double term = 0.1f;
  for (const Tensor& lines : {x, x.t().contiguous()}) {
    const int64_t dim = lines.size(0) == kN ? 0 : 1;

    sum(r, lines, dim);
    CHECK(values(r)[1] == Approx(kN * term).epsilon(1e-6));
    mean(r, lines, dim);
    CHECK(values(r)[1] == Approx(term).epsilon(1e-6));
    norm(r, lines, 2, dim);
    CHECK(values(r)[1] == Approx(term * 1000).epsilon(1e-6));
    cumsum(r, lines, dim);
    CHECK(values(r).back() == Approx(kN * term).epsilon(1e-6));
  }
}

TEST_CASE("float_variance_does_not_suffer_from_a_large_mean") {
  constexpr int64_t kN = 30000;
  const Tensor x(kFloat, {kN, 3}), r(kFloat);
  for (int64_t i = 0; i < 3 * kN; ++i) x.data<float>()[i] = static_cast<float>(1000000 + i / 3 % 4);
  for (const Tensor& lines : {x, x.t().contiguous()}) {
    var(r, lines, lines.size(0) == kN ? 0 : 1, Variance::Biased);
    CHECK(values(r) == Values{1.25, 1.25, 1.25});
  }
  CHECK(varAll(x, Variance::Biased) == 1.25);
}

TEST_CASE("all_and_any_of_bytes") {
  CHECK(all(vectorOf(kByte, {1, 2})));
  CHECK_FALSE(all(vectorOf(kByte, {1, 0})));
  CHECK(any(vectorOf(kByte, {0, 2})));
  CHECK_FALSE(any(vectorOf(kByte, {0, 0})));
}

TEST_CASE("reductions_of_empty_tensors") {
  const Tensor x(kDouble), r(kDouble), i(kLong);

  CHECK(sumAll(x) == 0);
  CHECK(prodAll(x) == 1);
  CHECK(normAll(x, 2) == 0);
  CHECK_ERROR(maxAll(x), "tensor must have one dimension");
  CHECK_ERROR(minAll(x), "tensor must have one dimension");
  CHECK_ERROR(meanAll(x), "empty Tensor");
  CHECK_ERROR(varAll(x, Variance::Biased), "empty Tensor");
  CHECK_ERROR(all(Tensor(kByte)), "empty Tensor");
  CHECK_ERROR(any(Tensor(kByte)), "empty Tensor");
  CHECK_ERROR(sum(r, x, 0), "dimension 1 out of range");
  CHECK_ERROR(max(r, i, x, 0), "dimension 1 out of range");
  CHECK_ERROR(cumsum(r, x, 0), "dimension 1 out of range");
}

TEST_CASE("bad_dimensions_are_refused") {
  const Tensor x(kDouble, {2, 3}), r = vectorOf(kDouble, {7}), i(kLong);

  for (const int64_t dim : {int64_t{-1}, int64_t{2}}) {
    const std::string expected = "dimension " + text(dim + 1) + " out of range of 2D tensor";
    CHECK_ERROR(sum(r, x, dim), expected);
    CHECK_ERROR(mean(r, x, dim), expected);
    CHECK_ERROR(var(r, x, dim, Variance::Biased), expected);
    CHECK_ERROR(norm(r, x, 2, dim), expected);
    CHECK_ERROR(max(r, i, x, dim), expected);
    CHECK_ERROR(cumprod(r, x, dim), expected);
  }
  CHECK(values(r) == Values{7});
}

}  // namespace
}  // namespace cresset::test
