#include "nn/ModuleError.h"

namespace cresset::nn {

// Torch7 starts the message with a newline: Lua puts the position of the call before it.
ModuleError::ModuleError(const std::string& path, const std::string& original)
    : Error("\n" + path + original), path_(path), original_(original) {}

ModuleError::~ModuleError() = default;

void rethrowFromChild(const Module& container, size_t index, const std::exception& error) {
  const std::string line = "In " + std::to_string(index + 1) + " module of " + container.typeName() + ":\n";
  if (const auto* inner = dynamic_cast<const ModuleError*>(&error))
    throw ModuleError(line + inner->path(), inner->original());
  throw ModuleError(line, error.what());
}

}  // namespace cresset::nn
