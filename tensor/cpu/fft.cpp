// CPU kernel of the Fourier transforms, on KISS FFT.
#include "tensor/ops/fft.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <kissfft/kissfft.hh>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"

namespace cresset {
namespace {

using Complex = std::complex<double>;  // for float too: KISS FFT computes its roots of unity in its own type

/// KISS FFT takes n p operations for each prime factor p of n. Beyond this one the transform goes by way of
/// powers of 2: 961 = 31 * 31 numbers took 35 us without it, 1021 take 22 us with it.
constexpr int64_t kLargestFactor = 19;

int64_t largestFactor(int64_t n) {
  int64_t largest = 1;
  for (int64_t p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p) largest = p;
  return std::max(largest, n);
}

size_t powerOf2From(size_t n) {
  size_t power = 1;
  while (power < n) power *= 2;
  return power;
}

/// Transforms of one length and direction, without a factor. It has a workspace: each thread needs its own
/// copy.
class Plan {
 public:
  Plan(size_t n, bool inverse)
      : n_(n),
        chirps_(largestFactor(static_cast<int64_t>(n)) > kLargestFactor),
        size_(chirps_ ? powerOf2From(2 * n - 1) : n),
        fft_(size_, chirps_ ? false : inverse) {
    if (chirps_) makeChirp(inverse ? 1 : -1);
  }

  /// `in` and `out` are apart; `in` is overwritten.
  void run(Complex* in, Complex* out) {
    if (!chirps_) return fft_.transform(in, out);
    // Bluestein 1970, "A linear filtering approach to the computation of the discrete Fourier transform":
    // with 2 j k = j^2 + k^2 - (k - j)^2 the transform becomes a convolution with a chirp.
    for (size_t j = 0; j < n_; ++j) padded_[j] = in[j] * chirp_[j];
    std::fill(padded_.begin() + static_cast<ptrdiff_t>(n_), padded_.end(), Complex(0));
    fft_.transform(padded_.data(), product_.data());
    // The conjugates make the forward transform an inverse one.
    for (size_t j = 0; j < size_; ++j) product_[j] = std::conj(product_[j] * filter_[j]);
    fft_.transform(product_.data(), padded_.data());
    for (size_t k = 0; k < n_; ++k) out[k] = std::conj(padded_[k]) * chirp_[k];
  }

 private:
  /// chirp_[j] = exp(sign pi i j^2 / n); filter_, the transform of its conjugate around 0, divided by
  /// `size_`.
  void makeChirp(double sign) {
    chirp_.resize(n_);
    padded_.assign(size_, Complex(0));
    product_.resize(size_);
    filter_.resize(size_);
    uint64_t square = 0;  // j^2 modulo 2 n: the angle of a large j^2 would have no digits left
    for (size_t j = 0; j < n_; ++j) {
      chirp_[j] = std::polar(1.0, sign * M_PI * static_cast<double>(square) / static_cast<double>(n_));
      square = (square + 2 * j + 1) % (2 * n_);
      padded_[j] = padded_[j == 0 ? 0 : size_ - j] = std::conj(chirp_[j]) / static_cast<double>(size_);
    }
    fft_.transform(padded_.data(), filter_.data());
  }

  size_t n_;
  bool chirps_;
  size_t size_;
  kissfft<double> fft_;
  std::vector<Complex> chirp_, filter_, padded_, product_;
};

// A row of a tensor into complex numbers, and back.
template <class T> void loadComplex(Complex* to, const T* x, size_t n) {
  for (size_t i = 0; i < n; ++i) to[i] = Complex(x[2 * i], x[2 * i + 1]);
}
template <class T> void storeComplex(T* r, const Complex* from, size_t n, double factor) {
  for (size_t i = 0; i < n; ++i) {
    r[2 * i] = static_cast<T>(factor * from[i].real());
    r[2 * i + 1] = static_cast<T>(factor * from[i].imag());
  }
}
/// The whole spectrum of n real numbers from its first half: the rest is its conjugate, backwards.
template <class T> void loadSpectrum(Complex* to, const T* x, size_t n) {
  loadComplex(to, x, n / 2 + 1);
  to[0] = to[0].real();
  if (n % 2 == 0) to[n / 2] = to[n / 2].real();
  for (size_t k = n / 2 + 1; k < n; ++k) to[k] = std::conj(to[n - k]);
}

template <class T>
void transformRow(T* r, const T* x, Fourier transform, Plan& plan, std::vector<Complex>& in,
                  std::vector<Complex>& out) {
  const size_t n = in.size();
  switch (transform) {
    case Fourier::Forward:
    case Fourier::Inverse:
      loadComplex(in.data(), x, n);
      plan.run(in.data(), out.data());
      return storeComplex(r, out.data(), n, transform == Fourier::Inverse ? 1 / static_cast<double>(n) : 1);
    case Fourier::FromReal:
      std::copy_n(x, n, in.data());
      plan.run(in.data(), out.data());
      return storeComplex(r, out.data(), n / 2 + 1, 1);
    case Fourier::ToReal:
      loadSpectrum(in.data(), x, n);
      plan.run(in.data(), out.data());
      for (size_t i = 0; i < n; ++i) r[i] = static_cast<T>(out[i].real() / static_cast<double>(n));
  }
}

void fourierKernel(const Tensor& result, const Tensor& x, Fourier transform) {
  const bool inverse = transform == Fourier::Inverse || transform == Fourier::ToReal;
  const auto n = static_cast<size_t>(transform == Fourier::ToReal ? result.size(1) : x.size(1));
  const Plan plan(n, inverse);
  // A butterfly on one number takes about as long as ten additions.
  const auto cost = static_cast<int64_t>(10 * static_cast<double>(n) * std::log2(static_cast<double>(n) + 1));
  visit<Floating>("fft", x.type(), [&]<class T>() {
    parallelFor(x.size(0), std::max<int64_t>(1, kGrain / cost), [&](int64_t begin, int64_t end) {
      Plan own = plan;
      std::vector<Complex> in(n), out(n);
      for (int64_t row = begin; row < end; ++row)
        transformRow(result.data<T>() + row * result.stride(0), x.data<T>() + row * x.stride(0), transform,
                     own, in, out);
    });
  });
}

}  // namespace

void fillFft() { fourierSlot.cpu = fourierKernel; }

}  // namespace cresset
