#include "tensor/Error.h"

#include <cstdio>

#include "tensor/Tensor.h"

namespace cresset {

Error::~Error() = default;

std::string shapeText(const int64_t* sizes, int64_t n) {
  std::string text = "[";
  for (int64_t i = 0; i < n; ++i) {
    if (i) text += " x ";
    text += std::to_string(sizes[i]);
  }
  return text + "]";
}

std::string describe(const Tensor& x) {
  if (!x) return "nil";
  return std::string(tensorTypeName(x.type())) + " " + shapeText(x.sizes().data(), x.dim());
}

std::string text(int64_t value) { return std::to_string(value); }

std::string text(double value) {
  if (value != value) return "nan";  // whatever its sign
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.14g", value);
  return buffer;
}

void fail(std::string_view op, std::initializer_list<std::string_view> parts) {
  std::string message(op);
  message += ": ";
  for (std::string_view part : parts) message += part;
  throw Error(message);
}

void fail(std::string_view op, Arg argument, std::initializer_list<std::string_view> parts) {
  std::string message(op);
  message += ": argument " + std::to_string(argument.position) + " (" + argument.name + "): ";
  for (std::string_view part : parts) message += part;
  throw Error(message);
}

void checkDim(const char* op, Arg argument, const Tensor& x, int64_t dim) {
  if (dim >= 0 && dim < x.dim()) return;
  fail(op, argument,
       {"dimension ", text(dim + 1), " out of range of ", text(x.dim()), "D tensor ", describe(x)});
}

void checkDims(const char* op, Arg argument, const Tensor& x, int64_t dims) {
  if (x.dim() == dims) return;
  fail(op, argument,
       {"expected ", text(dims), dims == 1 ? " dimension, got " : " dimensions, got ", describe(x)});
}

void checkSameType(const char* op, Arg argument, const Tensor& x, const Tensor& like) {
  if (x.type() == like.type()) return;
  fail(op, argument,
       {"expected ", tensorTypeName(like.type()), " like the other tensors, got ", tensorTypeName(x.type()),
        "; convert with :typeAs()"});
}

void checkDType(const char* op, Arg argument, const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return;
  fail(op, argument, {"expected ", tensorTypeName({dtype, x.device()}), ", got ", describe(x)});
}

void checkSameElements(const char* op, Arg argument, const Tensor& x, const Tensor& like) {
  if (x.nElement() == like.nElement()) return;
  fail(op, argument,
       {"inconsistent tensor size, expected ", describe(like), " and ", describe(x),
        " to have the same number of elements, but got ", text(like.nElement()), " and ", text(x.nElement()),
        " elements respectively"});
}

}  // namespace cresset
