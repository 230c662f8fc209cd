// CPU kernels of the distributions. Outputs of the generator are made in blocks, in their order; what is
// computed from each is independent of the others, and shared by the threads where it is dear.
#include "tensor/ops/random.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "tensor/cpu/box_muller.h"
#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/twister.h"

namespace cresset {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// A 32-bit output as a number in [0, 1).
double unit(uint32_t r) { return r * (1.0 / 4294967296.0); }

/// Integers go through int64: a double beyond the type's range would be undefined.
template <class T> T stored(double value) {
  if constexpr (std::is_integral_v<T>) {
    return fromDouble<T>(value);
  } else {
    return static_cast<T>(value);
  }
}

/// x[i] = f(output), for an f that costs less than the output itself.
template <class T, class F> void drawCheap(const Tensor& x, Generator& g, const F& f) {
  constexpr int64_t kBlock = 2048;  // stays in the first-level cache
  uint32_t outputs[kBlock];
  T* r = x.data<T>();
  for (int64_t rest = x.nElement(); rest > 0;) {
    const int64_t n = std::min(rest, kBlock);
    twister::draw(g.state(), outputs, n);
    for (int64_t i = 0; i < n; ++i) r[i] = static_cast<T>(f(outputs[i]));
    r += n;
    rest -= n;
  }
}

/// Outputs for all threads at once; 256 KiB stay in the second-level cache.
constexpr int64_t kBatch = 1 << 16;
/// A logarithm costs as much as some 30 additions.
constexpr int64_t kDearGrain = 2048;

/// Calls body(outputs, first, count) for groups of `width` outputs, in parallel within a batch. The groups
/// numbered first, first + 1, ... are at outputs, followed by something that vectors may read.
template <class Body> void drawBatches(Generator& g, int64_t groups, int64_t width, const Body& body) {
  if (groups == 0) return;
  const auto outputs = std::make_unique_for_overwrite<uint32_t[]>(
      static_cast<size_t>(std::min(groups * width, kBatch)) + HWY_MAX_BYTES / 4);
  for (int64_t first = 0; first < groups;) {
    const int64_t count = std::min(groups - first, kBatch / width);
    twister::draw(g.state(), outputs.get(), count * width);
    parallelFor(count, kDearGrain, [&](int64_t begin, int64_t end) {
      body(outputs.get() + begin * width, first + begin, end - begin);
    });
    first += count;
  }
}

template <class T, class F> void drawDear(const Tensor& x, Generator& g, const F& f) {
  T* r = x.data<T>();
  drawBatches(g, x.nElement(), 1, [&](const uint32_t* outputs, int64_t first, int64_t count) {
    for (int64_t i = 0; i < count; ++i) r[first + i] = stored<T>(f(outputs[i]));
  });
}

/// x[i] = f(normal value), for an f that takes the value as a V.
template <class T, class V, class F>
void drawNormals(const Tensor& x, Generator& g, double mean, double stdv, const F& f) {
  T* r = x.data<T>();
  int64_t n = x.nElement();
  if (g.state().normalIsValid) {  // the second value of the pair that the last call began
    *r++ = static_cast<T>(f(static_cast<V>(g.normal(mean, stdv))));
    --n;
  }
  // The last pair is left to the generator, which remembers it.
  const int64_t pairs = std::max<int64_t>(n / 2 - 1, 0);
  drawBatches(g, pairs, 2, [&](const uint32_t* outputs, int64_t first, int64_t count) {
    constexpr int64_t kPairs = 256;
    HWY_ALIGN V values[2 * kPairs];
    T* to = r + 2 * first;
    for (int64_t i = 0; i < count; i += kPairs) {
      const int64_t some = std::min(kPairs, count - i);
      box_muller::normals(values, outputs + 2 * i, some, mean, stdv);
      for (int64_t j = 0; j < 2 * some; ++j) to[j] = static_cast<T>(f(values[j]));
      to += 2 * some;
    }
  });
  for (int64_t i = 2 * pairs; i < n; ++i) r[i] = static_cast<T>(f(static_cast<V>(g.normal(mean, stdv))));
}

void uniformKernel(const Tensor& x, Generator& g, double a, double b) {
  visit<Floating>("uniform", x.type(), [&]<class T>() {
    drawCheap<T>(x, g, [a, width = b - a](uint32_t r) { return unit(r) * width + a; });
  });
}

void normalKernel(const Tensor& x, Generator& g, double mean, double stdv) {
  visit<Floating>("normal", x.type(),
                  [&]<class T>() { drawNormals<T, T>(x, g, mean, stdv, [](T v) { return v; }); });
}

void logNormalKernel(const Tensor& x, Generator& g, double mean, double stdv) {
  visit<Floating>("logNormal", x.type(), [&]<class T>() {
    drawNormals<T, double>(x, g, mean, stdv, [](double v) { return std::exp(v); });
  });
}

void cauchyKernel(const Tensor& x, Generator& g, double median, double sigma) {
  visit<Floating>("cauchy", x.type(), [&]<class T>() {
    drawDear<T>(x, g, [=](uint32_t r) { return median + sigma * std::tan(kPi * (unit(r) - 0.5)); });
  });
}

void exponentialKernel(const Tensor& x, Generator& g, double lambda, double) {
  visit<Floating>("exponential", x.type(), [&]<class T>() {
    drawDear<T>(x, g, [=](uint32_t r) { return -1 / lambda * std::log(1 - unit(r)); });
  });
}

void geometricKernel(const Tensor& x, Generator& g, double p, double) {
  visit<Real>("geometric", x.type(), [&]<class T>() {
    drawDear<T>(x, g,
                [base = std::log(p)](uint32_t r) { return std::floor(std::log(1 - unit(r)) / base) + 1; });
  });
}

void bernoulliKernel(const Tensor& x, Generator& g, double p, double) {
  // unit(r) <= p in integers: both sides are exact multiples of 2^-32 or lie between two of them.
  const auto limit = static_cast<uint32_t>(std::min(std::floor(p * 4294967296.0), 4294967295.0));
  visit<Real>("bernoulli", x.type(),
              [&]<class T>() { drawCheap<T>(x, g, [limit](uint32_t r) { return r <= limit; }); });
}

void bernoulliEachKernel(const Tensor& x, Generator& g, const Tensor& p) {
  visit<Real>("bernoulli", x.type(), [&]<class T>() {
    const double* probability = p.data<double>();
    drawCheap<T>(x, g, [&probability](uint32_t r) { return unit(r) <= *probability++; });
  });
}

void randomKernel(const Tensor& x, Generator& g, int64_t low, uint64_t range) {
  const auto base = static_cast<uint64_t>(low);
  visit<Real>("random", x.type(), [&]<class T>() {
    // All outputs are below 2^32, so that only smaller ranges divide.
    if (range == 0 || range > 0xffffffffu)
      return drawCheap<T>(x, g, [=](uint32_t r) { return static_cast<int64_t>(base + r); });
    drawCheap<T>(x, g, [=, d = static_cast<uint32_t>(range)](uint32_t r) {
      return static_cast<int64_t>(base + r % d);
    });
  });
}

void randpermKernel(const Tensor& x, Generator& g) {
  visit<Real>("randperm", x.type(), [&]<class T>() {
    constexpr int64_t kBlock = 1024;
    uint32_t outputs[kBlock];
    T* r = x.data<T>();
    const int64_t n = x.nElement();
    for (int64_t i = 0; i < n; ++i) r[i] = static_cast<T>(i);
    for (int64_t i = 0; i < n - 1; i += kBlock) {
      const int64_t count = std::min(kBlock, n - 1 - i);
      twister::draw(g.state(), outputs, count);
      for (int64_t j = 0; j < count; ++j) {
        const auto left = static_cast<uint64_t>(n - i - j);
        std::swap(r[i + j], r[i + j + static_cast<int64_t>(outputs[j] % left)]);
      }
    }
    for (int64_t i = 0; i < n; ++i) r[i] = static_cast<T>(r[i] + T(1));
  });
}

}  // namespace

void fillRandom() {
  randomSlot.cpu = randomKernel;
  bernoulliSlot.cpu = bernoulliKernel;
  bernoulliEachSlot.cpu = bernoulliEachKernel;
  geometricSlot.cpu = geometricKernel;
  uniformSlot.cpu = uniformKernel;
  normalSlot.cpu = normalKernel;
  cauchySlot.cpu = cauchyKernel;
  logNormalSlot.cpu = logNormalKernel;
  exponentialSlot.cpu = exponentialKernel;
  randpermSlot.cpu = randpermKernel;
}

}  // namespace cresset
