// Networks from and to .t7 files, the same that Lua reads and writes.
#pragma once

#include <string>

#include "nn/Criterion.h"
#include "nn/Module.h"
#include "tensor/file/t7.h"

namespace cresset::nn {

/// The module in a file. Fields that the class does not know are left out.
/// Throws Error when the file holds something else, naming the place: an unknown class as in `unknown class
/// nn.Foo at modules[3]`, a field of the wrong kind with what was expected.
ModulePtr load(const std::string& path, const t7::LoadOptions& options = {});
/// Writes the module with all its fields; buffers too, unless its tensors were emptied before.
void save(const std::string& path, Module& module, const t7::SaveOptions& options = {});

/// A copy that shares nothing with the module.
ModulePtr clone(Module& module);

// Parts of a document, for files that hold a module among other things, such as a checkpoint. Objects and
// tables that occur twice in one value are one object afterwards too.
ModulePtr moduleFrom(const t7::Value& value);
CriterionPtr criterionFrom(const t7::Value& value);
Activity activityFrom(const t7::Value& value);
/// A value that belongs to `document`.
t7::Value valueOf(t7::Document& document, Module& module);
t7::Value valueOf(t7::Document& document, Criterion& criterion);

}  // namespace cresset::nn
