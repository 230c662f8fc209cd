#include "tensor/Tensor.h"

#include <algorithm>

#include "tensor/Error.h"
#include "tensor/memory.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/copy.h"
#include "tensor/ops/pointwise.h"

namespace cresset {

Shape::Shape(Sizes sizes) {
  if (sizes.size() > kMaxDims)
    fail("tensor", {"at most ", text(int64_t{kMaxDims}), " dimensions, got ", text(int64_t{sizes.size()})});
  n_ = sizes.size();
  std::copy_n(sizes.data(), n_, d_);
}

void Shape::push(int64_t value) { insert(n_, value); }

void Shape::insert(int64_t at, int64_t value) {
  if (n_ == kMaxDims) fail("tensor", {"at most ", text(int64_t{kMaxDims}), " dimensions"});
  std::copy_backward(d_ + at, d_ + n_, d_ + n_ + 1);
  d_[at] = value;
  ++n_;
}

void Shape::erase(int64_t at) {
  std::copy(d_ + at + 1, d_ + n_, d_ + at);
  --n_;
}

namespace {

// From recycled blocks: creating a small tensor should cost no malloc.
TensorImpl* newImpl(Type type) {
  auto* impl = new (memory::takeBlock(sizeof(TensorImpl))) TensorImpl;
  impl->type = type;
  return impl;
}

void reserveDims(TensorImpl& x, int n) {
  if (n <= x.capacityDims) return;
  auto* geometry = new int64_t[2 * static_cast<size_t>(n)];
  if (x.size != x.inlineGeometry) delete[] x.size;
  x.size = geometry;
  x.stride = geometry + n;
  x.capacityDims = n;
}

void copyGeometry(TensorImpl& to, const TensorImpl& from) {
  reserveDims(to, from.nDimension);
  std::copy_n(from.size, from.nDimension, to.size);
  std::copy_n(from.stride, from.nDimension, to.stride);
  to.nDimension = from.nDimension;
  to.storageOffset = from.storageOffset;
}

void setStorage(TensorImpl& x, StorageImpl* storage) {
  if (x.storage == storage) return;
  Storage keep = Storage::share(storage);
  const Storage old = Storage::adopt(x.storage);
  x.storage = keep.detach();
}

constexpr int64_t kMostElements = int64_t{1} << 55;  // as of a storage: their bytes can be counted

/// The product of sizes above 0.
int64_t countOf(const char* op, Sizes sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes)
    if (__builtin_mul_overflow(count, size, &count) || count > kMostElements)
      fail(op, {"too many elements in ", shapeText(sizes.data(), sizes.size())});
  return count;
}

/// Writes sizes and strides and makes the storage large enough for them.
void setGeometry(TensorImpl& x, Sizes sizes, Sizes strides) {
  int n = 0;
  while (n < sizes.size() && sizes[n] > 0) ++n;
  // The caller's sizes may be this tensor's own.
  Shape newSizes(Sizes(sizes.data(), n)), newStrides(newSizes);
  countOf("resize", newSizes);
  int64_t last = 1;
  for (int d = n - 1; d >= 0; --d) {
    int64_t stride;
    if (d < strides.size() && strides[d] >= 0) {
      stride = strides[d];
    } else if (d == n - 1) {
      stride = 1;
    } else if (__builtin_mul_overflow(newStrides[d + 1], newSizes[d + 1], &stride)) {
      fail("resize", {"strides too large for ", shapeText(newSizes.begin(), n)});
    }
    newStrides[d] = stride;
    int64_t extent;
    if (__builtin_mul_overflow(newSizes[d] - 1, stride, &extent) ||
        __builtin_add_overflow(last, extent, &last))
      fail("resize", {"strides too large for ", shapeText(newSizes.begin(), n)});
  }
  if (n > 0) {
    if (__builtin_add_overflow(last, static_cast<int64_t>(x.storageOffset), &last))
      fail("resize", {"invalid storage offset"});
    if (!x.storage) {
      x.storage = Storage(x.type, last).detach();
    } else if (x.storage->size < last) {
      Storage::share(x.storage).resize(last);
    }
  }
  reserveDims(x, n);
  std::copy_n(newSizes.begin(), n, x.size);
  std::copy_n(newStrides.begin(), n, x.stride);
  x.nDimension = n;
}

/// Puts a new object over a storage.
void place(TensorImpl& x, const Storage& storage, int64_t offset, Sizes sizes, Sizes strides) {
  if (offset < 0) fail("set", {"Tensor: invalid storage offset ", text(offset + 1)});
  setStorage(x, storage.impl());
  x.storageOffset = offset;
  setGeometry(x, sizes, strides);
}

/// A position from 0 as the caller counts it.
std::string place(int64_t position) { return text(position == INT64_MAX ? position : position + 1); }

void checkRange(const char* op, const Tensor& x, int64_t d) {
  if (d < 0 || d >= x.dim()) fail(op, {"dimension ", text(d + 1), " out of range of ", describe(x)});
}

}  // namespace

void destroy(TensorImpl* impl) {
  if (impl->storage) Storage::adopt(impl->storage);
  if (impl->size != impl->inlineGeometry) delete[] impl->size;
  impl->~TensorImpl();
  memory::giveBlock(impl, sizeof(TensorImpl));
}

void Tensor::failNil() {
  fail("tensor", {"expected a tensor, got nil: a field that the computation needs is missing"});
}

Tensor::Tensor(Type type) : impl_(newImpl(type)) {}

Tensor::Tensor(Type type, Sizes sizes) : Tensor(type) { setGeometry(*get(), sizes, {}); }

Tensor::Tensor(const Storage& storage, int64_t offset, Sizes sizes, Sizes strides) : Tensor(storage.type()) {
  place(*impl_, storage, offset, sizes, strides);
}

bool Tensor::isContiguous() const {
  int64_t expected = 1;
  for (int64_t d = dim() - 1; d >= 0; --d) {
    if (size(d) == 1) continue;
    if (stride(d) != expected) return false;
    expected *= size(d);
  }
  return true;
}

bool Tensor::isSetTo(const Tensor& other) const {
  return hasStorage() && get()->storage == other.get()->storage && storageOffset() == other.storageOffset() &&
         sizes() == other.sizes() && strides() == other.strides();
}

Tensor Tensor::alias() const {
  Tensor x(type());
  copyGeometry(*x.impl_, *get());
  setStorage(*x.impl_, get()->storage);
  return x;
}

Tensor Tensor::narrow(int64_t d, int64_t first, int64_t length) const {
  checkRange("narrow", *this, d);
  if (first < 0 || length < 1 || first > size(d) - length)
    fail("narrow", {"out of range: ", text(length), " elements from ", place(first), " on in dimension ",
                    text(d + 1), " of ", describe(*this)});
  Tensor x = alias();
  x.get()->size[d] = length;
  x.get()->storageOffset += first * stride(d);
  return x;
}

Tensor Tensor::select(int64_t d, int64_t index) const {
  if (empty()) fail("select", {"empty Tensor"});
  checkRange("select", *this, d);
  if (index < 0 || index >= size(d))
    fail("select",
         {"out of range: index ", place(index), " of dimension ", text(d + 1), " of ", describe(*this)});
  Tensor x = alias();
  TensorImpl& impl = *x.impl_;
  impl.storageOffset += index * impl.stride[d];
  if (impl.nDimension == 1) {
    impl.size[0] = 1;
    return x;
  }
  std::copy(impl.size + d + 1, impl.size + impl.nDimension, impl.size + d);
  std::copy(impl.stride + d + 1, impl.stride + impl.nDimension, impl.stride + d);
  --impl.nDimension;
  return x;
}

Tensor Tensor::transpose(int64_t a, int64_t b) const {
  checkRange("transpose", *this, a);
  checkRange("transpose", *this, b);
  Tensor x = alias();
  std::swap(x.get()->size[a], x.get()->size[b]);
  std::swap(x.get()->stride[a], x.get()->stride[b]);
  return x;
}

Tensor Tensor::t() const {
  if (dim() != 2) fail("t", {"Tensor must have 2 dimensions, got ", describe(*this)});
  return transpose(0, 1);
}

Tensor Tensor::permute(Sizes dims) const {
  bool seen[kMaxDims] = {};
  bool valid = dims.size() == dim();
  for (int i = 0; valid && i < dims.size(); ++i) {
    valid = dims[i] >= 0 && dims[i] < dim() && !seen[dims[i]];
    if (valid) seen[dims[i]] = true;
  }
  if (!valid) {
    std::string order;
    for (const int64_t d : dims) order += (order.empty() ? "" : ", ") + text(d + 1);
    fail("permute", {"Invalid permutation ", order, " of the dimensions of ", describe(*this)});
  }
  Tensor x = alias();
  for (int i = 0; i < dims.size(); ++i) {
    x.get()->size[i] = size(dims[i]);
    x.get()->stride[i] = stride(dims[i]);
  }
  return x;
}

Tensor Tensor::unfold(int64_t d, int64_t size, int64_t step) const {
  if (empty()) fail("unfold", {"cannot unfold an empty tensor"});
  checkRange("unfold", *this, d);
  if (size < 1 || size > this->size(d))
    fail("unfold",
         {"out of range: size ", text(size), " in dimension ", text(d + 1), " of ", describe(*this)});
  if (step < 1) fail("unfold", {"invalid step ", text(step), ": expected at least 1"});
  Shape sizes = this->sizes(), strides = this->strides();
  sizes[d] = (this->size(d) - size) / step + 1;
  strides[d] = sizes[d] == 1 ? stride(d) : stride(d) * step;  // a step over the end may be of any length
  sizes.push(size);
  strides.push(stride(d));
  return Tensor(storage(), storageOffset(), sizes, strides);
}

Tensor Tensor::squeeze() const {
  Tensor x = alias();
  TensorImpl& impl = *x.impl_;
  int n = 0;
  for (int d = 0; d < impl.nDimension; ++d) {
    if (impl.size[d] == 1) continue;
    impl.size[n] = impl.size[d];
    impl.stride[n] = impl.stride[d];
    ++n;
  }
  if (n == 0 && impl.nDimension > 0) {
    impl.size[0] = impl.stride[0] = 1;
    n = 1;
  }
  impl.nDimension = n;
  return x;
}

Tensor Tensor::squeeze(int64_t d) const {
  if (d < 0 || d >= dim())
    fail("squeeze", {"dimension out of range: ", text(d + 1), " of ", describe(*this)});
  return size(d) == 1 && dim() > 1 ? select(d, 0) : alias();
}

Tensor Tensor::unsqueeze(int64_t d) const {
  if (empty()) fail("unsqueeze", {"cannot unsqueeze an empty tensor"});
  if (d < 0 || d > dim())
    fail("unsqueeze", {"dimension out of range: ", text(d + 1), " of ", describe(*this)});
  Shape sizes = this->sizes(), strides = this->strides();
  sizes.insert(d, 1);
  strides.insert(d, d < dim() ? size(d) * stride(d) : 1);
  return Tensor(storage(), storageOffset(), sizes, strides);
}

Tensor Tensor::view(Sizes requested) const {
  if (!isContiguous())
    fail("view", {"expecting a contiguous tensor, got ", describe(*this), "; call :contiguous() first"});
  Shape sizes = requested;
  int64_t inferred = -1, known = sizes.size() > 0 ? 1 : 0;
  for (int d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == -1) {
      if (inferred >= 0) fail("view", {"Only one of torch.view dimensions can be -1."});
      inferred = d;
    } else if (sizes[d] < 1 || __builtin_mul_overflow(known, sizes[d], &known)) {
      known = 0;  // not the count of any tensor
    }
  }
  const int64_t n = nElement();
  if (inferred >= 0) {
    if (known <= 0 || n % known != 0)
      fail("view", {"The number of covered elements is not a multiple of all elements."});
    sizes[inferred] = n / known;
  } else if (known != n) {
    const auto joined = [](Sizes s) {
      std::string text;
      for (int64_t v : s) text += (text.empty() ? "" : "x") + std::to_string(v);
      return text;
    };
    fail("view",
         {"Wrong size for view. Input size: ", joined(this->sizes()), ". Output size: ", joined(sizes)});
  }
  return Tensor(storage(), storageOffset(), sizes);
}

Tensor Tensor::expand(Sizes sizes) const {
  if (empty()) fail("expand", {"cannot expand an empty tensor"});
  if (sizes.size() < dim())
    fail("expand", {"the number of dimensions provided must equal tensor:dim(): got ",
                    shapeText(sizes.data(), sizes.size()), " for ", describe(*this)});
  const int lead = sizes.size() - static_cast<int>(dim());
  Shape strides(sizes);
  for (int d = 0; d < sizes.size(); ++d) {
    const int64_t own = d < lead ? 1 : size(d - lead);
    if (own != sizes[d] && (own != 1 || sizes[d] < 1))
      fail("expand", {"incorrect size: only supporting singleton expansion (size=1): ", describe(*this),
                      " to ", shapeText(sizes.data(), sizes.size())});
    strides[d] = own != sizes[d] || d < lead ? 0 : stride(d - lead);
  }
  return Tensor(storage(), storageOffset(), sizes, strides);
}

const Tensor& Tensor::resize(Sizes sizes, Sizes strides) const {
  int n = 0;
  while (n < sizes.size() && sizes[n] > 0) ++n;
  if (n == dim() && n > 0 && std::equal(sizes.begin(), sizes.begin() + n, get()->size)) {
    bool same = true;
    for (int d = 0; d < n && d < strides.size(); ++d)
      same = same && (strides[d] < 0 || strides[d] == stride(d));
    if (same) return *this;
  }
  setGeometry(*get(), sizes, strides);
  return *this;
}

const Tensor& Tensor::set() const {
  setStorage(*get(), nullptr);
  get()->nDimension = 0;
  get()->storageOffset = 0;
  return *this;
}

const Tensor& Tensor::set(const Tensor& other) const {
  if (impl_ == other.impl_) return *this;
  checkSameType("set", arg(2, "tensor"), other, *this);
  copyGeometry(*get(), *other.get());
  setStorage(*get(), other.get()->storage);
  return *this;
}

const Tensor& Tensor::set(const Storage& storage, int64_t offset, Sizes sizes, Sizes strides) const {
  if (storage && storage.type() != type())
    fail("set", {"expected ", storageTypeName(type()), ", got ", storageTypeName(storage.type())});
  // A new object first: sizes that do not fit must not leave this one with its old ones over another storage.
  const Tensor other(type());
  place(*other.impl_, storage, offset, sizes, strides);
  return set(other);
}

const Tensor& Tensor::zero() const { return fill(0); }

const Tensor& Tensor::fill(double value) const {
  cresset::fill(*this, value);
  return *this;
}

const Tensor& Tensor::copy(const Tensor& from) const {
  cresset::copy(*this, from);
  return *this;
}

Tensor Tensor::contiguous() const { return isContiguous() ? *this : clone(); }

Tensor Tensor::clone() const {
  Tensor x(type(), sizes());
  if (!empty()) x.copy(*this);
  return x;
}

Tensor Tensor::to(Type type) const {
  if (type == this->type()) return *this;
  Tensor x(type, sizes());
  if (!empty()) x.copy(*this);
  return x;
}

const Tensor& Tensor::add(double value) const { return cresset::add(*this, *this, value), *this; }
const Tensor& Tensor::add(double k, const Tensor& y) const { return cresset::add(*this, *this, k, y), *this; }
const Tensor& Tensor::mul(double value) const { return cresset::mul(*this, *this, value), *this; }
const Tensor& Tensor::div(double value) const { return cresset::div(*this, *this, value), *this; }
const Tensor& Tensor::cmul(const Tensor& y) const { return cresset::cmul(*this, *this, y), *this; }
const Tensor& Tensor::cdiv(const Tensor& y) const { return cresset::cdiv(*this, *this, y), *this; }
const Tensor& Tensor::addmm(double alpha, const Tensor& x, const Tensor& y) const {
  return cresset::addmm(*this, 1, *this, alpha, x, y), *this;
}

namespace {

int64_t offsetOf(const Tensor& x, Sizes index) {
  if (index.size() != x.dim())
    fail("at",
         {"expected ", text(x.dim()), " indices for ", describe(x), ", got ", text(int64_t{index.size()})});
  int64_t offset = x.storageOffset();
  for (int d = 0; d < index.size(); ++d) {
    if (index[d] < 0 || index[d] >= x.size(d))
      fail("at", {"index out of bound: ", text(index[d] + 1), " in dimension ", text(int64_t{d} + 1), " of ",
                  describe(x)});
    offset += index[d] * x.stride(d);
  }
  return offset;
}

}  // namespace

double Tensor::at(Sizes index) const {
  const int64_t offset = offsetOf(*this, index);
  if (device() == Device::CPU) return elementAt(*get()->storage, offset);
  Tensor element({dtype(), Device::CPU}, {1});
  element.copy(Tensor(storage(), offset, {1}));
  return elementAt(*element.get()->storage, 0);
}

void Tensor::setAt(Sizes index, double value) const {
  const int64_t offset = offsetOf(*this, index);
  if (device() == Device::CPU) return setElementAt(*get()->storage, offset, value);
  Tensor(storage(), offset, {1}).fill(value);
}

double Tensor::item() const {
  if (nElement() != 1) fail("item", {"expected one element, got ", describe(*this)});
  const Shape zeros = [&] {
    Shape s(sizes());
    for (int d = 0; d < s.size(); ++d) s[d] = 0;
    return s;
  }();
  return at(zeros);
}

}  // namespace cresset
