// Kernels that only move elements are compiled for four widths, not for nine types.
#pragma once

#include <cstdint>

#include "tensor/Tensor.h"

namespace cresset {

/// Calls body.operator()<W>() with the unsigned integer of so many bytes.
template <class Body> void visitWidth(int64_t bytes, Body&& body) {
  switch (bytes) {
    case 1:
      return body.template operator()<uint8_t>();
    case 2:
      return body.template operator()<uint16_t>();
    case 4:
      return body.template operator()<uint32_t>();
    default:
      return body.template operator()<uint64_t>();
  }
}

/// The same for the width of x's elements.
template <class Body> void visitWidth(const Tensor& x, Body&& body) {
  visitWidth(elementSize(x.dtype()), body);
}

}  // namespace cresset
