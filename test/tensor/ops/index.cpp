// Tests of tensor/ops/index: against loops over single elements, in every layout.
#include "tensor/ops/index.h"

#include <functional>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using Position = std::vector<int64_t>;

Sizes sizesFrom(const Position& p) { return {p.data(), static_cast<int64_t>(p.size())}; }

/// Calls body(position) for all positions of these sizes, in logical order.
void forEachPosition(Sizes sizes, const std::function<void(Position&)>& body) {
  Position p(static_cast<size_t>(sizes.size()));
  for (int64_t i = 0; i < elementCount(sizes); ++i) {
    int64_t rest = i;
    for (int d = sizes.size() - 1; d >= 0; --d) {
      p[static_cast<size_t>(d)] = rest % sizes[d];
      rest /= sizes[d];
    }
    body(p);
  }
}

/// The position that `p` stands for when its coordinate along `dim` goes through indices.
Position through(Position p, int64_t dim, double index) {
  p[static_cast<size_t>(dim)] = static_cast<int64_t>(index) - 1;
  return p;
}

Shape withSize(const Tensor& x, int64_t dim, int64_t n) {
  Shape sizes = x.sizes();
  sizes[dim] = n;
  return sizes;
}

/// `x` must have one size above kMoveGrain in the last case, so that threads share the work.
const std::vector<Dims> kShapes = {{5}, {5, 1}, {1, 7}, {4, 6}, {3, 4, 5}, {150, 130}};

/// Calls body(x, dim, layout) over shapes, dimensions and layouts.
template <class T, class Body> void forEachCase(Body body) {
  for (const Dims& shape : kShapes)
    for (int64_t dim = 0; dim < static_cast<int64_t>(shape.size()); ++dim)
      for (const Layout layout : kLayouts) {
        INFO("sizes " << Catch::StringMaker<Dims>::convert(shape) << ", dim " << dim << ", layout "
                      << static_cast<int>(layout));
        body(integers(typeOf<T>, sizesFrom(shape), 0, 120), dim, layout);
      }
}

/// Positions 1..n, `count` of them, with repetitions.
Tensor positions(int64_t count, int64_t n, uint64_t seed = 3) {
  return integers(kLong, {count}, 1, static_cast<int>(n), seed);
}

TEST_EACH_TYPE(index_picks_slices, EveryType) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = positions(9, x.size(dim)), r(x.type());
    const Tensor source = inLayout(x, layout), picks = inLayout(indices, layout);

    index(r, source, dim, picks);

    REQUIRE(r.sizes() == static_cast<Sizes>(withSize(x, dim, 9)));
    int64_t wrong = 0;
    forEachPosition(r.sizes(), [&](Position& p) {
      wrong +=
          r.at(sizesFrom(p)) != x.at(sizesFrom(through(p, dim, indices.at({p[static_cast<size_t>(dim)]}))));
    });
    CHECK(wrong == 0);
  });
}

TEST_EACH_TYPE(indexCopy_puts_slices, EveryType) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = positions(6, x.size(dim)),
                 source = integers(x.type(), withSize(x, dim, 6), 0, 120, 9);
    const Tensor target = inLayout(x, layout), expected = x.clone();

    indexCopy(target, dim, inLayout(indices, layout), inLayout(source, layout));

    forEachPosition(source.sizes(), [&](Position& p) {
      const Position to = through(p, dim, indices.at({p[static_cast<size_t>(dim)]}));
      expected.setAt(sizesFrom(to), source.at(sizesFrom(p)));
    });
    CHECK(values(target) == values(expected));
  });
}

TEST_EACH_TYPE(indexAdd_accumulates_repeated_positions, RealTypes) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = positions(6, x.size(dim)),
                 source = integers(x.type(), withSize(x, dim, 6), 0, 120, 9);
    const Tensor target = inLayout(x, layout), expected = x.clone();

    indexAdd(target, dim, inLayout(indices, layout), inLayout(source, layout));

    forEachPosition(source.sizes(), [&](Position& p) {
      const Position to = through(p, dim, indices.at({p[static_cast<size_t>(dim)]}));
      expected.setAt(sizesFrom(to), expected.at(sizesFrom(to)) + source.at(sizesFrom(p)));
    });
    CHECK(values(target) == values(expected));
  });
}

TEST_EACH_TYPE(indexFill_fills_slices, EveryType) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = positions(2, x.size(dim)), target = inLayout(x, layout), expected = x.clone();

    indexFill(target, dim, inLayout(indices, layout), 7);

    for (const double i : values(indices)) expected.narrow(dim, static_cast<int64_t>(i) - 1, 1).fill(7);
    CHECK(values(target) == values(expected));
  });
}

TEST_EACH_TYPE(gather_reads_one_position_for_each_element, EveryType) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = integers(kLong, withSize(x, dim, 3), 1, static_cast<int>(x.size(dim))),
                 r(x.type());
    const Tensor source = inLayout(x, layout), picks = inLayout(indices, layout);

    gather(r, source, dim, picks);

    REQUIRE(r.sizes() == indices.sizes());
    int64_t wrong = 0;
    forEachPosition(r.sizes(), [&](Position& p) {
      wrong += r.at(sizesFrom(p)) != x.at(sizesFrom(through(p, dim, indices.at(sizesFrom(p)))));
    });
    CHECK(wrong == 0);
  });
}

TEST_EACH_TYPE(gather_along_long_contiguous_lines, EveryType) {
  const int64_t rows = 5, columns = 7001;  // shared by the threads, which meet within a line
  const Tensor x = integers(typeOf<TestType>, {rows, columns}, 0, 120), r(x.type());
  const Tensor indices = integers(kLong, {rows, columns}, 1, static_cast<int>(columns), 9);

  gather(r, x, 1, indices);

  const Values from = values(x), places = values(indices), got = values(r);
  int64_t wrong = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    const size_t line = i / columns * columns;
    wrong += got[i] != from[line + static_cast<size_t>(places[i]) - 1];
  }
  CHECK(wrong == 0);

  indices.narrow(0, rows - 1, 1).narrow(1, columns - 1, 1).fill(static_cast<double>(columns + 1));
  CHECK_ERROR(gather(r, x, 1, indices), "Invalid index in gather");
  CHECK_ERROR(gather(r, x.t(), 0, indices.t()), "Invalid index in gather");
  CHECK(values(r) == got);
}

TEST_EACH_TYPE(scatter_writes_in_order_the_last_value_stays, EveryType) {
  forEachCase<TestType>([](const Tensor& x, int64_t dim, Layout layout) {
    const Tensor indices = integers(kLong, withSize(x, dim, 4), 1, static_cast<int>(x.size(dim)));
    const Tensor source = integers(x.type(), withSize(x, dim, 5), 0, 120, 9);
    const Tensor target = inLayout(x, layout), filled = inLayout(x, layout);
    const Tensor expected = x.clone(), expectedFill = x.clone();

    scatter(target, dim, inLayout(indices, layout), inLayout(source, layout));
    scatter(filled, dim, inLayout(indices, layout), 5);

    forEachPosition(indices.sizes(), [&](Position& p) {
      const Position to = through(p, dim, indices.at(sizesFrom(p)));
      expected.setAt(sizesFrom(to), source.at(sizesFrom(p)));
      expectedFill.setAt(sizesFrom(to), 5);
    });
    CHECK(values(target) == values(expected));
    CHECK(values(filled) == values(expectedFill));
  });
}

TEST_CASE("index_and_gather_of_an_expanded_tensor") {
  const Tensor x = tensorOf(kDouble, {1, 2}, {3, 4}).expand({5, 2}), r(kDouble);

  index(r, x, 0, vectorOf(kLong, {5, 1}));
  CHECK(values(r) == Values{3, 4, 3, 4});
  gather(r, x, 1, tensorOf(kLong, {1, 1}, {2}).expand({5, 2}));
  CHECK(values(r) == Values(10, 4));
}

TEST_CASE("index_into_its_own_source") {
  const Tensor x = vectorOf(kDouble, {1, 2, 3});

  index(x, x, 0, vectorOf(kLong, {3, 1}));

  CHECK(values(x) == Values{3, 1});
}

TEST_CASE("positions_that_live_in_the_written_tensor_are_read_first") {
  const Tensor x = vectorOf(kLong, {3, 2, 1});

  indexFill(x, 0, x, 9);

  CHECK(values(x) == Values{9, 9, 9});
}

TEST_CASE("indexCopy_pairs_slices_of_other_shapes") {
  const Tensor x(kDouble, {3, 2, 2}), source = tensorOf(kDouble, {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  x.zero();

  indexCopy(x, 0, vectorOf(kLong, {3, 1}), source);

  CHECK(values(x) == Values{5, 6, 7, 8, 0, 0, 0, 0, 1, 2, 3, 4});
}

TEST_CASE("indexCopy_pairs_slices_of_other_shapes_in_a_later_dimension") {
  const Tensor x(kDouble, {2, 2, 3}),
      source = tensorOf(kDouble, {4, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK_ERROR(indexCopy(x, 2, vectorOf(kLong, {1, 2, 3}), source), "inconsistent tensor size");

  const Tensor y(kDouble, {4, 3, 1});
  indexCopy(y, 1, vectorOf(kLong, {3, 2, 1}), source);

  CHECK(values(y) == Values{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10});
}

TEST_CASE("bad_positions_are_found_before_anything_is_written") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4}), r = vectorOf(kDouble, {7});
  const Tensor source = tensorOf(kDouble, {2, 2}, {5, 5, 5, 5});
  for (const double bad : {0.0, -1.0, 3.0, 1e15}) {
    const Tensor slices = vectorOf(kLong, {1, bad}), each = tensorOf(kLong, {2, 2}, {1, 1, 1, bad});

    CHECK_ERROR(index(r, x, 0, slices), "index out of range");
    CHECK_ERROR(indexCopy(x, 0, slices, source), "index out of range");
    CHECK_ERROR(indexAdd(x, 1, slices, source), "index out of range");
    CHECK_ERROR(indexFill(x, 0, slices, 5), "index out of range");
    CHECK_ERROR(gather(r, x, 0, each), "Invalid index in gather");
    CHECK_ERROR(scatter(x, 1, each, source), "Invalid index in scatter");
    CHECK_ERROR(scatter(x, 1, each, 5), "Invalid index in scatter");
  }
  CHECK(values(x) == Values{1, 2, 3, 4});
  CHECK(values(r) == Values{7});
}

TEST_CASE("wrong_shapes_and_types_are_named") {
  const Tensor x(kDouble, {2, 3}), r(kDouble), one = vectorOf(kLong, {1});
  const Tensor source(kDouble, {1, 3});

  CHECK_ERROR(index(r, x, 2, one), "Indexing dim 3 is out of bounds of tensor torch.DoubleTensor [2 x 3]");
  CHECK_ERROR(index(r, x, 0, tensorOf(kLong, {1, 1}, {1})), "Index is supposed to be a vector");
  CHECK_ERROR(index(r, x, 0, Tensor(kLong)), "Index is supposed to be a vector");
  CHECK_ERROR(index(r, x, 0, vectorOf(kInt, {1})), "expected torch.LongTensor");
  CHECK_ERROR(index(r, Tensor(kDouble), 0, one), "out of bounds of tensor");
  CHECK_ERROR(indexCopy(x, 0, vectorOf(kLong, {1, 2}), source), "inconsistent tensor size");
  CHECK_ERROR(indexCopy(x, 0, one, source.to(kFloat)), "expected torch.DoubleTensor");
  CHECK_ERROR(gather(r, x, 2, tensorOf(kLong, {2, 3}, {1, 1, 1, 1, 1, 1})), "dimension 3 out of range");
  CHECK_ERROR(gather(r, x, 0, tensorOf(kLong, {1, 2}, {1, 1})), "inconsistent tensor size");
  CHECK_ERROR(gather(r, x, 0, one), "inconsistent tensor size");
  CHECK_ERROR(scatter(x, 0, tensorOf(kLong, {2, 3}, {1, 1, 1, 1, 1, 1}), source), "inconsistent tensor size");
}

}  // namespace
}  // namespace cresset::test
