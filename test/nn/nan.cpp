// What diverges must show: a NaN in the input of a transfer module or a softmax is one in its output.
#include <catch2/catch.hpp>
#include <cmath>

#include "tensor/Tensor.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

TEST_CASE("a_nan_in_the_input_stays_in_the_output") {
  // A softmax spreads it over its row; 37 columns are whole vectors and a tail.
  for (const char* constructor : {"nn.Exp()", "nn.Log()", "nn.Sigmoid()", "nn.LogSigmoid()", "nn.Tanh()",
                                  "nn.SoftPlus()", "nn.ELU()", "nn.SoftMax()", "nn.LogSoftMax()"})
    for (const Type type : {kFloat, kDouble})
      for (const int64_t column : {0, 20, 36}) {
        INFO(constructor << " in " << tensorTypeName(type) << ", column " << column + 1);
        const Tensor x = Tensor(type, {3, 37}).fill(0.5);
        x.setAt({1, column}, NAN);

        const std::string converted = type == kFloat ? ":float()" : "";
        const Tensor y = makeModule(constructor + converted)->forward(x).tensor();

        CHECK(std::isnan(y.at({1, column})));
        CHECK(std::isfinite(y.at({0, column})));
      }
}

}  // namespace
}  // namespace cresset::nn
