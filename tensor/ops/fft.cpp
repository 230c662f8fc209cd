#include "tensor/ops/fft.h"

#include <algorithm>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<FourierKernel> fourierSlot{"fft"};

namespace {

/// Throws unless x is complex and has `dims` dimensions, or more, besides the one of the parts.
void checkComplex(const char* op, const Tensor& x, int64_t dims) {
  if (x.dim() <= dims || x.size(x.dim() - 1) != 2)
    fail(op, arg(2, "x"),
         {"expected complex numbers, ", text(dims + 1),
          " or more dimensions of which the last has size 2, got ", describe(x)});
}

/// x's sizes with `tail` in place of its last `dropped`.
Shape withTail(const Tensor& x, int64_t dropped, Sizes tail) {
  Shape sizes(Sizes(x.sizes().data(), x.dim() - dropped));
  for (const int64_t size : tail) sizes.push(size);
  return sizes;
}

/// Runs the kernel from x, whose last `xTail` dimensions are a row, to a result of these sizes with rows of
/// `resultTail` dimensions.
void transformRows(const Tensor& result, Sizes sizes, int64_t resultTail, const Tensor& x, int64_t xTail,
                   Fourier transform) {
  const auto asRows = [](const Tensor& t, int64_t tail) {
    Shape shape{-1};
    for (int64_t d = t.dim() - tail; d < t.dim(); ++d) shape.push(t.size(d));
    return t.view(shape);
  };
  const Tensor target = targetFor(result, sizes, {&x});
  fourierSlot.on(x)(asRows(target, resultTail), asRows(x.contiguous(), xTail), transform);
  finish(result, target);
}

void transform1(const char* op, const Tensor& result, const Tensor& x, Fourier transform) {
  checkSameType(op, arg(1, "result"), result, x);
  checkComplex(op, x, 1);
  transformRows(result, x.sizes(), 2, x, 2, transform);
}

void transform2(const char* op, const Tensor& result, const Tensor& x, Fourier transform) {
  checkSameType(op, arg(1, "result"), result, x);
  checkComplex(op, x, 2);
  if (contains(Halves, x.dtype()))
    return inFloat(result, [&](const Tensor& r) { transform2(op, r, widened(x), transform); });
  const int64_t h = x.dim() - 3, w = x.dim() - 2;
  const Tensor rows(x.type()), columns(x.type());
  transform1(op, rows, x, transform);
  transform1(op, columns, rows.transpose(h, w), transform);
  result.resizeAs(x).copy(columns.transpose(h, w));
}

}  // namespace

void fft(const Tensor& result, const Tensor& x) { transform1("fft", result, x, Fourier::Forward); }
void ifft(const Tensor& result, const Tensor& x) { transform1("ifft", result, x, Fourier::Inverse); }
void fft2(const Tensor& result, const Tensor& x) { transform2("fft2", result, x, Fourier::Forward); }
void ifft2(const Tensor& result, const Tensor& x) { transform2("ifft2", result, x, Fourier::Inverse); }

void rfft(const Tensor& result, const Tensor& x) {
  checkSameType("rfft", arg(1, "result"), result, x);
  if (x.empty()) fail("rfft", arg(2, "x"), {"expected real numbers, got an empty tensor"});
  const int64_t n = x.size(x.dim() - 1);
  transformRows(result, withTail(x, 1, {n / 2 + 1, 2}), 2, x, 1, Fourier::FromReal);
}

void irfft(const Tensor& result, const Tensor& x, int64_t n) {
  checkSameType("irfft", arg(1, "result"), result, x);
  checkComplex("irfft", x, 1);
  const int64_t m = x.size(x.dim() - 2), even = 2 * (m - 1);
  if (n == 0) n = std::max<int64_t>(even, 1);
  if (n < 1 || (n != even && n != even + 1))
    fail("irfft", arg(3, "n"),
         {"expected a length of ", text(even), " or ", text(even + 1), " for ", describe(x), ", got ",
          text(n)});
  transformRows(result, withTail(x, 2, {n}), 1, x, 2, Fourier::ToReal);
}

void declareFftOps(OpTable& table) {
  using T = const Tensor&;
  table
      .op("fft", Family::Result,
          "Fourier transform of [... x n x 2], n complex numbers as real, imaginary part")
      .overload(Floating, "[>T] T", [](T r, T x) { fft(r, x); });
  table.op("ifft", Family::Result, "inverse of fft: [... x n x 2] complex numbers, with a factor 1 / n")
      .overload(Floating, "[>T] T", [](T r, T x) { ifft(r, x); });
  table
      .op("rfft", Family::Result,
          "first half of the Fourier transform of [... x n] real numbers: [... x floor(n / 2) + 1 x 2]")
      .overload(Floating, "[>T] T", [](T r, T x) { rfft(r, x); });
  table
      .op("irfft", Family::Result,
          "inverse of rfft: [... x m x 2] to [... x n] real numbers, n = 2 (m - 1) unless given")
      .overload(Floating, "[>T] T [int=0]", [](T r, T x, int64_t n) { irfft(r, x, n); });
  table.op("fft2", Family::Result, "Fourier transform of [... x h x w x 2] complex numbers along h and w")
      .overload(Floating, "[>T] T", [](T r, T x) { fft2(r, x); });
  table.op("ifft2", Family::Result, "inverse of fft2, with a factor 1 / (h w)")
      .overload(Floating, "[>T] T", [](T r, T x) { ifft2(r, x); });
}

}  // namespace cresset
