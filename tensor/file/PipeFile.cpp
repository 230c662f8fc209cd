#include "tensor/file/PipeFile.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "tensor/Error.h"

namespace cresset {
namespace {

FileMode pipeMode(std::string_view mode) {
  if (mode != "r" && mode != "w")
    fail("torch.PipeFile", {"file mode should be 'r' or 'w', got '", mode, "'"});
  return parseFileMode(mode);
}

std::FILE* start(const std::string& command, FileMode mode) {
  std::FILE* pipe = ::popen(command.c_str(), mode.read ? "re" : "we");
  if (pipe == nullptr)
    fail("torch.PipeFile",
         {"cannot open <", command, "> in mode ", mode.read ? "r " : " w", ": ", std::strerror(errno)});
  return pipe;
}

}  // namespace

PipeFile::PipeFile(const std::string& command, std::string_view mode)
    : PipeFile(start(command, pipeMode(mode)), command, pipeMode(mode)) {}

// The stream is only kept for pclose: all bytes go through its descriptor.
PipeFile::PipeFile(std::FILE* pipe, const std::string& command, FileMode mode)
    : DiskFile(fileno(pipe), command, mode), pipe_(pipe) {}

PipeFile::~PipeFile() {
  if (!isOpen()) return;
  setQuiet(true);
  close();
}

bool PipeFile::release() {
  descriptor_ = -1;
  return ::pclose(std::exchange(pipe_, nullptr)) != -1;
}

std::string PipeFile::name() const { return "torch.PipeFile <" + path() + ">"; }

std::string PipeFile::toString() const {
  return "torch.PipeFile on <" + path() + "> [status: " + (isOpen() ? "open" : "closed") +
         " -- mode: " + modeText() + "]";
}

}  // namespace cresset
