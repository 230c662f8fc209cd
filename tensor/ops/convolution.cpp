#include "tensor/ops/convolution.h"

#include <array>
#include <string>
#include <utility>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/creation.h"
#include "tensor/ops/families.h"
#include "tensor/ops/index.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<CorrelationKernel> correlationSlot{"conv2"};

namespace {

/// x [P x D x H x W] in the middle of zeros, as many on each side as kernels [Q x P x d x h x w] reach beyond
/// it.
Tensor padded(const Tensor& x, Sizes k) {
  Shape sizes = x.sizes();
  for (int d = 1; d < 4; ++d) sizes[d] += 2 * (k[d + 1] - 1);
  Tensor result(x.type(), sizes);
  Tensor middle = result.zero();
  for (int d = 1; d < 4; ++d) middle = middle.narrow(d, k[d + 1] - 1, x.size(d));
  middle.copy(x);
  return result;
}

/// Sizes of x with dimensions of size 1 put between the planes and the last `spatial` dimensions, so that
/// there are three of these, and in front, so that there are `dims` in all.
Shape withDepth(const Tensor& x, int64_t spatial, int64_t dims) {
  Shape sizes;
  const int64_t planes = x.dim() - spatial;
  for (int64_t d = 0; d < dims - 3 - planes; ++d) sizes.push(1);
  for (int64_t d = 0; d < planes; ++d) sizes.push(x.size(d));
  for (int64_t d = spatial; d < 3; ++d) sizes.push(1);
  for (int64_t d = planes; d < x.dim(); ++d) sizes.push(x.size(d));
  return sizes;
}

/// Kernels [Q x P x d x h x w] turned round in all of the last three dimensions: read from their ends.
Tensor flipped(const Tensor& k) {
  const int64_t n = k.size(2) * k.size(3) * k.size(4);
  const Tensor backwards({DType::Long, k.device()}), result(k.type());
  range(backwards, static_cast<double>(n), 1, -1);
  index(result, k.view({k.size(0) * k.size(1), n}), 1, backwards);
  return result.view(k.sizes());
}

enum class Flip { No, Yes };

/// `spatial` dimensions are slid over, 2 or 3; an image is a volume of depth 1.
void convolve(const char* op, int64_t spatial, const Tensor& result, const Tensor& x, const Tensor& k,
              Extent extent, Flip flip) {
  checkSameType(op, arg(1, "result"), result, x);
  checkSameType(op, arg(3, "k"), k, x);
  const int64_t xPlanes = x.dim() - spatial, kPlanes = k.dim() - spatial;
  const bool single = xPlanes == 0 && kPlanes == 0, each = xPlanes == 1 && kPlanes == 1;
  if (!single && !each && !(xPlanes == 1 && kPlanes == 2))
    fail(op, {"no such combination of dimensions: ", describe(x), " and ", describe(k)});
  if (each && x.size(0) != k.size(0))
    fail(op, arg(3, "k"),
         {"invalid number of input/kernel planes: ", describe(x), " and kernel ", describe(k)});
  if (kPlanes == 2 && x.size(0) != k.size(1))
    fail(op, arg(3, "k"), {"invalid number of input planes: ", describe(x), " and kernel ", describe(k)});
  Shape sizes;
  if (kPlanes > 0) sizes.push(k.size(0));
  for (int64_t d = 0; d < spatial; ++d) {
    const int64_t n = x.size(xPlanes + d), m = k.size(kPlanes + d);
    if (extent == Extent::Valid && m > n)
      fail(op, arg(3, "k"),
           {"Input image is smaller than kernel: ", describe(x), " and kernel ", describe(k)});
    sizes.push(extent == Extent::Valid ? n - m + 1 : n + m - 1);
  }

  Shape kernelSizes = withDepth(k, spatial, 5);
  if (each) std::swap(kernelSizes[0], kernelSizes[1]);  // P kernels of one plane each
  Tensor kernels = k.contiguous().view(kernelSizes);
  if (flip == Flip::Yes) kernels = flipped(kernels);
  Tensor planes = x.contiguous().view(withDepth(x, spatial, 4));
  if (extent == Extent::Full) planes = padded(planes, kernelSizes);
  planes = each ? planes.unsqueeze(1) : planes.unsqueeze(0);
  if (kPlanes == 2) {
    Shape shared = planes.sizes();
    shared[0] = k.size(0);
    planes = planes.expand(shared);
  }
  const Tensor target = targetFor(result, sizes, {&x, &k});
  correlationSlot.on(x)(target.view(withDepth(target, spatial, 4)), planes, kernels);
  finish(result, target);
}

Extent extentOf(char letter) { return letter == 'F' ? Extent::Full : Extent::Valid; }

}  // namespace

void conv2(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent) {
  convolve("conv2", 2, result, x, k, extent, Flip::Yes);
}
void xcorr2(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent) {
  convolve("xcorr2", 2, result, x, k, extent, Flip::No);
}
void conv3(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent) {
  convolve("conv3", 3, result, x, k, extent, Flip::Yes);
}
void xcorr3(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent) {
  convolve("xcorr3", 3, result, x, k, extent, Flip::No);
}

void declareConvolutionOps(OpTable& table) {
  using T = const Tensor&;
  const auto declare = [&](const char* name, const std::array<const char*, 3>& operands, const char* help,
                           auto function) {
    table.op(name, Family::Result, help);
    for (const char* pair : operands)
      table.overload(Real, (std::string("[>T] ") + pair + " [\"V|F\"=V]").c_str(), function);
  };
  constexpr std::array kImages{"T~2D T~2D", "T~3D T~3D", "T~3D T~4D"};
  constexpr std::array kVolumes{"T~3D T~3D", "T~4D T~4D", "T~4D T~5D"};
  declare("conv2", kImages, "convolution of images with flipped kernels; V: valid positions, F: full",
          [](T r, T x, T k, char extent) { conv2(r, x, k, extentOf(extent)); });
  declare("xcorr2", kImages, "cross-correlation of images with kernels; V: valid positions, F: full",
          [](T r, T x, T k, char extent) { xcorr2(r, x, k, extentOf(extent)); });
  declare("conv3", kVolumes, "convolution of volumes with flipped kernels; V: valid positions, F: full",
          [](T r, T x, T k, char extent) { conv3(r, x, k, extentOf(extent)); });
  declare("xcorr3", kVolumes, "cross-correlation of volumes with kernels; V: valid positions, F: full",
          [](T r, T x, T k, char extent) { xcorr3(r, x, k, extentOf(extent)); });
}

}  // namespace cresset
