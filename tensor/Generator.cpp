#include "tensor/Generator.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tensor/Error.h"

namespace cresset {
namespace {

constexpr int kN = 624, kM = 397;
constexpr double kPi = 3.14159265358979323846;

}  // namespace

Generator::Generator() { seed(); }

void Generator::manualSeed(uint64_t seed) {
  state_ = State{};
  state_.seed = seed;
  state_.words[0] = seed & 0xffffffffu;
  for (int i = 1; i < kN; ++i)
    state_.words[i] =
        (1812433253u * (state_.words[i - 1] ^ (state_.words[i - 1] >> 30)) + static_cast<uint64_t>(i)) &
        0xffffffffu;
  state_.left = 1;
  state_.seeded = 1;
}

uint64_t Generator::seed() {
  std::random_device device;
  const uint64_t seed = (static_cast<uint64_t>(device()) << 32) | device();
  manualSeed(seed);
  return seed;
}

// Matsumoto and Nishimura, "Mersenne Twister", 1998. In three runs without wrapping indices, which vectorise.
void Generator::refill() {
  uint64_t* w = state_.words;
  const auto twist = [](uint64_t far, uint64_t a, uint64_t b) {
    const uint64_t y = (a & 0x80000000u) | (b & 0x7fffffffu);
    return far ^ (y >> 1) ^ ((0 - (y & 1u)) & 0x9908b0dfu);
  };
  for (int i = 0; i < kN - kM; ++i) w[i] = twist(w[i + kM], w[i], w[i + 1]);
  for (int i = kN - kM; i < kN - 1; ++i) w[i] = twist(w[i + kM - kN], w[i], w[i + 1]);
  w[kN - 1] = twist(w[kM - 1], w[kN - 1], w[0]);
  state_.left = kN;
  state_.next = 0;
}

namespace {

uint32_t temper(uint64_t word) {
  auto y = static_cast<uint32_t>(word);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

}  // namespace

uint32_t Generator::random() {
  if (--state_.left == 0) refill();
  return temper(state_.words[state_.next++]);
}

void Generator::random(uint32_t* out, int64_t n) {
  while (n > 0) {
    if (state_.left == 1) {  // the block is used up; `left` counts one more than is left
      refill();
      ++state_.left;
    }
    const int64_t count = std::min<int64_t>(n, state_.left - 1);
    const uint64_t* words = state_.words + state_.next;
    for (int64_t i = 0; i < count; ++i) out[i] = temper(words[i]);
    state_.next += static_cast<uint64_t>(count);
    state_.left -= static_cast<int32_t>(count);
    out += count;
    n -= count;
  }
}

double Generator::normal(double mean, double stdv) {
  if (!(stdv > 0)) fail("normal", {"standard deviation must be strictly positive, got ", text(stdv)});
  if (!state_.normalIsValid) {
    state_.normalX = uniform();
    state_.normalY = uniform();
    state_.normalRho = std::sqrt(-2 * std::log(1.0 - state_.normalY));
    state_.normalIsValid = 1;
    return state_.normalRho * std::cos(2 * kPi * state_.normalX) * stdv + mean;
  }
  state_.normalIsValid = 0;
  return state_.normalRho * std::sin(2 * kPi * state_.normalX) * stdv + mean;
}

double Generator::exponential(double lambda) { return -1 / lambda * std::log(1 - uniform()); }

double Generator::cauchy(double median, double sigma) {
  return median + sigma * std::tan(kPi * (uniform() - 0.5));
}

double Generator::logNormal(double mean, double stdv) { return std::exp(normal(mean, stdv)); }

int64_t Generator::geometric(double p) {
  if (!(p > 0 && p < 1)) fail("geometric", {"must be > 0 and < 1, got ", text(p)});
  return static_cast<int64_t>(std::log(1 - uniform()) / std::log(p)) + 1;
}

void Generator::setState(const State& state) {
  // A new seed leaves 1 and 0 there; from then on the two add up to the block's length and one.
  const bool consistent =
      state.left == 1 ? state.next <= kN : state.next + static_cast<uint64_t>(state.left) == kN + 1;
  if (state.seeded != 1 || state.left < 1 || state.left > kN || !consistent)
    fail("setRNGState", {"Invalid RNG state"});
  state_ = state;
}

Generator& defaultGenerator() {
  static Generator generator;
  return generator;
}

}  // namespace cresset
