#include "tensor/file/DiskFile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "tensor/Error.h"
#include "tensor/file/BlockPipeSignal.h"

namespace cresset {
namespace {

constexpr size_t kBuffer = 64 << 10;       // bytes
constexpr int64_t kLargestCall = 1 << 30;  // bytes; Linux moves at most 2 GB a call

int openFlags(FileMode mode) {
  if (mode.read && mode.write) return O_RDWR | O_CREAT;
  return mode.read ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
}

int openPath(const std::string& path, FileMode mode) {
  const int descriptor = ::open(path.c_str(), openFlags(mode) | O_CLOEXEC, 0666);
  const int error = errno;
  const char* reason = descriptor < 0 ? std::strerror(error) : nullptr;
  struct stat status = {};
  if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    reason = std::strerror(EISDIR);
  }
  if (reason != nullptr) {
    const std::string letters = std::string(1, mode.read ? 'r' : ' ') + (mode.write ? 'w' : ' ');
    fail("torch.DiskFile", {"cannot open <", path, "> in mode ", letters, ": ", reason});
  }
  return descriptor;
}

}  // namespace

DiskFile::DiskFile(const std::string& path, std::string_view mode)
    : DiskFile(openPath(path, parseFileMode(mode)), path, parseFileMode(mode)) {}

DiskFile::DiskFile(int descriptor, const std::string& path, FileMode mode)
    : File(mode), descriptor_(descriptor), path_(path) {
  struct stat status = {};
  regular_ = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const off_t start = lseek(descriptor, 0, SEEK_CUR);
  seekable_ = start >= 0;
  offset_ = seekable_ ? start : 0;
}

DiskFile::~DiskFile() {
  if (descriptor_ < 0) return;
  flush();
  release();
}

bool DiskFile::release() { return ::close(std::exchange(descriptor_, -1)) == 0; }

std::string DiskFile::name() const { return "torch.DiskFile <" + path_ + ">"; }

std::string DiskFile::toString() const {
  return "torch.DiskFile on <" + path_ + "> [status: " + (isOpen() ? "open" : "closed") + " -- mode " +
         modeText() + "]";
}

int64_t DiskFile::fromSystem(char* to, int64_t n) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, to, static_cast<size_t>(std::min(n, kLargestCall)));
    if (got >= 0) {
      offset_ += got;
      return got;
    }
    if (errno == EINTR) continue;
    reason_ = std::strerror(errno);
    return 0;
  }
}

bool DiskFile::toSystem(const char* from, int64_t n) {
  const BlockPipeSignal blocked(!seekable_);
  while (n > 0) {
    const ssize_t went = ::write(descriptor_, from, static_cast<size_t>(std::min(n, kLargestCall)));
    if (went < 0) {
      if (errno == EINTR) continue;
      reason_ = std::strerror(errno);
      return false;
    }
    offset_ += went;
    from += went;
    n -= went;
  }
  return true;
}

// The bytes are dropped when the system does not take them: trying again could only write them twice.
bool DiskFile::flush() {
  if (!writing_) return true;
  writing_ = false;
  return toSystem(buffer_.data(), static_cast<int64_t>(std::exchange(end_, 0)));
}

bool DiskFile::stopReading() {
  if (writing_) return true;
  const auto unread = static_cast<int64_t>(end_ - begin_);
  begin_ = end_ = 0;
  return unread == 0 || !seekable_ || seekTo(offset_ - unread, SEEK_SET);
}

bool DiskFile::seekTo(int64_t position, int whence) {
  const off_t reached = lseek(descriptor_, position, whence);
  if (reached < 0) {
    reason_ = std::strerror(errno);
    return false;
  }
  offset_ = reached;
  return true;
}

std::string_view DiskFile::look(int64_t atLeast) {
  if (writing_ && !flush()) return {};
  const auto wanted = static_cast<size_t>(atLeast);
  if (end_ - begin_ < wanted) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (buffer_.size() < std::max(kBuffer, wanted)) buffer_.resize(std::max(kBuffer, wanted));
    while (end_ < wanted) {
      const int64_t got = fromSystem(buffer_.data() + end_, static_cast<int64_t>(buffer_.size() - end_));
      if (got == 0) break;
      end_ += static_cast<size_t>(got);
    }
  }
  return {buffer_.data() + begin_, end_ - begin_};
}

int64_t DiskFile::take(void* to, int64_t n) {
  if (writing_ && !flush()) return 0;
  auto* bytes = static_cast<char*>(to);
  int64_t got = 0;
  while (got < n) {
    if (begin_ < end_) {
      const int64_t here = std::min(n - got, static_cast<int64_t>(end_ - begin_));
      std::memcpy(bytes + got, buffer_.data() + begin_, static_cast<size_t>(here));
      begin_ += static_cast<size_t>(here);
      got += here;
    } else if (n - got >= static_cast<int64_t>(kBuffer)) {
      const int64_t here = fromSystem(bytes + got, n - got);  // large arrays go straight to their place
      if (here == 0) break;
      got += here;
    } else if (look(1).empty()) {
      break;
    }
  }
  return got;
}

int64_t DiskFile::put(const void* from, int64_t n) {
  if (!writing_) {
    if (!stopReading()) return 0;
    writing_ = true;
    if (buffer_.size() < kBuffer) buffer_.resize(kBuffer);
  }
  if (n > static_cast<int64_t>(buffer_.size() - end_)) {
    const int64_t before = offset_ + static_cast<int64_t>(end_);
    const bool flushed = flush();
    writing_ = true;
    if (!flushed) return 0;
    if (n >= static_cast<int64_t>(kBuffer)) {
      toSystem(static_cast<const char*>(from), n);
      return std::max<int64_t>(0, offset_ - before);
    }
  }
  std::memcpy(buffer_.data() + end_, from, static_cast<size_t>(n));
  end_ += static_cast<size_t>(n);
  return n;
}

void DiskFile::wrote() {
  if (!buffered_ && !flush()) report("write error", reason_);
}

void DiskFile::noBuffer() {
  checkOpen();
  buffered_ = false;
  synchronize();
}

int64_t DiskFile::position() {
  checkOpen();
  return writing_ ? offset_ + static_cast<int64_t>(end_) : offset_ - static_cast<int64_t>(end_ - begin_);
}

void DiskFile::seek(int64_t position) {
  checkOpen();
  if (!writing_ && seekable_) {
    const int64_t first = offset_ - static_cast<int64_t>(end_);
    if (position >= first && position <= offset_) {
      begin_ = static_cast<size_t>(position - first);
      return;
    }
  }
  const bool flushed = flush();
  begin_ = end_ = 0;
  if (!flushed || !seekTo(position, SEEK_SET))
    report("unable to seek at position " + text(position), reason_);
}

void DiskFile::seekEnd() {
  checkOpen();
  const bool flushed = flush();
  begin_ = end_ = 0;
  if (!flushed || !seekTo(0, SEEK_END)) report("unable to seek at end of file", reason_);
}

int64_t DiskFile::remaining() {
  checkOpen();
  struct stat status = {};
  if (!regular_ || fstat(descriptor_, &status) != 0) return -1;
  return std::max<int64_t>(0, status.st_size - position());
}

void DiskFile::synchronize() {
  checkOpen();
  reason_.clear();
  if (!flush()) report("write error", reason_);
}

void DiskFile::close() {
  checkOpen();
  reason_.clear();
  bool good = flush();
  if (!release() && good) {
    reason_ = std::strerror(errno);
    good = false;
  }
  if (!good) report("write error", reason_);
}

}  // namespace cresset
