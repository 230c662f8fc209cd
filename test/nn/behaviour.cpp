// What the tables of cases do not show: randomness, states, aliases, skipped gradients.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <thread>

#include "nn/container/Sequential.h"
#include "nn/convolution/SpatialConvolution.h"
#include "nn/criterion/ClassNLLCriterion.h"
#include "nn/criterion/CrossEntropyCriterion.h"
#include "nn/dropout/Dropout.h"
#include "nn/linear/Linear.h"
#include "nn/lookup/LookupTable.h"
#include "nn/normalization/BatchNormalization.h"
#include "nn/pooling/SpatialMaxPooling.h"
#include "tensor/Generator.h"
#include "tensor/ops/reduce.h"
#include "test/nn/cases.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

TEST_CASE("parameters_are_drawn_weight_first_in_memory_order") {
  defaultGenerator().manualSeed(3);
  const Linear linear(4, 2);

  Generator expected;
  expected.manualSeed(3);
  const double a = 0.5;  // 1 / sqrt(4)
  for (int64_t k = 0; k < 8; ++k) CHECK(element(linear.weight, k) == expected.uniform(-a, a));
  for (int64_t k = 0; k < 2; ++k) CHECK(element(linear.bias, k) == expected.uniform(-a, a));
}

TEST_CASE("constructors_use_the_default_type") {
  setDefaultType(kFloat);
  const ModulePtr net = makeModule("nn.SpatialConvolution(1,2,3,3)");
  setDefaultType(kDouble);

  CHECK(net->parameters().weights[0].type() == kFloat);
  CHECK(net->type_ == "torch.FloatTensor");
}

TEST_CASE("dropout_masks_what_it_scales") {
  Dropout dropout(0.25);
  const Tensor x = Tensor(kDouble, {1000}).fill(3);

  const Tensor y = dropout.updateOutput(x).clone();
  const Tensor gx = dropout.updateGradInput(x, Tensor(kDouble, {1000}).fill(1));

  int64_t kept = 0;
  for (int64_t k = 0; k < 1000; ++k) {
    const double v = element(y, k);
    CHECK((v == 0 || v == Approx(4)));
    CHECK(element(gx, k) == Approx(v / 3));
    kept += v != 0;
  }
  CHECK(kept > 650);
  CHECK(kept < 850);
  dropout.evaluate();
  CHECK(sumAll(dropout.updateOutput(x)) == 3000);
}

TEST_CASE("dropout_draws_one_number_for_each_element") {
  defaultGenerator().manualSeed(5);
  Dropout dropout(0.5);
  dropout.updateOutput(Tensor(kFloat, {3, 5}).fill(1).to(kDouble));
  const uint32_t next = defaultGenerator().random();

  Generator expected;
  expected.manualSeed(5);
  for (int i = 0; i < 15; ++i) expected.random();
  CHECK(next == expected.random());
}

TEST_CASE("batch_statistics_move_towards_the_batch") {
  BatchNormalization norm(2);
  const Tensor x = makeActivity("torch.Tensor{{1,10},{3,10}}").tensor();

  norm.updateOutput(x);

  CHECK(norm.running_mean.at({0}) == Approx(0.2));
  CHECK(norm.running_mean.at({1}) == Approx(1));
  CHECK(norm.running_var.at({0}) == Approx(0.9 + 0.1 * 2));  // unbiased: ((1 - 2)^2 + (3 - 2)^2) / 1
  CHECK(norm.running_var.at({1}) == Approx(0.9));
}

TEST_CASE("one_value_for_each_feature_leaves_the_running_variance_alone") {
  BatchNormalization norm(2);

  const Tensor y = norm.updateOutput(makeActivity("torch.Tensor{{1,10}}").tensor());

  CHECK(norm.running_var.at({0}) == 1);
  CHECK(y.at({0, 0}) == 0);
}

TEST_CASE("one_sample_is_a_batch_outside_training") {
  BatchNormalization norm(2);
  norm.evaluate();

  CHECK(norm.updateOutput(Tensor(kDouble, {2}).fill(1)).dim() == 2);
}

TEST_CASE("a_nil_gradInput_skips_the_product") {
  for (const char* constructor : {"nn.Linear(4,3)", "nn.SpatialConvolution(1,2,1,1)", "nn.CMul(4)",
                                  "nn.Add(4)", "nn.MulConstant(2)", "nn.SpatialAveragePooling(1,1)"}) {
    INFO(constructor);
    const ModulePtr module = makeModule(constructor);
    const Activity input =
        makeActivity(std::string(constructor).find("Spatial") != std::string::npos ? "S(1,2,2)" : "S(2,4)");
    dynamic_cast<TensorModule&>(*module).gradInput = {};
    module->zeroGradParameters();

    const Activity output = module->forward(input);
    const Activity gradient = module->backward(input, output);

    CHECK(gradient.isNil());
    for (const Tensor& g : module->parameters().gradients) CHECK(normAll(g, 2) > 0);
  }
}

TEST_CASE("missing_output_and_gradInput_are_made_again") {
  for (const char* constructor : {"nn.Tanh()", "nn.SoftMax()", "nn.Dropout()", "nn.ReLU(true)", "nn.View(8)",
                                  "nn.Sum(1)", "nn.BatchNormalization(4)", "nn.Max(2)", "nn.Linear(4,3)"}) {
    INFO(constructor);
    const ModulePtr module = makeModule(constructor);
    auto& tensors = dynamic_cast<TensorModule&>(*module);
    const Activity input = makeActivity("S(2,4)");
    const Activity output = module->forward(input);
    module->updateGradInput(input, waveLike(output));
    tensors.output = tensors.gradInput = {};

    const Activity again = module->forward(makeActivity("S(2,4)"));
    module->updateGradInput(input, waveLike(again));

    CHECK(describe(again) == describe(output));
  }
}

TEST_CASE("identity_and_tables_pass_objects_on") {
  const Activity x = makeActivity("{S(2,3),{S2(2),S(3)}}");

  CHECK(makeModule("nn.Identity()")->forward(x).is(x));
  CHECK(makeModule("nn.SelectTable(2)")->forward(x).is(x.table()->list()[1]));
  const Activity flat = makeModule("nn.FlattenTable()")->forward(x);
  CHECK(flat.table()->list()[2].is(x.table()->list()[1].table()->list()[1]));
}

TEST_CASE("views_share_the_memory_of_their_input") {
  for (const char* constructor : {"nn.View(6)", "nn.Reshape(6)", "nn.Squeeze()", "nn.Unsqueeze(1)",
                                  "nn.Replicate(2)", "nn.Contiguous()"}) {
    INFO(constructor);
    const Tensor x = makeActivity("S(2,3)").tensor();
    CHECK(makeModule(constructor)->forward(x).tensor().impl()->storage == x.impl()->storage);
  }
  for (const char* constructor : {"nn.Select(1,1)", "nn.Narrow(1,1,1)", "nn.Transpose({1,2})"}) {
    INFO(constructor);
    const Tensor x = makeActivity("S(2,3)").tensor();
    CHECK(makeModule(constructor)->forward(x).tensor().impl()->storage != x.impl()->storage);
  }
}

TEST_CASE("in_place_modules_overwrite_their_input") {
  const Tensor x = makeActivity("torch.Tensor{-1,2}").tensor();

  const Tensor y = makeModule("nn.ReLU(true)")->forward(x).tensor();

  CHECK(y.isSetTo(x));
  CHECK(x.at({0}) == 0);
}

TEST_CASE("sequential_gives_back_its_input_when_empty") {
  const Activity x = makeActivity("S(2)");

  CHECK(Sequential().forward(x).is(x));
}

TEST_CASE("sequential_accumulates_the_same_in_one_pass_and_in_two") {
  const ModulePtr net = makeModule("nn.Sequential():add(nn.Linear(4,3)):add(nn.Tanh()):add(nn.Linear(3,2))");
  const Activity x = makeActivity("S(5,4)");
  const Tensor gradients = net->getParameters().second;
  gradients.zero();
  const Activity gy = waveLike(net->forward(x));

  net->backward(x, gy, 2);
  const Tensor once = gradients.clone();
  gradients.zero();
  net->updateGradInput(x, gy);
  net->accGradParameters(x, gy, 2);

  for (int64_t k = 0; k < once.nElement(); ++k) CHECK(element(once, k) == element(gradients, k));
}

TEST_CASE("training_and_evaluate_reach_every_module") {
  const ModulePtr net = makeModule("nn.Sequential():add(nn.Concat(1):add(nn.Dropout())):add(nn.Tanh())");

  net->evaluate();
  net->apply([](Module& module) { CHECK(!module.isTraining()); });
  net->training();
  net->apply([](Module& module) { CHECK(module.isTraining()); });
}

TEST_CASE("updateParameters_steps_against_the_gradient") {
  Linear linear(2, 1);
  linear.weight.fill(1);
  linear.gradWeight.fill(2);
  linear.gradBias.fill(0);

  linear.updateParameters(0.25);

  CHECK(linear.weight.at({0, 1}) == 0.5);
}

TEST_CASE("max_pooling_takes_the_first_of_equal_elements_and_no_nan") {
  SpatialMaxPooling pool(2, 2);
  const Tensor x = Tensor(kDouble, {1, 2, 4}).fill(1);
  x.setAt({0, 0, 0}, NAN);
  for (int64_t w = 2; w < 4; ++w)
    for (int64_t h = 0; h < 2; ++h) x.setAt({0, h, w}, NAN);

  const Tensor y = pool.updateOutput(x);

  CHECK(y.at({0, 0, 0}) == 1);
  CHECK(pool.indices.at({0, 0, 0}) == 2);
  CHECK(pool.indices.at({0, 0, 1}) == 0);  // a window without a number
}

TEST_CASE("max_pooling_checks_the_positions_that_it_is_given") {
  SpatialMaxPooling pool(2, 2);
  const Tensor x = makeActivity("S(1,4,4)").tensor();
  const Tensor y = pool.updateOutput(x);
  pool.indices.fill(17);

  CHECK_THROWS_WITH(pool.updateGradInput(x, y), Catch::Contains("invalid max index 17"));
}

TEST_CASE("lookup_limits_the_norm_of_the_rows_in_use") {
  LookupTable lookup(4, 2, 0, 1.0);
  lookup.weight.fill(3);

  lookup.updateOutput(makeActivity("L{2,2,4}").tensor());

  CHECK(normAll(lookup.weight.select(0, 1), 2) == Approx(1));
  CHECK(lookup.weight.at({0, 0}) == 3);
}

TEST_CASE("class_nll_reports_the_weight_of_its_targets") {
  ClassNLLCriterion criterion(makeActivity("torch.Tensor{1,2,3}").tensor());

  criterion.forward(makeActivity("S(3,3)"), makeActivity("L{1,3,-100}"));

  CHECK(criterion.secondOutput() == 4);
  CHECK(criterion.total_weight_tensor.item() == 4);
}

TEST_CASE("class_nll_of_ignored_targets_alone_is_zero") {
  ClassNLLCriterion criterion;
  const Activity x = makeActivity("S(2,3)"), t = makeActivity("L{-100,-100}");

  CHECK(criterion.forward(x, t) == 0);
  CHECK(normAll(criterion.backward(x, t).tensor(), 2) == 0);
}

TEST_CASE("cross_entropy_passes_sizeAverage_on") {
  CrossEntropyCriterion criterion;
  const Activity x = makeActivity("S(4,3)"), t = makeActivity("L{1,2,3,1}");
  const double mean = criterion.forward(x, t);

  criterion.sizeAverage = false;

  CHECK(criterion.forward(x, t) == Approx(4 * mean));
}

/// Long rows and odd sizes: vector tails, several threads, and oneDNN's algorithms and layouts against the
/// plain algorithm.
TEST_CASE("large_convolutions_agree_in_float_and_double") {
  for (const char* constructor :
       {"nn.SpatialConvolution(3,20,5,5)", "nn.SpatialConvolution(20,50,5,5,1,1,2)",
        "nn.SpatialConvolution(16,32,3,3,2,2,1)", "nn.SpatialConvolution(17,16,1,1)",
        "nn.SpatialConvolution(16,32,3,3)", "nn.SpatialConvolution(20,50,3,3,1,1,1)",
        "nn.SpatialConvolution(32,16,3,3,1,1,2,0)", "nn.SpatialDilatedConvolution(16,16,3,3,1,1,2,2,2,2)"}) {
    INFO(constructor);
    const ModulePtr a = makeModule(constructor), b = makeModule(std::string(constructor) + ":float()");
    const Parameters pa = a->parameters(), pb = b->parameters();
    for (size_t i = 0; i < pa.weights.size(); ++i) pb.weights[i].copy(pa.weights[i]);
    a->zeroGradParameters();
    b->zeroGradParameters();
    const int64_t planes = dynamic_cast<ConvolutionModule&>(*a).nInputPlane;
    const Tensor x =
        tensorOf({5, planes, 17, 19}, [](int64_t k) { return std::sin(0.3 * static_cast<double>(k)); });
    const Tensor y = a->forward(x).tensor(), gy = waveLike(y).tensor();
    const Tensor yf = b->forward(x.to(kFloat)).tensor();
    const Tensor gx = a->backward(x, gy, 2).tensor(),
                 gxf = b->backward(x.to(kFloat), gy.to(kFloat), 2).tensor();

    const auto close = [](const Tensor& p, const Tensor& q) {
      return dist(p, q.to(kDouble), 2) <= 1e-5 * (1 + normAll(p, 2));
    };
    CHECK(close(y, yf));
    CHECK(close(gx, gxf));
    for (size_t i = 0; i < pa.gradients.size(); ++i) CHECK(close(pa.gradients[i], pb.gradients[i]));
  }
}

// More sizes than there are plans kept: one thread throws away what another one works with.
TEST_CASE("threads_convolve_images_of_ever_changing_sizes") {
  const ModulePtr modules[] = {makeModule("nn.SpatialConvolution(1,8,3,3):float()"),
                               makeModule("nn.SpatialConvolution(1,8,3,3):float()")};
  const Tensor ones = Tensor(kFloat, {1, 40, 40}).fill(1);
  double wrong[2] = {};
  const auto convolve = [&](size_t k) {
    double expected = 0;
    for (int64_t i = 0; i < 400; ++i) {
      const Tensor x = ones.narrow(1, 0, 4 + i % 20).narrow(2, 0, 4 + i / 20 + (k ? 15 : 0)).contiguous();
      const double y = modules[k]->forward(x).tensor().at({0, 0, 0});
      if (i == 0) expected = y;
      wrong[k] = std::max(wrong[k], std::fabs(y - expected));
    }
  };
  modules[0]->forward(ones);  // loads what all need
  std::thread other(convolve, 1);
  convolve(0);
  other.join();

  CHECK(wrong[0] < 1e-5);
  CHECK(wrong[1] < 1e-5);
}

}  // namespace
}  // namespace cresset::nn
