#include "tensor/ops/random.h"

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<DrawKernel> bernoulliSlot{"bernoulli"}, geometricSlot{"geometric"}, uniformSlot{"uniform"},
    normalSlot{"normal"}, cauchySlot{"cauchy"}, logNormalSlot{"logNormal"}, exponentialSlot{"exponential"};
Slot<DrawIntegerKernel> randomSlot{"random"};
Slot<DrawEachKernel> bernoulliEachSlot{"bernoulli"};
Slot<PermutationKernel> randpermSlot{"randperm"};

namespace {

/// Runs a kernel over contiguous memory and brings its elements into x's layout.
template <class Function, class... A>
void fillWith(const Slot<Function>& slot, const Tensor& x, A&&... arguments) {
  if (x.empty()) return;
  const Tensor target = x.isContiguous() ? x : Tensor(x.type(), x.sizes());
  slot.on(x)(target, arguments...);
  finish(x, target);
}

void checkProbability(double p) {
  if (!(p >= 0 && p <= 1)) fail("bernoulli", arg(2, "p"), {"must be >= 0 and <= 1, got ", text(p)});
}

void checkGeometric(double p) {
  if (!(p > 0 && p < 1)) fail("geometric", arg(2, "p"), {"must be > 0 and < 1, got ", text(p)});
}

void checkDeviation(const char* op, double stdv) {
  if (!(stdv > 0))
    fail(op, arg(3, "std"), {"standard deviation must be strictly positive, got ", text(stdv)});
}

/// How many integers there are from a to b; 0 stands for 2^64.
uint64_t countBetween(int64_t a, int64_t b) {
  if (b < a)
    fail("random", arg(3, "b"),
         {"upper bound must be larger than lower bound, got ", text(a), " to ", text(b)});
  return static_cast<uint64_t>(b) - static_cast<uint64_t>(a) + 1;
}

void checkUpper(int64_t b) {
  if (b <= 0) fail("random", arg(2, "b"), {"upper bound must be strictly positive, got ", text(b)});
}

double randomNumber(Generator& g, int64_t low, uint64_t range) {
  const uint64_t r = g.random();
  return static_cast<double>(static_cast<int64_t>(static_cast<uint64_t>(low) + (range ? r % range : r)));
}

/// The range of random() without bounds.
uint64_t defaultRange(DType dtype) {
  switch (dtype) {
    case DType::Byte:
      return uint64_t{1} << 8;
    case DType::Char:
      return uint64_t{1} << 7;
    case DType::Short:
      return uint64_t{1} << 15;
    case DType::Int:
      return uint64_t{1} << 31;
    case DType::Half:
      return (uint64_t{1} << 11) + 1;
    case DType::BFloat16:
      return (uint64_t{1} << 8) + 1;
    case DType::Float:
      return (uint64_t{1} << 24) + 1;
    case DType::Double:
      return (uint64_t{1} << 53) + 1;
    default:
      return uint64_t{1} << 63;
  }
}

}  // namespace

void random(const Tensor& x, Generator& g) { fillWith(randomSlot, x, g, 0, defaultRange(x.dtype())); }

void random(const Tensor& x, int64_t a, int64_t b, Generator& g) {
  const uint64_t range = countBetween(a, b);
  fillWith(randomSlot, x, g, a, range);
}

void bernoulli(const Tensor& x, double p, Generator& g) {
  checkProbability(p);
  fillWith(bernoulliSlot, x, g, p, 0);
}

void bernoulli(const Tensor& x, const Tensor& p, Generator& g) {
  checkSameElements("bernoulli", arg(2, "p"), p, x);
  if (x.empty()) return;
  // The first NaN wins in both; a NaN fails.
  checkProbability(minAll(p));
  checkProbability(maxAll(p));
  fillWith(bernoulliEachSlot, x, g, p.to({DType::Double, x.device()}).contiguous());
}

void geometric(const Tensor& x, double p, Generator& g) {
  checkGeometric(p);
  fillWith(geometricSlot, x, g, p, 0);
}

void uniform(const Tensor& x, double a, double b, Generator& g) { fillWith(uniformSlot, x, g, a, b); }

void normal(const Tensor& x, double mean, double stdv, Generator& g) {
  checkDeviation("normal", stdv);
  fillWith(normalSlot, x, g, mean, stdv);
}

void cauchy(const Tensor& x, double median, double sigma, Generator& g) {
  fillWith(cauchySlot, x, g, median, sigma);
}

void logNormal(const Tensor& x, double mean, double stdv, Generator& g) {
  checkDeviation("logNormal", stdv);
  fillWith(logNormalSlot, x, g, mean, stdv);
}

void exponential(const Tensor& x, double lambda, Generator& g) { fillWith(exponentialSlot, x, g, lambda, 0); }

void rand(const Tensor& result, Sizes sizes, Generator& g) { uniform(result.resize(sizes), 0, 1, g); }

void randn(const Tensor& result, Sizes sizes, Generator& g) { normal(result.resize(sizes), 0, 1, g); }

void randperm(const Tensor& result, int64_t n, Generator& g) {
  if (n <= 0) fail("randperm", arg(2, "n"), {"must be strictly positive, got ", text(n)});
  fillWith(randpermSlot, result.resize({n}), g);
}

namespace {

using T = const Tensor&;
using G = Generator&;

/// A distribution with two parameters: a number, or a tensor filled in place.
template <class Scalar, class Fill>
void declareDistribution(OpTable& table, const char* name, const char* defaults, const char* help,
                         Scalar scalar, Fill fill) {
  table.op(name, Family::Self, help)
      .overload(Floating, (std::string("[gen] ") + defaults).c_str(), scalar)
      .overload(Floating, (std::string(">T [gen] ") + defaults).c_str(), fill);
}

}  // namespace

void declareRandomOps(OpTable& table) {
  table.op("random", Family::Self, "random integers: of the whole type, from 1 to b, or from a to b")
      .overload(Real, "[gen] int int",
                [](G g, int64_t a, int64_t b) { return randomNumber(g, a, countBetween(a, b)); })
      .overload(Real, "[gen] int",
                [](G g, int64_t b) {
                  checkUpper(b);
                  return randomNumber(g, 1, static_cast<uint64_t>(b));
                })
      .overload(Real, "[gen]", [](G g) { return g.random(); })
      .overload(Real, ">T [gen] int int", [](T x, G g, int64_t a, int64_t b) { random(x, a, b, g); })
      .overload(Real, ">T [gen] int",
                [](T x, G g, int64_t b) {
                  checkUpper(b);
                  random(x, 1, b, g);
                })
      .overload(Real, ">T [gen]", [](T x, G g) { random(x, g); });
  table.op("bernoulli", Family::Self, "1 with probability p, otherwise 0")
      .overload(Real, "[gen] [num=0.5]",
                [](G g, double p) {
                  checkProbability(p);
                  return g.bernoulli(p) ? 1.0 : 0.0;
                })
      .overload(Real, ">T [gen] [num=0.5]", [](T x, G g, double p) { bernoulli(x, p, g); })
      .overload(Real, ">T [gen] Float", [](T x, G g, T p) { bernoulli(x, p, g); })
      .overload(Real, ">T [gen] Double", [](T x, G g, T p) { bernoulli(x, p, g); });
  table.op("geometric", Family::Self, "number of trials up to the first success of probability 1 - p")
      .overload(Real, "[gen] num", [](G g, double p) { return g.geometric(p); })
      .overload(Real, ">T [gen] num", [](T x, G g, double p) { geometric(x, p, g); });
  declareDistribution(
      table, "uniform", "[num=0] [num=1]", "uniform numbers in [a, b)",
      [](G g, double a, double b) { return g.uniform(a, b); },
      [](T x, G g, double a, double b) { uniform(x, a, b, g); });
  declareDistribution(
      table, "normal", "[num=0] [num=1]", "normal numbers with this mean and standard deviation",
      [](G g, double mean, double stdv) { return g.normal(mean, stdv); },
      [](T x, G g, double mean, double stdv) { normal(x, mean, stdv, g); });
  declareDistribution(
      table, "cauchy", "[num=0] [num=1]", "Cauchy numbers with this median and scale",
      [](G g, double median, double sigma) { return g.cauchy(median, sigma); },
      [](T x, G g, double median, double sigma) { cauchy(x, median, sigma, g); });
  declareDistribution(
      table, "logNormal", "[num=1] [num=2]", "exp of normal numbers with this mean and standard deviation",
      [](G g, double mean, double stdv) {
        checkDeviation("logNormal", stdv);
        return g.logNormal(mean, stdv);
      },
      [](T x, G g, double mean, double stdv) { logNormal(x, mean, stdv, g); });
  declareDistribution(
      table, "exponential", "num", "exponential numbers with rate lambda",
      [](G g, double lambda) { return g.exponential(lambda); },
      [](T x, G g, double lambda) { exponential(x, lambda, g); });
  table.op("rand", Family::Creation, "a tensor of uniform numbers in [0, 1)")
      .overload(Floating, "[>T] [gen] size...", [](T r, G g, Sizes sizes) { rand(r, sizes, g); });
  table.op("randn", Family::Creation, "a tensor of standard normal numbers")
      .overload(Floating, "[>T] [gen] size...", [](T r, G g, Sizes sizes) { randn(r, sizes, g); });
  table.op("randperm", Family::Creation, "a random permutation of the numbers from 1 to n")
      .overload(Real, "[>T] [gen] int", [](T r, G g, int64_t n) { randperm(r, n, g); });
}

}  // namespace cresset
