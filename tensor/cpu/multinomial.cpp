// CPU kernel of multinomial: Torch7's draws, so that a seed gives Torch7's categories.
#include "tensor/ops/multinomial.h"

#include <algorithm>
#include <vector>

#include "tensor/cpu/fill.h"

namespace cresset {
namespace {

/// Running sums of one row, the last one 1.
void accumulate(const double* p, std::vector<double>& sums) {
  double sum = 0;
  for (size_t k = 0; k < sums.size(); ++k) sums[k] = sum += p[k];
  for (double& s : sums) s /= sum;
  sums.back() = 1;
}

void multinomialRow(int64_t* result, int64_t n, Generator& g, const double* p, std::vector<double>& sums) {
  accumulate(p, sums);
  for (int64_t i = 0; i < n; ++i)
    result[i] = std::lower_bound(sums.begin(), sums.end(), g.uniform()) - sums.begin() + 1;
}

/// Takes each drawn category's mass out of the running sums, as Torch7 does.
void multinomialRowOnce(int64_t* result, int64_t n, Generator& g, const double* p,
                        std::vector<double>& sums) {
  std::vector<double> left(p, p + sums.size());
  accumulate(p, sums);
  for (int64_t i = 0; i < n; ++i) {
    sums.back() = 1;
    size_t k = static_cast<size_t>(std::lower_bound(sums.begin(), sums.end(), g.uniform()) - sums.begin());
    // A draw of exactly 0, or rounding, can point at a category that is used up.
    while (left[k] == 0) k = (k + 1) % sums.size();
    result[i] = static_cast<int64_t>(k) + 1;
    left[k] = 0;
    const double mass = sums[k] - (k ? sums[k - 1] : 0);
    if (mass < 1) {
      for (size_t j = k; j < sums.size(); ++j) sums[j] -= mass;
      for (double& s : sums) s /= 1 - mass;
    } else if (i + 1 < n) {
      accumulate(left.data(), sums);  // what is left is too small beside the category that went
    }
  }
}

void multinomialKernel(const Tensor& result, Generator& g, const Tensor& p, Replacement replacement) {
  const int64_t n = result.size(1), categories = p.size(1);
  std::vector<double> sums(static_cast<size_t>(categories));
  const auto row = replacement == Replacement::With ? multinomialRow : multinomialRowOnce;
  for (int64_t i = 0; i < result.size(0); ++i)
    row(result.data<int64_t>() + i * n, n, g, p.data<double>() + i * categories, sums);
}

}  // namespace

void fillMultinomial() { multinomialSlot.cpu = multinomialKernel; }

}  // namespace cresset
