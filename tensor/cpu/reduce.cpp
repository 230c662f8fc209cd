// CPU kernels of the reductions. Work is cut into chunks of fixed size, whose partial results are joined in
// order: the result does not depend on the number of threads.
#include "tensor/ops/reduce.h"

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"

namespace cresset {
namespace {

constexpr int64_t kChunk = 1 << 15;

/// Wide enough for a whole-tensor sum: 64-bit integers, or double.
template <class T> using Wide = std::conditional_t<std::is_floating_point_v<T>, double, int64_t>;

/// Joins partial(begin, end) over chunks of [0, n).
template <class A, class Partial, class Join> A overChunks(int64_t n, Partial partial, Join join) {
  const int64_t chunks = (n + kChunk - 1) / kChunk;
  if (chunks == 1) return partial(int64_t{0}, n);
  std::vector<A> parts(static_cast<size_t>(chunks));
  parallelFor(chunks, 2, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c)
      parts[static_cast<size_t>(c)] = partial(c * kChunk, std::min(n, (c + 1) * kChunk));
  });
  A result = parts[0];
  for (size_t c = 1; c < parts.size(); ++c) result = join(result, parts[c]);
  return result;
}

template <class A, class F> A sumOf(int64_t begin, int64_t end, F f) {
  if constexpr (std::is_integral_v<A>) {
    uint64_t sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += static_cast<uint64_t>(f(i));
    return static_cast<A>(sum);
  } else {
    A sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = begin; i < end; ++i) sum += static_cast<A>(f(i));
    return sum;
  }
}

double sumAllKernel(const Tensor& x, double) {
  return visit<Real>("sum", x.type(), [&]<class T>() {
    const T* p = x.data<T>();
    return static_cast<double>(overChunks<Wide<T>>(
        x.nElement(),
        [p](int64_t b, int64_t e) { return sumOf<Wide<T>>(b, e, [p](int64_t i) { return p[i]; }); },
        std::plus<>()));
  });
}

double prodAllKernel(const Tensor& x, double) {
  return visit<Real>("prod", x.type(), [&]<class T>() {
    using U = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;  // unsigned: wraps
    const T* p = x.data<T>();
    const U product = overChunks<U>(
        x.nElement(),
        [p](int64_t b, int64_t e) {
          U r = 1;
          for (int64_t i = b; i < e; ++i) r *= static_cast<U>(p[i]);
          return r;
        },
        std::multiplies<>());
    return static_cast<double>(static_cast<Wide<T>>(product));
  });
}

/// `better(a, b)`: a takes the place of b. A NaN is better than any number.
struct Larger {
  template <class T> bool operator()(T a, T b) const { return a > b || (a != a && b == b); }
};
struct Smaller {
  template <class T> bool operator()(T a, T b) const { return a < b || (a != a && b == b); }
};

template <class Better> double extremeAll(const Tensor& x, double) {
  return visit<Real>("max", x.type(), [&]<class T>() {
    const T* p = x.data<T>();
    const auto pick = [](T a, T b) { return Better{}(b, a) ? b : a; };
    const auto part = [p, pick](int64_t b, int64_t e) {
      // Sixteen running values: a single one would wait for each comparison.
      constexpr int64_t kLanes = 16;
      T best[kLanes];
      for (T& v : best) v = p[b];
      int64_t i = b;
      for (; i + kLanes <= e; i += kLanes)
        for (int64_t l = 0; l < kLanes; ++l) best[l] = pick(best[l], p[i + l]);
      for (; i < e; ++i) best[0] = pick(best[0], p[i]);
      for (int64_t l = 1; l < kLanes; ++l) best[0] = pick(best[0], best[l]);
      return best[0];
    };
    return static_cast<double>(overChunks<T>(x.nElement(), part, pick));
  });
}

double varAllKernel(const Tensor& x, double biased) {
  return visit<Floating>("var", x.type(), [&]<class T>() {
    const T* p = x.data<T>();
    const int64_t n = x.nElement();
    const double mean = sumAllKernel(x, 0) / static_cast<double>(n);
    const auto part = [p, mean](int64_t b, int64_t e) {
      return sumOf<double>(b, e, [p, mean](int64_t i) {
        const double d = p[i] - mean;
        return d * d;
      });
    };
    return overChunks<double>(n, part, std::plus<>()) / static_cast<double>(biased != 0 ? n : n - 1);
  });
}

/// Sum (or maximum, for p = infinity) of the terms of a norm, and what is made of it.
template <class T, class At> double normTerms(int64_t b, int64_t e, double p, At at) {
  if (p == 0) return sumOf<double>(b, e, [&](int64_t i) { return at(i) != 0 ? 1.0 : 0.0; });
  if (p == 1) return sumOf<double>(b, e, [&](int64_t i) { return std::fabs(static_cast<double>(at(i))); });
  if (p == 2)
    return sumOf<double>(b, e, [&](int64_t i) {
      const double v = at(i);
      return v * v;
    });
  if (std::isinf(p)) {
    double largest = 0;
    for (int64_t i = b; i < e; ++i) {
      const double v = std::fabs(static_cast<double>(at(i)));
      if (Larger{}(v, largest)) largest = v;
    }
    return largest;
  }
  return sumOf<double>(b, e, [&](int64_t i) { return std::pow(std::fabs(static_cast<double>(at(i))), p); });
}
double normFrom(double terms, double p) {
  if (p == 0 || p == 1 || std::isinf(p)) return terms;
  return p == 2 ? std::sqrt(terms) : std::pow(terms, 1 / p);
}

double normAllKernel(const Tensor& x, double p) {
  return visit<Floating>("norm", x.type(), [&]<class T>() {
    const T* data = x.data<T>();
    const auto part = [data, p](int64_t b, int64_t e) {
      return normTerms<T>(b, e, p, [data](int64_t i) { return data[i]; });
    };
    const double terms = std::isinf(p)
                             ? overChunks<double>(x.nElement(), part,
                                                  [](double a, double b) { return Larger{}(b, a) ? b : a; })
                             : overChunks<double>(x.nElement(), part, std::plus<>());
    return normFrom(terms, p);
  });
}

/// Calls row(outerIndex, innerIndex) for all pairs, in parallel.
template <class Row> void eachLine(const Split& s, Row row) {
  parallelFor(s.outer * s.inner, std::max<int64_t>(1, kGrain / s.n), [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) row(line / s.inner, line % s.inner);
  });
}

/// Reduces along the middle dimension: rows with `line`, columns by adding whole rows into the result with
/// `join`.
template <class T, class Line, class Join>
void reduceLines(const Tensor& result, const Tensor& x, int64_t dim, Line line, Join join) {
  const Split s = splitAt(x, dim);
  const T* p = x.data<T>();
  T* r = result.data<T>();
  if (s.inner == 1) {
    return parallelFor(s.outer, std::max<int64_t>(1, kGrain / s.n), [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) r[o] = line(p + o * s.n, s.n);
    });
  }
  parallelFor(s.outer * s.inner, std::max<int64_t>(1, kGrain / s.n), [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t o = begin / s.inner, i = begin % s.inner, width = std::min(end - begin, s.inner - i);
      T* to = r + o * s.inner + i;
      const T* from = p + o * s.n * s.inner + i;
      std::copy_n(from, width, to);
      for (int64_t k = 1; k < s.n; ++k) {
        const T* row = from + k * s.inner;
#pragma GCC ivdep
        for (int64_t j = 0; j < width; ++j) to[j] = join(to[j], row[j]);
      }
      begin += width;
    }
  });
}

void sumKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  visit<Real>("sum", x.type(), [&]<class T>() {
    reduceLines<T>(
        result, x, dim,
        [](const T* p, int64_t n) {
          return static_cast<T>(sumOf<Wide<T>>(0, n, [p](int64_t i) { return p[i]; }));
        },
        [](T a, T b) {
          return static_cast<T>(static_cast<std::conditional_t<std::is_integral_v<T>, uint64_t, T>>(a) + b);
        });
  });
}

void prodKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  visit<Real>("prod", x.type(), [&]<class T>() {
    using U = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
    reduceLines<T>(
        result, x, dim,
        [](const T* p, int64_t n) {
          U r = 1;
          for (int64_t i = 0; i < n; ++i) r *= static_cast<U>(p[i]);
          return static_cast<T>(r);
        },
        [](T a, T b) {
          return static_cast<T>(static_cast<std::conditional_t<std::is_integral_v<T>, uint64_t, T>>(a) * b);
        });
  });
}

void varKernel(const Tensor& result, const Tensor& x, int64_t dim, double biased) {
  visit<Floating>("var", x.type(), [&]<class T>() {
    const Split s = splitAt(x, dim);
    const double divisor = static_cast<double>(biased != 0 ? s.n : s.n - 1);
    T* r = result.data<T>();
    eachLine(s, [&](int64_t o, int64_t i) {
      const T* p = x.data<T>() + o * s.n * s.inner + i;
      const double mean =
          sumOf<double>(0, s.n, [&](int64_t k) { return p[k * s.inner]; }) / static_cast<double>(s.n);
      const double squares = sumOf<double>(0, s.n, [&](int64_t k) {
        const double d = p[k * s.inner] - mean;
        return d * d;
      });
      r[o * s.inner + i] = static_cast<T>(squares / divisor);
    });
  });
}

void normKernel(const Tensor& result, const Tensor& x, int64_t dim, double power) {
  visit<Floating>("norm", x.type(), [&]<class T>() {
    const Split s = splitAt(x, dim);
    T* r = result.data<T>();
    eachLine(s, [&](int64_t o, int64_t i) {
      const T* p = x.data<T>() + o * s.n * s.inner + i;
      r[o * s.inner + i] = static_cast<T>(
          normFrom(normTerms<T>(0, s.n, power, [&](int64_t k) { return p[k * s.inner]; }), power));
    });
  });
}

template <class Better>
void extremeKernel(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  visit<Real>("max", x.type(), [&]<class T>() {
    const Split s = splitAt(x, dim);
    T* v = values.data<T>();
    int64_t* index = indices.data<int64_t>();
    eachLine(s, [&](int64_t o, int64_t i) {
      const T* p = x.data<T>() + o * s.n * s.inner + i;
      int64_t at = 0;
      for (int64_t k = 1; k < s.n; ++k)
        if (Better{}(p[k * s.inner], p[at * s.inner])) at = k;
      v[o * s.inner + i] = p[at * s.inner];
      index[o * s.inner + i] = at + 1;
    });
  });
}

template <class Join> void cumulateKernel(const Tensor& result, const Tensor& x, int64_t dim, double) {
  visit<Real>("cumsum", x.type(), [&]<class T>() {
    using U = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
    const Split s = splitAt(x, dim);
    eachLine(s, [&](int64_t o, int64_t i) {
      const T* p = x.data<T>() + o * s.n * s.inner + i;
      T* r = result.data<T>() + o * s.n * s.inner + i;
      U running = static_cast<U>(p[0]);
      r[0] = p[0];
      for (int64_t k = 1; k < s.n; ++k) {
        running = Join{}(running, static_cast<U>(p[k * s.inner]));
        r[k * s.inner] = static_cast<T>(running);
      }
    });
  });
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
  cumsumSlot.cpu = cumulateKernel<std::plus<>>;
  cumprodSlot.cpu = cumulateKernel<std::multiplies<>>;
  maxSlot.cpu = extremeKernel<Larger>;
  minSlot.cpu = extremeKernel<Smaller>;
}

}  // namespace cresset
