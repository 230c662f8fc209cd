// CUDA kernels of the distributions. Two elements come from one output of Philox, in double.
#include <cmath>

#include "tensor/cuda/fill.h"
#include "tensor/cuda/generator.h"
#include "tensor/cuda/philox.h"
#include "tensor/cuda/runtime.h"
#include "tensor/ops/random.h"

namespace cresset::cuda {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// Elements 2 i and 2 i + 1 are draw(output, 0, 2 i) and draw(output, 1, 2 i + 1).
template <class T, class Draw>
__global__ void __launch_bounds__(kBlock) drawKernel(Draw draw, T* x, int64_t n, GeneratorState g) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; 2 * i < n; i += step) {
    const Philox output(g.seed, g.position + static_cast<uint64_t>(i));
    for (int half = 0; half < 2 && 2 * i + half < n; ++half)
      x[2 * i + half] = static_cast<T>(draw(output, half, 2 * i + half));
  }
}

template <TypeSet types, class Draw> void drawInto(const char* op, const Tensor& x, const Draw& value) {
  checkPlacement(op, {&x});
  const int64_t n = x.nElement(), outputs = (n + 1) / 2;
  const GeneratorState g = draw(static_cast<uint64_t>(outputs));
  visit<types>(op, x.type(), [&]<class T>() {
    drawKernel<<<blocksFor(outputs), kBlock, 0, stream()>>>(value, x.data<T>(), n, g);
    checkLaunch();
  });
}

struct Uniform {
  double a, width;
  __device__ double operator()(const Philox& r, int half, int64_t) const {
    return a + r.uniform(half) * width;
  }
};

/// Box-Muller: the halves of an output give the two values.
__device__ double normal(const Philox& r, int half) {
  const double angle = 2 * kPi * r.uniform(0), rho = sqrt(-2 * log(r.uniform(1)));
  return rho * (half == 0 ? cos(angle) : sin(angle));
}
struct Normal {
  double mean, stdv;
  __device__ double operator()(const Philox& r, int half, int64_t) const {
    return mean + stdv * normal(r, half);
  }
};
struct LogNormal {
  double mean, stdv;
  __device__ double operator()(const Philox& r, int half, int64_t) const {
    return exp(mean + stdv * normal(r, half));
  }
};
struct Cauchy {
  double median, sigma;
  __device__ double operator()(const Philox& r, int half, int64_t) const {
    return median + sigma * tan(kPi * (r.uniform(half) - 0.5));
  }
};
struct Exponential {
  double lambda;
  __device__ double operator()(const Philox& r, int half, int64_t) const {
    return -1 / lambda * log(r.uniform(half));
  }
};
struct Geometric {
  double base;  // ln(p)
  __device__ int64_t operator()(const Philox& r, int half, int64_t) const {
    return static_cast<int64_t>(floor(log(r.uniform(half)) / base)) + 1;
  }
};
struct Bernoulli {
  double p;
  __device__ bool operator()(const Philox& r, int half, int64_t) const { return r.uniform(half) <= p; }
};
struct BernoulliEach {
  const double* p;
  __device__ bool operator()(const Philox& r, int half, int64_t i) const { return r.uniform(half) <= p[i]; }
};
struct Integers {
  uint64_t low, range;  // a range of 0 stands for 2^64
  __device__ int64_t operator()(const Philox& r, int half, int64_t) const {
    const uint64_t bits = r.bits(half);
    return static_cast<int64_t>(low + (range ? bits % range : bits));
  }
};

void uniformKernel(const Tensor& x, Generator&, double a, double b) {
  drawInto<Floating>("uniform", x, Uniform{a, b - a});
}
void normalKernel(const Tensor& x, Generator&, double mean, double stdv) {
  drawInto<Floating>("normal", x, Normal{mean, stdv});
}
void logNormalKernel(const Tensor& x, Generator&, double mean, double stdv) {
  drawInto<Floating>("logNormal", x, LogNormal{mean, stdv});
}
void cauchyKernel(const Tensor& x, Generator&, double median, double sigma) {
  drawInto<Floating>("cauchy", x, Cauchy{median, sigma});
}
void exponentialKernel(const Tensor& x, Generator&, double lambda, double) {
  drawInto<Floating>("exponential", x, Exponential{lambda});
}
void geometricKernel(const Tensor& x, Generator&, double p, double) {
  drawInto<Real>("geometric", x, Geometric{std::log(p)});
}
void bernoulliKernel(const Tensor& x, Generator&, double p, double) {
  drawInto<Real>("bernoulli", x, Bernoulli{p});
}
void bernoulliEachKernel(const Tensor& x, Generator&, const Tensor& p) {
  checkPlacement("bernoulli", {&p});
  drawInto<Real>("bernoulli", x, BernoulliEach{p.data<double>()});
}
void randomKernel(const Tensor& x, Generator&, int64_t low, uint64_t range) {
  drawInto<Real>("random", x, Integers{static_cast<uint64_t>(low), range});
}

/// On the host, from a seed that the device's generator draws: shuffling is work for one thread.
void randpermKernel(const Tensor& x, Generator&) {
  const GeneratorState state = draw(1);
  Generator g;
  g.manualSeed(Philox(state.seed, state.position).bits(0));
  const Tensor host({x.dtype(), Device::CPU}, x.sizes());
  randpermSlot.on(host)(host, g);
  x.copy(host);
}

}  // namespace

void fillRandom() {
  randomSlot.cuda = randomKernel;
  bernoulliSlot.cuda = bernoulliKernel;
  bernoulliEachSlot.cuda = bernoulliEachKernel;
  geometricSlot.cuda = geometricKernel;
  uniformSlot.cuda = uniformKernel;
  normalSlot.cuda = normalKernel;
  cauchySlot.cuda = cauchyKernel;
  logNormalSlot.cuda = logNormalKernel;
  exponentialSlot.cuda = exponentialKernel;
  randpermSlot.cuda = randpermKernel;
}

}  // namespace cresset::cuda
