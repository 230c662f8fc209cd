// CPU kernels of optim: one vectorised pass over all operands of a step.
#include <array>
#include <utility>

#include "optim/kernels.h"
#include "tensor/cpu/loop.h"

namespace cresset::optim {
namespace {

template <bool storesGradient, class Update, class T, size_t... I>
void stepRange(const Update update, const std::array<T*, sizeof...(I)> operands, int64_t begin, int64_t end,
               std::index_sequence<I...>) {
  constexpr auto isStored = [](size_t i) { return i < Update::kOperands && (i != 1 || storesGradient); };
  // Operands are equal or apart, never shifted.
#pragma GCC ivdep
  for (int64_t i = begin; i < end; ++i) {
    T value[] = {operands[I][i]...};
    update(value[I]...);
    ((isStored(I) ? void(operands[I][i] = value[I]) : void()), ...);
  }
}

template <class Update, class T, size_t... I>
void step(const Update& update, std::span<const Tensor> operands, std::index_sequence<I...> indices) {
  const std::array<T*, sizeof...(I)> data{operands[I].template data<T>()...};
  // A pass reads and writes several arrays: fewer elements are worth a thread than for an addition.
  parallelFor(operands[0].nElement(), kGrain / 2, [&](int64_t begin, int64_t end) {
    if (update.changesGradient()) {
      stepRange<true>(update, data, begin, end, indices);
    } else {
      stepRange<false>(update, data, begin, end, indices);
    }
  });
}

template <class Update> void stepKernel(const Update& update, std::span<const Tensor> operands) {
  constexpr size_t n = Update::kOperands;
  visit<Floating>("optim", operands[0].type(), [&]<class T>() {
    if constexpr (Update::kTakesRate)
      if (operands.size() > n) return step<Update, T>(update, operands, std::make_index_sequence<n + 1>());
    step<Update, T>(update, operands, std::make_index_sequence<n>());
  });
}

}  // namespace
}  // namespace cresset::optim

extern "C" __attribute__((visibility("default"))) void cresset_fill_optim() {
  using namespace cresset::optim;
#define CRESSET_FILL(Update, op) slotOf##Update.cpu = stepKernel<update::Update>;
  CRESSET_OPTIM_UPDATES(CRESSET_FILL)
#undef CRESSET_FILL
}
