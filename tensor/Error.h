// What Cresset throws when a caller asked for something impossible, and the few functions that word it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tensor/Type.h"

namespace cresset {

class Tensor;

/// A wrong call, a file that cannot be read, memory that is not there. The message names the operation, the
/// argument, what was expected and what came. It becomes a Lua error at the border.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  ~Error() override;  // in Error.cpp: one type for all shared libraries
};

/// An argument by its position (from 1, as the Lua caller counts) and its name.
struct Arg {
  int position;
  const char* name;
};
constexpr Arg arg(int position, const char* name) { return {position, name}; }

/// `[2 x 3]`; `[]` for an empty tensor.
std::string shapeText(const int64_t* sizes, int64_t n);
/// `torch.FloatTensor [2 x 3]`
std::string describe(const Tensor& x);

/// Joins the parts into `op: what` and throws.
[[noreturn]] void fail(std::string_view op, std::initializer_list<std::string_view> parts);
/// `op: argument 2 (name): what`
[[noreturn]] void fail(std::string_view op, Arg argument, std::initializer_list<std::string_view> parts);

/// Decimal text of a number, for messages.
std::string text(int64_t value);
std::string text(double value);

/// Throws unless 0 <= dim < x.dim(). The message counts from 1 and contains `dimension d out of range`.
void checkDim(const char* op, Arg argument, const Tensor& x, int64_t dim);
/// Throws unless x has exactly `dims` dimensions.
void checkDims(const char* op, Arg argument, const Tensor& x, int64_t dims);
/// Throws unless x and y have one type; `like` says what x is to y: the argument y is compared with.
void checkSameType(const char* op, Arg argument, const Tensor& x, const Tensor& like);
/// Throws unless x has this element type.
void checkDType(const char* op, Arg argument, const Tensor& x, DType dtype);
/// Throws unless both have the same number of elements. The message contains `inconsistent tensor size`.
void checkSameElements(const char* op, Arg argument, const Tensor& x, const Tensor& like);

}  // namespace cresset
