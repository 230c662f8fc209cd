#include "tensor/file/AtomicFile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "tensor/Error.h"

namespace cresset {
namespace {

constexpr int kLinks = 40;  // as many as Linux follows

// The path behind symbolic links, also where they lead to nothing yet.
std::string followLinks(std::string path) {
  char target[PATH_MAX];
  for (int i = 0; i < kLinks; ++i) {
    const ssize_t length = readlink(path.c_str(), target, sizeof target);
    if (length < 0 || length == static_cast<ssize_t>(sizeof target)) break;
    const size_t slash = path.rfind('/');
    path.erase(target[0] == '/' || slash == std::string::npos ? 0 : slash + 1);
    path.append(target, static_cast<size_t>(length));
  }
  return path;
}

std::string folderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Best effort: some file systems have neither, and only root gives files away. Owner first: that clears
// setuid.
void keepOwner(int descriptor, const struct stat& old) {
  if (fchown(descriptor, old.st_uid, old.st_gid) != 0) errno = 0;
  if (fchmod(descriptor, old.st_mode & 07777) != 0) errno = 0;
}

}  // namespace

void AtomicFile::failWith(const char* what, int error) const {
  fail("torch.DiskFile", {what, " <", path_, "> in mode  w: ", std::strerror(error)});
}

// False when the folder takes no new file; errno says why.
bool AtomicFile::openBeside(const struct stat* old) {
  static std::atomic<unsigned> counter{0};
  const size_t slash = target_.rfind('/');
  const size_t leaf = slash == std::string::npos ? 0 : slash + 1;
  for (int attempt = 0; attempt < 100; ++attempt) {
    temporary_ = target_.substr(0, leaf) + '.' + target_.substr(leaf, NAME_MAX - 40) + '.' +
                 std::to_string(getpid()) + '.' + std::to_string(counter++) + ".tmp";
    const int descriptor = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      if (old != nullptr) keepOwner(descriptor, *old);
      file_ = std::make_unique<DiskFile>(descriptor, path_, FileMode{false, true});
      return true;
    }
    if (errno != EEXIST) break;
  }
  temporary_.clear();
  return false;
}

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(followLinks(path)) {
  struct stat status = {};
  const bool exists = stat(path.c_str(), &status) == 0;  // /dev/stdout may be a link to a pipe without a path
  if (exists && S_ISDIR(status.st_mode)) failWith("cannot open", EISDIR);
  // Renaming needs no permission on the old file, so ask for it: a read-only file is to stay.
  if (exists && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) failWith("cannot open", errno);
  if (!exists || S_ISREG(status.st_mode)) {
    if (openBeside(exists ? &status : nullptr)) return;
    if (!exists || (errno != EACCES && errno != EPERM && errno != EROFS)) failWith("cannot open", errno);
  }
  file_ = std::make_unique<DiskFile>(path, "w");
}

AtomicFile::~AtomicFile() {
  if (temporary_.empty()) return;
  file_.reset();
  ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  file_->setQuiet(false);
  file_->synchronize();
  // Pipes and terminals cannot be synced, and need not be.
  if (fsync(file_->descriptor()) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
    failWith("cannot sync", errno);
  file_->close();
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) failWith("cannot replace", errno);
  temporary_.clear();
  // The new name reaches the disk with its folder. The content is safe either way, so a failure is none.
  const int folder = ::open(folderOf(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    (void)fsync(folder);
    ::close(folder);
  }
}

}  // namespace cresset
