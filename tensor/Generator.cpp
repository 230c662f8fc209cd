#include "tensor/Generator.h"

#include <cmath>
#include <random>

#include "tensor/Error.h"
#include "tensor/twister.h"

namespace cresset {
namespace {

constexpr int kN = twister::kN;
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

uint32_t Generator::random() {
  if (--state_.left == 0) twister::refill(state_);
  return twister::temper(state_.words[state_.next++]);
}

void Generator::random(uint32_t* out, int64_t n) { twister::draw(state_, out, n); }

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
