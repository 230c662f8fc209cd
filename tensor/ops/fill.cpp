// fill and zero in the op table; the functions themselves are in copy.h.
#include "tensor/ops/OpTable.h"
#include "tensor/ops/copy.h"
#include "tensor/ops/families.h"

namespace cresset {

void declareFillOps(OpTable& table) {
  table.op("fill", Family::Self, "sets every element to a number")
      .overload(AllTypes, ">T num", [](const Tensor& x, double value) { fill(x, value); });
  table.op("zero", Family::Self, "sets every element to 0").overload(AllTypes, ">T", [](const Tensor& x) {
    fill(x, 0);
  });
  table.op("numel", Family::Query, "number of elements").overload(AllTypes, "T", [](const Tensor& x) {
    return x.nElement();
  });
}

}  // namespace cresset
