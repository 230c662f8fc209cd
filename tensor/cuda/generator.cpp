#include "tensor/cuda/generator.h"

#include <mutex>
#include <vector>

#include "tensor/Generator.h"
#include "tensor/cuda/runtime.h"

namespace cresset::cuda {
namespace {

struct Generators {
  std::mutex mutex;
  std::vector<GeneratorState> ofDevice;

  Generators() { ofDevice.assign(static_cast<size_t>(deviceCount()), {Generator().initialSeed(), 0}); }
};
Generators& generators() {
  static Generators all;
  return all;
}

/// Calls body with a device's generator, alone.
template <class Body> auto with(int device, Body body) {
  Generators& g = generators();
  const std::lock_guard lock(g.mutex);
  return body(g.ofDevice.at(static_cast<size_t>(device)));
}

}  // namespace

GeneratorState draw(uint64_t outputs) {
  return with(currentDevice(), [=](GeneratorState& g) {
    const GeneratorState start = g;
    g.position += outputs;
    return start;
  });
}

void manualSeed(int device, uint64_t seed) {
  with(device, [=](GeneratorState& g) { g = {seed, 0}; });
}
uint64_t initialSeed(int device) {
  return with(device, [](const GeneratorState& g) { return g.seed; });
}
GeneratorState generatorState(int device) {
  return with(device, [](const GeneratorState& g) { return g; });
}
void setGeneratorState(int device, GeneratorState state) {
  with(device, [=](GeneratorState& g) { g = state; });
}

}  // namespace cresset::cuda
