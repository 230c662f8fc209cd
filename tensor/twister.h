// The Mersenne Twister's loops over whole blocks of words: Matsumoto and Nishimura, "Mersenne Twister", 1998.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tensor/Generator.h"

// Unnamed, so that each instruction set has its own, as wide as its vectors.
namespace cresset::twister {
namespace {

constexpr int kN = 624, kM = 397;

/// The next block, in three runs without wrapping indices, which vectorise.
inline void refill(Generator::State& state) {
  uint64_t* w = state.words;
  const auto twist = [](uint64_t far, uint64_t a, uint64_t b) {
    const uint64_t y = (a & 0x80000000u) | (b & 0x7fffffffu);
    return far ^ (y >> 1) ^ ((0 - (y & 1u)) & 0x9908b0dfu);
  };
  for (int i = 0; i < kN - kM; ++i) w[i] = twist(w[i + kM], w[i], w[i + 1]);
  for (int i = kN - kM; i < kN - 1; ++i) w[i] = twist(w[i + kM - kN], w[i], w[i + 1]);
  w[kN - 1] = twist(w[kM - 1], w[kN - 1], w[0]);
  state.left = kN;
  state.next = 0;
}

/// The output that a word stands for.
inline uint32_t temper(uint64_t word) {
  auto y = static_cast<uint32_t>(word);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

/// The next n outputs.
inline void draw(Generator::State& state, uint32_t* out, int64_t n) {
  while (n > 0) {
    if (state.left == 1) {  // the block is used up; `left` counts one more than is left
      refill(state);
      ++state.left;
    }
    const int64_t count = std::min<int64_t>(n, state.left - 1);
    const uint64_t* words = state.words + state.next;
    for (int64_t i = 0; i < count; ++i) out[i] = temper(words[i]);
    state.next += static_cast<uint64_t>(count);
    state.left -= static_cast<int32_t>(count);
    out += count;
    n -= count;
  }
}

}  // namespace
}  // namespace cresset::twister
