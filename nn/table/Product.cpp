#include "nn/table/Product.h"

#include "tensor/Error.h"
#include "tensor/ops/blas.h"

namespace cresset::nn {
namespace {

/// The two entries of the input.
struct Pair {
  Tensor a, b;
  Pair(const char* op, const Activity& input) {
    const std::vector<Activity>& list = input.table(op, arg(1, "input"));
    if (list.size() != 2)
      fail(op, arg(1, "input"), {"input must be a pair of tensors, got ", describe(input)});
    a = list[0].tensor(op, arg(1, "input[1]"));
    b = list[1].tensor(op, arg(1, "input[2]"));
    checkSameType(op, arg(1, "input[2]"), b, a);
  }
};

Tensor turned(const Tensor& x, bool isTransposed) {
  return isTransposed ? x.transpose(x.dim() - 2, x.dim() - 1) : x;
}

/// target = x y, matrices or batches of them.
void product(const Tensor& target, const Tensor& x, const Tensor& y) {
  if (x.dim() == 2) {
    mm(target, x, y);
  } else {
    bmm(target, x, y);
  }
}

const Tensor& entry(Activity& slot, Type type) {
  if (!slot.isTensor() || slot.tensor().type() != type) slot = Tensor(type);
  return slot.tensor();
}

}  // namespace

MM::MM(bool isTransposedA, bool isTransposedB) : transA(isTransposedA), transB(isTransposedB) {
  gradInput = Activity::list({Tensor(defaultType()), Tensor(defaultType())});
}

Activity MM::updateOutput(const Activity& input) {
  const Pair pair("nn.MM", input);
  if (pair.a.dim() != 2 && pair.a.dim() != 3)
    fail("nn.MM", arg(1, "input[1]"), {"input tensors must be 2D or 3D, got ", describe(pair.a)});
  checkDims("nn.MM", arg(1, "input[2]"), pair.b, pair.a.dim());
  const Tensor a = turned(pair.a, transA), b = turned(pair.b, transB);
  const int64_t d = a.dim();
  if (d == 3 && a.size(0) != b.size(0))
    fail("nn.MM", {"inputs must contain the same number of minibatches, got ", describe(pair.a), " and ",
                   describe(pair.b)});
  if (a.size(d - 1) != b.size(d - 2))
    fail("nn.MM", {"matrix sizes do not match: ", describe(a), " and ", describe(b)});
  const Tensor y = entry(output, a.type());
  product(y, a, b);
  return output;
}

Activity MM::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const Pair pair("nn.MM", input);
  const Tensor& gy = gradOutput.tensor("nn.MM", arg(2, "gradOutput"));
  checkDims("nn.MM", arg(2, "gradOutput"), gy, pair.a.dim());
  std::vector<Activity>& gradients = gradInputTable(2);
  const Tensor ga = entry(gradients[0], gy.type()), gb = entry(gradients[1], gy.type());
  const Tensor a = turned(pair.a, transA), b = turned(pair.b, transB);
  // d(A B) = dA B + A dB; a transposed factor takes the transposed gradient.
  if (transA) {
    product(ga, b, turned(gy, true));
  } else {
    product(ga, gy, turned(b, true));
  }
  if (transB) {
    product(gb, turned(gy, true), a);
  } else {
    product(gb, turned(a, true), gy);
  }
  return gradInput;
}

void MM::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("transA", transA)("transB", transB);
}

MV::MV(bool isTransposed) : trans(isTransposed) {
  gradInput = Activity::list({Tensor(defaultType()), Tensor(defaultType())});
}

Activity MV::updateOutput(const Activity& input) {
  const Pair pair("nn.MV", input);
  if (pair.a.dim() != 2 && pair.a.dim() != 3)
    fail("nn.MV", arg(1, "input[1]"),
         {"input must be a pair of a matrix and a vector, or of batches of them, got ", describe(pair.a)});
  checkDims("nn.MV", arg(1, "input[2]"), pair.b, pair.a.dim() - 1);
  const Tensor m = turned(pair.a, trans), v = pair.b.unsqueeze(pair.b.dim());
  if (m.size(m.dim() - 1) != v.size(v.dim() - 2) || (m.dim() == 3 && m.size(0) != v.size(0)))
    fail("nn.MV",
         {"matrix row count and vector length do not match: ", describe(m), " and ", describe(pair.b)});
  const Tensor y = entry(output, m.type());
  if (!y.isContiguous()) y.set();
  product(y, m, v);
  y.set(y.select(y.dim() - 1, 0));
  return output;
}

Activity MV::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const Pair pair("nn.MV", input);
  const Tensor& g = gradOutput.tensor("nn.MV", arg(2, "gradOutput"));
  checkDims("nn.MV", arg(2, "gradOutput"), g, pair.b.dim());
  const Tensor gy = g.unsqueeze(g.dim()), v = pair.b.unsqueeze(pair.b.dim());
  std::vector<Activity>& gradients = gradInputTable(2);
  const Tensor gm = entry(gradients[0], g.type()), gv = entry(gradients[1], g.type());
  if (trans) {
    product(gm, v, turned(gy, true));
    product(gv, pair.a, gy);
  } else {
    product(gm, gy, turned(v, true));
    product(gv, turned(pair.a, true), gy);
  }
  gv.resizeAs(pair.b);
  return gradInput;
}

void MV::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("trans", trans);
}

}  // namespace cresset::nn
