// Every fused step against a loop over doubles that is written from the method's definition, in each type and
// layout.
#include <functional>

#include "optim/Adadelta.h"
#include "optim/Adagrad.h"
#include "optim/Adam.h"
#include "optim/Adamax.h"
#include "optim/Asgd.h"
#include "optim/Nag.h"
#include "optim/Rmsprop.h"
#include "optim/Rprop.h"
#include "optim/Sgd.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// The gradient of step k at x, different for each parameter; its sign changes for some.
double gradientOf(double x, int k, size_t i) { return x * (i % 3 == 1 ? 1.0 : 0.5) - 0.1 * k - 0.01; }

Values gradientAt(const Values& x, int k) {
  Values g(x.size());
  for (size_t i = 0; i < x.size(); ++i) g[i] = gradientOf(x[i], k, i);
  return g;
}

/// More than two threads' worth of elements, and no multiple of a vector.
constexpr int64_t kMany = 70003;

/// Takes four steps with the optimiser and with `expected(x, g, k)`, and compares the parameters.
template <class T, class Optimizer, class Expected>
void compare(Optimizer optimizer, Sizes sizes, Layout layout, Expected expected) {
  const Tensor start = integers(kDouble, sizes, -9, 9).mul(0.125);
  const Tensor x = inLayout(start.to(typeOf<T>), layout);
  Values want = values(x);
  for (int k = 0; k < 4; ++k) {
    optimizer.begin(x);
    // A method that moves x in begin has its gradient taken where it moved to.
    const Tensor g = inLayout(tensorOf(typeOf<T>, sizes, gradientAt(values(x), k)), layout);
    optimizer.step(x, g);
    expected(want, k);
  }
  const Values got = values(x);
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got[i] - want[i]));
  CHECK(worst < (std::is_same_v<T, float> ? 2e-5 : 1e-12));
}

/// Over a small matrix in each layout, and a long vector.
template <class T, class Optimizer, class Make>
void compareEverywhere(const Optimizer& optimizer, Make make) {
  for (const Layout layout : kLayouts) {
    INFO("layout " << static_cast<int>(layout));
    compare<T>(optimizer, {7, 5}, layout, make());
  }
  compare<T>(optimizer, {kMany}, Layout::Contiguous, make());
}

/// Calls f(x, g, i) for each parameter in a loop with the state that f keeps.
auto naive(std::function<void(double& x, double g, size_t i, int k)> f) {
  return [f](Values& x, int k) {
    for (size_t i = 0; i < x.size(); ++i) f(x[i], gradientOf(x[i], k, i), i, k);
  };
}

}  // namespace

TEST_EACH_TYPE(sgd_follows_the_gradient, FloatingTypes) {
  compareEverywhere<TestType>(
      optim::Sgd{.learningRate = 0.1, .learningRateDecay = 0.5, .weightDecay = 0.2}, [] {
        return naive([](double& x, double g, size_t, int k) { x -= 0.1 / (1 + k * 0.5) * (g + 0.2 * x); });
      });
}

TEST_EACH_TYPE(sgd_momentum_is_dampened_after_the_first_step, FloatingTypes) {
  compareEverywhere<TestType>(optim::Sgd{.learningRate = 0.1, .momentum = 0.9, .dampening = 0.3}, [] {
    return naive([v = Values(kMany)](double& x, double g, size_t i, int k) mutable {
      v[i] = k == 0 ? g : 0.9 * v[i] + 0.7 * g;
      x -= 0.1 * v[i];
    });
  });
}

TEST_EACH_TYPE(sgd_nesterov_looks_ahead, FloatingTypes) {
  compareEverywhere<TestType>(
      optim::Sgd{.learningRate = 0.1, .momentum = 0.9, .dampening = 0, .nesterov = true}, [] {
        return naive([v = Values(kMany)](double& x, double g, size_t i, int) mutable {
          v[i] = 0.9 * v[i] + g;
          x -= 0.1 * (g + 0.9 * v[i]);
        });
      });
}

TEST_EACH_TYPE(sgd_takes_a_rate_and_a_decay_for_each_parameter, FloatingTypes) {
  const double rates[] = {1, 0, 0.5, 2, 1};
  const double decays[] = {0, 0.1, 0.2, 0, 0.3};
  optim::Sgd sgd{.learningRate = 0.1,
                 .learningRates = vectorOf(typeOf<TestType>, Values(rates, rates + 5)),
                 .weightDecays = vectorOf(kDouble, Values(decays, decays + 5))};
  for (const double momentum : {0.0, 0.9}) {
    sgd.momentum = momentum;
    sgd.dampening = 0;
    const auto expected = naive([&, v = Values(5)](double& x, double g, size_t i, int) mutable {
      v[i] = momentum * v[i] + g + decays[i] * x;
      x -= 0.1 * rates[i] * v[i];
    });

    compare<TestType>(sgd, {5}, Layout::Contiguous, expected);
    compare<TestType>(sgd, {5}, Layout::Strided, expected);
  }
}

TEST_EACH_TYPE(nag_moves_before_it_looks, FloatingTypes) {
  compareEverywhere<TestType>(optim::Nag{.learningRate = 0.1, .weightDecay = 0.2, .momentum = 0.8}, [] {
    return [v = Values(kMany)](Values& x, int k) mutable {
      for (size_t i = 0; i < x.size(); ++i) {
        x[i] += 0.8 * v[i];
        const double change = 0.1 * (gradientOf(x[i], k, i) + 0.2 * x[i]);
        x[i] -= change;
        v[i] = 0.8 * v[i] - change;
      }
    };
  });
}

TEST_EACH_TYPE(adam_corrects_the_bias_of_its_means, FloatingTypes) {
  compareEverywhere<TestType>(
      optim::Adam{
          .learningRate = 0.1, .learningRateDecay = 0.5, .beta1 = 0.8, .beta2 = 0.9, .weightDecay = 0.2},
      [] {
        return naive([m = Values(kMany), v = Values(kMany)](double& x, double g, size_t i, int k) mutable {
          g += 0.2 * x;
          m[i] = 0.8 * m[i] + 0.2 * g;
          v[i] = 0.9 * v[i] + 0.1 * g * g;
          const double scale = 0.1 / (1 + 0.5 * k) * std::sqrt(1 - std::pow(0.9, k + 1));
          x -= scale / (1 - std::pow(0.8, k + 1)) * m[i] / (std::sqrt(v[i]) + 1e-8);
        });
      });
}

TEST_EACH_TYPE(adamax_divides_by_a_decaying_maximum, FloatingTypes) {
  compareEverywhere<TestType>(optim::Adamax{.learningRate = 0.1, .beta1 = 0.8, .beta2 = 0.9}, [] {
    return naive([m = Values(kMany), u = Values(kMany)](double& x, double g, size_t i, int k) mutable {
      m[i] = 0.8 * m[i] + 0.2 * g;
      u[i] = std::max(0.9 * u[i], std::abs(g) + 1e-38);
      x -= 0.1 / (1 - std::pow(0.8, k + 1)) * m[i] / u[i];
    });
  });
}

TEST_EACH_TYPE(rmsprop_divides_by_the_root_of_a_mean_square, FloatingTypes) {
  compareEverywhere<TestType>(optim::Rmsprop{.learningRate = 0.1, .alpha = 0.9, .initialMean = 0.5}, [] {
    return naive([m = Values(kMany, 0.5)](double& x, double g, size_t i, int) mutable {
      m[i] = 0.9 * m[i] + 0.1 * g * g;
      x -= 0.1 * g / (std::sqrt(m[i]) + 1e-8);
    });
  });
}

TEST_EACH_TYPE(adagrad_divides_by_the_root_of_the_sum_of_squares, FloatingTypes) {
  compareEverywhere<TestType>(optim::Adagrad{.learningRate = 0.1, .learningRateDecay = 0.5}, [] {
    return naive([s = Values(kMany)](double& x, double g, size_t i, int k) mutable {
      s[i] += g * g;
      x -= 0.1 / (1 + 0.5 * k) * g / (std::sqrt(s[i]) + 1e-10);
    });
  });
}

TEST_EACH_TYPE(adadelta_steps_by_its_own_earlier_steps, FloatingTypes) {
  compareEverywhere<TestType>(optim::Adadelta{.rho = 0.8, .eps = 1e-3, .weightDecay = 0.2}, [] {
    return naive([s = Values(kMany), a = Values(kMany)](double& x, double g, size_t i, int) mutable {
      g += 0.2 * x;
      s[i] = 0.8 * s[i] + 0.2 * g * g;
      const double change = std::sqrt(a[i] + 1e-3) / std::sqrt(s[i] + 1e-3) * g;
      x -= change;
      a[i] = 0.8 * a[i] + 0.2 * change * change;
    });
  });
}

TEST_EACH_TYPE(asgd_shrinks_its_steps, FloatingTypes) {
  compareEverywhere<TestType>(optim::Asgd{.eta0 = 0.1, .lambda = 0.5, .alpha = 0.75, .t0 = 1}, [] {
    return naive([](double& x, double g, size_t, int k) {
      const double eta = 0.1 / std::pow(1 + 0.5 * 0.1 * k, 0.75);
      x = (1 - 0.5 * eta) * x - eta * g;
    });
  });
}

TEST_EACH_TYPE(asgd_averages_after_t0, FloatingTypes) {
  const Type type = typeOf<TestType>;
  optim::Asgd asgd{.eta0 = 1, .lambda = 0, .t0 = 1};
  const Tensor x = vectorOf(type, {8});
  const Tensor g = vectorOf(type, {1});

  for (int k = 0; k < 4; ++k) asgd.step(x, g);

  // x goes 7, 6, 5, 4 with mu 1, 1, 1, 1/2: the average is 5 and then half the way to 4.
  CHECK(values(x) == Values{4});
  CHECK(values(asgd.ax) == Values{4.5});
  CHECK(asgd.mu_t == Approx(1.0 / 3));
}

TEST_EACH_TYPE(rprop_steps_by_signs, FloatingTypes) {
  compareEverywhere<TestType>(optim::Rprop{.stepsize = 0.25, .etaplus = 1.5, .stepsizemax = 0.5}, [] {
    return naive(
        [size = Values(kMany, 0.25), before = Values(kMany)](double& x, double g, size_t i, int) mutable {
          if (g * before[i] > 0) size[i] = std::min(size[i] * 1.5, 0.5);
          if (g * before[i] < 0) {
            size[i] = std::max(size[i] * 0.5, 1e-6);
            g = 0;
          }
          x -= g > 0 ? size[i] : g < 0 ? -size[i] : 0;
          before[i] = g;
        });
  });
}

TEST_EACH_TYPE(the_gradient_keeps_what_torch7_adds_to_it, FloatingTypes) {
  const Type type = typeOf<TestType>;
  const Tensor x = vectorOf(type, {2, 4});
  const Tensor g = vectorOf(type, {1, 1});

  optim::Sgd{.learningRate = 0, .weightDecay = 0.5}.step(x, g);
  CHECK(values(g) == Values{2, 3});
  optim::Sgd{.learningRate = 0, .momentum = 0.5, .dampening = 0, .nesterov = true}.step(x, g);
  CHECK(values(g) == Values{3, 4.5});
  optim::Sgd{.learningRate = 0, .momentum = 0.5}.step(x, g);
  CHECK(values(g) == Values{3, 4.5});
}

TEST_CASE("shapes may differ when counts agree") {
  const Tensor x = inLayout(tensorOf(kDouble, {2, 2}, {1, 2, 3, 4}), Layout::Transposed);
  const Tensor g = vectorOf(kDouble, {1, 2, 3, 4});

  optim::Sgd{.learningRate = 1}.step(x, g);

  CHECK(values(x) == Values{0, 0, 0, 0});
}

TEST_CASE("a function may return x itself as its gradient, or a part of the same memory") {
  const Tensor x = vectorOf(kDouble, {1, 2, 3, 4});

  optim::Sgd{.learningRate = 0.5}.step(x, x);
  CHECK(values(x) == Values{0.5, 1, 1.5, 2});
  optim::Sgd{.learningRate = 1, .weightDecay = 1}.step(x.narrow(0, 1, 3), x.narrow(0, 0, 3));
  CHECK(values(x) == Values{0.5, -0.5, -1, -1.5});
}

TEST_CASE("an empty tensor takes steps") {
  const Tensor x(kFloat);
  optim::Adam adam;

  adam.step(x, Tensor(kFloat));

  CHECK(adam.t == 1);
}

TEST_CASE("bad steps change nothing") {
  const Tensor x = vectorOf(kDouble, {1, 2});
  optim::Adam adam;
  adam.step(x, vectorOf(kDouble, {0, 0}));

  CHECK_ERROR(adam.step(x, Tensor()), "expected torch.DoubleTensor with 2 elements like x, got nil");
  CHECK_ERROR(adam.step(x, vectorOf(kFloat, {1, 1})), "got torch.FloatTensor [2]");
  CHECK_ERROR(adam.step(x, vectorOf(kDouble, {1})), "got torch.DoubleTensor [1]");
  CHECK_ERROR(adam.step(Tensor(kLong, {2}), x), "optim.adam: not available for torch.LongTensor");
  CHECK_ERROR(adam.step(vectorOf(kDouble, {1, 2, 3}), vectorOf(kDouble, {1, 2, 3})),
              "state.m: expected torch.DoubleTensor with 3 elements like x");
  CHECK(values(x) == Values{1, 2});
  CHECK(adam.t == 1);
  optim::Sgd sgd{.momentum = 0.9, .nesterov = true};
  CHECK_ERROR(sgd.begin(x), "Nesterov momentum requires a momentum and zero dampening");
  optim::Sgd rates{.learningRates = vectorOf(kDouble, {1})};
  CHECK_ERROR(rates.step(x, x), "config.learningRates: expected torch.DoubleTensor with 2 elements");
  CHECK_ERROR(optim::Nag{.momentum = 0}.begin(x), "Momentum must be positive");
  CHECK(values(x) == Values{1, 2});
}

}  // namespace cresset::test
