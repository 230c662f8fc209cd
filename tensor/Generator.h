// Random numbers: the Mersenne Twister with Torch7's seeding and draws, so that a seed gives Torch7's
// numbers.
#pragma once

#include <cstdint>

namespace cresset {

/// MT19937 with the 2002 initialisation. Not safe for two threads at once.
class Generator {
 public:
  /// Seeded from the operating system.
  Generator();

  /// Restarts the sequence and forgets the cached normal value. Only the low 32 bits of the seed matter.
  void manualSeed(uint64_t seed);
  /// Reseeds from the operating system; returns the seed.
  uint64_t seed();
  /// The last seed, as given.
  uint64_t initialSeed() const { return state_.seed; }

  /// The next tempered 32-bit output.
  uint32_t random();
  /// The next n outputs at once, which is several times faster.
  void random(uint32_t* out, int64_t n);
  /// In [0, 1): random() * 2^-32.
  double uniform() { return random() * (1.0 / 4294967296.0); }
  double uniform(double a, double b) { return uniform() * (b - a) + a; }
  /// Box-Muller: two values from two draws, the second one kept for the next call.
  double normal(double mean, double stdv);
  double exponential(double lambda);
  double cauchy(double median, double sigma);
  double logNormal(double mean, double stdv);
  int64_t geometric(double p);
  bool bernoulli(double p) { return uniform() <= p; }

  /// The byte image that Torch7 saves, 64-bit Unix layout (contract: torch.md, section 26.1).
  struct State {
    uint64_t seed;
    int32_t left;
    int32_t seeded;
    uint64_t next;
    uint64_t words[624];
    double normalX, normalY, normalRho;
    int32_t normalIsValid;
    int32_t padding;
  };
  static constexpr int64_t kStateBytes = 5048;
  const State& state() const { return state_; }
  /// For kernels that draw from it (tensor/twister.h).
  State& state() { return state_; }
  /// Throws Error (`Invalid RNG state`) when the state is not one that a generator can have: one with more
  /// outputs left than the block holds would be read beyond its end.
  void setState(const State& state);

 private:
  State state_{};
};

static_assert(sizeof(Generator::State) == Generator::kStateBytes);

/// The generator that is used when none is given.
Generator& defaultGenerator();

}  // namespace cresset
