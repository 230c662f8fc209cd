// The module libcresset_nn_dnnl.so: oneDNN's convolutions, Winograd's or direct, with the layouts it likes
// best and reorders from and to ours. Creating a primitive takes a tenth of a millisecond and more, so they
// are kept, by everything they depend on.
#include <omp.h>

#include <array>
#include <dnnl.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "nn/dnnl/dnnl.h"

namespace cresset::nn {
namespace {

using dnnl::memory;
using Format = memory::format_tag;

enum class Direction : int64_t { Forward, GradInput, GradWeight };

/// Everything a primitive depends on: direction, bias, threads, sizes of x and weight, geometry.
using Key = std::array<int64_t, 17>;

// Both live as long as the process: threads may convolve until the very end.
dnnl::engine& cpu() {
  static dnnl::engine& engine = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// One for all threads: on the CPU, a call is over when it returns, and a stream remembers nothing.
dnnl::stream& stream() {
  static dnnl::stream& stream = *new dnnl::stream(cpu());
  return stream;
}

/// Scratch memory comes from the caller: a primitive may then run in several threads at once.
const dnnl::primitive_attr& userScratchpad() {
  static const dnnl::primitive_attr attributes = [] {
    dnnl::primitive_attr a;
    a.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return a;
  }();
  return attributes;
}

/// Uninitialised memory from the recycling allocator, for one call.
class Scratch {
 public:
  explicit Scratch(const memory::desc& desc)
      : block_(kByte, {static_cast<int64_t>(desc.get_size())}), memory_(desc, cpu(), block_.data()) {}
  const memory& get() const { return memory_; }

 private:
  Tensor block_;
  memory memory_;
};

memory::desc plain(const memory::dims& dims, Format format) { return {dims, memory::data_type::f32, format}; }

/// The layout to ask for. oneDNN's own choice pads planes to multiples of 16, which costs LeNet's 20 -> 50
/// layer a third of its time: with planes innermost it was measured at 3.5 against 5.7 ms forward, 4.3
/// against 5.5 and 3.9 against 6.3 ms back. With few input planes, as in a first layer, its own choice is the
/// better one again.
Format layoutFor(const memory::dims& x, const memory::dims& weight) {
  const bool isPadded = x[1] % 16 != 0 || weight[0] % 16 != 0;
  const bool hasAvx512 = (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) &
                          static_cast<unsigned>(dnnl::cpu_isa::avx512_core)) ==
                         static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
  return hasAvx512 && isPadded && x[1] >= 8 ? Format::nhwc : Format::any;
}

/// One of the operands: our layout, the primitive's, and the reorder between them.
class Operand {
 public:
  Operand() = default;
  Operand(const memory::desc& ours, const memory::desc& theirs, bool isResult)
      : ours_(ours), theirs_(theirs) {
    if (ours_ == theirs_) return;
    const memory::desc &from = isResult ? theirs_ : ours_, &to = isResult ? ours_ : theirs_;
    reorderDesc_ = dnnl::reorder::primitive_desc(cpu(), from, cpu(), to, userScratchpad());
    reorder_ = dnnl::reorder(reorderDesc_);
    isSame_ = false;
  }
  bool isSame() const { return isSame_; }
  memory wrap(const Tensor& x) const { return memory(ours_, cpu(), x.data()); }
  const memory::desc& theirs() const { return theirs_; }

  void reorder(const memory& from, const memory& to) const {
    const Scratch scratch(reorderDesc_.scratchpad_desc());
    const std::unordered_map<int, memory> arguments{
        {DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, scratch.get()}};
    reorder_.execute(stream(), arguments);
  }

 private:
  memory::desc ours_, theirs_;
  dnnl::reorder::primitive_desc reorderDesc_;
  dnnl::reorder reorder_;
  bool isSame_ = true;
};

struct Plan {
  bool isAvailable = false;
  dnnl::primitive primitive;
  memory::desc scratchpad;
  Operand x, weight, y;  // the input, the kernels, the output, or their gradients
};

struct Case {
  memory::dims x, weight, y, strides, dilates, padLow, padHigh;
  bool hasBias;
  dnnl::algorithm algorithm;
  Format layout;

  memory::desc input() const { return plain(x, layout); }
  memory::desc kernels() const { return plain(weight, Format::any); }
  memory::desc output() const { return plain(y, layout); }
};

Case caseOf(const Tensor& x, const Tensor& weight, const Tensor& y, bool hasBias, const Convolution& c,
            dnnl::algorithm algorithm) {
  const auto dims = [](const Tensor& t) { return memory::dims(t.sizes().begin(), t.sizes().end()); };
  // What the last kernel position leaves over need not be read: the padding at the end may be less.
  const auto high = [](int64_t i, int64_t o, int64_t k, int64_t d, int64_t pad, int64_t dilation) {
    return (o - 1) * d + dilation * (k - 1) + 1 - i - pad;
  };
  return {
      dims(x),
      dims(weight),
      dims(y),
      {c.dH, c.dW},
      {c.dilationH - 1, c.dilationW - 1},
      {c.padH, c.padW},
      {high(x.size(2), y.size(2), weight.size(2), c.dH, c.padH, c.dilationH),
       high(x.size(3), y.size(3), weight.size(3), c.dW, c.padW, c.dilationW)},
      hasBias,
      algorithm,
      algorithm == dnnl::algorithm::convolution_winograd ? Format::any : layoutFor(dims(x), dims(weight))};
}

/// Whether Winograd's F(4x4, 3x3) is the faster one: it multiplies a quarter as often, but transforms the
/// kernels at each call. Measured against the direct one, with 8 to 512 planes, forward and both ways back: 2
/// to 3 times as fast from 49 tiles on, 1.2 with 32, 0.8 with 16; with three input planes half as fast. Its
/// largest error is about 1e-6 of the largest value. oneDNN's own choice, convolution_auto, wants a batch
/// of 16.
bool suitsWinograd(const Tensor& x, const Tensor& weight, const Tensor& y, const Convolution& c) {
  constexpr int64_t kLeastTiles = 32, kLeastPlanes = 8;
  const int64_t tiles = y.size(0) * ((y.size(2) + 3) / 4) * ((y.size(3) + 3) / 4);
  return weight.size(2) == 3 && weight.size(3) == 3 && c.dH == 1 && c.dW == 1 && c.dilationH == 1 &&
         c.dilationW == 1 && tiles >= kLeastTiles && x.size(1) >= kLeastPlanes;
}

dnnl::convolution_forward::primitive_desc forwardDesc(const Case& s) {
  const auto bias = s.hasBias ? plain({s.weight[0]}, Format::x) : memory::desc();
  const dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_training, s.algorithm, s.input(),
                                             s.kernels(), bias, s.output(), s.strides, s.dilates, s.padLow,
                                             s.padHigh);
  return {desc, userScratchpad(), cpu()};
}

void makeForward(Plan& plan, const Case& s) {
  const auto pd = forwardDesc(s);
  plan.primitive = dnnl::convolution_forward(pd);
  plan.scratchpad = pd.scratchpad_desc();
  plan.x = Operand(plain(s.x, Format::nchw), pd.src_desc(), false);
  plan.weight = Operand(plain(s.weight, Format::oihw), pd.weights_desc(), false);
  plan.y = Operand(plain(s.y, Format::nchw), pd.dst_desc(), true);
}

void makeGradInput(Plan& plan, const Case& s) {
  const dnnl::convolution_backward_data::desc desc(s.algorithm, s.input(), s.kernels(), s.output(), s.strides,
                                                   s.dilates, s.padLow, s.padHigh);
  const dnnl::convolution_backward_data::primitive_desc pd(desc, userScratchpad(), cpu(), forwardDesc(s));
  plan.primitive = dnnl::convolution_backward_data(pd);
  plan.scratchpad = pd.scratchpad_desc();
  plan.x = Operand(plain(s.x, Format::nchw), pd.diff_src_desc(), true);
  plan.weight = Operand(plain(s.weight, Format::oihw), pd.weights_desc(), false);
  plan.y = Operand(plain(s.y, Format::nchw), pd.diff_dst_desc(), false);
}

void makeGradWeight(Plan& plan, const Case& s) {
  const auto bias = s.hasBias ? plain({s.weight[0]}, Format::x) : memory::desc();
  const dnnl::convolution_backward_weights::desc desc(s.algorithm, s.input(), s.kernels(), bias, s.output(),
                                                      s.strides, s.dilates, s.padLow, s.padHigh);
  const dnnl::convolution_backward_weights::primitive_desc pd(desc, userScratchpad(), cpu(), forwardDesc(s));
  plan.primitive = dnnl::convolution_backward_weights(pd);
  plan.scratchpad = pd.scratchpad_desc();
  plan.x = Operand(plain(s.x, Format::nchw), pd.src_desc(), false);
  plan.weight = Operand(plain(s.weight, Format::oihw), pd.diff_weights_desc(), true);
  plan.y = Operand(plain(s.y, Format::nchw), pd.diff_dst_desc(), false);
}

/// The plan for a case, made at its first use; null when oneDNN cannot do it. Its user shares it: another
/// thread may clear the list.
std::shared_ptr<const Plan> planFor(Direction direction, const Tensor& x, const Tensor& weight,
                                    const Tensor& y, bool hasBias, const Convolution& c) {
  static std::mutex mutex;
  static std::map<Key, std::shared_ptr<const Plan>>& plans =
      *new std::map<Key, std::shared_ptr<const Plan>>();  // outlives threads
  const Key key{static_cast<int64_t>(direction),
                hasBias,
                omp_get_max_threads(),
                x.size(0),
                x.size(1),
                x.size(2),
                x.size(3),
                weight.size(0),
                weight.size(2),
                weight.size(3),
                c.dW,
                c.dH,
                c.padW,
                c.padH,
                c.dilationW,
                c.dilationH,
                omp_in_parallel()};
  const std::lock_guard lock(mutex);
  constexpr size_t kMaxPlans = 512;  // images of ever-changing sizes must not fill the memory
  if (plans.size() >= kMaxPlans && !plans.count(key)) plans.clear();
  std::shared_ptr<const Plan>& plan = plans[key];
  if (!plan) {
    Plan made;
    for (const auto algorithm :
         {dnnl::algorithm::convolution_winograd, dnnl::algorithm::convolution_direct}) {
      if (algorithm == dnnl::algorithm::convolution_winograd && !suitsWinograd(x, weight, y, c)) continue;
      try {
        const Case s = caseOf(x, weight, y, hasBias, c, algorithm);
        if (direction == Direction::Forward) makeForward(made, s);
        if (direction == Direction::GradInput) makeGradInput(made, s);
        if (direction == Direction::GradWeight) makeGradWeight(made, s);
        made.isAvailable = true;
        break;
      } catch (const dnnl::error&) {  // unimplemented; when all are, im2col does it
        made = Plan();
      }
    }
    plan = std::make_shared<const Plan>(std::move(made));
  }
  return plan->isAvailable ? plan : nullptr;
}

/// A source in the primitive's layout: the tensor itself, or a copy in `scratch`.
memory source(const Operand& operand, const Tensor& x, std::unique_ptr<Scratch>& scratch) {
  memory ours = operand.wrap(x);
  if (operand.isSame()) return ours;
  scratch = std::make_unique<Scratch>(operand.theirs());
  operand.reorder(ours, scratch->get());
  return scratch->get();
}

memory target(const Operand& operand, const Tensor& x, std::unique_ptr<Scratch>& scratch) {
  if (operand.isSame()) return operand.wrap(x);
  scratch = std::make_unique<Scratch>(operand.theirs());
  return scratch->get();
}

void finish(const Operand& operand, const Tensor& x, const std::unique_ptr<Scratch>& scratch) {
  if (scratch) operand.reorder(scratch->get(), operand.wrap(x));
}

using Arguments = std::unordered_map<int, memory>;

void run(const Plan& plan, Arguments arguments) {
  const Scratch scratchpad(plan.scratchpad);
  arguments.emplace(DNNL_ARG_SCRATCHPAD, scratchpad.get());
  plan.primitive.execute(stream(), arguments);
  stream().wait();
}

memory vectorOf(const Tensor& x) { return {plain({x.nElement()}, Format::x), cpu(), x.data()}; }

/// With one input plane, as in a first layer on grey images, im2col is faster where oneDNN would pad the
/// output's planes: 1.4 against 2.3 ms for LeNet's 20, but 14 against 10 ms for 96.
bool forward(const Tensor& y, const Tensor& x, const Tensor& weight, const Tensor& bias,
             const Convolution& c) {
  if (x.size(1) == 1 && weight.size(0) % 16 != 0) return false;
  const auto plan = planFor(Direction::Forward, x, weight, y, static_cast<bool>(bias), c);
  if (!plan) return false;
  std::unique_ptr<Scratch> scratchX, scratchW, scratchY;
  Arguments arguments{{DNNL_ARG_SRC, source(plan->x, x, scratchX)},
                      {DNNL_ARG_WEIGHTS, source(plan->weight, weight, scratchW)},
                      {DNNL_ARG_DST, target(plan->y, y, scratchY)}};
  if (bias) arguments.emplace(DNNL_ARG_BIAS, vectorOf(bias));
  run(*plan, std::move(arguments));
  finish(plan->y, y, scratchY);
  return true;
}

/// Below this many input planes, oneDNN's gradient by the input is slower than im2col: measured 28 against 81
/// GFLOP/s for three planes and 7 x 7 kernels.
constexpr int64_t kMinInputPlanes = 8;

bool gradInput(const Tensor& gx, const Tensor& gy, const Tensor& weight, const Convolution& c) {
  if (gx.size(1) < kMinInputPlanes) return false;
  const auto plan = planFor(Direction::GradInput, gx, weight, gy, false, c);
  if (!plan) return false;
  std::unique_ptr<Scratch> scratchX, scratchW, scratchY;
  run(*plan, {{DNNL_ARG_DIFF_SRC, target(plan->x, gx, scratchX)},
              {DNNL_ARG_WEIGHTS, source(plan->weight, weight, scratchW)},
              {DNNL_ARG_DIFF_DST, source(plan->y, gy, scratchY)}});
  finish(plan->x, gx, scratchX);
  return true;
}

bool gradWeight(const Tensor& gradWeight, const Tensor& gradBias, const Tensor& x, const Tensor& gy,
                const Convolution& c, double scale) {
  const auto plan = planFor(Direction::GradWeight, x, gradWeight, gy, static_cast<bool>(gradBias), c);
  if (!plan) return false;
  // oneDNN overwrites; gradients are added to.
  const Tensor gw(kFloat, gradWeight.sizes()), gb = gradBias ? Tensor(kFloat, gradBias.sizes()) : Tensor();
  std::unique_ptr<Scratch> scratchX, scratchW, scratchY;
  Arguments arguments{{DNNL_ARG_SRC, source(plan->x, x, scratchX)},
                      {DNNL_ARG_DIFF_WEIGHTS, target(plan->weight, gw, scratchW)},
                      {DNNL_ARG_DIFF_DST, source(plan->y, gy, scratchY)}};
  if (gb) arguments.emplace(DNNL_ARG_DIFF_BIAS, vectorOf(gb));
  run(*plan, std::move(arguments));
  finish(plan->weight, gw, scratchW);
  gradWeight.add(scale, gw);
  if (gb) gradBias.add(scale, gb);
  return true;
}

}  // namespace
}  // namespace cresset::nn

extern "C" __attribute__((visibility("default"))) const cresset::nn::DnnlConvolution cresset_dnnl_convolution{
    cresset::nn::forward, cresset::nn::gradInput, cresset::nn::gradWeight};
