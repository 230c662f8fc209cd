// What the tests of tensor/ share: element types, values, layouts, and comparison element by element.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <vector>

#include "tensor/Error.h"
#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset::test {

using FloatingTypes = std::tuple<float, double>;
using RealTypes = std::tuple<uint8_t, int8_t, int16_t, int32_t, int64_t, float, double>;
using EveryType = std::tuple<uint8_t, int8_t, int16_t, int32_t, int64_t, Half, BFloat16, float, double>;

/// A test case for each element type of a list; the body's type is TestType.
#define TEST_EACH_TYPE(name, Types) TEMPLATE_LIST_TEST_CASE(#name, "", Types)

template <class T> inline constexpr Type typeOf{dtypeOf<T>};

/// The elements in logical order, as Lua reads them.
inline std::vector<double> values(const Tensor& x) {
  if (x.empty()) return {};
  const Tensor host = x.to(kDouble).contiguous();
  return {host.data<double>(), host.data<double>() + host.nElement()};
}

inline Tensor tensorOf(Type type, Sizes sizes, const std::vector<double>& elements) {
  Tensor x(kDouble, sizes);
  REQUIRE(x.nElement() == static_cast<int64_t>(elements.size()));
  std::copy(elements.begin(), elements.end(), x.data<double>());
  return x.to(type);
}
inline Tensor vectorOf(Type type, const std::vector<double>& elements) {
  return elements.empty() ? Tensor(type) : tensorOf(type, {static_cast<int64_t>(elements.size())}, elements);
}

/// Integers from `lo` to `hi`, the same in every run; exact in every element type for -128 <= lo, hi <= 127
/// (unsigned types: negative ones wrap).
inline Tensor integers(Type type, Sizes sizes, int lo, int hi, uint64_t seed = 1) {
  Tensor x(kDouble, sizes);
  Generator generator;
  generator.manualSeed(seed);
  for (int64_t i = 0; i < x.nElement(); ++i)
    x.data<double>()[i] = lo + static_cast<double>(generator.random() % static_cast<uint32_t>(hi - lo + 1));
  return x.to(type);
}

/// Tensors with the sizes and elements of x in every layout that an operation may meet; what surrounds a
/// narrowed one is filled with `guard`.
enum class Layout { Contiguous, Transposed, Narrowed, Strided };
inline constexpr Layout kLayouts[] = {Layout::Contiguous, Layout::Transposed, Layout::Narrowed,
                                      Layout::Strided};
inline Tensor inLayout(const Tensor& x, Layout layout, double guard = 99) {
  if (x.empty()) return x.clone();
  Shape sizes = x.sizes();
  const int last = sizes.size() - 1;
  Tensor view;
  switch (layout) {
    case Layout::Contiguous:
      return x.clone();
    case Layout::Transposed:
      std::swap(sizes[0], sizes[last]);
      view = Tensor(x.type(), sizes).transpose(0, last);
      break;
    case Layout::Narrowed:
      sizes[last] += 3;
      view = Tensor(x.type(), sizes).fill(guard).narrow(last, 2, x.size(last));
      break;
    case Layout::Strided:
      sizes.push(2);
      view = Tensor(x.type(), sizes).fill(guard).select(last + 1, 1);
      break;
  }
  return view.copy(x);
}

/// The text of the Error that `body` throws; the test fails when it throws none.
template <class Body> std::string errorOf(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("no Error was thrown");
  return "";
}
#define CHECK_ERROR(expression, fragment) \
  CHECK_THAT(errorOf([&] { expression; }), Catch::Matchers::Contains(fragment))

/// Sizes as a vector, which Catch can print.
inline std::vector<int64_t> sizesOf(const Tensor& x) { return {x.sizes().begin(), x.sizes().end()}; }
using Dims = std::vector<int64_t>;
using Values = std::vector<double>;

}  // namespace cresset::test
