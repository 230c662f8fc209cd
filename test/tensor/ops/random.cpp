// Tests of tensor/ops/random: tensors hold what single draws give, in logical order, and leave the same
// state.
#include "tensor/ops/random.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

Generator seeded(uint64_t seed) {
  Generator g;
  g.manualSeed(seed);
  return g;
}

using Fill = std::function<void(const Tensor&, Generator&)>;
using Draw = std::function<double(Generator&)>;

/// Fills tensors of many sizes and layouts and compares them with single draws, bit for bit or with a
/// relative `tolerance`. The generator starts with and without a cached normal value; the sizes exceed one
/// block of outputs and one batch.
template <class T> void checkDraws(const Fill& fill, const Draw& draw, double tolerance = 0) {
  const auto check = [&](const Tensor& x, bool cached) {
    Generator expected = seeded(5), actual = seeded(5);
    if (cached) {
      expected.normal(0, 1);
      actual.normal(0, 1);
    }
    fill(x, actual);
    const Tensor y = x.contiguous();
    int64_t wrong = 0;
    for (int64_t i = 0; i < y.nElement(); ++i) {
      const T value = fromDouble<T>(draw(expected));
      const auto difference = static_cast<double>(y.data<T>()[i]) - static_cast<double>(value);
      wrong += std::abs(difference) > tolerance * std::max(1.0, std::abs(static_cast<double>(value)));
    }
    CHECK(wrong == 0);
    CHECK(std::memcmp(&expected.state(), &actual.state(), sizeof(Generator::State)) == 0);
  };
  for (const bool cached : {false, true}) {
    for (const int64_t n : {1, 2, 3, 37, 1000, 70001, 200000}) check(Tensor(typeOf<T>, {n}), cached);
    for (const Layout layout : kLayouts) check(inLayout(Tensor(typeOf<T>, {7, 3, 5}).zero(), layout), cached);
  }
  check(Tensor(typeOf<T>), false);
}

TEST_EACH_TYPE(floating_distributions_equal_single_draws, FloatingTypes) {
  using T = TestType;
  checkDraws<T>([](const Tensor& x, Generator& g) { uniform(x, -0.3, 1.7, g); },
                [](Generator& g) { return g.uniform(-0.3, 1.7); });
  // Vector functions against the C library's: each is within its last place.
  const double tolerance = 4 * static_cast<double>(std::numeric_limits<T>::epsilon());
  checkDraws<T>([](const Tensor& x, Generator& g) { normal(x, 0.1, 1.3, g); },
                [](Generator& g) { return g.normal(0.1, 1.3); }, tolerance);
  checkDraws<T>([](const Tensor& x, Generator& g) { logNormal(x, 0.1, 0.7, g); },
                [](Generator& g) { return g.logNormal(0.1, 0.7); }, tolerance);
  checkDraws<T>([](const Tensor& x, Generator& g) { cauchy(x, 0.1, 1.3, g); },
                [](Generator& g) { return g.cauchy(0.1, 1.3); });
  checkDraws<T>([](const Tensor& x, Generator& g) { exponential(x, 0.7, g); },
                [](Generator& g) { return g.exponential(0.7); });
}

TEST_EACH_TYPE(integer_distributions_equal_single_draws, RealTypes) {
  using T = TestType;
  checkDraws<T>([](const Tensor& x, Generator& g) { geometric(x, 0.3, g); },
                [](Generator& g) { return static_cast<double>(g.geometric(0.3)); });
  for (const double p : {0.0, 1e-12, 0.3, 0.5, 1.0})
    checkDraws<T>([p](const Tensor& x, Generator& g) { bernoulli(x, p, g); },
                  [p](Generator& g) { return g.bernoulli(p) ? 1.0 : 0.0; });
  checkDraws<T>([](const Tensor& x, Generator& g) { random(x, 1, 100, g); },
                [](Generator& g) { return static_cast<double>(g.random() % 100 + 1); });
  checkDraws<T>([](const Tensor& x, Generator& g) { random(x, -3, 12, g); },
                [](Generator& g) { return static_cast<double>(g.random() % 16) - 3; });
  checkDraws<T>([](const Tensor& x, Generator& g) { random(x, 0, int64_t{1} << 40, g); },
                [](Generator& g) { return static_cast<double>(g.random()); });
}

/// The first values after seed 123.
template <class Function> void checkGolden(const Tensor& x, const Function& fill, const Values& expected) {
  Generator g = seeded(123);

  fill(x, g);

  const Values actual = values(x);
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    CHECK(actual[i] == Approx(expected[i]).epsilon(1e-14).margin(0));
}

TEST_CASE("golden_rows_of_tensors") {
  checkGolden(Tensor(kDouble), [](auto& x, auto& g) { randperm(x, 8, g); }, {7, 3, 2, 4, 5, 8, 1, 6});
  checkGolden(Tensor(kDouble), [](auto& x, auto& g) { rand(x, {3}, g); },
              {0.69646918727085, 0.712955321418121, 0.286139338742942});
  checkGolden(Tensor(kFloat), [](auto& x, auto& g) { rand(x, {3}, g); },
              {0.696469187736511, 0.712955296039581, 0.286139339208603});
  checkGolden(Tensor(kDouble), [](auto& x, auto& g) { randn(x, {3}, g); },
              {-0.521443062712442, -1.49141943598154, -0.238129533168134});
  checkGolden(Tensor(kInt, {4}), [](auto& x, auto& g) { random(x, 1, 100, g); }, {83, 90, 3, 11});
  checkGolden(Tensor(kByte, {4}), [](auto& x, auto& g) { random(x, g); }, {254, 109, 126, 66});
  checkGolden(Tensor(kDouble, {2, 3}).t(), [](auto& x, auto& g) { uniform(x, 0, 1, g); },
              {0.69646918727085, 0.712955321418121, 0.286139338742942, 0.428470924962312, 0.226851454935968,
               0.690884851384908});
  checkGolden(Tensor(kDouble, {6}), [](auto& x, auto& g) { random(x, 1, 10, g); }, {3, 10, 3, 1, 1, 3});
  checkGolden(Tensor(kDouble, {6}), [](auto& x, auto& g) { random(x, 5, 9, g); }, {7, 9, 7, 5, 5, 7});
}

TEST_CASE("random_without_bounds_covers_what_the_type_holds") {
  const auto drawn = [](Type type) {
    Generator g = seeded(123);
    const Tensor x(type, {3});
    random(x, g);
    return values(x);
  };
  const Values r{2991312382, 3062119789, 1228959102};
  const auto modulo = [&r](double range) {
    Values v;
    for (const double x : r) v.push_back(std::fmod(x, range));
    return v;
  };

  CHECK(drawn(kChar) == modulo(128));
  CHECK(drawn(kShort) == modulo(32768));
  CHECK(drawn(kInt) == modulo(2147483648.0));
  CHECK(drawn(kLong) == r);
  CHECK(drawn(kFloat) == modulo(16777217));
  CHECK(drawn(kDouble) == r);
}

TEST_EACH_TYPE(bernoulli_with_a_probability_for_each_element, RealTypes) {
  const Tensor p = tensorOf(kFloat, {2, 4}, {0, 1, 0.5, 0.5, 1, 0, 0.25, 0.75});
  for (const Layout layout : kLayouts) {
    Generator expected = seeded(11), actual = seeded(11);
    const Tensor x = inLayout(integers(typeOf<TestType>, {8}, 0, 1), layout);

    bernoulli(x, inLayout(p, layout), actual);

    for (int64_t i = 0; i < 8; ++i) CHECK(x.at({i}) == expected.bernoulli(values(p)[static_cast<size_t>(i)]));
  }
}

TEST_EACH_TYPE(randperm_is_a_permutation, RealTypes) {
  const Tensor x(typeOf<TestType>);

  randperm(x, 101);

  Values v = values(x);
  std::sort(v.begin(), v.end());
  for (size_t i = 0; i < 101; ++i) CHECK(v[i] == static_cast<double>(i + 1));
}

TEST_CASE("randperm_exceeds_a_block_of_outputs") {
  Generator g = seeded(2), expected = seeded(2);
  const Tensor x(kLong);
  const int64_t n = 2500;
  std::vector<int64_t> v(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) v[static_cast<size_t>(i)] = i + 1;
  for (int64_t i = 0; i < n - 1; ++i)
    std::swap(v[static_cast<size_t>(i)], v[static_cast<size_t>(i + expected.random() % (n - i))]);

  randperm(x, n, g);

  CHECK(std::equal(v.begin(), v.end(), x.data<int64_t>()));
}

TEST_CASE("parameters_are_checked_before_anything_is_drawn") {
  Generator g = seeded(1);
  const Tensor x = vectorOf(kDouble, {1, 2});

  CHECK_ERROR(normal(x, 0, 0, g), "standard deviation must be strictly positive");
  CHECK_ERROR(logNormal(x, 0, -1, g), "standard deviation must be strictly positive");
  CHECK_ERROR(bernoulli(x, 1.5, g), "must be >= 0 and <= 1");
  CHECK_ERROR(bernoulli(x, NAN, g), "must be >= 0 and <= 1");
  CHECK_ERROR(bernoulli(x, vectorOf(kDouble, {0.5, NAN}), g), "must be >= 0 and <= 1");
  CHECK_ERROR(bernoulli(x, vectorOf(kDouble, {0.5, -0.1}), g), "must be >= 0 and <= 1");
  CHECK_ERROR(bernoulli(x, vectorOf(kDouble, {0.5}), g), "inconsistent tensor size");
  CHECK_ERROR(geometric(x, 1, g), "must be > 0 and < 1");
  CHECK_ERROR(random(x, 2, 1, g), "upper bound must be larger than lower bound");
  CHECK_ERROR(randperm(x, 0, g), "must be strictly positive");
  CHECK(values(x) == Values{1, 2});
  CHECK(g.random() == seeded(1).random());
}

}  // namespace
}  // namespace cresset::test
