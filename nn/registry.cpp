#include "nn/registry.h"

#include "nn/families.h"

namespace cresset::nn {

Activity Arguments::activity(int position, const char* name) const {
  if (isNil(position)) return {};
  return isNumber(position) ? Activity(number(position, name)) : Activity(tensor(position, name));
}

const ModuleClass* Registry::findModule(std::string_view name) const {
  for (const auto& entry : modules_)
    if (entry->name == name) return entry.get();
  return nullptr;
}

const CriterionClass* Registry::findCriterion(std::string_view name) const {
  for (const auto& entry : criterions_)
    if (entry->name == name) return entry.get();
  return nullptr;
}

const Registry& registry() {
  static const Registry all = [] {
    Registry registry;
#define FAMILY(name) register##name(registry);
#include "nn/families.def"
#undef FAMILY
    return registry;
  }();
  return all;
}

}  // namespace cresset::nn
