#include "tensor/cuda/streams.h"

#include <mutex>

#include "tensor/Error.h"
#include "tensor/cuda/runtime.h"

namespace cresset::cuda {
namespace {

/// User streams of each device. They synchronise with the default stream, as CUDA's do unless asked
/// otherwise: memory goes back through that stream (allocator.cpp), after all work that may still use it. Not
/// yet: streams that do not.
struct Streams {
  std::mutex mutex;
  std::vector<std::vector<cudaStream_t>> ofDevice;
  int count = 0;
};
Streams& streams() {
  static auto* const all = new Streams;  // never destroyed: tensors may outlive static objects
  return *all;
}

thread_local int current = 0;

cudaStream_t streamAt(int number) {
  if (number == 0) return nullptr;
  Streams& s = streams();
  const std::lock_guard lock(s.mutex);
  if (number < 0 || number > s.count)
    fail("cutorch", {text(int64_t{number}), " is not a valid stream, valid range is: (0, ",
                     text(int64_t{s.count}), "); cutorch.reserveStreams makes more"});
  return s.ofDevice[static_cast<size_t>(currentDevice())][static_cast<size_t>(number) - 1];
}

}  // namespace

cudaStream_t stream() { return streamAt(current); }

void reserveStreams(int count) {
  Streams& s = streams();
  const std::lock_guard lock(s.mutex);
  s.ofDevice.resize(static_cast<size_t>(deviceCount()));
  for (int device = 0; device < deviceCount(); ++device) {
    const DeviceScope scope(device);
    auto& own = s.ofDevice[static_cast<size_t>(device)];
    while (static_cast<int>(own.size()) < count) {
      cudaStream_t made;
      check(cudaStreamCreate(&made));
      own.push_back(made);
    }
  }
  if (count > s.count) s.count = count;
}

int streamCount() {
  const std::lock_guard lock(streams().mutex);
  return streams().count;
}

int streamNumber() { return current; }

void setStreamNumber(int number) {
  (void)streamAt(number);
  current = number;
}

void synchronizeStream(int number) { check(cudaStreamSynchronize(streamAt(number))); }

void waitForStreams(int waiting, const std::vector<int>& others) {
  const cudaStream_t waiter = streamAt(waiting);
  for (const int number : others) {
    const cudaStream_t other = streamAt(number);
    cudaEvent_t event;
    check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    cudaError_t status = cudaEventRecord(event, other);
    if (status == cudaSuccess) status = cudaStreamWaitEvent(waiter, event, 0);
    (void)cudaEventDestroy(event);  // what waits for it keeps it alive
    check(status);
  }
}

}  // namespace cresset::cuda
