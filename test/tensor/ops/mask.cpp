// Tests of tensor/ops/mask: against loops over single elements, in every layout.
#include "tensor/ops/mask.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Sizes of some elements, of several chunks, and of several chunks with most of the mask 0.
struct Case {
  Dims sizes;
  int rarity;  // one of so many is 1
};
const std::vector<Case> kCases = {{{1}, 1},       {{7}, 2},        {{4, 6}, 2},
                                  {{3, 4, 5}, 3}, {{210, 200}, 2}, {{200, 3, 100}, 500}};

template <class T, class Body> void forEachCase(Body body) {
  for (const Case& c : kCases)
    for (const Layout layout : kLayouts) {
      INFO("sizes " << Catch::StringMaker<Dims>::convert(c.sizes) << ", layout " << static_cast<int>(layout));
      const Sizes sizes(c.sizes.data(), static_cast<int64_t>(c.sizes.size()));
      Tensor mask = integers(kByte, sizes, 0, c.rarity - 1, 5);
      for (int64_t i = 0; i < mask.nElement(); ++i) mask.data<uint8_t>()[i] = mask.data<uint8_t>()[i] == 0;
      body(integers(typeOf<T>, sizes, 0, 120), mask, layout);
    }
}

Values selected(const Tensor& x, const Tensor& mask) {
  Values result;
  const Values v = values(x), m = values(mask);
  for (size_t i = 0; i < v.size(); ++i)
    if (m[i] != 0) result.push_back(v[i]);
  return result;
}

TEST_EACH_TYPE(maskedSelect_takes_elements_in_order, EveryType) {
  forEachCase<TestType>([](const Tensor& x, const Tensor& mask, Layout layout) {
    const Tensor r = integers(x.type(), {3}, 1, 1);

    maskedSelect(r, inLayout(x, layout), inLayout(mask, layout));

    CHECK(values(r) == selected(x, mask));
    CHECK(r.dim() == (r.nElement() > 0));
  });
}

TEST_EACH_TYPE(maskedFill_fills_in_place, EveryType) {
  forEachCase<TestType>([](const Tensor& x, const Tensor& mask, Layout layout) {
    const Tensor target = inLayout(x, layout);

    maskedFill(target, inLayout(mask, layout), 77);

    Values expected = values(x);
    const Values m = values(mask);
    for (size_t i = 0; i < expected.size(); ++i)
      if (m[i] != 0) expected[i] = 77;
    CHECK(values(target) == expected);
  });
}

TEST_EACH_TYPE(maskedCopy_spends_the_source_in_order, EveryType) {
  forEachCase<TestType>([](const Tensor& x, const Tensor& mask, Layout layout) {
    const Tensor target = inLayout(x, layout), source = integers(x.type(), {x.nElement() + 2}, 0, 120, 8);

    maskedCopy(target, inLayout(mask, layout), inLayout(source, layout));

    Values expected = values(x);
    const Values m = values(mask), from = values(source);
    size_t next = 0;
    for (size_t i = 0; i < expected.size(); ++i)
      if (m[i] != 0) expected[i] = from[next++];
    CHECK(values(target) == expected);
  });
}

TEST_EACH_TYPE(nonzero_lists_positions_from_1, EveryType) {
  forEachCase<TestType>([](const Tensor&, const Tensor& mask, Layout layout) {
    const Tensor x = inLayout(mask.to(typeOf<TestType>), layout), r(kLong);

    nonzero(r, x);

    Values expected;
    const Values m = values(mask);
    for (size_t i = 0; i < m.size(); ++i) {
      if (m[i] == 0) continue;
      std::vector<double> position;
      auto rest = static_cast<int64_t>(i);
      for (int64_t d = x.dim() - 1; d >= 0; --d) {
        position.insert(position.begin(), static_cast<double>(rest % x.size(d) + 1));
        rest /= x.size(d);
      }
      expected.insert(expected.end(), position.begin(), position.end());
    }
    CHECK(values(r) == expected);
    if (!r.empty()) CHECK(r.size(1) == x.dim());
  });
}

TEST_CASE("a_negative_zero_is_zero_and_a_nan_is_not") {
  for (const Type type : {kHalf, kBFloat16, kFloat, kDouble}) {
    const Tensor r(kLong);

    nonzero(r, vectorOf(type, {-0.0, 1, NAN}));

    CHECK(values(r) == Values{2, 3});
  }
}

TEST_CASE("masks_of_other_shapes_pair_up_or_broadcast") {
  const Tensor x = tensorOf(kDouble, {2, 3}, {1, 2, 3, 4, 5, 6}), r(kDouble);

  maskedSelect(r, x, vectorOf(kByte, {1, 0, 0, 0, 0, 1}));
  CHECK(values(r) == Values{1, 6});
  maskedSelect(r, x, vectorOf(kByte, {1, 0, 1}));
  CHECK(values(r) == Values{1, 3, 4, 6});
}

TEST_EACH_TYPE(where_takes_from_x_or_y, EveryType) {
  const Tensor condition = integers(kByte, {37, 5}, 0, 2), x = integers(typeOf<TestType>, {37, 5}, 1, 100),
               y = integers(x.type(), {37, 5}, 1, 100, 2);
  Values expected;
  for (int64_t i = 0; i < 37; ++i)
    for (int64_t j = 0; j < 5; ++j) expected.push_back((condition.at({i, j}) != 0 ? x : y).at({i, j}));
  for (const Layout layout : kLayouts)
    for (const Layout resultLayout : kLayouts) {
      const Tensor result = inLayout(Tensor(x.type(), {37, 5}).zero(), resultLayout);
      const Tensor inPlace = inLayout(y, layout);

      where(result, inLayout(condition, layout), inLayout(x, layout), inLayout(y, layout));
      where(inPlace, condition, x, inPlace);

      CHECK(values(result) == expected);
      CHECK(values(inPlace) == expected);
    }
}

TEST_CASE("where_broadcasts_by_numpys_rule") {
  const Tensor condition = tensorOf(kByte, {2, 1}, {1, 0}), x = vectorOf(kDouble, {1, 2, 3}), r(kDouble);

  where(r, condition, x, vectorOf(kDouble, {9}));
  CHECK(sizesOf(r) == Dims{2, 3});
  CHECK(values(r) == Values{1, 2, 3, 9, 9, 9});
  where(r, vectorOf(kByte, {1, 0, 1}), vectorOf(kDouble, {9}), x.view({3, 1}));
  CHECK(values(r) == Values{9, 1, 9, 9, 2, 9, 9, 3, 9});
  where(x, condition, x, vectorOf(kDouble, {9}));
  CHECK(values(x) == Values{1, 2, 3, 9, 9, 9});
}

TEST_CASE("where_names_what_does_not_fit") {
  const Tensor r = vectorOf(kDouble, {7}), x = vectorOf(kDouble, {1, 2, 3}), mask(kByte, {3});

  CHECK_ERROR(where(r, Tensor(kByte, {2}), x, x), "where: inconsistent tensor size: torch.ByteTensor [2]");
  CHECK_ERROR(where(r, mask, x, Tensor(kDouble, {2})), "do not broadcast");
  CHECK_ERROR(where(r, mask, x.view({1, 3}), Tensor(kDouble)), "do not broadcast");
  CHECK_ERROR(where(r, x, x, x), "expected torch.ByteTensor");
  CHECK_ERROR(where(r, mask, x, Tensor(kFloat, {3})), "expected torch.DoubleTensor");
  CHECK(values(r) == Values{7});
  where(r, Tensor(kByte), Tensor(kDouble), vectorOf(kDouble, {1}));
  CHECK(r.empty());
}

TEST_CASE("empty_tensors_give_empty_results") {
  const Tensor r = vectorOf(kDouble, {1}), positions = vectorOf(kLong, {1}), x(kDouble), mask(kByte);

  maskedSelect(r, x, mask);
  CHECK(r.empty());
  nonzero(positions, x);
  CHECK(positions.empty());
  maskedFill(x, mask, 1);
  maskedCopy(x, mask, x);
  CHECK(x.empty());
}

TEST_CASE("no_ones_give_an_empty_result") {
  const Tensor r = vectorOf(kDouble, {1}), positions = vectorOf(kLong, {1}), x = vectorOf(kDouble, {0, 0});

  maskedSelect(r, x, vectorOf(kByte, {0, 0}));
  nonzero(positions, x);

  CHECK(r.empty());
  CHECK(positions.empty());
}

TEST_CASE("a_mask_may_be_the_tensor_itself") {
  const Tensor x = vectorOf(kByte, {1, 0, 1}), y = vectorOf(kByte, {0, 1, 1});

  maskedFill(x, x, 0);
  CHECK(values(x) == Values{0, 0, 0});
  maskedSelect(y, y, y);
  CHECK(values(y) == Values{1, 1});
}

TEST_CASE("bad_masks_are_refused_before_anything_is_written") {
  const Tensor x = vectorOf(kDouble, {1, 2, 3}), r = vectorOf(kDouble, {7}),
               source = vectorOf(kDouble, {9, 9, 9});
  const Tensor wild = vectorOf(kByte, {1, 2, 1}), longer(kByte, {4}), ones = vectorOf(kByte, {1, 1, 1});

  CHECK_ERROR(maskedFill(x, wild, 5), "Mask tensor can take 0 and 1 values only");
  CHECK_ERROR(maskedCopy(x, wild, source), "Mask tensor can take 0 and 1 values only");
  CHECK_ERROR(maskedSelect(r, x, wild), "Mask tensor can take 0 and 1 values only");
  CHECK_ERROR(maskedFill(x, longer, 5), "inconsistent tensor size");
  CHECK_ERROR(maskedFill(x, Tensor(kByte), 5), "inconsistent tensor size");
  CHECK_ERROR(maskedSelect(r, Tensor(kDouble), longer), "inconsistent tensor size");
  CHECK_ERROR(maskedFill(x, source, 5), "expected torch.ByteTensor");
  CHECK_ERROR(maskedCopy(x, ones, source.narrow(0, 0, 2)),
              "Number of elements of src < number of ones in mask");
  CHECK_ERROR(maskedCopy(x, ones, source.to(kFloat)), "expected torch.DoubleTensor");
  CHECK_ERROR(nonzero(r, x), "expected torch.LongTensor");
  CHECK(values(x) == Values{1, 2, 3});
  CHECK(values(r) == Values{7});
}

}  // namespace
}  // namespace cresset::test
