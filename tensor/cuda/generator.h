// The random number generators of the devices: a seed and a position in its stream.
#pragma once

#include <cstdint>

namespace cresset::cuda {

struct GeneratorState {
  uint64_t seed;
  uint64_t position;  // outputs of 128 bits used so far
};

/// Takes `outputs` outputs of the current device's generator: returns where they begin.
GeneratorState draw(uint64_t outputs);

// Each device's generator starts with one seed for all, taken from the operating system.
void manualSeed(int device, uint64_t seed);
uint64_t initialSeed(int device);
GeneratorState generatorState(int device);
void setGeneratorState(int device, GeneratorState state);

}  // namespace cresset::cuda
