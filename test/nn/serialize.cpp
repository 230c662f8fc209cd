// Files: every class comes back as it was; foreign and damaged files are understood or refused.
#include "nn/serialize.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "nn/container/Sequential.h"
#include "nn/convolution/SpatialConvolution.h"
#include "nn/dropout/Dropout.h"
#include "nn/linear/Linear.h"
#include "nn/normalization/BatchNormalization.h"
#include "nn/pooling/SpatialAveragePooling.h"
#include "test/nn/cases.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

using Catch::Matchers::Contains;

std::string temporaryFile() {
  return (std::filesystem::temp_directory_path() / "cresset_test_nn.t7").string();
}

void checkEqual(const Activity& a, const Activity& b) {
  REQUIRE(describe(a) == describe(b));
  std::vector<Tensor> x;
  eachTensor(a, [&](const Tensor& tensor) { x.push_back(tensor); });
  size_t i = 0;
  eachTensor(b, [&](const Tensor& tensor) {
    for (int64_t k = 0; k < tensor.nElement(); ++k) REQUIRE(element(x[i], k) == element(tensor, k));
    ++i;
  });
}

/// An object as a file would hold it.
struct Fake {
  t7::Document document;
  t7::Object* object;
  explicit Fake(const char* className, double version = 1) : object(document.newObject(className, version)) {}
  Fake& set(const char* name, t7::Value value) {
    object->fields->set(name, std::move(value));
    return *this;
  }
};

TEST_CASE("every_class_comes_back_from_its_file") {
  for (const char* file : {"golden.txt", "cases.txt"})
    for (const Case& c : casesOf(file)) DYNAMIC_SECTION(c.constructor << " of " << c.input) {
        const Activity input = makeActivity(c.input);
        t7::Document document;
        if (isCriterion(c.constructor)) {
          const CriterionPtr criterion = makeCriterion(c.constructor);
          const Activity target = makeActivity(c.target);
          const double loss = criterion->updateOutput(input, target);

          const t7::Value value = valueOf(document, *criterion);
          const CriterionPtr loaded = criterionFrom(t7::deserialize(t7::serialize(value)).root);

          CHECK(loaded->typeName() == criterion->typeName());
          CHECK(loaded->updateOutput(input, target) == loss);
        } else {
          const ModulePtr module = makeModule(c.constructor);
          const Activity output =
              mapTensors(module->updateOutput(mapTensors(input, [](const Tensor& x) { return x.clone(); })),
                         [](const Tensor& y) { return y.clone(); });

          const ModulePtr loaded = clone(*module);

          CHECK(loaded->toString() == module->toString());
          const bool isRandom = c.constructor.find("Dropout") != std::string::npos;
          if (!isRandom) checkEqual(loaded->updateOutput(input), output);
        }
      }
}

TEST_CASE("a_file_keeps_what_modules_share") {
  const auto net = std::make_shared<Sequential>();
  const auto shared = std::make_shared<Linear>(3, 3);
  net->add(shared);
  net->add(shared);
  const Tensor flat = net->getParameters().first;

  save(temporaryFile(), *net);
  const ModulePtr loaded = load(temporaryFile());

  const Parameters p = loaded->parameters();
  CHECK(loaded->children()[0] == loaded->children()[1]);
  CHECK(p.weights[0].impl()->storage == p.weights[1].impl()->storage);
  CHECK(p.weights[0].storage().size() == flat.nElement());
  std::filesystem::remove(temporaryFile());
}

TEST_CASE("an_unknown_class_is_named_with_its_place") {
  Fake net("nn.Sequential");
  t7::Table* modules = net.document.newTable();
  modules->append(net.document.newObject("nn.Tanh"));
  modules->append(net.document.newObject("nn.Nonesuch"));
  net.set("modules", modules);

  CHECK_THROWS_WITH(moduleFrom(net.object), Contains("unknown class nn.Nonesuch at modules[2]"));
}

TEST_CASE("a_field_of_the_wrong_kind_is_named") {
  Fake linear("nn.Linear");
  linear.set("weight", "a string");

  CHECK_THROWS_WITH(moduleFrom(linear.object), Contains("expected a tensor at weight, got string"));
  CHECK_THROWS_WITH(moduleFrom(t7::Value(3.0)), Contains("expected a module at the root, got number"));
}

TEST_CASE("a_module_that_contains_itself_is_refused") {
  Fake net("nn.Sequential");
  t7::Table* modules = net.document.newTable();
  modules->append(net.object);
  net.set("modules", modules);

  CHECK_THROWS_WITH(moduleFrom(net.object), Contains("contains itself"));
}

TEST_CASE("nesting_without_end_is_refused") {
  t7::Document document;
  t7::Object* inner = document.newObject("nn.Sequential");
  for (int i = 0; i < 100000; ++i) {
    t7::Object* outer = document.newObject("nn.Sequential");
    t7::Table* modules = document.newTable();
    modules->append(inner);
    outer->fields->set("modules", modules);
    inner = outer;
  }

  CHECK_THROWS_WITH(moduleFrom(inner), Contains("nested too deeply"));
}

TEST_CASE("stripped_modules_work") {
  const Tensor w(kDouble, {2, 3});
  w.fill(0.5);
  Fake linear("nn.Linear");
  linear.set("weight", w);
  const ModulePtr module = moduleFrom(linear.object);
  const Tensor x = Tensor(kDouble, {4, 3}).fill(1);

  const Tensor y = module->forward(x).tensor();

  CHECK(y.at({3, 1}) == 1.5);
  CHECK(module->updateGradInput(x, y).isNil());  // as for a gradInput that a script set to nil
  CHECK_THROWS_WITH(module->accGradParameters(x, y, 1), Contains("field gradWeight"));
}

TEST_CASE("modules_without_their_parameters_raise") {
  const Tensor x = Tensor(kDouble, {2, 3, 4, 4}).fill(1);
  for (const char* name : {"nn.Linear", "nn.SpatialConvolution", "nn.SpatialConvolutionMM", "nn.LookupTable",
                           "nn.Add", "nn.CAdd", "nn.Mul", "nn.CMul", "nn.SpatialBatchNormalization",
                           "nn.View", "nn.Reshape", "nn.Constant"}) {
    INFO(name);
    Fake object(name);
    const ModulePtr module = moduleFrom(object.object);

    CHECK_THROWS_AS(module->forward(x), Error);
    CHECK(!module->toString().empty());
  }
}

TEST_CASE("old_convolutions_have_a_matrix_and_one_padding") {
  const Tensor w(kDouble, {2, 3 * 3 * 3}), b(kDouble, {2});
  w.fill(1);
  b.fill(0);
  Fake object("nn.SpatialConvolution", 0);
  object.set("nInputPlane", 3).set("nOutputPlane", 2).set("kW", 3).set("kH", 3).set("dW", 1).set("dH", 1);
  object.set("padding", 1).set("weight", w).set("bias", b);

  const ModulePtr module = moduleFrom(object.object);
  const Tensor y = module->forward(Tensor(kDouble, {3, 4, 4}).fill(1)).tensor();

  const auto& convolution = dynamic_cast<SpatialConvolution&>(*module);
  CHECK(convolution.weight.dim() == 4);
  CHECK(convolution.padW == 1);
  CHECK(y.size(1) == 4);
  CHECK(y.at({0, 0, 0}) == 12);  // a corner: 2 x 2 of the window in each of three planes
  CHECK(y.at({1, 1, 1}) == 27);
}

TEST_CASE("old_batch_normalisation_has_running_std") {
  Fake object("nn.BatchNormalization", 1);
  const Tensor mean = Tensor(kDouble, {2}).fill(0), inverse = Tensor(kDouble, {2}).fill(0.5);
  object.set("running_mean", mean).set("running_std", inverse).set("eps", 0.25).set("affine", false);

  const ModulePtr module = moduleFrom(object.object);

  CHECK(dynamic_cast<BatchNormalization&>(*module).running_var.at({0}) == 3.75);
}

TEST_CASE("old_average_pooling_sums_and_old_dropout_scales_late") {
  Fake pooling("nn.SpatialAveragePooling");
  pooling.set("kW", 2).set("kH", 2).set("dW", 2).set("dH", 2);
  Fake dropout("nn.Dropout");
  dropout.set("p", 0.25).set("train", false);
  const Tensor x = Tensor(kDouble, {1, 2, 2}).fill(1);

  CHECK(moduleFrom(pooling.object)->forward(x).tensor().item() == 4);
  CHECK(moduleFrom(dropout.object)->forward(x).tensor().at({0, 0, 0}) == 0.75);
}

}  // namespace
}  // namespace cresset::nn
