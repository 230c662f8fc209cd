#include "nn/Criterion.h"

#include "nn/Module.h"
#include "nn/convert.h"

namespace cresset::nn {

Criterion::Criterion() : gradInput(Tensor(defaultType())) {}
Criterion::~Criterion() = default;

void Criterion::fields(FieldVisitor& visit) { visit("output", output)("gradInput", gradInput); }

void Criterion::type(Type type) { TypeConverter(type).convert(*this); }

}  // namespace cresset::nn
