// A file whose bytes are a CharStorage.
#pragma once

#include "tensor/file/File.h"

namespace cresset {

/// The storage holds the content and one zero byte behind it. Byte order is the machine's unless changed; `:`
/// and `;` separate numbers in ascii. Source: Torch7 torch.MemoryFile.
class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::string_view mode = "rw");
  /// Works on this storage, sharing it. Throws Error (`provided CharStorage must be terminated by 0`).
  explicit MemoryFile(const Storage& storage, std::string_view mode = "rw");

  /// A file to read, with a copy of these bytes.
  static MemoryFile reading(std::string_view bytes);

  /// The live bytes, content plus a final zero.
  Storage storage();

  int64_t position() override;
  void seek(int64_t position) override;
  void seekEnd() override;
  int64_t remaining() override;
  void synchronize() override { checkOpen(); }
  void close() override;
  bool isOpen() const override { return static_cast<bool>(storage_); }
  std::string toString() const override;
  std::string name() const override { return "torch.MemoryFile"; }

 protected:
  std::string_view look(int64_t atLeast) override;
  void skip(int64_t n) override { position_ += n; }
  int64_t take(void* to, int64_t n) override;
  int64_t put(const void* from, int64_t n) override;

 private:
  int64_t size() const;

  Storage storage_;
  int64_t position_ = 0;
  int64_t reserved_ = 0;  // bytes the storage has room for without moving
};

}  // namespace cresset
