// What users meet when they are wrong: the fragments that scripts look for, and where in a network it
// happened.
#include <catch2/catch.hpp>

#include "nn/ModuleError.h"
#include "nn/container/Sequential.h"
#include "nn/convolution/SpatialConvolution.h"
#include "nn/criterion/ClassNLLCriterion.h"
#include "nn/linear/Linear.h"
#include "nn/pooling/SpatialMaxPooling.h"
#include "nn/table/Select.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

using Catch::Matchers::Contains;

struct Wrong {
  const char* constructor;
  const char* input;
  const char* message;
};

TEST_CASE("wrong_inputs_are_explained") {
  const Wrong cases[] = {
      {"nn.View(3)", "S(2,2)", "input view (2x2) and desired view (3) do not match"},
      {"nn.Reshape(3)", "S(2,2)", "Wrong size for view. Input size: 2x2. Output size: 2x3"},
      {"nn.Linear(4,3)", "S(2,3,4)", "input must be vector or matrix"},
      {"nn.Linear(4,3)", "S(2,5)", "size mismatch, m1: [2 x 5], m2: [4 x 3]"},
      {"nn.Linear(4,3)", "L{1,2,3,4}", "torch.DoubleTensor"},
      {"nn.Linear(4,3)", "{S(4)}", "expected a tensor, got {torch.DoubleTensor [4]}"},
      {"nn.SpatialConvolution(1,1,5,5)", "S(1,3,3)",
       "Given input size: (1 x 3 x 3). Calculated output size: (1 x -1 x -1). Output size is too small"},
      {"nn.SpatialConvolution(3,4,3,3)", "S(2,5,7,7)",
       "Need input of dimension 4 and input.size[1] == 3 but got input to be of shape: [2 x 5 x 7 x 7]"},
      {"nn.SpatialConvolution(3,4,3,3)", "S(2,3)", "3D or 4D input tensor expected but got: "},
      {"nn.SpatialConvolution(3,4,3,3)", "L{{{1}}}", "torch.LongTensor.THNN backend not imported"},
      {"nn.SpatialMaxPooling(4,4)", "S(1,3,3)",
       "Given input size: (1x3x3). Calculated output size: (1x0x0). Output size is too small"},
      {"nn.SpatialMaxPooling(2,2,2,2,2,2)", "S(1,5,5)",
       "pad should be smaller than half of kernel size, but got padW = 2, padH = 2, kW = 2, kH = 2"},
      {"nn.BatchNormalization(3)", "S(2,3,4)",
       "only mini-batch supported (2D tensor), got 3D tensor instead"},
      {"nn.BatchNormalization(3)", "S(2,4)", "got 4-feature tensor, expected 3"},
      {"nn.SoftMax()", "S(1,1,1,1,2)", "1D, 2D, 3D or 4D tensor expected"},
      {"nn.JoinTable(1)", "{S(2,2),S(2,3)}", "inconsistent tensor size"},
      {"nn.CMulTable()", "{S(2),S(3)}", "inconsistent tensor size"},
      {"nn.CMul(3)", "S(2,4)", "incorrect size: only supporting singleton expansion (size=1)"},
      {"nn.CAdd(3)", "S(2,4)", "incorrect size: only supporting singleton expansion (size=1)"},
      {"nn.Select(1,7)", "S(3,2)", "out of range"},
      {"nn.SelectTable(3)", "{S(2)}", "index does not exist in the input table"},
      {"nn.LookupTable(5,3)", "S(2,2,2)", "input must be a vector or matrix"},
      {"nn.LookupTable(5,3)", "L{1,6}", "index out of range"},
      {"nn.LookupTable(5,3)", "L{0}", "index out of range"},
      {"nn.MM()", "{S(2,3),S(2,4)}", "matrix sizes do not match"},
      {"nn.Sum(3)", "S(2,2)", "dimension exceeds input dimensions"},
      {"nn.ConcatTable():add(nn.Linear(4,3))", "S(2,5)", "size mismatch"},
      {"nn.ParallelTable():add(nn.Tanh()):add(nn.Tanh())", "{S(2)}", "expected 2 entries"},
      {"nn.Concat(1)", "S(2)", "no modules"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.constructor << " of " << wrong.input);
    const ModulePtr module = makeModule(wrong.constructor);

    CHECK_THROWS_WITH(module->forward(makeActivity(wrong.input)), Contains(wrong.message));
  }
}

TEST_CASE("wrong_gradients_are_explained") {
  const Wrong cases[] = {
      {"nn.Linear(4,3)", "S(2,4)", "argument 2 (gradOutput)"},
      {"nn.Tanh()", "S(2,4)", "gradOutput"},
      {"nn.SpatialConvolution(1,2,2,2)", "S(1,3,3)", "gradOutput"},
      {"nn.SpatialMaxPooling(2,2)", "S(1,4,4)", "gradOutput"},
      {"nn.SpatialAveragePooling(2,2)", "S(1,4,4)", "gradOutput"},
      {"nn.SoftMax()", "S(2,4)", "gradOutput"},
      {"nn.BatchNormalization(4)", "S(2,4)", "gradOutput"},
      {"nn.View(8)", "S(2,4)", "gradOutput"},
      {"nn.LookupTable(5,3)", "L{1,2}", "gradOutput"},
      {"nn.CAddTable()", "{S(2,4),S(2,4)}", "gradOutput"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.constructor);
    const ModulePtr module = makeModule(wrong.constructor);
    const Activity input = makeActivity(wrong.input), gradient = makeActivity("S(1,5,7)");
    module->forward(input);

    CHECK_THROWS_WITH(module->backward(input, gradient), Contains(wrong.message));
    CHECK_THROWS_AS(module->backward(input, Activity()), Error);
  }
}

// The module keeps what it computed for one input; its caller may come back with another one.
TEST_CASE("going_back_with_another_input_is_explained") {
  struct {
    const char *constructor, *input, *other, *message;
  } const cases[] = {
      {"nn.BatchNormalization(3)", "S(2,3)", "S(5000,3)", "inconsistent tensor size"},
      {"nn.SpatialMaxPooling(2,2)", "S(1,3,4,4)", "S(5000,3,4,4)", "expected the size of the output"},
      {"nn.SpatialAveragePooling(2,2)", "S(1,3,4,4)", "S(5000,3,4,4)", "expected the size of the output"},
      {"nn.SpatialConvolution(1,1,2,2)", "S(1,1,4,4)", "S(5000,1,4,4)", "expected the size of the output"},
      {"nn.SoftMax()", "S(2,3)", "S(5000,3)", "expected the size of the input"},
      {"nn.CDivTable()", "{S(2),S(2)}", "{S(2)}", "expected 2 entries, got 1"},
      {"nn.CSubTable()", "{S(2),S(2)}", "{S(2)}", "expected 2 entries, got 1"},
      {"nn.JoinTable(2)", "{S(2,2),S(2,2)}", "{S(2,2),S(2)}", "dimension 2 out of range of 1D tensor"},
  };
  for (const auto& wrong : cases) {
    INFO(wrong.constructor);
    const ModulePtr module = makeModule(wrong.constructor);
    const Activity gradient = module->forward(makeActivity(wrong.input));

    CHECK_THROWS_WITH(module->backward(makeActivity(wrong.other), gradient), Contains(wrong.message));
  }
}

TEST_CASE("going_back_before_forward_is_explained") {
  for (const char* constructor :
       {"nn.Concat(4):add(nn.Tanh())", "nn.Parallel(1,100):add(nn.Tanh())", "nn.BatchNormalization(3)",
        "nn.SpatialMaxPooling(2,2)", "nn.Max(1)", "nn.Dropout()"}) {
    INFO(constructor);
    const ModulePtr module = makeModule(constructor);

    CHECK_THROWS_AS(module->backward(makeActivity("S(1,3,4,4)"), makeActivity("S(1,3,2,2)")), Error);
  }
}

TEST_CASE("geometry_that_overflows_is_explained") {
  const Activity input = makeActivity("S(1,8,8)");
  SpatialDilatedConvolution convolution(1, 1, 5, 5, 1, 1, 0, 0, 1, 1);
  convolution.dilationW = int64_t{1} << 62;
  SpatialDilatedMaxPooling pooling(5, 5, 1, 1, 0, 0, 1, 1);
  pooling.dilationW = int64_t{1} << 62;

  CHECK_THROWS_WITH(convolution.forward(input), Contains("must be below 2^31"));
  CHECK_THROWS_WITH(pooling.forward(input), Contains("should be below 2^31"));
  CHECK_THROWS_WITH(NarrowTable(int64_t{3} << 61, int64_t{1} << 62).forward(makeActivity("{S(1)}")),
                    Contains("do not exist"));
}

TEST_CASE("wrong_constructor_arguments_are_explained") {
  const Wrong cases[] = {
      {"nn.NarrowTable()", "", "nn.NarrowTable(offset, length)"},
      {"nn.Power()", "", "nn.Power(power)"},
      {"nn.Threshold('a')", "", "nn.Threshold(threshold, value)"},
      {"nn.Threshold(0,1,true)", "", "in-place processing requires value (1) not exceed threshold (0)"},
      {"nn.Threshold(1,0,1)", "", "in-place flag must be boolean"},
      {"nn.Dropout(1)", "", "<Dropout> illegal percentage, must be 0 <= p < 1"},
      {"nn.BatchNormalization()", "", "Missing argument #1: dimensionality of input. "},
      {"nn.BatchNormalization(3,nil,nil,1)", "", "affine has to be true/false"},
      {"nn.View(-1,-1)", "", "only one dimension can be at -1"},
      {"nn.View(0)", "", "size should be positive or -1"},
      {"nn.Unsqueeze()", "", "the position to insert singleton dim not specified"},
      {"nn.MulConstant('a')", "", "input is not scalar!"},
      {"nn.Linear(0,3)", "", "expected at least 1, got 0"},
      {"nn.Sequential():add(nn.Tanh()):insert(nn.Tanh(),5)", "",
       "index should be contiguous to existing modules"},
      {"nn.Sequential():remove(1)", "", "index out of range"},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.constructor);
    CHECK_THROWS_WITH(makeModule(wrong.constructor), Contains(wrong.message));
  }
  CHECK_THROWS_WITH(makeCriterion("nn.MultiMarginCriterion(3)"), Contains("only p=1 and p=2 supported"));
  CHECK_THROWS_WITH(makeCriterion("nn.ClassNLLCriterion(S(2,2))"),
                    Contains("weights input should be 1-D Tensor"));
  CHECK_THROWS_WITH(makeCriterion("nn.MultiCriterion():add()"), Contains("no criterion provided"));
}

TEST_CASE("wrong_targets_are_explained") {
  struct {
    const char *constructor, *input, *target, *message;
  } const cases[] = {
      {"nn.MSECriterion()", "S(2,3)", "S(2,2)",
       "input and target have different number of elements: input[2 x 3] has 6 elements, while target[2 x 2] "
       "has 4 "
       "elements"},
      {"nn.MSECriterion()", "S(2,3)", "L{1}", "torch.LongTensor"},
      {"nn.MSECriterion()", "S(2,3)", "nil", "expected a tensor, got nil"},
      {"nn.BCECriterion()", "torch.Tensor{2}", "torch.Tensor{1}",
       "input value should be between 0~1, but got 2.000000"},
      {"nn.ClassNLLCriterion()", "S(3)", "0",
       "Assertion `cur_target >= 0 && cur_target < n_classes' failed."},
      {"nn.ClassNLLCriterion()", "S(2,3)", "L{1,4}", "label 4 of sample 2, expected 1 to 3"},
      {"nn.ClassNLLCriterion()", "S(2,3)", "L{1}",
       "Assertion `THIndexTensor_(size)(target, 0) == batch_size' failed."},
      {"nn.ClassNLLCriterion()", "S(2,3)", "L{{1,2}}", "multi-target not supported"},
      {"nn.ClassNLLCriterion()", "S(2,3,1)", "L{1}", "input tensor should be 1D or 2D"},
      {"nn.ClassNLLCriterion(S(5))", "S(2,3)", "L{1,2}",
       "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of "
       "shape: [5]"},
      {"nn.MultiMarginCriterion()", "S(2,3)", "L{1,4}", "target out of range"},
      {"nn.ParallelCriterion():add(nn.MSECriterion())", "{}", "{}", "one entry for each criterion expected"},
  };
  for (const auto& wrong : cases) {
    INFO(wrong.constructor << " of " << wrong.input << " for " << wrong.target);
    const CriterionPtr criterion = makeCriterion(wrong.constructor);

    CHECK_THROWS_WITH(criterion->forward(makeActivity(wrong.input), makeActivity(wrong.target)),
                      Contains(wrong.message));
  }
}

TEST_CASE("weights_are_checked_on_the_way_back_too") {
  ClassNLLCriterion criterion;
  const Activity input = makeActivity("S(2,3)"), target = makeActivity("L{1,3}");
  criterion.forward(input, target);

  criterion.weights = Tensor(kDouble, {1});
  CHECK_THROWS_WITH(criterion.backward(input, target), Contains("got weight tensor of shape: [1]"));
  criterion.weights = Tensor(kFloat, {3});
  CHECK_THROWS_WITH(criterion.backward(input, target), Contains("expected torch.DoubleTensor"));
}

TEST_CASE("an_error_names_the_way_to_the_module") {
  const ModulePtr net = makeModule(
      "nn.Sequential():add(nn.Tanh()):add(nn.Concat(1):add(nn.Parallel(1,1):add(nn.Linear(4,3))))");

  try {
    net->forward(makeActivity("S(1,5)"));
    FAIL("nothing was thrown");
  } catch (const ModuleError& error) {
    const std::string path =
        "In 2 module of nn.Sequential:\nIn 1 module of nn.Concat:\nIn 1 module of nn.Parallel:\n";
    CHECK(error.path() == path);
    CHECK_THAT(error.original(), Contains("size mismatch"));
    CHECK(error.what() == "\n" + path + error.original());
  }
}

TEST_CASE("a_failed_call_leaves_the_module_usable") {
  Linear linear(4, 3);
  const Tensor good = makeActivity("S(2,4)").tensor();
  const Tensor expected = linear.updateOutput(good).clone();

  CHECK_THROWS_AS(linear.forward(makeActivity("S(2,5)")), Error);

  CHECK(linear.updateOutput(good).at({1, 2}) == expected.at({1, 2}));
}

}  // namespace
}  // namespace cresset::nn
