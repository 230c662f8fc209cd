#include "nn/table/Arithmetic.h"

#include "tensor/Error.h"
#include "tensor/ops/pointwise.h"

namespace cresset::nn {

ArithmeticTable::ArithmeticTable() { gradInput = Activity::list({}); }

std::vector<Tensor> ArithmeticTable::entries(const Activity& input) const {
  std::vector<Tensor> x;
  for (const Activity& entry : input.table(typeName().c_str(), arg(1, "input"))) {
    const int number = static_cast<int>(x.size()) + 1;
    x.push_back(entry.tensor(typeName().c_str(), arg(number, "entry of input")));
    checkSameType(typeName().c_str(), arg(number, "entry of input"), x.back(), x[0]);
    checkSameElements(typeName().c_str(), arg(number, "entry of input"), x.back(), x[0]);
  }
  if (x.empty()) fail(typeName(), arg(1, "input"), {"the table is empty"});
  return x;
}

Activity ArithmeticTable::updateOutput(const Activity& input) {
  const std::vector<Tensor> x = entries(input);
  outputTensor(x[0].type());
  if (isInplace()) {
    combine(x[0], x);
    output.tensor().set(x[0]);  // not the object itself: clearState empties the output
    return output;
  }
  output.tensor().resizeAs(x[0]);
  combine(output.tensor(), x);
  return output;
}

Activity ArithmeticTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const std::vector<Tensor> x = entries(input);
  const Tensor& gy = gradOutput.tensor(typeName().c_str(), arg(2, "gradOutput"));
  checkSameType(typeName().c_str(), arg(2, "gradOutput"), gy, x[0]);
  checkSameElements(typeName().c_str(), arg(2, "gradOutput"), gy, x[0]);
  std::vector<Activity>& list = gradInputTable(x.size());
  std::vector<Tensor> gx;
  for (size_t i = 0; i < x.size(); ++i) {
    if (!list[i].isTensor() || list[i].tensor().type() != x[i].type() || list[i].is(gradOutput))
      list[i] = Tensor(x[i].type());
    if (isInplace())
      list[i].tensor().set(gy);
    else
      gx.push_back(list[i].tensor().resizeAs(x[i]));
  }
  if (!isInplace()) gradients(gx, gy, x);
  return gradInput;
}

CAddTable::CAddTable(bool isInplace) {
  if (isInplace) inplace = true;
}

void CAddTable::fields(FieldVisitor& visit) {
  ArithmeticTable::fields(visit);
  visit("inplace", inplace);
}

void CAddTable::combine(const Tensor& y, const std::vector<Tensor>& x) {
  y.copy(x[0]);
  for (size_t i = 1; i < x.size(); ++i) y.add(x[i]);
}

void CAddTable::gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>&) {
  for (const Tensor& g : gx) g.copy(gy);
}

namespace {

void needTwo(const char* op, const std::vector<Tensor>& x) {
  if (x.size() != 2)
    fail(op, arg(1, "input"), {"expected 2 entries, got ", text(static_cast<int64_t>(x.size()))});
}

}  // namespace

void CSubTable::combine(const Tensor& y, const std::vector<Tensor>& x) {
  needTwo("nn.CSubTable", x);
  csub(y, x[0], 1, x[1]);
}

void CSubTable::gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) {
  needTwo("nn.CSubTable", x);
  gx[0].copy(gy);
  mul(gx[1], gy, -1);
}

void CMulTable::combine(const Tensor& y, const std::vector<Tensor>& x) {
  y.copy(x[0]);
  for (size_t i = 1; i < x.size(); ++i) y.cmul(x[i]);
}

void CMulTable::gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) {
  for (size_t i = 0; i < gx.size(); ++i) {
    bool isFirst = true;
    for (size_t j = 0; j < x.size(); ++j) {
      if (j == i) continue;
      cmul(gx[i], isFirst ? gy : gx[i], x[j]);
      isFirst = false;
    }
    if (isFirst) gx[i].copy(gy);
    gx[i].resizeAs(x[i]);
  }
}

void CDivTable::combine(const Tensor& y, const std::vector<Tensor>& x) {
  needTwo("nn.CDivTable", x);
  cdiv(y, x[0], x[1]);
}

void CDivTable::gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) {
  needTwo("nn.CDivTable", x);
  cdiv(gx[0], gy, x[1]);
  cmul(gx[1], gx[0], x[0]);  // -gy a / b^2, in three steps
  gx[1].cdiv(x[1]).mul(-1);
}

}  // namespace cresset::nn
