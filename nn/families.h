// One function for each folder of classes: it puts them into the registry.
#pragma once

namespace cresset::nn {

class Registry;

#define FAMILY(name) void register##name(Registry& registry);
#include "nn/families.def"
#undef FAMILY

}  // namespace cresset::nn
