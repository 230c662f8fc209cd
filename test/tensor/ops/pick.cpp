// Tests of tensor/ops/pick: against loops over single elements, in every layout.
#include "tensor/ops/pick.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

Tensor positionsOf(Sizes sizes, const Values& values) { return tensorOf(kLong, sizes, values); }

TEST_EACH_TYPE(pick_of_neighbours_puts_their_shape_in_their_place, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {2, 5, 4, 3}, 0, 100);
  const Tensor a = positionsOf({3, 1}, {5, 1, 5}), b = positionsOf({2}, {4, 2});
  for (const Layout layout : kLayouts) {
    const Tensor y = pick(inLayout(x, layout), {{1, a}, {2, b}});

    REQUIRE(sizesOf(y) == Dims{2, 3, 2, 3});
    CHECK(y.isContiguous());
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t j = 0; j < 3; ++j)
        for (int64_t k = 0; k < 2; ++k)
          for (int64_t l = 0; l < 3; ++l)
            CHECK(y.at({i, j, k, l}) ==
                  x.at({i, static_cast<int64_t>(a.at({j, 0})) - 1, static_cast<int64_t>(b.at({k})) - 1, l}));
  }
}

TEST_CASE("pick_apart_puts_their_shape_in_front") {
  const Tensor x = integers(kFloat, {3, 4, 5}, 0, 100);
  const Tensor a = positionsOf({2}, {3, 1}), b = positionsOf({2}, {5, 2});

  const Tensor y = pick(x.transpose(0, 1).transpose(0, 1), {{0, a}, {2, b}});

  REQUIRE(sizesOf(y) == Dims{2, 4});
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 4; ++j)
      CHECK(y.at({i, j}) ==
            x.at({static_cast<int64_t>(a.at({i})) - 1, j, static_cast<int64_t>(b.at({i})) - 1}));
}

TEST_EACH_TYPE(written_elements_are_those_that_pick_reads, EveryType) {
  const Tensor original = integers(typeOf<TestType>, {5, 4, 3}, 0, 50);
  const std::vector<Pick> picks = {{0, positionsOf({2, 2}, {1, 3, 5, 2})}, {1, positionsOf({2}, {4, 1})}};
  const Tensor source = integers(kDouble, {2, 2, 3}, 51, 100);
  for (const Layout layout : kLayouts) {
    const Tensor x = inLayout(original, layout);

    pickCopy(x, picks, source);

    CHECK(values(pick(x, picks)) == values(source));
    int64_t changed = 0;
    for (size_t i = 0; i < 60; ++i) changed += values(x)[i] != values(original)[i];
    CHECK(changed == 12);

    pickFill(x, picks, 7);
    CHECK(values(pick(x, picks)) == Values(12, 7));
  }
}

TEST_CASE("of_several_values_for_one_place_the_last_one_stays") {
  const Tensor x = Tensor(kInt, {1000}).zero();
  Tensor source(kInt, {100000}), positions(kLong, {100000});
  for (int i = 0; i < 100000; ++i) {
    source.data<int32_t>()[i] = i;
    positions.data<int64_t>()[i] = i % 1000 + 1;
  }

  pickCopy(x, {{0, positions}}, source);

  for (int64_t i = 0; i < 1000; ++i) REQUIRE(x.at({i}) == static_cast<double>(99000 + i));
}

TEST_CASE("a_source_in_the_same_memory_is_read_before_it_is_written") {
  const Tensor x = vectorOf(kFloat, {1, 2, 3, 4});
  pickCopy(x, {{0, positionsOf({3}, {2, 3, 4})}}, x.narrow(0, 0, 3));
  CHECK(values(x) == Values{1, 1, 2, 3});
  const Tensor p = vectorOf(kLong, {2, 3, 1});  // the positions are the tensor itself
  pickFill(p, {{0, p}}, 9);
  CHECK(values(p) == Values{9, 9, 9});
}

TEST_CASE("positions_that_do_not_fit_are_errors_and_nothing_is_written") {
  const Tensor x = integers(kFloat, {3, 4}, 0, 9), before = x.clone();
  const Tensor good = positionsOf({2}, {1, 2});
  CHECK_ERROR(pick(x, {{0, positionsOf({1}, {4})}}),
              "index out of range: 4 in dimension 1 of torch.FloatTensor [3 x 4]");
  CHECK_ERROR(pickFill(x, {{0, good}, {1, positionsOf({2}, {1, 0})}}, 1),
              "index out of range: 0 in dimension 2");
  CHECK_ERROR(pick(x, {{0, good.to(kInt)}}), "expected torch.LongTensor, got torch.IntTensor [2]");
  CHECK_ERROR(pick(x, {{0, Tensor(kLong)}}), "empty tensor");
  CHECK_ERROR(pick(x, {{0, good}, {1, positionsOf({3}, {1, 2, 3})}}), "[3] does not broadcast");
  CHECK_ERROR(pickCopy(x, {{0, good}}, Tensor(kFloat, {3})), "inconsistent tensor size");
  CHECK_ERROR(pick(x, {{2, good}}), "dimension 3 out of range");
  CHECK(values(x) == values(before));
}

}  // namespace
}  // namespace cresset::test
