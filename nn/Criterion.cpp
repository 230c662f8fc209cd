#include "nn/Criterion.h"

#include <string_view>

#include "nn/Module.h"
#include "nn/convert.h"

namespace cresset::nn {
namespace {

class AverageSetter final : public PartialFieldVisitor {
 public:
  explicit AverageSetter(bool value) : value_(value) {}
  using PartialFieldVisitor::field;
  void field(const char* name, bool& field, bool) override {
    if (std::string_view(name) == "sizeAverage") field = value_;
  }

 private:
  bool value_;
};

}  // namespace

Criterion::Criterion() : gradInput(Tensor(defaultType())) {}
Criterion::~Criterion() = default;

void Criterion::fields(FieldVisitor& visit) { visit("output", output)("gradInput", gradInput); }

void Criterion::setSizeAverage(bool value) {
  AverageSetter setter(value);
  fields(setter);
}

void Criterion::type(Type type) { TypeConverter(type).convert(*this); }

}  // namespace cresset::nn
