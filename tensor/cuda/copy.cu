// CUDA kernels that move elements: fill, and copies between devices, types and layouts.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cstring>

#include "tensor/cpu/width.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/copy.h"

namespace cresset::cuda {
namespace {

template <class W> struct Store {
  W value;
  __device__ void operator()(char* const* p) const { *reinterpret_cast<W*>(p[0]) = value; }
};

void fillKernel(const Tensor& x, double value) {
  unsigned char bytes[8] = {};
  const auto size = static_cast<size_t>(elementSize(x.dtype()));
  visit<AllTypes>("fill", x.type(), [&]<class T>() {
    const T converted = fromDouble<T>(value);
    std::memcpy(bytes, &converted, sizeof converted);
  });
  // The driver's own fill takes one byte: all zeros, mostly.
  if (x.isContiguous() && std::all_of(bytes, bytes + size, [&](unsigned char b) { return b == bytes[0]; })) {
    checkPlacement("fill", {&x});
    return check(cudaMemsetAsync(x.data(), bytes[0], size * static_cast<size_t>(x.nElement()), stream()));
  }
  visitWidth(x, [&]<class W>() {
    W bits;
    std::memcpy(&bits, bytes, sizeof bits);
    each("fill", Store<W>{bits}, x);
  });
}

template <class W> struct Move {
  __device__ void operator()(char* const* p) const {
    *reinterpret_cast<W*>(p[0]) = *reinterpret_cast<const W*>(p[1]);
  }
};

/// An integer or floating value in To, converted as the CPU does.
template <class To, class V> __device__ To converted(V value) {
  if constexpr (std::is_same_v<To, Half>) {
    return {__half_as_ushort(__float2half_rn(static_cast<float>(value)))};
  } else if constexpr (std::is_same_v<To, BFloat16>) {
    return {__bfloat16_as_ushort(__float2bfloat16_rn(static_cast<float>(value)))};
  } else if constexpr (std::is_floating_point_v<V> && std::is_integral_v<To>) {
    constexpr V kLimit = static_cast<V>(0x1p63);
    return value >= -kLimit && value < kLimit ? static_cast<To>(static_cast<int64_t>(value)) : To(0);
  } else {
    return static_cast<To>(value);
  }
}

/// From every type to To. The source type is a uniform branch: 9 kernels instead of 81.
template <class To> struct Convert {
  DType from;
  __device__ void operator()(char* const* p) const { *reinterpret_cast<To*>(p[0]) = read(p[1]); }
  __device__ To read(const char* p) const {
    switch (from) {
      case DType::Byte:
        return converted<To>(*reinterpret_cast<const uint8_t*>(p));
      case DType::Char:
        return converted<To>(*reinterpret_cast<const int8_t*>(p));
      case DType::Short:
        return converted<To>(*reinterpret_cast<const int16_t*>(p));
      case DType::Int:
        return converted<To>(*reinterpret_cast<const int32_t*>(p));
      case DType::Long:
        return converted<To>(*reinterpret_cast<const int64_t*>(p));
      case DType::Half:
        return converted<To>(__half2float(__ushort_as_half(*reinterpret_cast<const uint16_t*>(p))));
      case DType::BFloat16:
        return converted<To>(__bfloat162float(__ushort_as_bfloat16(*reinterpret_cast<const uint16_t*>(p))));
      case DType::Float:
        return converted<To>(*reinterpret_cast<const float*>(p));
      default:
        return converted<To>(*reinterpret_cast<const double*>(p));
    }
  }
};

size_t bytesOf(const Tensor& x) { return static_cast<size_t>(x.nElement() * elementSize(x.dtype())); }

/// Both on the current device.
void copyHere(const Tensor& to, const Tensor& from) {
  if (to.dtype() == from.dtype()) {
    if (to.isContiguous() && from.isContiguous())
      return check(cudaMemcpyAsync(to.data(), from.data(), bytesOf(to), cudaMemcpyDeviceToDevice, stream()));
    return visitWidth(to, [&]<class W>() { each("copy", Move<W>{}, to, from); });
  }
  visit<AllTypes>("copy", to.type(), [&]<class To>() { each("copy", Convert<To>{from.dtype()}, to, from); });
}

/// Waits, because the host's memory may be changed or freed as soon as this returns.
void transfer(const Tensor& to, const Tensor& from, cudaMemcpyKind kind) {
  check(cudaMemcpyAsync(to.data(), from.data(), bytesOf(to), kind, stream()));
  waitForStream();
}

void hostToDevice(const Tensor& to, const Tensor& from) {
  const Tensor source = from.to({to.dtype(), Device::CPU}).contiguous();
  const DeviceScope scope(deviceOf(to.storage().data()));
  if (to.isContiguous()) return transfer(to, source, cudaMemcpyHostToDevice);
  const Tensor packed(to.type(), to.sizes());
  transfer(packed, source, cudaMemcpyHostToDevice);
  copyHere(to, packed);
}

void deviceToHost(const Tensor& to, const Tensor& from) {
  const DeviceScope scope(deviceOf(from.storage().data()));
  const Tensor source = from.contiguous();
  if (to.isContiguous() && to.dtype() == from.dtype()) return transfer(to, source, cudaMemcpyDeviceToHost);
  const Tensor packed({from.dtype(), Device::CPU}, to.sizes());
  transfer(packed, source, cudaMemcpyDeviceToHost);
  to.copy(packed);
}

/// Through packed memory on both sides. Each device waits for the other.
void betweenDevices(const Tensor& to, int toDevice, const Tensor& from, int fromDevice) {
  Tensor source;
  {
    const DeviceScope scope(fromDevice);
    source = from.to(to.type()).contiguous();
    waitForStream();
  }
  const DeviceScope scope(toDevice);
  const Tensor target = to.isContiguous() ? to : Tensor(to.type(), to.sizes());
  check(cudaMemcpyPeerAsync(target.data(), toDevice, source.data(), fromDevice, bytesOf(to), stream()));
  waitForStream();
  if (!target.is(to)) copyHere(to, target);
}

void copyKernel(const Tensor& to, const Tensor& from) {
  if (from.device() == Device::CPU) return hostToDevice(to, from);
  if (to.device() == Device::CPU) return deviceToHost(to, from);
  if (deviceCount() == 1) return copyHere(to, from);
  const int toDevice = deviceOf(to.storage().data()), fromDevice = deviceOf(from.storage().data());
  if (toDevice != fromDevice) return betweenDevices(to, toDevice, from, fromDevice);
  const DeviceScope scope(toDevice);
  copyHere(to, from);
}

void copyBytesKernel(void* to, const void* from, int64_t bytes) {
  check(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDefault, stream()));
}

}  // namespace

void fillCopy() {
  fillSlot.cuda = fillKernel;
  copySlot.cuda = copyKernel;
  copyBytesSlot.cuda = copyBytesKernel;
}

}  // namespace cresset::cuda
