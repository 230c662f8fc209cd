// Loads a network that Lua saved, predicts with it, trains it, and saves it for Lua: predict <in.t7> <out.t7>
// The task is XOR: whether two numbers differ.
#include <cstdio>
#include <exception>

#include "nn/Module.h"
#include "nn/criterion/ClassNLLCriterion.h"
#include "nn/serialize.h"
#include "optim/Sgd.h"
#include "tensor/Tensor.h"

namespace {

using namespace cresset;

/// The four cases [4 x 2] and their classes [4]: 1 for equal, 2 for different. Labels count from 1, as in
/// Lua.
struct Xor {
  Tensor inputs{kDouble, {4, 2}};
  Tensor labels{kDouble, {4}};
  Xor() {
    for (int64_t i = 0; i < 4; ++i) {
      const int a = i & 1, b = (i >> 1) & 1;
      inputs.setAt({i, 0}, a);
      inputs.setAt({i, 1}, b);
      labels.setAt({i}, a == b ? 1 : 2);
    }
  }
};

/// Prints the net's answer to each case and returns how many are right.
int predict(nn::Module& net, const Xor& data) {
  const Tensor scores = net.forward(data.inputs).tensor();  // [4 x 2], logarithms of probabilities
  int right = 0;
  for (int64_t i = 0; i < 4; ++i) {
    const int answer = scores.at({i, 0}) > scores.at({i, 1}) ? 1 : 2;
    right += answer == data.labels.at({i});
    std::printf("  %g %g: %s\n", data.inputs.at({i, 0}), data.inputs.at({i, 1}),
                answer == 1 ? "equal" : "different");
  }
  return right;
}

int run(const char* in, const char* out) {
  const nn::ModulePtr net = nn::load(in);
  const Xor data;
  std::printf("%s\nbefore training:\n", net->toString().c_str());
  predict(*net, data);

  nn::ClassNLLCriterion criterion;
  optim::Sgd sgd;
  sgd.learningRate = 0.5;
  auto [parameters, gradParameters] = net->getParameters();
  net->training();
  for (int step = 1; step <= 500; ++step) {
    net->zeroGradParameters();
    const nn::Activity output = net->forward(data.inputs);
    const double loss = criterion.forward(output, data.labels);
    net->backward(data.inputs, criterion.backward(output, data.labels));
    sgd.step(parameters, gradParameters);
    if (step == 1 || step % 100 == 0) std::printf("step %3d: loss %.4f\n", step, loss);
  }

  net->evaluate();
  std::printf("after training:\n");
  const int right = predict(*net, data);
  nn::save(out, *net);
  return right == 4 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: predict <in.t7> <out.t7>\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception& e) {  // a missing file, a class that is not known, a wrong shape
    std::fprintf(stderr, "predict: %s\n", e.what());
    return 1;
  }
}
