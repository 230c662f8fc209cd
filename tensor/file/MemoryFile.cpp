#include "tensor/file/MemoryFile.h"

#include <algorithm>
#include <cstring>

#include "tensor/Error.h"

namespace cresset {
namespace {

Storage emptyContent() {
  Storage storage(kChar, 1);
  *storage.data<char>() = '\0';
  return storage;
}

}  // namespace

MemoryFile::MemoryFile(std::string_view mode) : MemoryFile(emptyContent(), mode) {}

MemoryFile::MemoryFile(const Storage& storage, std::string_view mode)
    : File(parseFileMode(mode)), storage_(storage) {
  if (!storage || storage.type() != kChar)
    fail(name(), arg(1, "storage"),
         {"expected torch.CharStorage, got ", storage ? storageTypeName(storage.type()) : "nil"});
  if (storage.size() == 0 || storage.data<char>()[storage.size() - 1] != '\0')
    fail(name(), arg(1, "storage"), {"provided CharStorage must be terminated by 0"});
  separateByColons();
}

MemoryFile MemoryFile::reading(std::string_view bytes) {
  const auto n = static_cast<int64_t>(bytes.size());
  const Storage copy(kChar, n + 1);
  std::copy(bytes.begin(), bytes.end(), copy.data<char>());
  copy.data<char>()[n] = '\0';
  return MemoryFile(copy, "r");
}

// The caller may resize the storage at any time, so its size is asked anew each time.
int64_t MemoryFile::size() const { return std::max<int64_t>(0, storage_.size() - 1); }

Storage MemoryFile::storage() {
  checkOpen();
  return storage_;
}

std::string_view MemoryFile::look(int64_t) {
  const int64_t left = size() - position_;
  if (left <= 0) return {};
  return {storage_.data<char>() + position_, static_cast<size_t>(left)};
}

int64_t MemoryFile::take(void* to, int64_t n) {
  const int64_t here = std::clamp<int64_t>(size() - position_, 0, n);
  if (here > 0) std::memcpy(to, storage_.data<char>() + position_, static_cast<size_t>(here));
  position_ += here;
  return here;
}

int64_t MemoryFile::put(const void* from, int64_t n) {
  position_ = std::min(position_, size());
  const int64_t end = position_ + n;
  if (end > size()) {
    if (end + 1 > reserved_ || reserved_ < storage_.size()) {
      reserved_ =
          end + 1 + storage_.size();  // at least doubled: many small writes must not copy all each time
      storage_.resize(reserved_);
    }
    storage_.resize(end + 1);
    storage_.data<char>()[end] = '\0';
  }
  if (n > 0) std::memcpy(storage_.data<char>() + position_, from, static_cast<size_t>(n));
  position_ = end;
  return n;
}

int64_t MemoryFile::position() {
  checkOpen();
  return position_;
}

void MemoryFile::seek(int64_t position) {
  checkOpen();
  if (position < 0 || position > size()) return report("unable to seek at position " + text(position));
  position_ = position;
}

void MemoryFile::seekEnd() {
  checkOpen();
  position_ = size();
}

int64_t MemoryFile::remaining() {
  checkOpen();
  return std::max<int64_t>(0, size() - position_);
}

void MemoryFile::close() {
  checkOpen();
  storage_ = Storage();
}

std::string MemoryFile::toString() const {
  return std::string("torch.MemoryFile [status: ") + (isOpen() ? "open" : "closed") +
         " -- mode: " + modeText() + "]";
}

}  // namespace cresset
