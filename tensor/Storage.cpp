#include "tensor/Storage.h"

#include "tensor/Error.h"
#include "tensor/dispatch.h"
#include "tensor/memory.h"
#include "tensor/ops/copy.h"

namespace cresset {
namespace {

void* noCuda(int64_t, void*) {
  fail("storage", {"no GPU memory: the CUDA plugin is not loaded (require 'cutorch')"});
}

Allocator allocators[2] = {
    {[](int64_t bytes, void*) { return memory::allocate(bytes); },
     [](void* data, int64_t bytes, void*) { memory::release(data, bytes); }},
    {noCuda, [](void*, int64_t, void*) {}},
};

/// Memory of a THAllocator, which is the context.
const Allocator kForeign = {[](int64_t bytes, void* context) {
                              void* data = static_cast<const THAllocator*>(context)->malloc(nullptr, bytes);
                              if (!data) fail("storage", {"the allocator has no ", text(bytes), " bytes"});
                              return data;
                            },
                            [](void* data, int64_t, void* context) {
                              static_cast<const THAllocator*>(context)->free(nullptr, data);
                            }};

void* checked(const THAllocator& allocator) {
  if (!allocator.malloc || !allocator.free) fail("storage", {"expected an allocator with malloc and free"});
  return const_cast<THAllocator*>(&allocator);
}

int64_t bytesOf(Type type, int64_t size) {
  if (size < 0 || size > (int64_t{1} << 55)) fail(storageTypeName(type), {"invalid size ", text(size)});
  return size * elementSize(type.dtype);
}

// From recycled blocks: creating a small tensor should cost no malloc.
StorageImpl* newImpl() { return new (memory::takeBlock(sizeof(StorageImpl))) StorageImpl; }

void deleteImpl(StorageImpl* impl) {
  impl->~StorageImpl();
  memory::giveBlock(impl, sizeof(StorageImpl));
}

}  // namespace

const Allocator& allocatorOf(Device device) { return allocators[static_cast<int>(device)]; }
void setAllocator(Device device, const Allocator& allocator) {
  allocators[static_cast<int>(device)] = allocator;
}

bool isAvailable(Device device) { return allocatorOf(device).allocate != noCuda; }

void Storage::failNil() { fail("storage", {"expected a storage, got nil"}); }

Storage::Storage(Type type, int64_t size) : Storage(type, size, allocatorOf(type.device), nullptr) {}

Storage::Storage(Type type, int64_t size, const THAllocator& allocator)
    : Storage(type, size, kForeign, checked(allocator)) {}

Storage::Storage(Type type, int64_t size, const Allocator& allocator, void* context) {
  const int64_t bytes = bytesOf(type, size);
  void* data = bytes ? allocator.allocate(bytes, context) : nullptr;
  impl_ = newImpl();
  impl_->data = data;
  impl_->size = size;
  impl_->flag = kResizable;
  impl_->allocator = &allocator;
  impl_->allocatorContext = context;
  impl_->type = type;
  impl_->capacity = bytes;
}

Storage Storage::borrow(Type type, void* data, int64_t size, const Allocator* owner, void* context) {
  Storage s;
  s.impl_ = newImpl();
  s.impl_->data = data;
  s.impl_->size = size;
  s.impl_->allocator = owner;
  s.impl_->allocatorContext = context;
  s.impl_->type = type;
  return s;
}

void destroy(StorageImpl* impl) {
  if (impl->allocator && (impl->capacity || !(impl->flag & kResizable)))
    impl->allocator->release(impl->data, impl->capacity, impl->allocatorContext);
  deleteImpl(impl);
}

void Storage::resize(int64_t size) {
  if (!isResizable()) fail(storageTypeName(type()), {"Trying to resize storage that is not resizable"});
  const int64_t bytes = bytesOf(type(), size);
  if (bytes > impl_->capacity) {
    const Storage larger(type(), size, *impl_->allocator,
                         impl_->allocatorContext);  // frees the old block, or the new one when the copy fails
    if (impl_->capacity)
      copyBytes(type().device, larger.data(), impl_->data, impl_->size * elementSize(type().dtype));
    std::swap(impl_->data, larger.impl_->data);
    std::swap(impl_->capacity, larger.impl_->capacity);
  }
  impl_->size = size;
}

double elementAt(const StorageImpl& storage, int64_t index) {
  return visit<AllTypes>("element", storage.type,
                         [&]<class T>() { return toDouble(static_cast<const T*>(storage.data)[index]); });
}

void setElementAt(StorageImpl& storage, int64_t index, double value) {
  visit<AllTypes>("element", storage.type,
                  [&]<class T>() { static_cast<T*>(storage.data)[index] = fromDouble<T>(value); });
}

}  // namespace cresset
