// CPU convolution: oneDNN for floats, and for what it does not have, the product of the kernels with the
// matrix of all windows of an image (im2col).
#include <algorithm>

#include "nn/convolution/kernels.h"
#include "nn/cpu/fill.h"
#include "nn/dnnl/dnnl.h"
#include "tensor/cpu/loop.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {
namespace {

/// One image's sizes, and how the windows lie in it.
struct Image {
  int64_t planes, iH, iW, kH, kW, oH, oW;
  Convolution c;
  Image(const Tensor& x, const Tensor& weight, const Tensor& y, const Convolution& geometry)
      : planes(x.size(1)),
        iH(x.size(2)),
        iW(x.size(3)),
        kH(weight.size(2)),
        kW(weight.size(3)),
        oH(y.size(2)),
        oW(y.size(3)),
        c(geometry) {}
  int64_t rows() const { return planes * kH * kW; }
  int64_t columns() const { return oH * oW; }
  /// The image is its own matrix of windows.
  bool isPlain() const { return kH == 1 && kW == 1 && c.dH == 1 && c.dW == 1 && c.padH == 0 && c.padW == 0; }
};

/// Calls body(column row, image plane, vertical and horizontal shift) for each row of the matrix of windows.
template <class Body> void eachRow(const Image& m, const Body& body) {
  for (int64_t plane = 0, row = 0; plane < m.planes; ++plane)
    for (int64_t i = 0; i < m.kH; ++i)
      for (int64_t j = 0; j < m.kW; ++j, ++row)
        body(row, plane, i * m.c.dilationH - m.c.padH, j * m.c.dilationW - m.c.padW);
}

/// Outputs [first, last) of a line whose window element at `shift` lies in [0, size).
struct Run {
  int64_t first, last;
  Run(int64_t shift, int64_t step, int64_t size, int64_t outputs)
      : first(shift >= 0 ? 0 : std::min(outputs, (-shift + step - 1) / step)),
        last(size - shift <= 0 ? first : std::max(first, std::min(outputs, (size - 1 - shift) / step + 1))) {}
};

template <class T> void im2col(T* columns, const T* image, const Image& m) {
  eachRow(m, [&](int64_t row, int64_t plane, int64_t shiftH, int64_t shiftW) {
    const Run run(shiftW, m.c.dW, m.iW, m.oW);
    T* to = columns + row * m.columns();
    for (int64_t oh = 0; oh < m.oH; ++oh, to += m.oW) {
      const int64_t ih = oh * m.c.dH + shiftH;
      if (ih < 0 || ih >= m.iH) {
        std::fill_n(to, m.oW, T(0));
        continue;
      }
      const T* from = image + (plane * m.iH + ih) * m.iW + shiftW;
      std::fill_n(to, run.first, T(0));
      for (int64_t o = run.first; o < run.last; ++o) to[o] = from[o * m.c.dW];
      std::fill_n(to + run.last, m.oW - run.last, T(0));
    }
  });
}

/// The adjoint: adds each window element to where it came from.
template <class T> void col2im(T* image, const T* columns, const Image& m) {
  std::fill_n(image, m.planes * m.iH * m.iW, T(0));
  eachRow(m, [&](int64_t row, int64_t plane, int64_t shiftH, int64_t shiftW) {
    const Run run(shiftW, m.c.dW, m.iW, m.oW);
    const T* from = columns + row * m.columns();
    for (int64_t oh = 0; oh < m.oH; ++oh, from += m.oW) {
      const int64_t ih = oh * m.c.dH + shiftH;
      if (ih < 0 || ih >= m.iH) continue;
      T* to = image + (plane * m.iH + ih) * m.iW + shiftW;
      for (int64_t o = run.first; o < run.last; ++o) to[o * m.c.dW] += from[o];
    }
  });
}

/// The matrix of windows of image n of the batch x, made in `columns` unless the image is that matrix.
template <class T> Tensor windowsOf(const Tensor& x, int64_t n, const Tensor& columns, const Image& m) {
  const Tensor image = x.select(0, n);
  if (m.isPlain()) return image.view({m.rows(), m.columns()});
  im2col(columns.data<T>(), image.data<T>(), m);
  return columns;
}

/// Calls body(first, last) for parts of the batch: on several threads when there are images for all and each
/// has enough to do, otherwise the products themselves use them.
template <class Body> void eachImage(const Image& m, int64_t batch, int64_t outputs, const Body& body) {
  const int64_t products = m.rows() * m.columns() * outputs;
  const int64_t grain =
      std::max<int64_t>(1, 16 * kGrain / products);  // a product costs a fraction of an addition
  if (batch < getNumThreads()) return body(int64_t{0}, batch);
  parallelFor(batch, grain, body);
}

template <class T>
void forward(const Tensor& y, const Tensor& x, const Tensor& weight, const Tensor& bias,
             const Convolution& c) {
  const Image m(x, weight, y, c);
  const Tensor kernels = weight.view({weight.size(0), m.rows()});
  eachImage(m, x.size(0), weight.size(0), [&](int64_t first, int64_t last) {
    const Tensor columns(x.type(), m.isPlain() ? Sizes({1}) : Sizes({m.rows(), m.columns()}));
    for (int64_t n = first; n < last; ++n) {
      const Tensor out = y.select(0, n).view({weight.size(0), m.columns()});
      if (bias) out.copy(bias.unsqueeze(1).expandAs(out));
      addmm(out, bias ? 1 : 0, out, 1, kernels, windowsOf<T>(x, n, columns, m));
    }
  });
}

template <class T>
void gradInput(const Tensor& gx, const Tensor& gy, const Tensor& weight, const Convolution& c) {
  const Image m(gx, weight, gy, c);
  const Tensor kernels = weight.view({weight.size(0), m.rows()});
  eachImage(m, gx.size(0), weight.size(0), [&](int64_t first, int64_t last) {
    const Tensor columns(gx.type(), {m.rows(), m.columns()});
    for (int64_t n = first; n < last; ++n) {
      const Tensor target = m.isPlain() ? gx.select(0, n).view({m.rows(), m.columns()}) : columns;
      addmm(target, 0, target, 1, kernels.t(), gy.select(0, n).view({weight.size(0), m.columns()}));
      if (!m.isPlain()) col2im(gx.select(0, n).data<T>(), columns.data<T>(), m);
    }
  });
}

template <class T>
void gradWeight(const Tensor& gw, const Tensor& gb, const Tensor& x, const Tensor& gy, const Convolution& c,
                double scale) {
  const Image m(x, gw, gy, c);
  const Tensor kernels = gw.view({gw.size(0), m.rows()});
  const Tensor columns(x.type(), {m.rows(), m.columns()});
  Tensor total(x.type());
  for (int64_t n = 0; n < x.size(0); ++n) {  // in order: the sum must not depend on the number of threads
    const Tensor gradient = gy.select(0, n).view({gw.size(0), m.columns()});
    kernels.addmm(scale, gradient, windowsOf<T>(x, n, columns, m).t());
    if (!gb) continue;
    sum(total, gradient, 1);
    gb.add(scale, total);
  }
}

const DnnlConvolution* dnnlFor(const Tensor& x) {
  return x.dtype() == DType::Float ? dnnlConvolution() : nullptr;
}

void forwardKernel(const Tensor& y, const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Convolution& c) {
  const DnnlConvolution* dnnl = dnnlFor(x);
  if (dnnl && dnnl->forward(y, x, weight, bias, c)) return;
  visit<Floating>("nn.SpatialConvolution", x.type(), [&]<class T>() { forward<T>(y, x, weight, bias, c); });
}

void gradInputKernel(const Tensor& gx, const Tensor& gy, const Tensor& weight, const Convolution& c) {
  const DnnlConvolution* dnnl = dnnlFor(gx);
  if (dnnl && dnnl->gradInput(gx, gy, weight, c)) return;
  visit<Floating>("nn.SpatialConvolution", gx.type(), [&]<class T>() { gradInput<T>(gx, gy, weight, c); });
}

void gradWeightKernel(const Tensor& gw, const Tensor& gb, const Tensor& x, const Tensor& gy,
                      const Convolution& c, double scale) {
  const DnnlConvolution* dnnl = dnnlFor(x);
  if (dnnl && dnnl->gradWeight(gw, gb, x, gy, c, scale)) return;
  visit<Floating>("nn.SpatialConvolution", x.type(),
                  [&]<class T>() { gradWeight<T>(gw, gb, x, gy, c, scale); });
}

}  // namespace

void fillConvolution() {
  convolutionSlot.cpu = forwardKernel;
  convolutionGradInputSlot.cpu = gradInputKernel;
  convolutionGradWeightSlot.cpu = gradWeightKernel;
}

}  // namespace cresset::nn
