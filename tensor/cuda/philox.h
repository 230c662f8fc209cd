// Philox 4x32-10: a random number generator without state, whose n-th output depends on seed and n alone.
// J. Salmon, M. Moraes, R. Dror, D. Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.
#pragma once

#include <cstdint>

#include "tensor/ops/pointwise_functors.h"

namespace cresset::cuda {

/// 128 random bits.
struct Philox {
  uint32_t x[4];

  CRESSET_HD Philox(uint64_t seed, uint64_t counter)
      : x{static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), 0, 0} {
    auto key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const uint64_t product0 = uint64_t{0xD2511F53} * x[0], product1 = uint64_t{0xCD9E8D57} * x[2];
      const uint32_t y0 = static_cast<uint32_t>(product1 >> 32) ^ x[1] ^ key0,
                     y2 = static_cast<uint32_t>(product0 >> 32) ^ x[3] ^ key1;
      x[1] = static_cast<uint32_t>(product1);
      x[3] = static_cast<uint32_t>(product0);
      x[0] = y0;
      x[2] = y2;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
  }

  /// The first (0) or second (1) half.
  CRESSET_HD uint64_t bits(int half) const { return uint64_t{x[2 * half + 1]} << 32 | x[2 * half]; }
  /// In (0, 1], with 53 bits: a logarithm of it is finite.
  CRESSET_HD double uniform(int half) const {
    return (static_cast<double>(bits(half) >> 11) + 1) * (1.0 / 9007199254740992.0);
  }
};

}  // namespace cresset::cuda
