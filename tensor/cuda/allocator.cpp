#include "tensor/cuda/allocator.h"

#include <cstdlib>
#include <cstring>
#include <string>

#include "tensor/Error.h"
#include "tensor/Storage.h"
#include "tensor/cuda/runtime.h"

namespace cresset::cuda {
namespace {

thread_local void (*collectMemory)(void*) = nullptr;
thread_local void* collectContext = nullptr;

cudaMemPool_t poolOf(int device) {
  cudaMemPool_t pool;
  check(cudaDeviceGetDefaultMemPool(&pool, device));
  return pool;
}

uint64_t poolAttribute(int device, cudaMemPoolAttr attribute) {
  uint64_t value;
  check(cudaMemPoolGetAttribute(poolOf(device), attribute, &value));
  return value;
}

std::string mebibytes(int64_t bytes) { return text((bytes + (1 << 19)) >> 20) + " MiB"; }

[[noreturn]] void failOutOfMemory(int64_t bytes) {
  const int device = currentDevice();
  const Memory memory = memoryOf(device);
  const auto used = static_cast<int64_t>(poolAttribute(device, cudaMemPoolAttrUsedMemCurrent));
  throw Error("cuda runtime error (2) : out of memory at allocation of " + mebibytes(bytes) + ": device " +
              text(int64_t{device} + 1) + " has " + mebibytes(memory.free) + " of " +
              mebibytes(memory.total) + " free, tensors of this process hold " + mebibytes(used));
}

cudaError_t tryAllocate(void** data, int64_t bytes) {
  const cudaError_t status = cudaMallocAsync(data, static_cast<size_t>(bytes), stream());
  if (status == cudaErrorMemoryAllocation) (void)cudaGetLastError();
  return status;
}

void* allocate(int64_t bytes, void*) {
  void* data = nullptr;
  if (bytes > int64_t{1} << 50) failOutOfMemory(bytes);
  cudaError_t status = tryAllocate(&data, bytes);
  // Freed memory comes back when the work before it is done, and whole only when the pool gives it back.
  for (int attempt = 0; status == cudaErrorMemoryAllocation && attempt < 2; ++attempt) {
    if (attempt == 1) {
      if (!collectMemory) break;
      collectMemory(collectContext);
    }
    check(cudaDeviceSynchronize());
    check(cudaMemPoolTrimTo(poolOf(currentDevice()), 0));
    status = tryAllocate(&data, bytes);
  }
  if (status == cudaErrorMemoryAllocation) failOutOfMemory(bytes);
  check(status);
  return data;
}

/// Through the default stream, whatever stream is current: it follows the work of all others, so nothing
/// still uses the memory when it is handed out again. No error is thrown: this runs in destructors, after a
/// failed kernel every call fails, and at exit the driver may be gone already.
void release(void* data, int64_t, void*) {
  int previous = 0;
  cudaPointerAttributes attributes{};
  const bool elsewhere = deviceCount() > 1 && cudaGetDevice(&previous) == cudaSuccess &&
                         cudaPointerGetAttributes(&attributes, data) == cudaSuccess &&
                         attributes.device != previous;  // a stream frees memory of its own device
  if (elsewhere) (void)cudaSetDevice(attributes.device);
  if (cudaFreeAsync(data, nullptr) != cudaSuccess) (void)cudaGetLastError();  // not the next launch's fault
  if (elsewhere) (void)cudaSetDevice(previous);
}

}  // namespace

void installAllocator() {
  const char* caching = std::getenv("THC_CACHING_ALLOCATOR");
  uint64_t keep = caching && std::strcmp(caching, "0") == 0 ? 0 : UINT64_MAX;
  for (int device = 0; device < deviceCount(); ++device)
    // By default a pool returns all it has to the system whenever the host waits.
    check(cudaMemPoolSetAttribute(poolOf(device), cudaMemPoolAttrReleaseThreshold, &keep));
  setAllocator(Device::CUDA, {allocate, release});
}

void setCollector(void (*collect)(void* context), void* context) {
  collectMemory = collect;
  collectContext = context;
}

Memory memoryOf(int device) {
  const DeviceScope scope(device);
  size_t free, total;
  check(cudaMemGetInfo(&free, &total));
  const uint64_t cached = poolAttribute(device, cudaMemPoolAttrReservedMemCurrent) -
                          poolAttribute(device, cudaMemPoolAttrUsedMemCurrent);
  return {static_cast<int64_t>(free + cached), static_cast<int64_t>(total)};
}

}  // namespace cresset::cuda
