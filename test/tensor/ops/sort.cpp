// Tests of tensor/ops/sort: against std::stable_sort on the elements of each line, in every layout.
#include "tensor/ops/sort.h"

#include <limits>
#include <map>
#include <numeric>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Rows short and long (the latter sorted digit by digit), several of them, and in every dimension.
const std::vector<Dims> kShapes = {{1}, {7}, {5, 9}, {3, 4, 5}, {40, 3}, {2, 700}, {3000}};

/// Calls body(x, dim, layout) with many equal elements in x and, in signed types, negative ones.
template <class T, class Body> void forEachCase(Body body) {
  const int low = std::numeric_limits<T>::is_signed ? -100 : 0;
  for (const Dims& shape : kShapes)
    for (int64_t dim = 0; dim < static_cast<int64_t>(shape.size()); ++dim)
      for (const Layout layout : kLayouts) {
        INFO("sizes " << Catch::StringMaker<Dims>::convert(shape) << ", dim " << dim << ", layout "
                      << static_cast<int>(layout));
        const Sizes sizes(shape.data(), static_cast<int64_t>(shape.size()));
        body(integers(typeOf<T>, sizes, low, 100), dim, layout);
      }
}

/// The lines of x along dim, one after the other in the order of the other dimensions.
std::vector<Values> linesOf(const Tensor& x, int64_t dim) {
  const Values all = values(x.transpose(dim, x.dim() - 1));
  std::vector<Values> lines;
  for (auto at = all.begin(); at != all.end(); at += x.size(dim)) lines.emplace_back(at, at + x.size(dim));
  return lines;
}

/// Positions from 0 in sorting order; equal values keep theirs.
std::vector<size_t> sortedPositions(const Values& line, Direction direction) {
  std::vector<size_t> positions(line.size());
  std::iota(positions.begin(), positions.end(), size_t{0});
  std::stable_sort(positions.begin(), positions.end(), [&](size_t a, size_t b) {
    return direction == Direction::Ascending ? line[a] < line[b] : line[a] > line[b];
  });
  return positions;
}

TEST_EACH_TYPE(long_rows_are_sorted_whatever_their_range, RealTypes) {
  using Limits = std::numeric_limits<TestType>;
  for (const int spread : {0, 1, 100})
    for (const bool extremes : {false, true}) {
      const Tensor x = integers(typeOf<TestType>, {777}, 0, spread), v(x.type()), i(kLong);
      auto* elements = x.data<TestType>();
      if (extremes) {
        elements[3] = elements[500] = Limits::max();
        elements[7] = elements[600] = Limits::lowest();
        elements[9] = Limits::min();
      }

      sort(v, i, x, 0, Direction::Ascending);

      std::vector<int64_t> expected(777);
      std::iota(expected.begin(), expected.end(), int64_t{1});
      std::stable_sort(expected.begin(), expected.end(),
                       [&](int64_t a, int64_t b) { return elements[a - 1] < elements[b - 1]; });
      CHECK(std::equal(expected.begin(), expected.end(), i.data<int64_t>()));
      for (int64_t k = 0; k < 777; ++k)
        REQUIRE(v.data<TestType>()[k] == elements[expected[static_cast<size_t>(k)] - 1]);
    }
}

TEST_EACH_TYPE(sort_is_stable_in_both_directions, RealTypes) {
  for (const Direction direction : {Direction::Ascending, Direction::Descending})
    forEachCase<TestType>([&](const Tensor& x, int64_t dim, Layout layout) {
      const Tensor v(x.type()), i(kLong);

      sort(v, i, inLayout(x, layout), dim, direction);

      REQUIRE(v.sizes() == x.sizes());
      REQUIRE(i.sizes() == x.sizes());
      const auto lines = linesOf(x, dim), sorted = linesOf(v, dim), positions = linesOf(i, dim);
      for (size_t l = 0; l < lines.size(); ++l) {
        Values expected, places;
        for (const size_t p : sortedPositions(lines[l], direction)) {
          expected.push_back(lines[l][p]);
          places.push_back(static_cast<double>(p + 1));
        }
        CHECK(sorted[l] == expected);
        CHECK(positions[l] == places);
      }
    });
}

TEST_EACH_TYPE(sort_of_a_row_that_the_threads_share_is_stable, RealTypes) {
  const int low = std::numeric_limits<TestType>::is_signed ? -100 : 0;
  const Tensor x = integers(typeOf<TestType>, {100003}, low, 100), v(x.type()), i(kLong);
  for (const Direction direction : {Direction::Ascending, Direction::Descending}) {
    sort(v, i, x, 0, direction);

    const Values line = values(x), sorted = values(v), places = values(i);
    const auto positions = sortedPositions(line, direction);
    int64_t wrong = 0;
    for (size_t n = 0; n < line.size(); ++n)
      wrong += sorted[n] != line[positions[n]] || places[n] != static_cast<double>(positions[n] + 1);
    CHECK(wrong == 0);
  }
}

TEST_EACH_TYPE(topk_selects_the_first_in_sorting_order, RealTypes) {
  for (const Direction direction : {Direction::Ascending, Direction::Descending})
    forEachCase<TestType>([&](const Tensor& x, int64_t dim, Layout layout) {
      const int64_t k = (x.size(dim) + 1) / 2;
      const Tensor v(x.type()), i(kLong), unsortedV(x.type()), unsortedI(kLong);

      topk(v, i, inLayout(x, layout), k, dim, direction, Sorted::Yes);
      topk(unsortedV, unsortedI, inLayout(x, layout), k, dim, direction);

      const auto lines = linesOf(x, dim), selected = linesOf(v, dim), places = linesOf(i, dim);
      auto unsorted = linesOf(unsortedV, dim);
      const auto unsortedPlaces = linesOf(unsortedI, dim);
      for (size_t l = 0; l < lines.size(); ++l) {
        const auto positions = sortedPositions(lines[l], direction);
        int wrong = 0;
        for (size_t n = 0; n < static_cast<size_t>(k); ++n) {
          wrong += selected[l][n] != lines[l][positions[n]];
          wrong += lines[l][static_cast<size_t>(places[l][n]) - 1] != selected[l][n];
          wrong += lines[l][static_cast<size_t>(unsortedPlaces[l][n]) - 1] != unsorted[l][n];
        }
        CHECK(wrong == 0);
        std::sort(unsorted[l].begin(), unsorted[l].end());
        Values expected = selected[l];
        std::sort(expected.begin(), expected.end());
        CHECK(unsorted[l] == expected);
      }
    });
}

TEST_EACH_TYPE(topk_of_long_lines_selects_the_first_of_equal_values, RealTypes) {
  const int low = std::numeric_limits<TestType>::is_signed ? -100 : 0;
  // The last one is shared by the threads. A line that falls or rises makes every element a candidate once.
  for (const Dims& shape : {Dims{40, 301}, Dims{3, 5000}, Dims{300001}}) {
    const Sizes sizes(shape.data(), static_cast<int64_t>(shape.size()));
    const Tensor random = integers(typeOf<TestType>, sizes, low, 100), rising(random.type()), places(kLong);
    sort(rising, places, random);
    for (const Tensor& x : {random, rising})
      for (const Direction direction : {Direction::Ascending, Direction::Descending})
        for (const int64_t k : {1, 10, 37}) {
          const Tensor v(x.type()), i(kLong);

          topk(v, i, x, k, x.dim() - 1, direction, Sorted::Yes);

          const auto lines = linesOf(x, x.dim() - 1), selected = linesOf(v, x.dim() - 1),
                     at = linesOf(i, x.dim() - 1);
          for (size_t l = 0; l < lines.size(); ++l) {
            const auto positions = sortedPositions(lines[l], direction);
            int wrong = 0;
            for (size_t n = 0; n < static_cast<size_t>(k); ++n)
              wrong += selected[l][n] != lines[l][positions[n]] ||
                       at[l][n] != static_cast<double>(positions[n] + 1);
            CHECK(wrong == 0);
          }
        }
  }
}

TEST_EACH_TYPE(topk_finds_what_is_not_nan_or_fills_up_with_it, FloatingTypes) {
  const Tensor x = Tensor(typeOf<TestType>, {2, 70000}).fill(NAN), v(x.type()), i(kLong);
  for (const int64_t place : {65000, 7, 31})
    x.select(0, 0).narrow(0, place, 1).fill(static_cast<double>(place));

  topk(v, i, x, 4, 1, Direction::Ascending, Sorted::Yes);

  const Values places = values(i);
  CHECK(Values(places.begin(), places.begin() + 4) == Values{8, 32, 65001, 1});
  CHECK(Values(places.begin() + 4, places.end()) == Values{1, 2, 3, 4});
}

TEST_EACH_TYPE(kthvalue_and_median_are_places_in_sorting_order, RealTypes) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const int64_t k = x.size(dim) / 3 + 1;
    const Tensor v(x.type()), i(kLong), m(x.type()), mi(kLong);

    kthvalue(v, i, inLayout(x, layout), k, dim);
    median(m, mi, inLayout(x, layout), dim);

    REQUIRE(v.size(dim) == 1);
    const auto lines = linesOf(x, dim), kth = linesOf(v, dim), places = linesOf(i, dim),
               middle = linesOf(m, dim);
    for (size_t l = 0; l < lines.size(); ++l) {
      const auto positions = sortedPositions(lines[l], Direction::Ascending);
      CHECK(kth[l][0] == lines[l][positions[static_cast<size_t>(k) - 1]]);
      CHECK(lines[l][static_cast<size_t>(places[l][0]) - 1] == kth[l][0]);
      CHECK(middle[l][0] == lines[l][positions[(positions.size() - 1) / 2]]);
    }
  });
}

TEST_EACH_TYPE(mode_is_the_smallest_of_the_most_frequent, RealTypes) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor v(x.type()), i(kLong);

    mode(v, i, inLayout(x, layout), dim);

    const auto lines = linesOf(x, dim), modes = linesOf(v, dim), places = linesOf(i, dim);
    for (size_t l = 0; l < lines.size(); ++l) {
      std::map<double, int> counts;
      for (const double value : lines[l]) ++counts[value];
      const auto expected = std::max_element(
          counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
      CHECK(modes[l][0] == expected->first);
      CHECK(lines[l][static_cast<size_t>(places[l][0]) - 1] == modes[l][0]);
    }
  });
}

TEST_EACH_TYPE(extremes_of_the_type_are_in_order, RealTypes) {
  using Limits = std::numeric_limits<TestType>;
  const Tensor x(typeOf<TestType>, {5}), v(x.type()), i(kLong);
  const TestType content[] = {TestType(1), Limits::max(), Limits::lowest(), TestType(0),
                              TestType(Limits::max() / 2)};
  std::copy_n(content, 5, x.data<TestType>());

  sort(v, i, x);

  CHECK(v.data<TestType>()[0] == Limits::lowest());
  CHECK(v.data<TestType>()[4] == Limits::max());
  CHECK(i.data<int64_t>()[4] == 2);
}

TEST_EACH_TYPE(nan_is_last_infinities_and_zeros_keep_their_signs, FloatingTypes) {
  const Tensor x = vectorOf(typeOf<TestType>, {NAN, INFINITY, 0.0, -NAN, -INFINITY, -0.0, 1e-40}),
               v(x.type()), i(kLong);

  sort(v, i, x);

  const Values s = values(v);
  CHECK(s[0] == -INFINITY);
  CHECK((s[1] == 0 && std::signbit(s[1])));
  CHECK((s[2] == 0 && !std::signbit(s[2])));
  CHECK(s[4] == INFINITY);
  CHECK((std::isnan(s[5]) && std::isnan(s[6])));
}

TEST_CASE("both_zeros_are_one_value_for_mode") {
  const Tensor v(kDouble), i(kLong);

  mode(v, i, vectorOf(kDouble, {-0.0, 3, 0.0, 3, 0.0}));

  CHECK(v.item() == 0);
}

TEST_CASE("sort_in_place") {
  const Tensor x = tensorOf(kDouble, {2, 3}, {3, 1, 2, 6, 5, 4}), i(kLong);

  sort(x, i, x, 0, Direction::Descending);
  CHECK(values(x) == Values{6, 5, 4, 3, 1, 2});
  sort(x, i, x);
  CHECK(values(x) == Values{4, 5, 6, 1, 2, 3});
  CHECK(values(i) == Values{3, 2, 1, 2, 3, 1});
}

TEST_CASE("sorting_errors_name_what_is_out_of_range") {
  const Tensor x = vectorOf(kDouble, {1, 2}), v(kDouble), i(kLong), empty(kDouble);

  CHECK_ERROR(sort(v, i, x, 1), "dimension 2 out of range");
  CHECK_ERROR(sort(v, i, empty), "dimension 1 out of range");
  CHECK_ERROR(topk(v, i, x, 1, 1), "dim not in range");
  CHECK_ERROR(topk(v, i, x, 3), "k not in range for dimension");
  CHECK_ERROR(topk(v, i, x, 0), "k not in range for dimension");
  CHECK_ERROR(kthvalue(v, i, x, 3), "selected index out of range");
  CHECK_ERROR(kthvalue(v, i, x, 0), "selected index out of range");
  CHECK_ERROR(median(v, i, empty), "out of range");
  CHECK_ERROR(mode(v, i, x, 3), "invalid dimension");
  CHECK_ERROR(sort(v, v, x), "expected torch.LongTensor");
}

}  // namespace
}  // namespace cresset::test
