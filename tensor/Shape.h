// Sizes and strides: short lists of int64_t that never touch the heap.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>

namespace cresset {

/// More dimensions than anyone has used; bounds every loop nest.
inline constexpr int kMaxDims = 64;

/// A read-only view of sizes or strides, made from whatever holds them.
class Sizes {
 public:
  constexpr Sizes() = default;
  constexpr Sizes(const int64_t* data, int64_t n) : data_(data), n_(static_cast<int>(n)) {}
  // For braced lists in a call, which live until the call is over.
  Sizes(std::initializer_list<int64_t> list) : Sizes(std::data(list), static_cast<int64_t>(list.size())) {}
  int64_t operator[](int64_t i) const { return data_[i]; }
  int size() const { return n_; }
  const int64_t* data() const { return data_; }
  const int64_t* begin() const { return data_; }
  const int64_t* end() const { return data_ + n_; }
  friend bool operator==(Sizes a, Sizes b) {
    return a.n_ == b.n_ && std::equal(a.begin(), a.end(), b.begin());
  }

 private:
  const int64_t* data_ = nullptr;
  int n_ = 0;
};

/// Sizes or strides that own their memory; at most kMaxDims, which `push` asserts by throwing Error.
class Shape {
 public:
  Shape() = default;
  Shape(Sizes sizes);  // NOLINT(google-explicit-constructor): a Shape is a Sizes that owns
  Shape(std::initializer_list<int64_t> list) : Shape(Sizes(list)) {}
  Shape(const Shape& other) : Shape(static_cast<Sizes>(other)) {}
  Shape& operator=(const Shape& other) {  // NOLINT(bugprone-unhandled-self-assignment): copies onto itself
    n_ = other.n_;
    std::copy_n(other.d_, n_, d_);
    return *this;
  }
  int64_t& operator[](int64_t i) { return d_[i]; }
  int64_t operator[](int64_t i) const { return d_[i]; }
  int size() const { return n_; }
  void push(int64_t value);
  void insert(int64_t at, int64_t value);
  void erase(int64_t at);
  const int64_t* begin() const { return d_; }
  const int64_t* end() const { return d_ + n_; }
  operator Sizes() const { return {d_, n_}; }  // NOLINT(google-explicit-constructor)

 private:
  int n_ = 0;
  int64_t d_[kMaxDims];
};

/// Product of all sizes, none of them negative; 0 for none, as an empty tensor has. The largest integer,
/// which no tensor reaches, when the product is larger.
inline int64_t elementCount(Sizes sizes) {
  if (sizes.size() == 0) return 0;
  int64_t n = 1;
  for (int64_t size : sizes)
    if (__builtin_mul_overflow(n, size, &n)) return std::numeric_limits<int64_t>::max();
  return n;
}

}  // namespace cresset
