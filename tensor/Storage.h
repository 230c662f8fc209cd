// A contiguous typed buffer that tensors share.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tensor/Type.h"

namespace cresset {

struct StorageImpl;

/// Where the bytes of a storage come from and how they go back.
/// Stateless, or with its state in `context`; one whose `allocate` is never called owns its context, which
/// `release` frees too.
struct Allocator {
  /// At least `bytes` bytes for `type`'s device, or throws Error. `bytes` > 0.
  void* (*allocate)(int64_t bytes, void* context);
  void (*release)(void* data, int64_t bytes, void* context);
};

/// Torch7's `THAllocator`, as FFI code makes it; `torch.Allocator` in Lua. `realloc` is never called.
struct THAllocator {
  void* (*malloc)(void* context, ptrdiff_t bytes);
  void* (*realloc)(void* context, void* data, ptrdiff_t bytes);
  void (*free)(void* context, void* data);
};

/// The allocator of new storages on a device; the CUDA plugin installs its own.
const Allocator& allocatorOf(Device device);
void setAllocator(Device device, const Allocator& allocator);
/// Whether storages can be made on a device: CUDA needs the plugin.
bool isAvailable(Device device);

/// The object behind Storage handles. The first six members are Torch7's `THRealStorage`, which FFI code
/// reads.
struct StorageImpl {
  void* data = nullptr;
  ptrdiff_t size = 0;  // elements
  std::atomic<int32_t> refcount{1};
  char flag = 0;  // kResizable
  const Allocator* allocator = nullptr;
  void* allocatorContext = nullptr;

  Type type;
  int64_t capacity = 0;  // bytes; 0 when the memory is borrowed
};

inline constexpr char kResizable = 4;

void destroy(StorageImpl* impl);

/// A counted reference to a buffer. Copying the handle shares the buffer.
class Storage {
 public:
  Storage() = default;
  /// `size` uninitialised elements. Throws Error when size < 0 or memory is short.
  Storage(Type type, int64_t size);
  /// The same from memory of `allocator`, which must outlive the storage; its functions get a null context.
  /// Throws Error too when `allocator` has no malloc or no free, or its malloc returns null.
  Storage(Type type, int64_t size, const THAllocator& allocator);
  /// Elements that belong to somebody else: not resizable; `release(data, 0, context)` is called at the end.
  static Storage borrow(Type type, void* data, int64_t size, const Allocator* owner = nullptr,
                        void* context = nullptr);

  Storage(const Storage& other) : impl_(other.impl_) { retain(); }
  Storage(Storage&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
  Storage& operator=(Storage other) noexcept {
    std::swap(impl_, other.impl_);
    return *this;
  }
  ~Storage() { release(); }

  explicit operator bool() const { return impl_ != nullptr; }
  Type type() const { return get()->type; }
  int64_t size() const { return get()->size; }
  template <class T = void> T* data() const { return static_cast<T*>(get()->data); }
  bool isResizable() const { return (get()->flag & kResizable) != 0; }
  /// Keeps the common prefix; new elements are uninitialised. Throws Error when not resizable.
  void resize(int64_t size);
  bool is(const Storage& other) const { return impl_ == other.impl_; }

  /// The raw object. `adopt` takes over one reference, `detach` gives one away.
  StorageImpl* impl() const { return impl_; }
  static Storage adopt(StorageImpl* impl) {
    Storage s;
    s.impl_ = impl;
    return s;
  }
  static Storage share(StorageImpl* impl) {
    Storage s;
    s.impl_ = impl;
    s.retain();
    return s;
  }
  StorageImpl* detach() { return std::exchange(impl_, nullptr); }

 private:
  Storage(Type type, int64_t size, const Allocator& allocator, void* context);
  void retain() const {
    if (impl_) impl_->refcount.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    if (impl_ && impl_->refcount.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(impl_);
    impl_ = nullptr;
  }
  StorageImpl* get() const {
    if (!impl_) [[unlikely]]
      failNil();
    return impl_;
  }
  [[noreturn]] static void failNil();
  StorageImpl* impl_ = nullptr;
};

/// Copies one element to or from double; `index` counts from 0 and is not checked. CPU storages only.
double elementAt(const StorageImpl& storage, int64_t index);
void setElementAt(StorageImpl& storage, int64_t index, double value);

}  // namespace cresset
