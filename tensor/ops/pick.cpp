#include "tensor/ops/pick.h"

#include "tensor/Error.h"
#include "tensor/ops/align.h"
#include "tensor/ops/index.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {
namespace {

void check(const Tensor& x, const Pick& pick) {
  const Arg argument = arg(static_cast<int>(pick.dim) + 1, "positions");
  checkDim("index", argument, x, pick.dim);
  const Tensor& positions = pick.positions;
  if (positions.type() != Type{DType::Long, x.device()})
    fail("index", argument,
         {"expected ", tensorTypeName({DType::Long, x.device()}), ", got ", describe(positions)});
  if (positions.empty()) fail("index", argument, {"empty tensor"});
  const double lowest = minAll(positions), highest = maxAll(positions);
  if (lowest >= 1 && highest <= static_cast<double>(x.size(pick.dim))) return;
  fail("index", argument,
       {"index out of range: ", text(lowest < 1 ? lowest : highest), " in dimension ", text(pick.dim + 1),
        " of ", describe(x)});
}

/// The sizes to which all positions broadcast.
Shape commonSizes(const std::vector<Pick>& picks) {
  Shape common = picks[0].positions.sizes();
  for (const Pick& pick : picks) {
    const Sizes sizes = pick.positions.sizes();
    while (common.size() < sizes.size()) common.insert(0, 1);
    for (int back = 1; back <= sizes.size(); ++back) {
      int64_t& size = common[common.size() - back];
      const int64_t other = sizes[sizes.size() - back];
      if (size == 1) size = other;
      if (other != size && other != 1)
        fail("index", arg(static_cast<int>(pick.dim) + 1, "positions"),
             {"inconsistent tensor size: ", shapeText(sizes.data(), sizes.size()),
              " does not broadcast with ", describe(picks[0].positions)});
    }
  }
  return common;
}

/// How the picked elements lie in x: element e is `positions[e] - 1` elements behind `starts[e]`. Both have
/// `flat` sizes, in which one dimension holds all positions; `sizes` are those of the result.
struct Plan {
  Tensor starts, positions;
  Shape flat, sizes;
  int64_t dim;
};

Plan planOf(const Tensor& x, const std::vector<Pick>& picks) {
  if (x.empty()) fail("index", {"empty tensor"});
  for (const Pick& pick : picks) check(x, pick);
  const Shape common = commonSizes(picks);
  const Tensor offsets = Tensor(picks[0].positions.type(), common).zero();
  int64_t first = 1;
  for (const Pick& pick : picks) {
    const int64_t stride = x.stride(pick.dim);
    offsets.add(pick.positions.expand(common).contiguous().clone().mul(static_cast<double>(stride)));
    first -= stride;
  }
  offsets.add(static_cast<double>(first));

  const bool neighbours = picks.back().dim - picks.front().dim + 1 == static_cast<int64_t>(picks.size());
  Plan plan;
  plan.dim = neighbours ? picks.front().dim : 0;
  Shape startStrides, positionStrides;
  const auto addPicked = [&] {
    plan.flat.push(offsets.nElement());
    startStrides.push(0);
    positionStrides.push(1);
    for (const int64_t size : common) plan.sizes.push(size);
  };
  if (!neighbours) addPicked();
  auto next = picks.begin();
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (next != picks.end() && next->dim == d) {
      if (neighbours && next == picks.begin()) addPicked();
      ++next;
      continue;
    }
    plan.flat.push(x.size(d));
    plan.sizes.push(x.size(d));
    startStrides.push(x.stride(d));
    positionStrides.push(0);
  }
  plan.starts = Tensor(x.storage(), x.storageOffset(), plan.flat, startStrides);
  plan.positions = Tensor(offsets.storage(), 0, plan.flat, positionStrides);
  return plan;
}

void put(const Tensor& x, const Plan& plan, const Tensor& source) {
  scatterSlot.on(x.type())(plan.starts, plan.positions, source, 1, plan.dim);
}

}  // namespace

Tensor pick(const Tensor& x, const std::vector<Pick>& picks) {
  const Plan plan = planOf(x, picks);
  const Tensor result(x.type(), plan.flat);
  gatherSlot.on(x.type())(result, plan.starts, plan.positions, 1);
  return result.view(plan.sizes);
}

void pickFill(const Tensor& x, const std::vector<Pick>& picks, double value) {
  const Plan plan = planOf(x, picks);
  put(x, plan, Tensor(x.type(), {1}).fill(value).expand(plan.flat));
}

void pickCopy(const Tensor& x, const std::vector<Pick>& picks, const Tensor& source) {
  const Plan plan = planOf(x, picks);
  // A tensor of the result's sizes without its memory, to align with.
  const Tensor like = Tensor(x.type(), {1}).expand(plan.sizes);
  const Tensor aligned =
      alignTo("index", arg(2, "value"), source.to(x.type()), like).contiguous().view(plan.flat);
  put(x, plan, sharesStorage(aligned, x) ? aligned.clone() : aligned);
}

}  // namespace cresset
