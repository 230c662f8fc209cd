// A shell command that is read from or written to.
#pragma once

#include <cstdio>

#include "tensor/file/DiskFile.h"

namespace cresset {

/// `r` reads what the command prints, `w` feeds it. Closing waits for the command. Source: Torch7
/// torch.PipeFile.
class PipeFile final : public DiskFile {
 public:
  /// Throws Error when `mode` is neither `r` nor `w` or no process can be started.
  explicit PipeFile(const std::string& command, std::string_view mode = "r");
  ~PipeFile() override;

  std::string toString() const override;
  std::string name() const override;

 protected:
  bool release() override;

 private:
  PipeFile(std::FILE* pipe, const std::string& command, FileMode mode);
  std::FILE* pipe_;
};

}  // namespace cresset
