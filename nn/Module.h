// The base of all modules, and what is written once over its interface.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/Activity.h"
#include "nn/FieldVisitor.h"
#include "tensor/Tensor.h"

namespace cresset::nn {

/// Parameters and their gradients, in pairs.
struct Parameters {
  std::vector<Tensor> weights, gradients;
};

/// A layer: a function with parameters, its derivative by the input and by the parameters.
/// Source: Torch7 nn.Module.
class Module {
 public:
  virtual ~Module();

  /// Torch7's class name, such as `nn.Linear`.
  virtual std::string typeName() const = 0;
  /// Computes the output for an input; the result stays valid until the next call.
  virtual Activity updateOutput(const Activity& input) = 0;
  /// The derivative of the loss by the input. Needs the input of the last updateOutput.
  virtual Activity updateGradInput(const Activity& input, const Activity& gradOutput) = 0;
  /// Adds scale times the derivative by the parameters to the gradient fields.
  virtual void accGradParameters(const Activity& input, const Activity& gradOutput, double scale);
  /// Both of the above; containers walk their children once.
  virtual Activity backward(const Activity& input, const Activity& gradOutput, double scale = 1);
  Activity forward(const Activity& input) { return updateOutput(input); }

  /// Every field that Torch7's class has, under its name there. Overriders call their base's first.
  virtual void fields(FieldVisitor& visit);
  /// Draws new parameters. `stdv`: standard deviation wanted, the class's own when absent. Order of the
  /// draws: weight, then bias, in memory order.
  virtual void reset(std::optional<double> stdv = {});
  /// Torch7's `tostring`; the type name unless the class says more.
  virtual std::string toString() const { return typeName(); }
  /// What the last calls computed.
  virtual Activity currentOutput() const = 0;
  virtual Activity currentGradInput() const = 0;
  /// Sequential leaves the gradient that a child's `backward` returned with the child: accGradParameters
  /// reads it there.
  virtual void keepGradInput(const Activity& gradient);
  /// Weight and bias with their gradients where the class has such fields; containers join their children's.
  virtual Parameters parameters();
  /// Direct children.
  virtual std::vector<ModulePtr> children() const { return {}; }

  // Over the whole tree
  void training();
  void evaluate();
  void zeroGradParameters();
  /// p -= learningRate * gradient, for each parameter.
  void updateParameters(double learningRate);
  /// Converts every tensor; tensors that shared a storage still do.
  void type(Type type);
  /// Re-points all parameters into one vector, and all gradients into another; both in the order of
  /// `parameters`.
  std::pair<Tensor, Tensor> getParameters();
  /// This module first, then its children.
  void apply(const std::function<void(Module&)>& visit);

  /// True when training or when nobody has said: Torch7's `train ~= false`.
  bool isTraining() const { return train.value_or(true); }
  std::optional<bool> train;  // absent until training() or evaluate(), but for classes that set it
  std::string type_;          // the field `_type`
 protected:
  Module();
};

/// A module from one tensor to one tensor: most are.
class TensorModule : public Module {
 public:
  virtual Tensor updateOutput(const Tensor& input) = 0;
  virtual Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) = 0;
  virtual void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale);

  // Subclasses hide these on purpose: with a tensor in hand, the tensor overload is the one to call.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverloaded-virtual"
  Activity updateOutput(const Activity& input) final;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) final;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) final;
#pragma GCC diagnostic pop
  void fields(FieldVisitor& visit) override;
  Activity currentOutput() const override { return output; }
  Activity currentGradInput() const override { return gradInput; }
  void keepGradInput(const Activity& gradient) override;

  /// Scripts set gradInput to nil on a first layer to skip its computation. True for the classes where Torch7
  /// allows it: they test `gradInput` themselves. The others find a tensor there always.
  virtual bool mayHaveNilGradInput() const { return false; }

  // Never nil inside updateOutput: made when a file or a script left it out.
  Tensor output, gradInput;

 protected:
  TensorModule();

  // For the many modules that keep the shape. Throw Error naming the argument when it is not of the module's
  // type.
  /// `output` with the input's size.
  const Tensor& outputLike(const Tensor& input) const;
  /// `gradInput` with the input's size; the gradient must have as many elements as the input.
  const Tensor& gradInputLike(const Tensor& input, const Tensor& gradOutput) const;
  /// Throws unless input is of the type of `own`, one of the module's tensors.
  void checkInput(const Tensor& input, const Tensor& own) const;
  /// Throws unless one of the module's fields, which scripts and files may set to anything, is a tensor with
  /// that many dimensions.
  void needDims(const char* name, const Tensor& field, int64_t dims) const;
  /// Throws unless one of the module's fields is a tensor with elements.
  void needTensor(const char* name, const Tensor& field) const;
  /// Throws unless one of the module's fields is a tensor of n elements, of the type of `like`.
  void needElements(const char* name, const Tensor& field, int64_t n, const Tensor& like) const;
  /// Throws unless gradOutput has the input's type and `output`'s number of elements.
  void checkGradOutput(const Tensor& gradOutput) const;
  /// The same for modules that need no updateOutput before: their output has the input's type and these
  /// sizes.
  void checkGradOutput(const Tensor& input, const Tensor& gradOutput, const Shape& sizes) const;

  // For modules that only move elements: they take every type.
  /// Makes one of the fields an alias of `view`; the object stays the same unless the type changes.
  static const Tensor& pointTo(Tensor& field, const Tensor& view);
  /// Makes one of the fields a tensor of that type, empty when it was of another.
  static const Tensor& ofType(Tensor& field, Type type);
  /// A gradient in the input's shape: `gradInput` becomes an alias of gradOutput, or of a contiguous copy.
  Tensor reshapeGradient(const Tensor& input, const Tensor& gradOutput);
};

/// A dimension as modules store it: from 1, or negative to count from the end. With nInputDims, it is that of
/// one sample, and a batch has one dimension more. Returns it counted from 0. Throws Error (`dimension
/// exceeds input dimensions`).
int64_t dimensionOf(const std::string& op, const Tensor& input, int64_t dimension,
                    std::optional<int64_t> nInputDims = {});

/// A module that takes or gives tables.
class TableModule : public Module {
 public:
  void fields(FieldVisitor& visit) override;
  Activity currentOutput() const override { return output; }
  Activity currentGradInput() const override { return gradInput; }
  void keepGradInput(const Activity& gradient) override { gradInput = gradient; }

  Activity output, gradInput;

 protected:
  TableModule();
  // The tensor that the field holds; when it holds something else, that is replaced by an empty one of type
  // `type`.
  const Tensor& outputTensor(Type type);
  const Tensor& gradInputTensor(Type type);
  /// The entries of gradInput, made a table of n entries.
  std::vector<Activity>& gradInputTable(size_t n);
};

/// New tensors of the type that constructors use: `torch.setdefaulttensortype`, double unless told otherwise.
/// One for each thread, as each Lua state has its own.
Type defaultType();
void setDefaultType(Type type);

/// Torch7's uniform initialisation: every tensor in order from U(-a, a), a = stdv * sqrt(3) or 1 /
/// sqrt(fanIn). Nil tensors are skipped.
void initUniform(std::initializer_list<Tensor> parameters, std::optional<double> stdv, double fanIn);

/// Re-points all tensors into one new storage and returns it as a vector. Sharing among them is kept:
/// elements that are shared appear once. Throws Error (`Cannot gather tensors that are not compact`) when
/// holes cannot be closed.
Tensor flatten(const std::vector<Tensor>& tensors);

}  // namespace cresset::nn
