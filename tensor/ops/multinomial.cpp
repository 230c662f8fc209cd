#include "tensor/ops/multinomial.h"

#include <cmath>
#include <vector>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<MultinomialKernel> multinomialSlot{"multinomial"};

namespace {

/// Throws unless each row of p is a distribution.
void checkDistributions(const char* op, const Tensor& p) {
  if (!(minAll(p) >= 0))
    fail(op, arg(1, "p"), {"invalid multinomial distribution: negative or NaN probability"});
  const Tensor sums(p.type());
  sum(sums, p, 1);
  if (!(minAll(sums) > 0 && std::isfinite(maxAll(sums))))
    fail(op, arg(1, "p"),
         {"invalid multinomial distribution: expected a positive, finite sum of probabilities"});
}

/// The smallest number of categories that are not 0 in a row of p.
double fewestCategories(const Tensor& p) {
  const Tensor positive(p.type()), counts(p.type());
  ne(positive, p, 0.0);
  sum(counts, positive, 1);
  return minAll(counts);
}

void checkSameLength(const char* op, const Tensor& other, const Tensor& keep) {
  checkDims(op, arg(2, "other"), other, 1);
  checkDims(op, arg(3, "keep"), keep, 1);
  checkSameElements(op, arg(3, "keep"), keep, other);
}

}  // namespace

void multinomial(const Tensor& result, const Tensor& p, int64_t n, Replacement replacement, Generator& g) {
  checkDType("multinomial", arg(1, "result"), result, DType::Long);
  if (p.dim() != 1 && p.dim() != 2)
    fail("multinomial", arg(1, "p"), {"expected 1 or 2 dimensions, got ", describe(p)});
  if (n <= 0) fail("multinomial", arg(2, "n"), {"cannot sample n_sample < 0 samples: got ", text(n)});
  const Tensor rows = (p.dim() == 1 ? p.unsqueeze(0) : p).to({DType::Double, p.device()}).contiguous();
  checkDistributions("multinomial", rows);
  if (replacement == Replacement::Without) {
    if (n > rows.size(1))
      fail("multinomial", arg(2, "n"),
           {"cannot sample n_sample > prob_dist:size(1) samples without replacement: ", text(n), " of ",
            describe(p)});
    if (fewestCategories(rows) < static_cast<double>(n))
      fail("multinomial", arg(1, "p"),
           {"invalid multinomial distribution: fewer than ", text(n), " categories are not 0"});
  }
  Shape sizes = p.sizes();
  sizes[p.dim() - 1] = n;
  const Tensor target = targetFor(result, sizes, {&p});
  multinomialSlot.on(p)(target.view({rows.size(0), n}), g, rows, replacement);
  finish(result, target);
}

void multinomialAliasSetup(const Tensor& other, const Tensor& keep, const Tensor& p) {
  checkDims("multinomialAliasSetup_", arg(1, "p"), p, 1);
  const Tensor shares = p.to(kDouble).clone();
  checkDistributions("multinomialAliasSetup_", shares.unsqueeze(0));
  const int64_t n = shares.size(0);
  shares.mul(static_cast<double>(n) / sumAll(shares));
  double* share = shares.data<double>();  // of a place of its own; the mean is 1
  const Tensor others({DType::Long, Device::CPU}, {n});
  auto* alias = others.data<int64_t>();
  std::vector<int64_t> small, large;
  for (int64_t i = 0; i < n; ++i) {
    alias[i] = i + 1;
    (share[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const int64_t lack = small.back(), excess = large.back();
    small.pop_back();
    alias[lack] = excess + 1;
    share[excess] -= 1 - share[lack];
    if (share[excess] < 1) {
      large.pop_back();
      small.push_back(excess);
    }
  }
  // What rounding left over has its place alone.
  for (const int64_t i : small) share[i] = 1;
  for (const int64_t i : large) share[i] = 1;
  other.resize({n}).copy(others);
  keep.resize({n}).copy(shares);
}

void multinomialAlias(const Tensor& result, const Tensor& other, const Tensor& keep, Generator& g) {
  checkSameLength("multinomialAlias_", other, keep);
  const int64_t n = other.size(0);
  if (minAll(other) < 1 || maxAll(other) > static_cast<double>(n))
    fail("multinomialAlias_", arg(2, "other"), {"index out of range in ", describe(other)});
  const Tensor others = other.to(kLong).contiguous(), shares = keep.to(kDouble).contiguous();
  if (result.empty()) return;
  const Tensor draws(kLong, result.sizes());
  auto* draw = draws.data<int64_t>();
  for (int64_t i = 0; i < draws.nElement(); ++i) {
    const auto place = static_cast<int64_t>(g.uniform() * static_cast<double>(n));
    draw[i] = g.bernoulli(shares.data<double>()[place]) ? place + 1 : others.data<int64_t>()[place];
  }
  result.copy(draws);
}

void declareMultinomialOps(OpTable& table) {
  using T = const Tensor&;
  using G = Generator&;
  table.op("multinomial", Family::Creation, "n draws of category numbers from the probabilities p")
      .overload(Floating, "[>Long] [gen] T int [bool=false]", [](T r, G g, T p, int64_t n, bool with) {
        multinomial(r, p, n, with ? Replacement::With : Replacement::Without, g);
      });
  const auto setup = [](T p, T other, T keep) { multinomialAliasSetup(other, keep, p); };
  table
      .op("multinomialAliasSetup_", Family::Creation,
          "the table for multinomialAlias_ of the probabilities p")
      .overload(Form::Function, Floating, "T [>Long] [>T]", setup)
      .overload(Form::Method, Floating, "T >Long >T", setup);
  table
      .op("multinomialAlias_", Family::Creation,
          "draws of category numbers from multinomialAliasSetup_'s table")
      .overload(Floating, "[>Long] [gen] Long T",
                [](T r, G g, T other, T keep) { multinomialAlias(r, other, keep, g); });
}

}  // namespace cresset
