// What the array formats of other libraries (.npy, .npz, .safetensors) share.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tensor/Tensor.h"
#include "tensor/file/File.h"

namespace cresset::arrays {

/// Tensors by name, in the order of the file. No name is there twice.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// An element of a foreign file. Unsigned 16, 32 and 64 bits, which no tensor has, are read as the next wider
/// signed type: Int, Long, and Long again for 64 bits, where a value of 2^63 or more is an error.
struct Element {
  DType stored = DType::Double;  // the signed type of the same width for unsigned ones
  bool widened = false;
};

/// The type of the tensor that such elements become.
DType tensorType(Element element);

/// The number of elements of these sizes, none of which is negative; 1 without sizes.
/// Throws Error when there are more than kMaxDims sizes or the elements' bytes exceed 2^55.
int64_t countElements(const std::string& name, const std::vector<int64_t>& sizes, DType stored);

/// Reads a tensor from the position of a binary file, in its byte order. A size of 0 gives an empty tensor,
/// no sizes one of one element. Memory is taken for no more than the file can hold. `name` stands before
/// messages. Throws Error when the file ends early.
Tensor readTensor(File& file, const std::string& name, Element element, const std::vector<int64_t>& sizes);

/// The tensor as one block of CPU memory: itself, or a copy.
Tensor toWrite(const Tensor& x);

/// Throws Error when a name occurs twice.
void checkNames(const std::string& name, const NamedTensors& tensors);

}  // namespace cresset::arrays
