// CPU kernels of the reductions. A dimension splits a tensor into rows (it is the last one), which are
// reduced one by one, or into columns, of which blocks are reduced together: whole lines of memory are read.
#include "tensor/ops/reduce.h"

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "tensor/cpu/accumulate.h"
#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/scan.h"

namespace cresset {
namespace {

/// Of at most kChunk elements.
template <class T> Wrapping<T> sumOfChunk(const T* p, int64_t n) {
  if constexpr (std::is_same_v<T, float>) {
    const double sum = sumOfFloats(n, [p](auto load) { return load(p); });
    if (HWY_LIKELY(std::isfinite(sum))) return sum;
  }
  return sumOf<Wrapping<T>>(0, n, [p](int64_t i) { return p[i]; });
}

template <class T> Wrapping<T> sumOfRow(const T* p, int64_t n) {
  return overChunks<Wrapping<T>>(
      n, [p](int64_t b, int64_t e) { return sumOfChunk(p + b, e - b); }, std::plus<>());
}

template <class T> Wrapping<T> productOfRow(const T* p, int64_t n) {
  return overChunks<Wrapping<T>>(
      n,
      [p](int64_t b, int64_t e) {
        Wrapping<T> r = 1;
        for (int64_t i = b; i < e; ++i) r *= static_cast<Wrapping<T>>(p[i]);
        return r;
      },
      std::multiplies<>());
}

double sumAllKernel(const Tensor& x, double) {
  return visit<Real>("sum", x.type(), [&]<class T>() {
    return static_cast<double>(static_cast<Wide<T>>(sumOfRow(x.data<T>(), x.nElement())));
  });
}

double prodAllKernel(const Tensor& x, double) {
  return visit<Real>("prod", x.type(), [&]<class T>() {
    return static_cast<double>(static_cast<Wide<T>>(productOfRow(x.data<T>(), x.nElement())));
  });
}

/// Called: a takes the place of b; a NaN is better than any number. The others are for vectors of numbers.
struct Larger {
  template <class T> bool operator()(T a, T b) const { return (a > b) | ((a != a) & (b == b)); }
  template <class V> static V each(V a, V b) { return hn::Max(a, b); }
  template <class D, class V> static V ofLanes(D d, V v) { return hn::MaxOfLanes(d, v); }
};
struct Smaller {
  template <class T> bool operator()(T a, T b) const { return (a < b) | ((a != a) & (b == b)); }
  template <class V> static V each(V a, V b) { return hn::Min(a, b); }
  template <class D, class V> static V ofLanes(D d, V v) { return hn::MinOfLanes(d, v); }
};

/// The best lane of a vector of numbers.
template <class Better, class D, class V> hn::TFromD<D> extremeOfLanes(D d, V v) {
  using T = hn::TFromD<D>;
  if constexpr (sizeof(T) >= 4) return hn::GetLane(Better::ofLanes(d, v));
  HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
  hn::Store(v, d, lanes);
  return std::accumulate(lanes, lanes + hn::Lanes(d), lanes[0],
                         [](T a, T b) { return Better{}(b, a) ? b : a; });
}

template <class V> auto isNan(V v) {
  if constexpr (hwy::IsFloat<hn::TFromV<V>>()) {
    return hn::IsNaN(v);
  } else {
    return hn::Ne(v, v);
  }
}

/// The best of n > 0 elements; a NaN when there is one.
template <class Better, class T> T extremeOfChunk(const T* p, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto a = loadLanes(d, p, n, hn::Set(d, p[0])), b = a;
  auto nans = isNan(a);
  const auto take = [&](auto& best, int64_t i) {
    const auto v = hn::LoadU(d, p + i);
    if constexpr (std::is_floating_point_v<T>) nans = hn::Or(nans, isNan(v));
    best = Better::each(v, best);
  };
  if (n > lanes) {
    int64_t i = lanes;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      take(a, i);
      take(b, i + lanes);
    }
    // Less than two vectors are left; these two may overlap.
    take(a, std::min(i, n - lanes));
    take(b, n - lanes);
  }
  if (!hn::AllFalse(d, nans)) return *std::find_if(p, p + n, [](T v) { return v != v; });
  return extremeOfLanes<Better>(d, Better::each(a, b));
}

template <class Better, class T> T extremeOfRow(const T* p, int64_t n) {
  return overChunks<T>(
      n, [p](int64_t b, int64_t e) { return extremeOfChunk<Better>(p + b, e - b); },
      [](T a, T b) { return Better{}(b, a) ? b : a; });
}

template <class Better> double extremeAll(const Tensor& x, double) {
  return visit<Real>("max", x.type(), [&]<class T>() {
    return static_cast<double>(extremeOfRow<Better>(x.data<T>(), x.nElement()));
  });
}

/// Two passes: squares of deviations lose no digits to a large mean.
template <class T> double varianceOfRow(const T* p, int64_t n, double divisor) {
  // Every digit of the mean: the deviations may be as small as the last one of an element.
  const auto sum = [p](int64_t b, int64_t e) { return sumOf<double>(b, e, [p](int64_t i) { return p[i]; }); };
  const double mean = overChunks<double>(n, sum, std::plus<>()) / static_cast<double>(n);
  const auto part = [p, mean](int64_t b, int64_t e) {
    return sumOf<double>(b, e, [p, mean](int64_t i) {
      const double d = p[i] - mean;
      return d * d;
    });
  };
  return overChunks<double>(n, part, std::plus<>()) / divisor;
}

double varAllKernel(const Tensor& x, double biased) {
  return visit<Floating>("var", x.type(), [&]<class T>() {
    const int64_t n = x.nElement();
    return varianceOfRow(x.data<T>(), n, static_cast<double>(biased != 0 ? n : n - 1));
  });
}

/// Which sum, or maximum for infinity, a norm is made of: joins one element's part to the running value.
enum class NormKind { Count, Magnitudes, Squares, Largest, Powers };
NormKind normKind(double p) {
  return p == 0          ? NormKind::Count
         : p == 1        ? NormKind::Magnitudes
         : p == 2        ? NormKind::Squares
         : std::isinf(p) ? NormKind::Largest
                         : NormKind::Powers;
}
/// An element's part of the sum. All kinds but Largest add these up.
template <NormKind kind> double normTerm(double v, double p) {
  if constexpr (kind == NormKind::Count) return v != 0 ? 1.0 : 0.0;
  if constexpr (kind == NormKind::Magnitudes || kind == NormKind::Largest) return std::fabs(v);
  if constexpr (kind == NormKind::Squares) return v * v;
  return std::pow(std::fabs(v), p);
}
template <NormKind kind> double joinTerms(double a, double b) {
  if constexpr (kind == NormKind::Largest) return Larger{}(b, a) ? b : a;
  return a + b;
}
template <class Body> auto visitNorm(double p, Body body) {
  switch (normKind(p)) {
    case NormKind::Count:
      return body.template operator()<NormKind::Count>();
    case NormKind::Magnitudes:
      return body.template operator()<NormKind::Magnitudes>();
    case NormKind::Squares:
      return body.template operator()<NormKind::Squares>();
    case NormKind::Largest:
      return body.template operator()<NormKind::Largest>();
    default:
      return body.template operator()<NormKind::Powers>();
  }
}
template <NormKind kind, class T> double normTerms(const T* x, int64_t n, double p) {
  if constexpr (kind == NormKind::Largest) {
    double largest = 0;
    for (int64_t i = 0; i < n; ++i) largest = joinTerms<kind>(largest, normTerm<kind>(x[i], p));
    return largest;
  } else {
    return sumOf<double>(0, n, [x, p](int64_t i) { return normTerm<kind>(x[i], p); });
  }
}
double normFrom(double terms, double p) {
  if (p == 0 || p == 1 || std::isinf(p)) return terms;
  return p == 2 ? std::sqrt(terms) : std::pow(terms, 1 / p);
}

template <NormKind kind, class T> double normOfRow(const T* x, int64_t n, double p) {
  const auto part = [x, p](int64_t b, int64_t e) { return normTerms<kind>(x + b, e - b, p); };
  return normFrom(overChunks<double>(n, part, joinTerms<kind>), p);
}

double normAllKernel(const Tensor& x, double p) {
  return visit<Floating>("norm", x.type(), [&]<class T>() {
    return visitNorm(p, [&]<NormKind kind>() { return normOfRow<kind>(x.data<T>(), x.nElement(), p); });
  });
}

/// Calls row(o) for all rows, in parallel.
template <class Row> void eachRow(const Split& s, const Row& row) {
  parallelFor(s.outer, std::max<int64_t>(1, kGrain / s.n), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o) row(o);
  });
}

/// So many columns have their running values in the first cache.
constexpr int64_t kColumns = 256;

/// Calls block(offset of the first element, columns, offset in a result without the dimension) for blocks of
/// at most kColumns neighbouring columns, in parallel.
template <class Block> void eachBlock(const Split& s, const Block& block) {
  const int64_t blocks = (s.inner + kColumns - 1) / kColumns;
  const int64_t width = ((s.inner + blocks - 1) / blocks + 15) & ~int64_t{15};  // nearly equal, whole lines
  const int64_t elements = s.n * std::min(s.inner, width);
  parallelFor(s.outer * blocks, std::max<int64_t>(1, kGrain / elements), [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const int64_t o = b / blocks, i = b % blocks * width;
      block(o * s.n * s.inner + i, std::min(width, s.inner - i), o * s.inner + i);
    }
  });
}

/// running[j] = step(running[j], element, j) down each of `width` columns, four rows at a time.
template <class A, class T, class Step>
void fold(A* running, const T* p, const Split& s, int64_t width, const Step& step) {
  int64_t k = 0;
  for (; k + 4 <= s.n; k += 4) {
    const T *a = p + k * s.inner, *b = a + s.inner, *c = b + s.inner, *d = c + s.inner;
#pragma GCC ivdep
    for (int64_t j = 0; j < width; ++j)
      running[j] = step(step(step(step(running[j], a[j], j), b[j], j), c[j], j), d[j], j);
  }
  for (; k < s.n; ++k) {
    const T* row = p + k * s.inner;
#pragma GCC ivdep
    for (int64_t j = 0; j < width; ++j) running[j] = step(running[j], row[j], j);
  }
}

/// Adds up each of `width` columns, from running zeros, in double; eight rows are added pairwise in T first,
/// which costs no more digits than rounding the result does.
template <class T> void sumColumns(double* running, const T* p, const Split& s, int64_t width) {
  int64_t k = 0;
  for (; k + 8 <= s.n; k += 8) {
    const T* row = p + k * s.inner;
    const int64_t m = s.inner;
#pragma GCC ivdep
    for (int64_t j = 0; j < width; ++j) {
      const T* x = row + j;
      running[j] += ((x[0] + x[m]) + (x[2 * m] + x[3 * m])) + ((x[4 * m] + x[5 * m]) + (x[6 * m] + x[7 * m]));
    }
  }
  const auto add = [](double a, T v, int64_t) { return a + static_cast<double>(v); };
  fold(running, p + k * s.inner, Split{1, s.n - k, s.inner}, width, add);
  if (HWY_LIKELY(std::all_of(running, running + width, [](double a) { return std::isfinite(a); }))) return;
  // Eight rows may have overflowed.
  std::fill_n(running, width, 0.0);
  fold(running, p, s, width, add);
}

/// Sums up, or multiplies, in the wide type: a float sum of ones would stop growing at 2^24.
template <class T, class Join, class Line>
void reduceLines(const Tensor& result, const Tensor& x, int64_t dim, Wrapping<T> neutral, Join join,
                 Line line) {
  const Split s = splitAt(x, dim);
  const T* p = x.data<T>();
  T* r = result.data<T>();
  if (s.inner == 1) return eachRow(s, [&](int64_t o) { r[o] = static_cast<T>(line(p + o * s.n, s.n)); });
  eachBlock(s, [&](int64_t from, int64_t width, int64_t to) {
    Wrapping<T> running[kColumns];
    std::fill_n(running, width, neutral);
    if constexpr (std::is_floating_point_v<T> && std::is_same_v<Join, std::plus<>>) {
      sumColumns(running, p + from, s, width);
    } else {
      fold(running, p + from, s, width,
           [join](Wrapping<T> a, T v, int64_t) { return join(a, static_cast<Wrapping<T>>(v)); });
    }
    for (int64_t j = 0; j < width; ++j) r[to + j] = static_cast<T>(running[j]);
  });
}

void sumKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  visit<Real>("sum", x.type(),
              [&]<class T>() { reduceLines<T>(result, x, dim, 0, std::plus<>(), sumOfRow<T>); });
}

void prodKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  visit<Real>("prod", x.type(),
              [&]<class T>() { reduceLines<T>(result, x, dim, 1, std::multiplies<>(), productOfRow<T>); });
}

void varKernel(const Tensor& result, const Tensor& x, int64_t dim, double biased) {
  visit<Floating>("var", x.type(), [&]<class T>() {
    const Split s = splitAt(x, dim);
    const double n = static_cast<double>(s.n), divisor = biased != 0 ? n : n - 1;
    const T* p = x.data<T>();
    T* r = result.data<T>();
    if (s.inner == 1)
      return eachRow(s, [&](int64_t o) { r[o] = static_cast<T>(varianceOfRow(p + o * s.n, s.n, divisor)); });
    eachBlock(s, [&](int64_t from, int64_t width, int64_t to) {
      double mean[kColumns] = {}, squares[kColumns] = {};
      sumColumns(mean, p + from, s, width);
      for (int64_t j = 0; j < width; ++j) mean[j] /= n;
      fold(squares, p + from, s, width, [&mean](double a, T v, int64_t j) {
        const double d = static_cast<double>(v) - mean[j];
        return a + d * d;
      });
      for (int64_t j = 0; j < width; ++j) r[to + j] = static_cast<T>(squares[j] / divisor);
    });
  });
}

void normKernel(const Tensor& result, const Tensor& x, int64_t dim, double power) {
  visit<Floating>("norm", x.type(), [&]<class T>() {
    visitNorm(power, [&]<NormKind kind>() {
      const Split s = splitAt(x, dim);
      const T* p = x.data<T>();
      T* r = result.data<T>();
      if (s.inner == 1)
        return eachRow(s,
                       [&](int64_t o) { r[o] = static_cast<T>(normOfRow<kind>(p + o * s.n, s.n, power)); });
      eachBlock(s, [&](int64_t from, int64_t width, int64_t to) {
        double terms[kColumns] = {};
        fold(terms, p + from, s, width, [power](double a, T v, int64_t) {
          return joinTerms<kind>(a, normTerm<kind>(static_cast<double>(v), power));
        });
        for (int64_t j = 0; j < width; ++j) r[to + j] = static_cast<T>(normFrom(terms[j], power));
      });
    });
  });
}

/// Where the first element equal to `value`, or the first NaN when it is one, stands in a row that has it.
template <class T> int64_t positionOf(const T* p, int64_t n, T value) {
  const hn::ScalableTag<T> d;
  const auto wanted = hn::Set(d, value);
  for (int64_t i = 0;; i += static_cast<int64_t>(hn::Lanes(d))) {
    const auto v = loadLanes(d, p + i, n - i, wanted);
    const auto at = hn::FindFirstTrue(d, value == value ? hn::Eq(v, wanted) : isNan(v));
    if (at >= 0) return i + at;
  }
}

/// Largest or smallest values of `width` columns and their positions, in an integer type as wide as T.
template <class Position, class Better, class T>
void extremeColumns(T* values, int64_t* indices, const T* p, const Split& s, int64_t width) {
  T best[kColumns];
  Position at[kColumns] = {};
  std::copy_n(p, width, best);
  for (int64_t k = 1; k < s.n; ++k) {
    const T* row = p + k * s.inner;
#pragma GCC ivdep
    for (int64_t j = 0; j < width; ++j) {
      const bool better = Better{}(row[j], best[j]);
      best[j] = better ? row[j] : best[j];
      at[j] = better ? static_cast<Position>(k) : at[j];
    }
  }
  for (int64_t j = 0; j < width; ++j) {
    values[j] = best[j];
    indices[j] = at[j] + 1;
  }
}

template <class Better>
void extremeKernel(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  visit<Real>("max", x.type(), [&]<class T>() {
    const Split s = splitAt(x, dim);
    const T* p = x.data<T>();
    T* v = values.data<T>();
    int64_t* index = indices.data<int64_t>();
    if (s.inner == 1) {
      return eachRow(s, [&](int64_t o) {
        const T* row = p + o * s.n;
        const int64_t at = positionOf(row, s.n, extremeOfRow<Better>(row, s.n));
        v[o] = row[at];  // of two zeros the first, whatever its sign
        index[o] = at + 1;
      });
    }
    eachBlock(s, [&](int64_t from, int64_t width, int64_t to) {
      if (sizeof(T) == 8 || s.n > std::numeric_limits<int32_t>::max()) {
        extremeColumns<int64_t, Better>(v + to, index + to, p + from, s, width);
      } else {
        extremeColumns<int32_t, Better>(v + to, index + to, p + from, s, width);
      }
    });
  });
}

template <class Join>
void cumulateKernel(const Tensor& result, const Tensor& x, int64_t dim, double neutral) {
  visit<Real>("cumsum", x.type(), [&]<class T>() {
    using A = Wrapping<T>;
    const Split s = splitAt(x, dim);
    const T* p = x.data<T>();
    T* r = result.data<T>();
    if (s.inner == 1) {
      // Chunks of a product have no use: a zero in front of an overflow would make a NaN.
      if constexpr (std::is_same_v<Join, std::plus<>>)
        return eachRow(s, [&](int64_t o) { scanSumsOfRow(p + o * s.n, r + o * s.n, s.n); });
      return eachRow(
          s, [&](int64_t o) { scan(p + o * s.n, r + o * s.n, s.n, static_cast<A>(neutral), Join{}); });
    }
    eachBlock(s, [&](int64_t from, int64_t width, int64_t) {
      A running[kColumns];
      std::fill_n(running, width, static_cast<A>(neutral));
      for (int64_t k = 0; k < s.n; ++k) {
        const T* row = p + from + k * s.inner;
        T* to = r + from + k * s.inner;
#pragma GCC ivdep
        for (int64_t j = 0; j < width; ++j) {
          running[j] = Join{}(running[j], static_cast<A>(row[j]));
          to[j] = static_cast<T>(running[j]);
        }
      }
    });
  });
}
void cumsumKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  cumulateKernel<std::plus<>>(result, x, dim, 0);
}
void cumprodKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  cumulateKernel<std::multiplies<>>(result, x, dim, 1);
}

}  // namespace

void fillReduce() {
  sumAllSlot.cpu = sumAllKernel;
  prodAllSlot.cpu = prodAllKernel;
  maxAllSlot.cpu = extremeAll<Larger>;
  minAllSlot.cpu = extremeAll<Smaller>;
  varAllSlot.cpu = varAllKernel;
  normAllSlot.cpu = normAllKernel;
  sumSlot.cpu = sumKernel;
  prodSlot.cpu = prodKernel;
  varSlot.cpu = varKernel;
  normSlot.cpu = normKernel;
  cumsumSlot.cpu = cumsumKernel;
  cumprodSlot.cpu = cumprodKernel;
  maxSlot.cpu = extremeKernel<Larger>;
  minSlot.cpu = extremeKernel<Smaller>;
}

}  // namespace cresset
