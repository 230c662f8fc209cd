// The one list of an optimiser's fields is read by many: the projection onto Lua's config and state tables,
// the warning about unknown keys, whoever saves a state from C++.
#pragma once

#include <optional>

#include "tensor/Tensor.h"

namespace cresset::optim {

/// `config` fields are what the user sets, `state` fields what lasts from step to step; names are Torch7's.
/// A visitor may read a field or set it. One that finds nothing to set it from leaves it alone: fields start
/// with their default.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  virtual void config(const char* name, double& value) = 0;
  virtual void config(const char* name, bool& value) = 0;
  virtual void config(const char* name, std::optional<double>& value) = 0;
  virtual void config(const char* name, Tensor& value) = 0;
  /// A setting whose default is written into the user's table, where scripts look it up.
  virtual void configWithDefault(const char* name, double& value) = 0;

  virtual void state(const char* name, double& value) = 0;
  virtual void state(const char* name, std::optional<double>& value) = 0;
  virtual void state(const char* name, Tensor& value) = 0;

  /// One name for two things: a number in the config, a tensor in the state. In a table that is both, the
  /// tensor takes the place of the number.
  virtual void configAndState(const char* name, double& number, Tensor& tensor) = 0;
};

}  // namespace cresset::optim
