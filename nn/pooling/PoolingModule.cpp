#include "nn/pooling/PoolingModule.h"

#include <algorithm>
#include <limits>

#include "tensor/Error.h"

namespace cresset::nn {
namespace {

std::string sizeText(int64_t planes, int64_t h, int64_t w) {
  return "(" + std::to_string(planes) + "x" + std::to_string(h) + "x" + std::to_string(w) + ")";
}

int64_t floorDivide(int64_t a, int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

int64_t pooledSize(int64_t i, int64_t k, int64_t d, int64_t pad, int64_t dilation, bool isCeil,
                   bool isPadded) {
  const int64_t span = i + 2 * pad - (dilation * (k - 1) + 1);
  int64_t o = floorDivide(span + (isCeil ? d - 1 : 0), d) + 1;
  if (isPadded && (o - 1) * d >= i + pad) --o;
  return o;
}

}  // namespace

PoolingModule::PoolingModule(int64_t width, int64_t height, int64_t stepW, int64_t stepH, int64_t paddingW,
                             int64_t paddingH)
    : kW(width), kH(height), dW(stepW), dH(stepH), padW(paddingW), padH(paddingH) {}

void PoolingModule::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("kW", kW, 1)("kH", kH, 1)("dW", dW, 1)("dH", dH, 1)("padW", padW)("padH", padH)("ceil_mode",
                                                                                        ceil_mode);
}

std::string PoolingModule::toString() const {
  std::string s = typeName() + "(" + text(kW) + "x" + text(kH) + ", " + text(dW) + "," + text(dH);
  if (padW != 0 || padH != 0) s += ", " + text(padW) + "," + text(padH);
  return s + ")";
}

Tensor PoolingModule::batchOf(const Tensor& input) const {
  if (input.dim() != 3 && input.dim() != 4)
    fail(typeName(), arg(1, "input"), {"3D or 4D input tensor expected but got: ", describe(input)});
  return input.dim() == 3 ? input.contiguous().unsqueeze(0) : input.contiguous();
}

Shape PoolingModule::pooledSizes(const Tensor& batch) const {
  const Window w = window();
  if (w.kW < 1 || w.kH < 1)
    fail(typeName(),
         {"kernel size should be greater than zero, but got kH: ", text(w.kH), " kW: ", text(w.kW)});
  if (w.dW < 1 || w.dH < 1)
    fail(typeName(), {"stride should be greater than zero, but got dH: ", text(w.dH), " dW: ", text(w.dW)});
  if (w.dilationW < 1 || w.dilationH < 1)
    fail(typeName(), {"dilation should be greater than zero, but got dilationH: ", text(w.dilationH),
                      " dilationW: ", text(w.dilationW)});
  if (w.padW < 0 || w.padH < 0 || w.padW > w.kW / 2 || w.padH > w.kH / 2)
    fail(typeName(), {"pad should be smaller than half of kernel size, but got padW = ", text(w.padW),
                      ", padH = ", text(w.padH), ", kW = ", text(w.kW), ", kH = ", text(w.kH)});
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();  // the product of two fits 64 bits
  if (std::max({w.kW, w.kH, w.dW, w.dH, w.dilationW, w.dilationH}) > kMost)
    fail(typeName(), {"kernel size, stride and dilation should be below 2^31"});
  const bool isPadded = w.padW != 0 || w.padH != 0;
  const int64_t planes = batch.size(1), iH = batch.size(2), iW = batch.size(3);
  const int64_t oH = pooledSize(iH, w.kH, w.dH, w.padH, w.dilationH, ceil_mode, isPadded);
  const int64_t oW = pooledSize(iW, w.kW, w.dW, w.padW, w.dilationW, ceil_mode, isPadded);
  if (oH < 1 || oW < 1)
    fail(typeName(), arg(1, "input"),
         {"Given input size: ", sizeText(planes, iH, iW),
          ". Calculated output size: ", sizeText(planes, oH, oW), ". Output size is too small"});
  return {batch.size(0), planes, oH, oW};
}

Shape PoolingModule::likeInput(const Tensor& input, Sizes sizes) {
  Shape shape(sizes);
  if (input.dim() == 3) shape.erase(0);
  return shape;
}

}  // namespace cresset::nn
