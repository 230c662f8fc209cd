// The emitting side of the .t7 grammar: tags, headers, and the numbering that makes shared objects shared.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/file/File.h"
#include "tensor/file/ObjectReader.h"

namespace cresset::t7 {

/// Writes the pieces of objects to a file; the caller walks its objects and keeps them alive as long as the
/// writer, because an object is known by its address. Tensors and storages are known by the objects behind
/// their handles and are kept by the writer. The numbering lasts as long as the writer: an object written
/// twice is a reference the second time.
class ObjectWriter {
 public:
  explicit ObjectWriter(File& file) : file_(file) {}

  /// Without references every object is written in full each time it is met. Default true.
  bool isReferenced() const { return referenced_; }
  void setReferenced(bool referenced) { referenced_ = referenced; }

  void nil() { tag(Tag::Nil); }
  void number(double value);
  void boolean(bool value);
  void string(std::string_view bytes);
  /// `identity` stands for another object that is written as this one; null for the tensor itself.
  void tensor(const Tensor& value, const void* identity = nullptr);
  void storage(const Storage& value, const void* identity = nullptr);
  void generator(const Generator& value);
  // What follows the header of such an object.
  void payload(const Tensor& value);
  void payload(const Storage& value);
  void payload(const Generator& value);

  /// Writes tag and index. True for a new object: its body must follow. `Tag::OldestFunction` has no index
  /// and is always new.
  bool begin(Tag form, const void* identity);
  /// The same for an object that is written only here.
  void begin(Tag form) { begin(form, nullptr); }
  /// After begin(Tag::Table): the number of pairs, then the caller writes key, value, key, value...
  void count(int64_t pairs);
  /// After begin(Tag::Object): the class and its version. Then the caller writes the payload, for most
  /// classes a table.
  void header(std::string_view className, double version);
  /// After begin of a function: its bytecode. Then the caller writes the table of its upvalues.
  void dump(std::string_view bytecode) { text(bytecode); }

  File& file() const { return file_; }

 private:
  void tag(Tag tag) { file_.write(static_cast<int32_t>(tag)); }
  void text(std::string_view bytes);

  File& file_;
  bool referenced_ = true;
  int32_t last_ = 0;
  std::unordered_map<const void*, int32_t> indices_;
  std::vector<Tensor> tensors_;
  std::vector<Storage> storages_;
};

}  // namespace cresset::t7
