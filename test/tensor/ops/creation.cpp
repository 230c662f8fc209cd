// Tests of tensor/ops/creation.
#include "tensor/ops/creation.h"

#include "tensor/ops/OpTable.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Calls the overload of `name` with these arguments (in their function form) and returns what it returns.
Returned call(const char* name, const char* arguments, std::initializer_list<Value> values) {
  for (const Op& op : opTable().ops())
    for (const Overload& overload : op.overloads)
      if (op.name == name && overload.arguments == arguments) {
        Returned returned;
        overload.invoke(std::data(values), returned);
        return returned;
      }
  FAIL("no overload " << name << " " << arguments);
  return {};
}

TEST_EACH_TYPE(zeros_ones_and_eye_fill_a_resized_result, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {7}, 1, 9);

  zeros(x, {2, 3});
  CHECK(values(x) == Values(6, 0));
  ones(x, {2, 2});
  CHECK(values(x) == Values(4, 1));
  eye(x, 2, 3);
  CHECK(sizesOf(x) == Dims{2, 3});
  CHECK(values(x) == Values{1, 0, 0, 0, 1, 0});
  eye(x, 2);
  CHECK(values(x) == Values{1, 0, 0, 1});
}

TEST_CASE("eye_needs_a_positive_size") { CHECK_ERROR(eye(Tensor(kDouble), 0), "invalid argument"); }

TEST_EACH_TYPE(range_includes_its_end, RealTypes) {
  const Tensor x(typeOf<TestType>);

  range(x, 1, 7, 3);
  CHECK(values(x) == Values{1, 4, 7});
  range(x, 5, 1, -2);
  CHECK(values(x) == Values{5, 3, 1});
  range(x, 3, 3);
  CHECK(values(x) == Values{3});
}

TEST_CASE("range_with_a_fractional_step") {
  const Tensor x(kDouble);

  range(x, 0, 1, 0.3);

  CHECK(values(x) == Values{0, 0.3, 0.6, 3 * 0.3});
}

TEST_CASE("range_of_integers_truncates_its_arguments") {
  const Tensor x(kInt);

  range(x, 1.9, 5.9, 2.5);

  CHECK(values(x) == Values{1, 3, 5});
}

TEST_CASE("range_counts_exactly_beyond_2_to_the_53") {
  const Tensor x(kLong);

  range(x, 9007199254740992, 9007199254740996, 1);

  CHECK(x.data<int64_t>()[1] == 9007199254740993);
}

TEST_CASE("range_and_linspace_keep_the_shape_of_a_result_of_that_count") {
  const Tensor x = Tensor(kDouble, {3, 2}).t();

  range(x, 1, 6);
  CHECK(sizesOf(x) == Dims{2, 3});
  CHECK(values(x) == Values{1, 2, 3, 4, 5, 6});
  linspace(x, 0, 5, 6);
  CHECK(sizesOf(x) == Dims{2, 3});
  CHECK(values(x) == Values{0, 1, 2, 3, 4, 5});
}

TEST_CASE("range_refuses_what_has_no_end") {
  const Tensor x(kDouble);

  CHECK_ERROR(range(x, 1, 2, 0), "step must be a non-null number");
  CHECK_ERROR(range(Tensor(kInt), 1, 2, 0.5), "step must be a non-null number");
  CHECK_ERROR(range(x, 1, 2, -1), "upper bound and larger bound incoherent with step sign");
  CHECK_ERROR(range(x, 2, 1), "upper bound and larger bound incoherent with step sign");
  CHECK_ERROR(range(x, 0, NAN), "incoherent");
  CHECK_ERROR(range(x, 0, INFINITY), "too many elements");
}

TEST_EACH_TYPE(linspace_has_both_ends, FloatingTypes) {
  const Tensor x(typeOf<TestType>);

  linspace(x, 1, 2, 5);
  CHECK(values(x) == Values{1, 1.25, 1.5, 1.75, 2});
  linspace(x, 3, 3, 1);
  CHECK(values(x) == Values{3});
  linspace(x, -1, 1);
  CHECK(x.nElement() == 100);
  CHECK(x.at({99}) == 1);
}

TEST_EACH_TYPE(logspace_is_ten_to_the_power_of_linspace, FloatingTypes) {
  const Tensor x(typeOf<TestType>);

  logspace(x, -1, 2, 4);

  const Values expected{0.1, 1, 10, 100};
  for (int64_t i = 0; i < 4; ++i) CHECK(x.at({i}) == Approx(expected[static_cast<size_t>(i)]).epsilon(1e-6));
}

TEST_CASE("linspace_and_logspace_of_integers_truncate_each_point") {
  for (const Type type : {kByte, kChar, kShort, kInt, kLong}) {
    const Tensor x(type);

    linspace(x, 1, 10, 4);
    CHECK(values(x) == Values{1, 4, 7, 10});
    linspace(x, 0, 2, 7);
    CHECK(values(x) == Values{0, 0, 0, 1, 1, 1, 2});
    logspace(x, 0, 2, 3);
    CHECK(values(x) == Values{1, 10, 100});
    logspace(x, 0, 1, 3);
    CHECK(values(x) == Values{1, 3, 10});
  }
  const Tensor x(kLong);
  logspace(x, 0, 15, 16);
  double power = 1;
  for (const double value : values(x)) {
    CHECK(value == power);
    power *= 10;
  }
}

TEST_CASE("linspace_of_one_point_needs_equal_ends") {
  CHECK_ERROR(linspace(Tensor(kDouble), 1, 2, 1), "invalid number of points");
  CHECK_ERROR(linspace(Tensor(kDouble), 1, 1, 0), "invalid number of points");
  CHECK_ERROR(logspace(Tensor(kDouble), 1, 2, 1), "invalid number of points");
}

TEST_EACH_TYPE(reshape_copies_in_logical_order_from_every_layout, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {4, 6}, 0, 100);
  for (const Layout layout : kLayouts) {
    const Tensor r(typeOf<TestType>), source = inLayout(x, layout);

    reshape(r, source, {2, 3, 4});

    CHECK(sizesOf(r) == Dims{2, 3, 4});
    CHECK(values(r) == values(x));
    CHECK_FALSE(r.data() == source.data());
  }
}

TEST_CASE("reshape_into_its_own_source") {
  const Tensor x = tensorOf(kDouble, {2, 3}, {1, 2, 3, 4, 5, 6}).t();

  reshape(x, x, {6});

  CHECK(values(x) == Values{1, 4, 2, 5, 3, 6});
}

TEST_CASE("reshape_needs_equal_counts") {
  CHECK_ERROR(reshape(Tensor(kDouble), Tensor(kDouble, {2, 3}), {4}), "inconsistent tensor size");
  CHECK_ERROR(reshape(Tensor(kDouble), Tensor(kDouble, {2, 3}), {-1}), "inconsistent tensor size");
  CHECK_ERROR(reshape(Tensor(kDouble), Tensor(kDouble), {1}), "inconsistent tensor size");
  const Tensor result(kDouble, {2});
  CHECK_ERROR(reshape(result, Tensor(kDouble, {2, 3}), {-2, -3}), "reshape: inconsistent tensor size");
  CHECK(sizesOf(result) == Dims{2});
}

TEST_CASE("squeeze_makes_a_view_or_a_number") {
  const Tensor x = tensorOf(kDouble, {1, 2, 1}, {3, 4}), one = tensorOf(kDouble, {1, 1}, {7}), r(kDouble);

  CHECK(call("squeeze", "[>T] T", {{.tensor = r.impl()}, {.tensor = x.impl()}}).kind == Returned::Nothing);
  CHECK(sizesOf(r) == Dims{2});
  CHECK(r.data() == x.data());
  const Returned number = call("squeeze", "[>T] T", {{.tensor = r.impl()}, {.tensor = one.impl()}});
  CHECK(number.kind == Returned::Number);
  CHECK(number.number == 7);
}

TEST_CASE("squeeze_of_one_dimension_makes_a_number_of_a_vector_only") {
  const Tensor vector = tensorOf(kDouble, {1}, {7}), matrix = tensorOf(kDouble, {1, 1}, {8}), r(kDouble);

  CHECK(call("squeeze", "[>T] T dim", {{.tensor = r.impl()}, {.tensor = vector.impl()}, {.integer = 0}})
            .number == 7);
  const Returned view =
      call("squeeze", "[>T] T dim", {{.tensor = r.impl()}, {.tensor = matrix.impl()}, {.integer = 0}});
  CHECK(view.kind == Returned::Nothing);
  CHECK(sizesOf(r) == Dims{1});
  CHECK_ERROR(matrix.squeeze(2), "dimension out of range");
}

}  // namespace
}  // namespace cresset::test
