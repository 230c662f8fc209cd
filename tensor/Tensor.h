// Torch7's tensor: a storage seen through an offset, sizes and strides.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "tensor/Shape.h"
#include "tensor/Storage.h"
#include "tensor/Type.h"

namespace cresset {

/// A tensor of up to four dimensions is one block of 128 bytes, two cache lines.
inline constexpr int kInlineDims = 4;

/// The object behind Tensor handles. The first seven members are Torch7's `THRealTensor`, which FFI code
/// reads: the Lua side compiles element access against this layout (lua/prelude/torch/element.lua).
struct TensorImpl {
  int64_t* size = inlineGeometry;
  int64_t* stride = inlineGeometry + kInlineDims;
  int32_t nDimension = 0;
  StorageImpl* storage = nullptr;
  ptrdiff_t storageOffset = 0;  // elements, from 0
  std::atomic<int32_t> refcount{1};
  char flag = 0;

  Type type;
  int32_t capacityDims = kInlineDims;
  int64_t inlineGeometry[2 * kInlineDims];
};

void destroy(TensorImpl* impl);

/// A counted reference to a tensor object. Copying the handle shares the object: `resize` and `set` change it
/// for all holders. A tensor without dimensions is empty. A default-constructed handle is nil and refers to
/// no tensor. Dimensions, indices and offsets count from 0.
class Tensor {
 public:
  Tensor() = default;
  /// An empty tensor.
  explicit Tensor(Type type);
  /// Uninitialised contiguous elements. Sizes after the first one <= 0 are dropped, as Torch7 does.
  Tensor(Type type, Sizes sizes);
  /// Geometry over a storage, which grows when too small. Negative strides mean "contiguous here".
  Tensor(const Storage& storage, int64_t offset, Sizes sizes, Sizes strides = {});

  Tensor(const Tensor& other) : impl_(other.impl_) { retain(); }
  Tensor(Tensor&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
  Tensor& operator=(const Tensor& other) {
    Tensor copy(other);
    std::swap(impl_, copy.impl_);
    return *this;
  }
  Tensor& operator=(Tensor&& other) noexcept {
    std::swap(impl_, other.impl_);
    return *this;
  }
  ~Tensor() {
    if (impl_ && impl_->refcount.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(impl_);
  }
  explicit operator bool() const { return impl_ != nullptr; }

  // Queries
  Type type() const { return get()->type; }
  DType dtype() const { return get()->type.dtype; }
  Device device() const { return get()->type.device; }
  int64_t dim() const { return get()->nDimension; }
  int64_t size(int64_t d) const { return get()->size[d]; }
  int64_t stride(int64_t d) const { return get()->stride[d]; }
  Sizes sizes() const { return {get()->size, get()->nDimension}; }
  Sizes strides() const { return {get()->stride, get()->nDimension}; }
  int64_t nElement() const { return elementCount(sizes()); }
  bool empty() const { return get()->nDimension == 0; }
  /// Row-major without gaps; dimensions of size 1 do not matter.
  bool isContiguous() const;
  bool isSameSizeAs(const Tensor& other) const { return sizes() == other.sizes(); }
  /// Same storage, offset, sizes and strides; false without a storage.
  bool isSetTo(const Tensor& other) const;
  Storage storage() const { return Storage::share(get()->storage); }
  bool hasStorage() const { return get()->storage != nullptr; }
  int64_t storageOffset() const { return get()->storageOffset; }
  /// The first element; null without a storage. T is the element type: the offset counts in it.
  template <class T = void> T* data() const {
    if constexpr (std::is_void_v<T>) {
      return get()->storage
                 ? static_cast<char*>(get()->storage->data) + get()->storageOffset * elementSize(dtype())
                 : nullptr;
    } else {
      return get()->storage ? static_cast<T*>(get()->storage->data) + get()->storageOffset : nullptr;
    }
  }

  // Views: new tensors on the same storage. Errors contain `out of range`.
  Tensor narrow(int64_t d, int64_t first, int64_t length) const;
  /// Drops dimension d. A 1-D tensor becomes a 1-D tensor of one element: there are no 0-D tensors.
  Tensor select(int64_t d, int64_t index) const;
  Tensor transpose(int64_t a, int64_t b) const;
  /// Swaps the two dimensions of a matrix. Throws unless 2-D.
  Tensor t() const;
  Tensor permute(Sizes dims) const;
  Tensor unfold(int64_t d, int64_t size, int64_t step) const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t d) const;
  /// Inserts a dimension of size 1 before dimension d.
  Tensor unsqueeze(int64_t d) const;
  /// Needs a contiguous tensor; one size may be -1.
  Tensor view(Sizes sizes) const;
  /// Dimensions of size 1 grow with stride 0. `sizes` may have more dimensions, which are put in front.
  Tensor expand(Sizes sizes) const;
  Tensor expandAs(const Tensor& other) const { return expand(other.sizes()); }
  /// Another tensor object with this one's storage and geometry.
  Tensor alias() const;

  // Geometry changes, seen by all holders of the object
  /// Keeps the storage, which grows when needed; a no-op when the sizes are equal already.
  const Tensor& resize(Sizes sizes, Sizes strides = {}) const;
  const Tensor& resizeAs(const Tensor& other) const { return resize(other.sizes()); }
  /// Empty and without storage.
  const Tensor& set() const;
  const Tensor& set(const Tensor& other) const;
  const Tensor& set(const Storage& storage, int64_t offset, Sizes sizes, Sizes strides = {}) const;

  // Content
  const Tensor& zero() const;
  const Tensor& fill(double value) const;
  /// Element by element in logical order; types may differ, sizes too when the counts agree.
  const Tensor& copy(const Tensor& from) const;
  /// This object when contiguous, otherwise a contiguous copy.
  Tensor contiguous() const;
  Tensor clone() const;
  /// This object when it has that type already, otherwise a converted copy.
  Tensor to(Type type) const;
  // Arithmetic in place, for modules that read like their formula (tensor/ops has the rest)
  const Tensor& add(double value) const;
  const Tensor& add(double k, const Tensor& y) const;
  const Tensor& add(const Tensor& y) const { return add(1, y); }
  const Tensor& mul(double value) const;
  const Tensor& div(double value) const;
  const Tensor& cmul(const Tensor& y) const;
  const Tensor& cdiv(const Tensor& y) const;
  /// this += alpha * x * y (matrix product).
  const Tensor& addmm(double alpha, const Tensor& x, const Tensor& y) const;
  const Tensor& addmm(const Tensor& x, const Tensor& y) const { return addmm(1, x, y); }

  /// The element at these indices; CPU or CUDA, slow.
  double at(Sizes index) const;
  void setAt(Sizes index, double value) const;
  /// The only element of a tensor of one.
  double item() const;

  /// Torch7's `tostring`, byte for byte; ends with the line `[torch.FloatTensor of size 2x3]` and a newline.
  std::string toString() const;

  /// The raw object. `adopt` takes over one reference, `detach` gives one away.
  TensorImpl* impl() const { return impl_; }
  bool is(const Tensor& other) const { return impl_ == other.impl_; }
  static Tensor adopt(TensorImpl* impl) {
    Tensor x;
    x.impl_ = impl;
    return x;
  }
  static Tensor share(TensorImpl* impl) {
    Tensor x = adopt(impl);
    x.retain();
    return x;
  }
  TensorImpl* detach() { return std::exchange(impl_, nullptr); }

 private:
  void retain() const {
    if (impl_) impl_->refcount.fetch_add(1, std::memory_order_relaxed);
  }
  /// The object. A nil handle is an Error and not a crash: scripts take fields such as `weight` out of
  /// modules.
  TensorImpl* get() const {
    if (!impl_) [[unlikely]]
      failNil();
    return impl_;
  }
  [[noreturn]] static void failNil();
  TensorImpl* impl_ = nullptr;
};

/// Torch7's `tostring` of a storage.
std::string toString(const Storage& storage);

}  // namespace cresset
