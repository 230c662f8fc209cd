// Tests of tensor/ops/convolution, against sums written out element by element.
#include "tensor/ops/convolution.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using Operation = void (*)(const Tensor&, const Tensor&, const Tensor&, Extent);
constexpr Extent kExtents[] = {Extent::Valid, Extent::Full};

/// Elements that keep sums of some hundred products exact in float, and wrap in the small integers.
Tensor operand(Type type, const Dims& sizes, uint64_t seed) {
  return integers(type, Sizes(sizes.data(), static_cast<int>(sizes.size())), type == kByte ? 0 : -9, 9, seed);
}

/// x [P x D x H x W], k [Q x P x d x h x w]: the definition. Flipped, output o sums x[i] k[o - i]; as it is,
/// x[i] k[i - o]; o counts from the first position where the kernel touches x.
Tensor expected(const Tensor& x, const Tensor& k, bool flip, Extent extent) {
  Shape sizes{k.size(0)};
  Dims first;
  for (int d = 1; d < 4; ++d) {
    const int64_t n = x.size(d), m = k.size(d + 1);
    first.push_back(extent == Extent::Full ? 0 : m - 1);
    sizes.push(extent == Extent::Full ? n + m - 1 : n - m + 1);
  }
  const Tensor result(kDouble, sizes);
  for (int64_t q = 0; q < sizes[0]; ++q)
    for (int64_t z = 0; z < sizes[1]; ++z)
      for (int64_t y = 0; y < sizes[2]; ++y)
        for (int64_t c = 0; c < sizes[3]; ++c) {
          double sum = 0;
          for (int64_t p = 0; p < k.size(1); ++p)
            for (int64_t dz = 0; dz < k.size(2); ++dz)
              for (int64_t dy = 0; dy < k.size(3); ++dy)
                for (int64_t dx = 0; dx < k.size(4); ++dx) {
                  const int64_t iz = z + first[0] - dz, iy = y + first[1] - dy, ix = c + first[2] - dx;
                  if (iz < 0 || iy < 0 || ix < 0 || iz >= x.size(1) || iy >= x.size(2) || ix >= x.size(3))
                    continue;
                  sum += x.at({p, iz, iy, ix}) *
                         (flip ? k.at({q, p, dz, dy, dx})
                               : k.at({q, p, k.size(2) - 1 - dz, k.size(3) - 1 - dy, k.size(4) - 1 - dx}));
                }
          result.setAt({q, z, y, c}, sum);
        }
  return result;
}

/// Checks one operation on operands of these sizes in every layout. `x5` and `k5`: the sizes as volumes.
void check(Operation run, bool flip, Type type, const Dims& xSizes, const Dims& kSizes, const Dims& x4,
           const Dims& k5) {
  const auto sized = [](const Dims& dims) { return Sizes(dims.data(), static_cast<int>(dims.size())); };
  const Tensor x = operand(type, xSizes, 1), k = operand(type, kSizes, 2);
  for (const Extent extent : kExtents) {
    const Values sums =
        values(expected(x.view(sized(x4)), k.view(sized(k5)), flip, extent).to(kLong).to(type));
    for (const Layout layout : kLayouts) {
      const Tensor result(type);

      run(result, inLayout(x, layout), inLayout(k, layout), extent);

      CHECK(result.dim() == std::min<int64_t>(x.dim(), k.dim()));
      CHECK(values(result) == sums);
    }
  }
}

TEST_EACH_TYPE(images_of_one_plane, RealTypes) {
  for (const Dims& kernel : {Dims{3, 4}, Dims{1, 1}, Dims{5, 1}, Dims{1, 7}, Dims{9, 11}}) {
    const Dims volume{1, 1, 1, kernel[0], kernel[1]};
    check(conv2, true, typeOf<TestType>, {9, 11}, kernel, {1, 1, 9, 11}, volume);
    check(xcorr2, false, typeOf<TestType>, {9, 11}, kernel, {1, 1, 9, 11}, volume);
  }
}

TEST_EACH_TYPE(images_of_several_planes_are_summed, RealTypes) {
  for (const int64_t planes : {1, 3})
    for (const int64_t outputs : {1, 2, 17}) {
      const Dims kernel{outputs, planes, 3, 5}, volume{outputs, planes, 1, 3, 5};
      check(conv2, true, typeOf<TestType>, {planes, 7, 18}, kernel, {planes, 1, 7, 18}, volume);
      check(xcorr2, false, typeOf<TestType>, {planes, 7, 18}, kernel, {planes, 1, 7, 18}, volume);
    }
}

TEST_EACH_TYPE(volumes, RealTypes) {
  check(conv3, true, typeOf<TestType>, {5, 6, 7}, {2, 3, 3}, {1, 5, 6, 7}, {1, 1, 2, 3, 3});
  check(xcorr3, false, typeOf<TestType>, {5, 6, 7}, {2, 3, 3}, {1, 5, 6, 7}, {1, 1, 2, 3, 3});
  check(conv3, true, typeOf<TestType>, {2, 3, 6, 7}, {4, 2, 3, 2, 4}, {2, 3, 6, 7}, {4, 2, 3, 2, 4});
  check(xcorr3, false, typeOf<TestType>, {2, 3, 6, 7}, {9, 2, 3, 2, 4}, {2, 3, 6, 7}, {9, 2, 3, 2, 4});
  check(conv3, true, typeOf<TestType>, {4, 4, 5, 6}, {17, 4, 2, 3, 3}, {4, 4, 5, 6}, {17, 4, 2, 3, 3});
}

TEST_EACH_TYPE(each_plane_with_its_own_kernel, RealTypes) {
  const Tensor x = operand(typeOf<TestType>, {3, 6, 7}, 1), k = operand(x.type(), {3, 2, 3}, 2);
  for (const auto& [images, volumes] : {std::pair<Operation, Operation>{conv2, conv3}, {xcorr2, xcorr3}})
    for (const Extent extent : kExtents)
      for (const Layout layout : kLayouts) {
        const Tensor result(x.type()), volume(x.type()), plane(x.type());

        images(result, inLayout(x, layout), inLayout(k, layout), extent);
        volumes(volume, x.unsqueeze(1), k.unsqueeze(1), extent);

        CHECK(result.dim() == 3);
        CHECK(values(volume) == values(result));
        for (int64_t p = 0; p < 3; ++p) {
          images(plane, x.select(0, p), k.select(0, p), extent);
          CHECK(values(result.select(0, p)) == values(plane));
        }
      }
}

TEST_EACH_TYPE(many_planes_agree_with_one_at_a_time, FloatingTypes) {
  const Tensor x = operand(typeOf<TestType>, {8, 33, 41}, 1), k = operand(x.type(), {16, 8, 5, 7}, 2);
  for (const Extent extent : kExtents) {
    const Tensor result(x.type()), one(x.type());

    conv2(result, x, k, extent);

    for (int64_t q = 0; q < 16; ++q) {
      conv2(one, x, k.narrow(0, q, 1), extent);
      CHECK(values(result.select(0, q)) == values(one));
    }
  }
}

TEST_CASE("a_convolution_by_hand") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4}), k = tensorOf(kDouble, {1, 2}, {1, 10}),
               r(kDouble);

  conv2(r, x, k, Extent::Full);
  CHECK(values(r) == Values{1, 12, 20, 3, 34, 40});
  xcorr2(r, x, k, Extent::Full);
  CHECK(values(r) == Values{10, 21, 2, 30, 43, 4});
  conv2(r, x, k);
  CHECK(values(r) == Values{12, 34});
  xcorr2(r, x, k);
  CHECK(values(r) == Values{21, 43});
}

TEST_CASE("integers_wrap_in_their_type") {
  const Tensor x = tensorOf(kByte, {1, 2}, {200, 100}), k = tensorOf(kByte, {1, 2}, {2, 3}), r(kByte);

  xcorr2(r, x, k);
  CHECK(values(r) == Values{700 - 512});
  const Tensor large = tensorOf(kLong, {1, 1}, {1}), result(kLong);
  large.data<int64_t>()[0] = INT64_C(1) << 40 | 1;
  conv2(result, large, large);
  CHECK(result.data<int64_t>()[0] == (INT64_C(1) << 41 | 1));
}

TEST_CASE("the_result_may_be_an_operand_or_a_view_of_it") {
  const Tensor x = operand(kDouble, {6, 6}, 1), k = operand(kDouble, {3, 3}, 2), expectedSums(kDouble);
  conv2(expectedSums, x, k);

  const Tensor inPlace = x.clone();
  conv2(inPlace, inPlace, k);
  CHECK(values(inPlace) == values(expectedSums));
  const Tensor kernel = k.clone();
  conv2(kernel, x, kernel);
  CHECK(values(kernel) == values(expectedSums));
  const Tensor shared = x.clone(), view = shared.t();
  conv2(view, shared, k);
  CHECK(values(view) == values(expectedSums));
}

TEST_CASE("a_strided_result_keeps_its_memory") {
  const Tensor x = operand(kDouble, {6, 5}, 1), k = operand(kDouble, {3, 3}, 2), sums(kDouble);
  conv2(sums, x, k);
  const Tensor memory = Tensor(kDouble, {3, 4}).zero(), result = memory.t();

  conv2(result, x, k.narrow(1, 0, 3));

  CHECK(values(result) == values(sums));
}

TEST_CASE("convolutions_name_what_does_not_fit") {
  const Tensor r = vectorOf(kDouble, {7});
  const auto zeros = [](Sizes sizes) { return Tensor(kDouble, sizes).zero(); };

  CHECK_ERROR(conv2(r, zeros({2, 5, 5}), zeros({3, 2, 2})), "invalid number of input/kernel planes");
  CHECK_ERROR(conv2(r, zeros({2, 5, 5}), zeros({3, 4, 2, 2})), "invalid number of input planes");
  CHECK_ERROR(conv3(r, zeros({2, 5, 5, 5}), zeros({3, 2, 2, 2})), "invalid number of input/kernel planes");
  CHECK_ERROR(xcorr3(r, zeros({2, 5, 5, 5}), zeros({3, 4, 2, 2, 2})), "invalid number of input planes");
  CHECK_ERROR(xcorr2(r, zeros({3, 5}), zeros({4, 4})), "Input image is smaller than kernel");
  CHECK_ERROR(conv3(r, zeros({9, 9, 3}), zeros({3, 3, 4})),
              "conv3: argument 3 (k): Input image is smaller than kernel: torch.DoubleTensor [9 x 9 x 3]");
  CHECK_ERROR(conv2(r, zeros({5, 5}), zeros({3, 2, 2})), "no such combination of dimensions");
  CHECK_ERROR(conv2(r, zeros({5}), zeros({3})), "no such combination of dimensions");
  CHECK_ERROR(conv2(r, zeros({5, 5}), Tensor(kFloat, {2, 2})), "expected torch.DoubleTensor");
  CHECK_ERROR(conv2(Tensor(kFloat), zeros({5, 5}), zeros({2, 2})), "expected torch.DoubleTensor");
  CHECK(values(r) == Values{7});
  conv2(r, zeros({3, 5}), zeros({4, 4}), Extent::Full);  // full has no such limit
  CHECK(sizesOf(r) == Dims{6, 8});
}

}  // namespace
}  // namespace cresset::test
