// One function for each folder of modules: it puts the folder's classes into the registry.
#pragma once

namespace cresset::nn {

class Registry;

// In this order: a class's parent stands before it.
#define CRESSET_NN_FAMILIES(FAMILY) FAMILY(Container) FAMILY(Linear) FAMILY(Transfer)

#define CRESSET_REGISTER(name) void register##name(Registry& registry);
CRESSET_NN_FAMILIES(CRESSET_REGISTER)
#undef CRESSET_REGISTER

}  // namespace cresset::nn
