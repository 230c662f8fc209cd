// Tests of tensor/Tensor: views, resize and set, copies between layouts and types.
#include "tensor/Tensor.h"

#include <bit>
#include <cstring>
#include <limits>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

Tensor counted(Sizes sizes) {
  Tensor x(kDouble, sizes);
  for (int64_t i = 0; i < x.nElement(); ++i) x.data<double>()[i] = static_cast<double>(i);
  return x;
}

Dims stridesOf(const Tensor& x) { return {x.strides().begin(), x.strides().end()}; }

// Construction

TEST_CASE("a_new_tensor_is_empty_and_has_no_storage") {
  const Tensor x(kFloat);

  CHECK(x.empty());
  CHECK(x.nElement() == 0);
  CHECK_FALSE(x.hasStorage());
  CHECK(x.data() == nullptr);
  CHECK(x.isContiguous());
  CHECK_FALSE(x.isSetTo(x));
}

TEST_CASE("sizes_after_one_that_is_not_positive_are_dropped") {
  CHECK(sizesOf(Tensor(kFloat, {2, 0, 3})) == Dims{2});
  CHECK(Tensor(kFloat, {0, 2}).empty());
  CHECK(Tensor(kFloat, {-1}).empty());
}

TEST_CASE("impossible_sizes_are_errors") {
  const int64_t huge = int64_t{1} << 40;

  CHECK_THROWS_AS(Tensor(kDouble, {huge, huge}), Error);
  CHECK_THROWS_AS(Tensor(kDouble, {huge, huge, huge, huge}), Error);
  CHECK_THROWS_AS(Tensor(kDouble, {int64_t{1} << 62}), Error);
  CHECK_THROWS_AS(Tensor(Storage(kDouble, 1), INT64_MAX, {2}), Error);
}

TEST_CASE("a_tensor_over_a_storage_makes_it_grow") {
  const Storage storage(kInt, 2);
  std::memset(storage.data(), 0, 8);
  storage.data<int32_t>()[1] = 7;

  const Tensor x(storage, 1, {3, 2}, {2, 1});

  CHECK(storage.size() == 7);
  CHECK(x.at({0, 0}) == 7);
  CHECK(x.storage().is(storage));
}

TEST_CASE("negative_strides_mean_contiguous_here") {
  const Tensor x(Storage(kInt, 0), 0, {2, 3, 4}, {-1, 10, -1});

  CHECK(stridesOf(x) == Dims{30, 10, 1});
}

TEST_CASE("many_dimensions_live_on_the_heap") {
  const Tensor x = counted({1, 2, 1, 3, 1, 2, 1, 2});

  const Tensor y = x.transpose(1, 7).alias();

  CHECK(y.dim() == 8);
  CHECK(y.at({0, 1, 0, 2, 0, 1, 0, 0}) == x.at({0, 0, 0, 2, 0, 1, 0, 1}));
  y.resize({2}).resize({1, 2, 1, 3, 1, 2, 1, 2, 1});
  CHECK(y.dim() == 9);
  CHECK_THROWS_AS(Shape(Sizes(std::vector<int64_t>(65, 1).data(), 65)), Error);
}

// Handles

TEST_CASE("handles_share_the_object_and_alias_does_not") {
  const Tensor x = counted({4}), same = x, other = x.alias();

  x.resize({2});

  CHECK(same.is(x));
  CHECK(sizesOf(same) == Dims{2});
  CHECK(sizesOf(other) == Dims{4});
  CHECK(other.data() == x.data());
}

TEST_CASE("assignment_survives_itself_and_moves") {
  Tensor x = counted({2});
  const Tensor& reference = x;

  x = reference;
  CHECK(values(x) == Values{0, 1});
  const Tensor y = std::move(x);
  CHECK(values(y) == Values{0, 1});
}

// Views

TEST_CASE("narrow_keeps_storage") {
  const Tensor x = counted({3, 4});

  const Tensor y = x.narrow(1, 1, 2);

  CHECK(values(y) == Values{1, 2, 5, 6, 9, 10});
  CHECK(y.storage().is(x.storage()));
  CHECK_ERROR(x.narrow(2, 0, 1), "out of range");
  CHECK_ERROR(x.narrow(0, 2, 2), "out of range");
  CHECK_ERROR(x.narrow(0, -1, 1), "out of range");
  CHECK_ERROR(x.narrow(0, 0, 0), "out of range");
  CHECK_ERROR(x.narrow(0, 1, INT64_MAX), "out of range");
  CHECK_ERROR(x.narrow(0, INT64_MAX, 1), "out of range");
}

TEST_CASE("select_drops_a_dimension") {
  const Tensor x = counted({2, 3});

  CHECK(values(x.select(0, 1)) == Values{3, 4, 5});
  CHECK(values(x.select(1, 2)) == Values{2, 5});
  CHECK(sizesOf(x.select(0, 0).select(0, 2)) == Dims{1});
  CHECK_ERROR(x.select(0, 2), "out of range");
  CHECK_ERROR(x.select(0, -1), "out of range");
  CHECK_ERROR(x.select(2, 0), "out of range");
  CHECK_ERROR(Tensor(kDouble).select(0, 0), "empty Tensor");
}

TEST_CASE("transpose_t_and_permute_reorder_dimensions") {
  const Tensor x = counted({2, 3, 4});

  CHECK(sizesOf(x.transpose(0, 2)) == Dims{4, 3, 2});
  CHECK(x.transpose(0, 2).at({3, 1, 0}) == x.at({0, 1, 3}));
  CHECK(values(counted({2, 2}).t()) == Values{0, 2, 1, 3});
  CHECK(sizesOf(x.permute({2, 0, 1})) == Dims{4, 2, 3});
  CHECK(x.permute({2, 0, 1}).at({3, 1, 2}) == x.at({1, 2, 3}));
  CHECK_ERROR(x.t(), "Tensor must have 2 dimensions");
  CHECK_ERROR(x.transpose(0, 3), "out of range");
  CHECK_ERROR(x.permute({0, 1}), "Invalid permutation");
  CHECK_ERROR(x.permute({0, 1, 1}), "Invalid permutation");
  CHECK_ERROR(x.permute({0, 1, 3}), "Invalid permutation");
}

TEST_CASE("unfold_appends_windows") {
  const Tensor x = counted({7});

  CHECK(sizesOf(x.unfold(0, 3, 2)) == Dims{3, 3});
  CHECK(values(x.unfold(0, 3, 2)) == Values{0, 1, 2, 2, 3, 4, 4, 5, 6});
  CHECK(values(x.unfold(0, 7, 100)) == values(x));
  CHECK_ERROR(x.unfold(0, 8, 1), "out of range");
  CHECK_ERROR(x.unfold(0, 2, 0), "invalid step");
  CHECK_ERROR(Tensor(kDouble).unfold(0, 1, 1), "empty");
}

TEST_CASE("squeeze_and_unsqueeze") {
  const Tensor x = counted({1, 3, 1});

  CHECK(sizesOf(x.squeeze()) == Dims{3});
  CHECK(sizesOf(x.squeeze(0)) == Dims{3, 1});
  CHECK(sizesOf(x.squeeze(1)) == Dims{1, 3, 1});
  CHECK(sizesOf(counted({1, 1}).squeeze()) == Dims{1});
  CHECK(Tensor(kDouble).squeeze().empty());
  CHECK(sizesOf(x.unsqueeze(3)) == Dims{1, 3, 1, 1});
  CHECK(values(counted({2, 2}).t().unsqueeze(1)) == Values{0, 2, 1, 3});
  CHECK_ERROR(x.squeeze(3), "dimension out of range");
  CHECK_ERROR(x.unsqueeze(5), "dimension out of range");
}

TEST_CASE("view_needs_contiguous_elements") {
  const Tensor x = counted({2, 6});

  CHECK(sizesOf(x.view({3, -1})) == Dims{3, 4});
  CHECK(x.view({12}).data() == x.data());
  CHECK_ERROR(x.t().view({12}), "expecting a contiguous tensor");
  CHECK_ERROR(x.view({-1, -1}), "Only one of torch.view dimensions can be -1.");
  CHECK_ERROR(x.view({5, -1}), "The number of covered elements is not a multiple of all elements.");
  CHECK_ERROR(x.view({4, 4}), "Wrong size for view. Input size: 2x6. Output size: 4x4");
  CHECK_ERROR(x.view({0, -1}), "not a multiple");
}

TEST_CASE("expand_repeats_without_copying") {
  const Tensor x = counted({3, 1});

  const Tensor y = x.expand({2, 3, 2});

  CHECK(values(y) == Values{0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2});
  CHECK(stridesOf(y) == Dims{0, 1, 0});
  CHECK_FALSE(y.isContiguous());
  CHECK_ERROR(x.expand({2, 2}), "incorrect size: only supporting singleton expansion (size=1)");
  CHECK_ERROR(x.expand({3}), "the number of dimensions provided must equal tensor:dim()");
  CHECK_ERROR(Tensor(kDouble).expand({1}), "empty");
}

TEST_CASE("contiguity_ignores_dimensions_of_one") {
  CHECK(counted({3, 1}).t().isContiguous());
  CHECK(counted({4, 3}).narrow(0, 1, 2).isContiguous());
  CHECK_FALSE(counted({4, 3}).narrow(1, 0, 2).isContiguous());
  CHECK_FALSE(counted({2, 3}).t().isContiguous());
}

// resize and set

TEST_CASE("resize_keeps_elements_in_storage_order") {
  const Tensor x = counted({2, 3});

  x.resize({3, 2});
  CHECK(values(x) == Values{0, 1, 2, 3, 4, 5});
  x.resize({2, 2});
  CHECK(x.storage().size() == 6);
  x.resize({2, 5});
  CHECK(x.storage().size() == 10);
  CHECK(x.at({0, 4}) == 4);
}

TEST_CASE("resize_to_the_same_sizes_changes_nothing") {
  const Tensor x = counted({2, 3}).t();

  x.resize({3, 2});

  CHECK(stridesOf(x) == Dims{1, 3});
}

TEST_CASE("resize_of_a_view_grows_the_shared_storage") {
  const Tensor x = counted({4}), tail = x.narrow(0, 3, 1);

  tail.resize({5}).fill(9);

  CHECK(x.storage().size() == 8);
  CHECK(values(x) == Values{0, 1, 2, 9});
}

TEST_CASE("resize_to_nothing_keeps_the_storage") {
  const Tensor x = counted({4});

  x.resize({});

  CHECK(x.empty());
  CHECK(x.hasStorage());
  CHECK(values(x.resize({4})) == Values{0, 1, 2, 3});
}

TEST_CASE("a_failed_resize_leaves_the_tensor_as_it_was") {
  const Tensor x = counted({2, 2});

  CHECK_THROWS_AS(x.resize({int64_t{1} << 50, int64_t{1} << 50}), Error);
  CHECK_THROWS_AS(x.resize({int64_t{1} << 58}), Error);

  CHECK(sizesOf(x) == Dims{2, 2});
  CHECK(values(x) == Values{0, 1, 2, 3});
}

TEST_CASE("set_shares_and_detaches") {
  const Tensor x = counted({2, 3}), y(kDouble);

  y.set(x.t());
  CHECK(y.isSetTo(x.t()));
  CHECK_FALSE(y.isSetTo(x));
  y.set(x.storage(), 2, {2}, {3});
  CHECK(values(y) == Values{2, 5});
  y.set();
  CHECK(y.empty());
  CHECK_FALSE(y.hasStorage());
  CHECK_ERROR(y.set(counted({1}).to(kFloat)), "expected torch.DoubleTensor");
  CHECK_ERROR(y.set(Storage(kFloat, 1), 0, {1}), "expected torch.DoubleStorage");
  CHECK_ERROR(y.set(x.storage(), -1, {1}), "invalid storage offset");
}

TEST_CASE("a_failed_set_leaves_the_tensor_as_it_was") {
  const Tensor x = counted({2, 2});
  double lent[2] = {7, 8};
  const Storage small(kDouble, 1), fixed = Storage::borrow(kDouble, lent, 2);

  CHECK_THROWS_AS(x.set(small, 0, {int64_t{1} << 40, int64_t{1} << 40}), Error);
  CHECK_THROWS_AS(x.set(small, 0, {int64_t{1} << 53}), Error);
  CHECK_ERROR(x.set(fixed, 1, {2}), "not resizable");

  CHECK(x.storage().size() == 4);
  CHECK(values(x) == Values{0, 1, 2, 3});
}

// Content

TEST_EACH_TYPE(copy_between_every_layout, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {6, 5}, 0, 100);
  for (const Layout from : kLayouts)
    for (const Layout to : kLayouts) {
      const Tensor target = inLayout(Tensor(x.type(), {6, 5}).zero(), to);

      target.copy(inLayout(x, from));

      CHECK(values(target) == values(x));
    }
}

TEST_EACH_TYPE(copy_into_the_middle_of_a_vector_leaves_the_rest, EveryType) {
  const Tensor x = Tensor(typeOf<TestType>, {9}).fill(7);

  x.narrow(0, 3, 4).copy(vectorOf(typeOf<TestType>, {1, 2, 3, 4}));
  CHECK(values(x) == Values{7, 7, 7, 1, 2, 3, 4, 7, 7});
  x.narrow(0, 0, 2).copy(x.narrow(0, 5, 2));
  CHECK(values(x) == Values{3, 4, 7, 1, 2, 3, 4, 7, 7});
}

TEST_EACH_TYPE(copies_larger_than_a_threads_share, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {300, 900}, 0, 100), contiguous(x.type(), {300, 900}),
               transposed = Tensor(x.type(), {900, 300}).t(), converted(kDouble, {300, 900});

  contiguous.copy(x);
  transposed.copy(x);
  converted.copy(x.t().clone().t());

  const size_t bytes = static_cast<size_t>(x.nElement() * elementSize(x.dtype()));
  CHECK(std::memcmp(contiguous.data(), x.data(), bytes) == 0);
  CHECK(std::memcmp(transposed.clone().data(), x.data(), bytes) == 0);
  CHECK(values(converted) == values(x));
}

TEST_EACH_TYPE(copy_of_a_transposed_matrix_fills_its_window_and_nothing_else, EveryType) {
  // Neither size is a multiple of a tile, or of the blocks in it.
  const int64_t rows = 603, columns = 277;
  const Tensor x = integers(typeOf<TestType>, {columns, rows}, 0, 100),
               frame(typeOf<TestType>, {rows + 5, columns + 9});
  frame.fill(101);

  frame.narrow(0, 3, rows).narrow(1, 7, columns).copy(x.t());

  const Values got = values(frame), from = values(x);
  int64_t wrong = 0;
  for (int64_t i = 0; i < frame.size(0); ++i)
    for (int64_t j = 0; j < frame.size(1); ++j) {
      const bool inside = i >= 3 && i < rows + 3 && j >= 7 && j < columns + 7;
      const double expected = inside ? from[static_cast<size_t>((j - 7) * rows + i - 3)] : 101;
      wrong += got[static_cast<size_t>(i * frame.size(1) + j)] != expected;
    }
  CHECK(wrong == 0);
}

TEST_CASE("copy_pairs_up_in_logical_order_or_broadcasts") {
  const Tensor x(kDouble, {2, 3});

  x.copy(counted({3, 2}));
  CHECK(values(x) == Values{0, 1, 2, 3, 4, 5});
  x.copy(vectorOf(kFloat, {7, 8, 9}));
  CHECK(values(x) == Values{7, 8, 9, 7, 8, 9});
  CHECK_ERROR(x.copy(counted({4})), "inconsistent tensor size");
  CHECK_ERROR(x.copy(Tensor(kDouble)), "inconsistent tensor size");
  CHECK_ERROR(Tensor(kDouble).copy(x), "inconsistent tensor size");
}

/// Every type to every type: numbers that all of them hold stay what they are.
TEST_EACH_TYPE(conversion_between_every_pair_of_types, EveryType) {
  const Tensor x = vectorOf(typeOf<TestType>, {0, 1, 2, 100, 127});
  for (int d = 0; d < kDTypes; ++d) {
    const Type type{static_cast<DType>(d)};

    const Tensor y = x.to(type);

    CHECK(y.type() == type);
    CHECK(values(y) == Values{0, 1, 2, 100, 127});
    CHECK(values(x.expand({3, 5}).to(type)) == values(y.expand({3, 5})));
  }
}

TEST_CASE("conversions_truncate_then_wrap") {
  const Tensor x = vectorOf(kDouble, {300, -1, 1.9, -1.9, 70000, -40000, 4294967297.0});

  CHECK(values(x.to(kByte)) == Values{44, 255, 1, 255, 112, 192, 1});
  CHECK(values(x.to(kChar)) == Values{44, -1, 1, -1, 112, -64, 1});
  CHECK(values(x.to(kShort)) == Values{300, -1, 1, -1, 4464, 25536, 1});
  CHECK(values(x.to(kInt)) == Values{300, -1, 1, -1, 70000, -40000, 1});
  CHECK(values(x.to(kLong)) == Values{300, -1, 1, -1, 70000, -40000, 4294967297.0});
  CHECK(values(x.to(kFloat).to(kByte)) == Values{44, 255, 1, 255, 112, 192, 0});
}

TEST_CASE("what_no_integer_holds_converts_without_harm") {
  const Tensor x = vectorOf(kDouble, {NAN, INFINITY, -INFINITY, 1e300, -1e300});
  for (const Type type : {kByte, kChar, kShort, kInt, kLong}) {
    CHECK(values(x.to(type)).size() == 5);
    CHECK(values(x.to(kFloat).to(type)).size() == 5);
    CHECK(values(x.to(kHalf).to(type)).size() == 5);
  }
}

TEST_CASE("fill_converts_as_lua_numbers_do") {
  CHECK(values(Tensor(kByte, {1}).fill(300)) == Values{44});
  CHECK(values(Tensor(kChar, {1}).fill(200)) == Values{-56});
  CHECK(values(Tensor(kInt, {1}).fill(-1.9)) == Values{-1});
  CHECK(values(Tensor(kByte, {1}).fill(NAN)) == Values{0});
  CHECK(std::isnan(Tensor(kHalf, {1}).fill(NAN).item()));
  CHECK(Tensor(kFloat).fill(1).empty());
}

TEST_CASE("to_clone_and_contiguous_copy_only_when_they_must") {
  const Tensor x = counted({2, 3});

  CHECK(x.to(kDouble).is(x));
  CHECK(x.contiguous().is(x));
  CHECK_FALSE(x.t().contiguous().is(x));
  CHECK(x.t().contiguous().isContiguous());
  CHECK_FALSE(x.clone().data() == x.data());
  CHECK(Tensor(kFloat).to(kInt).empty());
}

TEST_CASE("single_elements_are_checked") {
  const Tensor x = counted({2, 3});

  CHECK(x.at({1, 2}) == 5);
  x.setAt({1, 2}, 7);
  CHECK(x.at({1, 2}) == 7);
  CHECK(counted({1, 1}).item() == 0);
  CHECK_ERROR(x.at({1}), "expected 2 indices");
  CHECK_ERROR(x.at({2, 0}), "index out of bound");
  CHECK_ERROR(x.setAt({0, -1}, 1), "index out of bound");
  CHECK_ERROR(x.item(), "expected one element");
}

TEST_CASE("arithmetic_members_read_like_formulas") {
  const Tensor x = counted({2, 2}), y = counted({2, 2}).t();

  CHECK(values(x.clone().add(1)) == Values{1, 2, 3, 4});
  CHECK(values(x.clone().add(2, y)) == Values{0, 5, 4, 9});
  CHECK(values(x.clone().cmul(y).div(2).mul(4)) == Values{0, 4, 4, 18});
  CHECK(values(x.clone().addmm(y, x)) == Values{4, 7, 8, 13});
}

// The half types

TEST_CASE("every_half_survives_a_round_trip_through_float") {
  int wrong = 0;
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const Half half{static_cast<uint16_t>(bits)};
    const float value = toFloat(half);
    wrong += std::isnan(value) ? !std::isnan(toFloat(toHalf(value))) : toHalf(value).bits != half.bits;
  }
  CHECK(wrong == 0);
  CHECK(toFloat(Half{0x3c00}) == 1);
  CHECK(toFloat(Half{0xc000}) == -2);
  CHECK(toFloat(Half{0x7bff}) == 65504);
  CHECK(toFloat(Half{0x0001}) == std::ldexp(1.0f, -24));
  CHECK(std::isinf(toFloat(Half{0x7c00})));
}

/// Around the middle of each pair of neighbours: ties go to the even one.
template <class Narrow> int wrongRoundings(Narrow narrow, uint16_t largest) {
  int wrong = 0;
  for (uint32_t bits = 0; bits < largest; ++bits) {
    using T = decltype(narrow(0.0f));
    const float low = toFloat(T{static_cast<uint16_t>(bits)}),
                high = toFloat(T{static_cast<uint16_t>(bits + 1)});
    const auto middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
    wrong += narrow(middle).bits != (bits % 2 ? bits + 1 : bits);
    wrong += narrow(std::nextafter(middle, 0.0f)).bits != bits;
    wrong += narrow(std::nextafter(middle, INFINITY)).bits != bits + 1;
    wrong += narrow(-middle).bits != ((bits % 2 ? bits + 1 : bits) | 0x8000);
  }
  return wrong;
}

TEST_CASE("floats_round_to_the_nearest_half_ties_to_even") {
  CHECK(wrongRoundings([](float x) { return toHalf(x); }, 0x7bff) == 0);
  CHECK(toHalf(65519.996f).bits == 0x7bff);
  CHECK(toHalf(65520.0f).bits == 0x7c00);
  CHECK(toHalf(-1e30f).bits == 0xfc00);
  CHECK(toHalf(1e-30f).bits == 0);
}

TEST_CASE("floats_round_to_the_nearest_bfloat16_ties_to_even") {
  CHECK(wrongRoundings([](float x) { return toBFloat16(x); }, 0x7f7f) == 0);
  CHECK(toBFloat16(std::numeric_limits<float>::max()).bits == 0x7f80);
  CHECK(std::isnan(toFloat(toBFloat16(NAN))));
  CHECK(std::isnan(toFloat(toBFloat16(std::bit_cast<float>(0x7f800001u)))));
}

TEST_CASE("tensors_of_halves_round_like_single_ones") {
  const Tensor x = integers(kFloat, {1000}, -100000, 100000).div(7);

  const Tensor half = x.to(kHalf), brain = x.to(kBFloat16);

  int wrong = 0;
  for (int64_t i = 0; i < 1000; ++i) {
    wrong += half.data<Half>()[i].bits != toHalf(x.data<float>()[i]).bits;
    wrong += brain.data<BFloat16>()[i].bits != toBFloat16(x.data<float>()[i]).bits;
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace cresset::test
