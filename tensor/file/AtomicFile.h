// A file that replaces another one at once, or not at all.
#pragma once

#include <memory>
#include <string>

#include "tensor/file/DiskFile.h"

struct stat;

namespace cresset {

/// Writes to a temporary file beside `path`; `commit()` syncs it to the disk and renames it over `path`.
/// Before that, and after any failure, the old file is whole and the temporary one is gone. A symbolic link
/// stays one: its target is replaced. Permissions of the old file are kept. What is no regular file (a pipe,
/// `/dev/stdout`), or lies in a folder that takes no new files, is written directly.
class AtomicFile {
 public:
  /// Throws Error (`cannot open <path> in mode  w`) with the system's reason.
  explicit AtomicFile(const std::string& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  DiskFile& file() { return *file_; }
  /// Throws Error when the disk is full or the file cannot be renamed; the old file is then still there.
  void commit();

 private:
  [[noreturn]] void failWith(const char* what, int error) const;
  bool openBeside(const struct stat* old);

  std::string path_;       // as the caller wrote it
  std::string target_;     // without symbolic links
  std::string temporary_;  // empty when written directly
  std::unique_ptr<DiskFile> file_;
};

}  // namespace cresset
