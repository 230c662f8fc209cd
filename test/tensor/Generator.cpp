// Tests of tensor/Generator: Torch7's numbers for a seed (torch.md, section 26.3), and its state.
#include "tensor/Generator.h"

#include <cstring>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

Generator seeded(uint64_t seed) {
  Generator g;
  g.manualSeed(seed);
  return g;
}

bool sameState(const Generator& a, const Generator& b) {
  return std::memcmp(&a.state(), &b.state(), sizeof(Generator::State)) == 0;
}

/// The first values of `draw` after seed 123, compared to the 15 digits that the table gives.
template <class Draw> void checkGolden(const Values& expected, Draw draw) {
  Generator g = seeded(123);
  for (const double value : expected) CHECK(draw(g) == Approx(value).epsilon(1e-14).margin(0));
}

TEST_CASE("outputs_for_seed_0") {
  Generator g = seeded(0);

  CHECK(g.random() == 2357136044u);
  CHECK(g.random() == 2546248239u);
}

TEST_CASE("scalar_draws_equal_the_golden_rows") {
  checkGolden({2991312382, 3062119789, 1228959102}, [](Generator& g) { return g.random(); });
  checkGolden({0.69646918727085, 0.712955321418121, 0.286139338742942},
              [](Generator& g) { return g.uniform(); });
  checkGolden({0.3929383745417, 0.425910642836243}, [](Generator& g) { return g.uniform(-1, 1); });
  checkGolden({-0.521443062712442, -1.49141943598154, -0.238129533168134, 1.03061834332728},
              [](Generator& g) { return g.normal(0, 1); });
  checkGolden({-0.0428861254248833, -1.98283887196308}, [](Generator& g) { return g.normal(1, 2); });
  checkGolden({0.596136074496432, 0.624058700418607}, [](Generator& g) { return g.exponential(2); });
  checkGolden({0.709729693025559, 0.790658467342774}, [](Generator& g) { return g.cauchy(0, 1); });
  checkGolden({0.593663236261692, 0.22505298041577}, [](Generator& g) { return g.logNormal(0, 1); });
  checkGolden({1, 2, 1, 1, 1, 1}, [](Generator& g) { return static_cast<double>(g.geometric(0.3)); });
  checkGolden({0, 0, 1, 0, 1, 0, 0, 0}, [](Generator& g) { return g.bernoulli(0.3); });
}

TEST_CASE("only_the_low_32_bits_of_a_seed_matter_but_all_are_remembered") {
  Generator a = seeded(123), b = seeded((uint64_t{1} << 32) + 123);

  CHECK(a.random() == b.random());
  CHECK(b.initialSeed() == (uint64_t{1} << 32) + 123);
}

TEST_CASE("manualSeed_forgets_the_cached_normal_value") {
  Generator g = seeded(123);
  const double first = g.normal(0, 1);

  g.manualSeed(123);

  CHECK(g.normal(0, 1) == first);
}

TEST_CASE("outputs_at_once_are_those_one_by_one_and_leave_the_same_state") {
  for (const int64_t n : {0, 1, 5, 623, 624, 625, 1248, 3000}) {
    Generator one = seeded(7), bulk = seeded(7);
    one.random();
    bulk.random();
    std::vector<uint32_t> expected(static_cast<size_t>(n)), actual(static_cast<size_t>(n));

    for (uint32_t& r : expected) r = one.random();
    bulk.random(actual.data(), n);

    CHECK(actual == expected);
    CHECK(sameState(one, bulk));
  }
}

TEST_CASE("setState_continues_the_sequence") {
  Generator a = seeded(3), b = seeded(4);
  a.normal(0, 1);

  b.setState(a.state());

  CHECK(b.normal(0, 1) == a.normal(0, 1));
  CHECK(b.random() == a.random());
}

TEST_CASE("setState_refuses_what_would_read_beyond_the_block") {
  Generator g = seeded(3);
  g.random();
  const auto check = [&](auto change) {
    Generator::State state = g.state();
    change(state);
    CHECK_ERROR(g.setState(state), "Invalid RNG state");
  };

  check([](auto& s) { s.seeded = 0; });
  check([](auto& s) { s.left = 0; });
  check([](auto& s) { s.left = 625; });
  check([](auto& s) { s.next = 625; });
  check([](auto& s) { s.left = 600, s.next = 500; });
  check([](auto& s) { s.next = ~uint64_t{0}; });
}

TEST_CASE("setState_takes_a_state_fresh_from_a_seed") {
  Generator a = seeded(5), b = seeded(6);

  b.setState(a.state());

  CHECK(b.random() == a.random());
}

}  // namespace
}  // namespace cresset::test
