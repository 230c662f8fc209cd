// A file of the operating system, with one buffer for reading and writing.
#pragma once

#include <string>
#include <vector>

#include "tensor/file/File.h"

namespace cresset {

/// Source: Torch7 torch.DiskFile.
class DiskFile : public File {
 public:
  /// `r` reads an existing file, `w` truncates or creates, `rw` keeps the content or creates.
  /// Throws Error (`cannot open <path> in mode r `) with the system's reason. A folder is no file.
  explicit DiskFile(const std::string& path, std::string_view mode = "r");
  /// Takes over an open descriptor; `path` names it in messages.
  DiskFile(int descriptor, const std::string& path, FileMode mode);
  /// Closes. What the system does not take then is lost without an error: call `close()` where that matters.
  ~DiskFile() override;

  /// From now on each write goes to the system at once.
  void noBuffer();
  const std::string& path() const { return path_; }
  /// -1 when closed.
  int descriptor() const { return descriptor_; }

  int64_t position() override;
  void seek(int64_t position) override;
  void seekEnd() override;
  int64_t remaining() override;
  void synchronize() override;
  void close() override;
  bool isOpen() const override { return descriptor_ >= 0; }
  std::string toString() const override;
  std::string name() const override;

 protected:
  std::string_view look(int64_t atLeast) override;
  void skip(int64_t n) override { begin_ += static_cast<size_t>(n); }
  int64_t take(void* to, int64_t n) override;
  int64_t put(const void* from, int64_t n) override;
  void wrote() override;
  /// Ends the descriptor's life; returns false with errno set when the system reports a late error.
  virtual bool release();

  int descriptor_ = -1;

 private:
  int64_t fromSystem(char* to, int64_t n);
  bool toSystem(const char* from, int64_t n);
  bool flush();
  bool stopReading();
  bool seekTo(int64_t position, int whence);

  std::string path_;
  // Reading: the bytes [begin_, end_) are unread. Writing: the bytes [0, end_) wait for the system, begin_ is
  // 0.
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;
  bool writing_ = false;
  bool buffered_ = true;
  bool seekable_ = false;
  bool regular_ = false;
  int64_t offset_ = 0;  // of the system: the byte after the buffer when reading, before it when writing
};

}  // namespace cresset
