// getParameters and type conversion: what parameters share, they go on sharing.
#include <catch2/catch.hpp>

#include "nn/Module.h"
#include "nn/container/Sequential.h"
#include "nn/convert.h"
#include "nn/linear/Linear.h"
#include "tensor/Error.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

using Catch::Matchers::Contains;

/// 1, 2, 3, ...
Tensor counted(Sizes sizes) {
  return tensorOf(sizes, [](int64_t k) { return static_cast<double>(k) + 1; });
}

TEST_CASE("flatten_of_nothing_is_empty") {
  CHECK(flatten({}).empty());
  CHECK(flatten({Tensor(), Tensor(kDouble)}).empty());
}

TEST_CASE("flatten_joins_storages_in_the_order_in_which_they_are_met") {
  const Tensor a = counted({2, 2}), b = counted({3});

  const Tensor flat = flatten({b, a});

  CHECK(flat.nElement() == 7);
  CHECK(a.storageOffset() == 3);
  CHECK(b.storageOffset() == 0);
  CHECK(a.impl()->storage == flat.impl()->storage);
  CHECK(flat.at({3}) == 1);
  flat.fill(9);
  CHECK(a.at({1, 1}) == 9);
}

TEST_CASE("flatten_keeps_strides_and_values") {
  const Tensor a = counted({2, 3}).t();

  const Tensor flat = flatten({a});

  CHECK(a.stride(0) == 1);
  CHECK(a.stride(1) == 3);
  CHECK(a.at({2, 1}) == 6);
  CHECK(flat.at({1}) == 2);
}

TEST_CASE("flatten_has_shared_elements_once") {
  const Tensor whole = counted({6}), part = whole.narrow(0, 2, 3), same = whole;

  const Tensor flat = flatten({whole, part, same});

  CHECK(flat.nElement() == 6);
  CHECK(part.storageOffset() == 2);
  part.fill(0);
  CHECK(whole.at({3}) == 0);
}

TEST_CASE("flatten_has_expanded_elements_once") {
  const Tensor row = counted({1, 3}), expanded = row.expand({4, 3});

  const Tensor flat = flatten({expanded});

  CHECK(flat.nElement() == 3);
  CHECK(expanded.stride(0) == 0);
  CHECK(expanded.at({3, 2}) == 3);
}

TEST_CASE("flatten_closes_holes_between_parameters") {
  const Tensor storage = counted({10});
  const Tensor a = storage.narrow(0, 1, 2), b = storage.narrow(0, 6, 3);

  const Tensor flat = flatten({b, a});

  CHECK(flat.nElement() == 5);
  CHECK(flat.storage().size() == 5);
  CHECK(a.storageOffset() == 0);  // the order within a storage stays
  CHECK(b.storageOffset() == 2);
  CHECK(b.at({0}) == 7);
}

TEST_CASE("flatten_refuses_holes_inside_a_parameter") {
  const Tensor column = counted({4, 4}).select(1, 1);

  CHECK_THROWS_WITH(flatten({column}), Contains("Cannot gather tensors that are not compact"));
  CHECK(column.at({2}) == 10);
}

TEST_CASE("flatten_accepts_gaps_that_another_parameter_fills") {
  const Tensor matrix = counted({3, 2});
  const Tensor left = matrix.select(1, 0), right = matrix.select(1, 1);

  const Tensor flat = flatten({left, right});

  CHECK(flat.nElement() == 6);
  CHECK(right.at({2}) == 6);
  CHECK(right.stride(0) == 2);
}

TEST_CASE("flatten_refuses_mixed_types") {
  CHECK_THROWS_AS(flatten({counted({2}), Tensor(kFloat, {2})}), Error);
}

TEST_CASE("getParameters_walks_children_in_order") {
  const ModulePtr net = makeModule("nn.Sequential():add(nn.Linear(4,3)):add(nn.Tanh()):add(nn.Linear(3,2))");

  const auto [weights, gradients] = net->getParameters();

  CHECK(weights.nElement() == 4 * 3 + 3 + 3 * 2 + 2);
  CHECK(gradients.nElement() == weights.nElement());
  const Parameters p = net->parameters();
  CHECK(p.weights[1].storageOffset() == 12);
  CHECK(p.weights[3].storageOffset() == 21);
  weights.fill(0.5);
  CHECK(p.weights[2].at({1, 1}) == 0.5);
}

TEST_CASE("getParameters_refuses_weights_that_are_shared_while_gradients_are_not") {
  const auto a = std::make_shared<Linear>(2, 2), b = std::make_shared<Linear>(2, 2);
  b->weight.set(a->weight);
  Sequential net;
  net.add(a);
  net.add(b);

  CHECK_THROWS_WITH(net.getParameters(),
                    Contains("check that you are sharing parameters and gradParameters"));
}

TEST_CASE("getParameters_counts_shared_modules_once") {
  const auto a = std::make_shared<Linear>(2, 2);
  Sequential net;
  net.add(a);
  net.add(a);

  CHECK(net.getParameters().first.nElement() == 6);
}

TEST_CASE("type_keeps_what_is_shared") {
  const auto a = std::make_shared<Linear>(2, 2), b = std::make_shared<Linear>(2, 2);
  b->weight.set(a->weight);
  b->gradWeight.set(a->gradWeight);
  Sequential net;
  net.add(a);
  net.add(b);
  const double w = a->weight.at({1, 0});

  net.type(kFloat);

  CHECK(a->weight.type() == kFloat);
  CHECK(a->weight.isSetTo(b->weight));
  CHECK(b->weight.at({1, 0}) == static_cast<float>(w));
  CHECK(net.type_ == "torch.FloatTensor");
  CHECK(a->type_ == "torch.FloatTensor");
}

TEST_CASE("type_keeps_the_views_of_a_flat_vector_together") {
  const ModulePtr net = makeModule("nn.Sequential():add(nn.Linear(4,3)):add(nn.Linear(3,2))");
  net->getParameters();

  net->type(kFloat);

  const Parameters p = net->parameters();
  CHECK(p.weights[0].impl()->storage == p.weights[3].impl()->storage);
  CHECK(p.weights[3].storageOffset() == 21);
}

TEST_CASE("one_converter_keeps_what_two_networks_share") {
  Linear a(2, 2), b(2, 2);
  b.weight.set(a.weight);
  TypeConverter convert(kFloat);

  convert.convert(a);
  convert.convert(b);

  CHECK(a.weight.isSetTo(b.weight));
}

}  // namespace
}  // namespace cresset::nn
