// An error with its place in a tree of modules.
#pragma once

#include <string>
#include <utility>

#include "nn/Module.h"
#include "tensor/Error.h"

namespace cresset::nn {

/// What a child of a container threw, with the way to it. The message is `original` below one line for each
/// container on the way, the outermost first:
///
///     In 2 module of nn.Sequential:
///     In 1 module of nn.Concat:
///     nn.Linear: argument 1 (input): ...
class ModuleError : public Error {
 public:
  ModuleError(const std::string& path, const std::string& original);
  ~ModuleError() override;
  /// The lines `In <i> module of <type>:`, each with its newline.
  const std::string& path() const { return path_; }
  /// The message of the error itself.
  const std::string& original() const { return original_; }

 private:
  std::string path_, original_;
};

/// Throws the exception in flight again as a ModuleError that says that it came from child `index` (from 0).
[[noreturn]] void rethrowFromChild(const Module& container, size_t index, const std::exception& error);

/// Calls `body` on behalf of a child; what it throws leaves as a ModuleError.
template <class Body> auto inChild(const Module& container, size_t index, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& error) {
    // Not (...): a Lua error on its way through C++ is none of our business.
    rethrowFromChild(container, index, error);
  }
}

}  // namespace cresset::nn
