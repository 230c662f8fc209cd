#include "tensor/file/File.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "tensor/Error.h"
#include "tensor/file/numbers.h"

namespace cresset {
namespace {

constexpr int64_t kChunk = 64 << 10;     // bytes encoded at a time
constexpr int64_t kFirstStep = 1 << 20;  // bytes taken on trust where a file does not know its length
constexpr size_t kLongestNumber = 512;   // characters; a longer one is no number that Torch wrote

bool isRaw(DType type) { return type == DType::Byte || type == DType::Char; }

}  // namespace

ByteOrder nativeByteOrder() {
  return std::endian::native == std::endian::little ? ByteOrder::Little : ByteOrder::Big;
}

FileMode parseFileMode(std::string_view mode) {
  if (mode == "r") return {true, false};
  if (mode == "w") return {false, true};
  if (mode == "rw") return {true, true};
  fail("torch.File", {"file mode should be 'r','w' or 'rw', got '", mode, "'"});
}

void File::setLongSize(int64_t bytes) {
  if (bytes != 0 && bytes != 4 && bytes != 8)
    fail(name(), {"Invalid long size specified: expected 0, 4 or 8, got ", text(bytes)});
  longSize_ = bytes == 0 ? 8 : bytes;
}

std::string File::modeText() const {
  return std::string(1, mode_.read ? 'r' : ' ') + (mode_.write ? 'w' : ' ');
}

void File::checkOpen() const {
  if (!isOpen()) fail(name(), {"attempt to use a closed file"});
}

void File::checkReadable() const {
  checkOpen();
  if (!mode_.read) fail(name(), {"attempt to read in a write-only file"});
}

void File::checkWritable() const {
  checkOpen();
  if (!mode_.write) fail(name(), {"attempt to write in a read-only file"});
}

void File::report(std::string_view what, std::string_view detail) {
  hasError_ = true;
  if (quiet_) return;
  if (detail.empty()) fail(name(), {what});
  fail(name(), {what, ": ", detail});
}

std::string_view File::peek(int64_t atLeast) {
  checkReadable();
  return look(atLeast);
}

std::string File::peekAt(int64_t ahead, int64_t n) {
  checkReadable();
  const std::string_view shown = look(1);
  if (ahead + n <= static_cast<int64_t>(shown.size()))
    return std::string(shown.substr(static_cast<size_t>(ahead), static_cast<size_t>(n)));
  const int64_t left = remaining();
  if (left < 0 || ahead >= left) return {};
  const int64_t start = position();
  std::string bytes(static_cast<size_t>(std::min(n, left - ahead)), '\0');
  seek(start + ahead);
  bytes.resize(static_cast<size_t>(take(bytes.data(), static_cast<int64_t>(bytes.size()))));
  seek(start);
  return bytes;
}

int64_t File::read(DType type, void* values, int64_t n) {
  const int64_t got = tryRead(type, values, n);
  if (got < n) report("read error: read " + text(got) + " blocks instead of " + text(n), reason_);
  return got;
}

int64_t File::tryRead(DType type, void* values, int64_t n) {
  checkReadable();
  if (n <= 0) return 0;
  reason_.clear();
  return binary_ ? readBinary(type, values, n) : readText(type, values, n);
}

int64_t File::readBinary(DType type, void* values, int64_t n) {
  const int64_t size = encodedSize(type);
  const bool swap = byteOrder_ != nativeByteOrder();
  if (size == elementSize(type)) {
    const int64_t got = take(values, n * size) / size;
    if (swap) numbers::swapBytes(values, got, size);
    return got;
  }
  auto* longs = static_cast<int64_t*>(values);
  char chunk[kChunk];
  int64_t got = 0;
  while (got < n) {
    const int64_t wanted = std::min(n - got, kChunk / size);
    const int64_t came = take(chunk, wanted * size) / size;
    if (swap) numbers::swapBytes(chunk, came, size);
    numbers::widen(chunk, came, longs + got);
    got += came;
    if (came < wanted) break;
  }
  return got;
}

int64_t File::readText(DType type, void* values, int64_t n) {
  int64_t got = 0;
  if (isRaw(type)) {
    got = take(values, n);
  } else {
    auto* to = static_cast<char*>(values);
    for (; got < n; ++got) {
      const int64_t used = numbers::parse(type, nextNumber(), to + got * elementSize(type));
      if (used == 0) break;
      skip(used);
    }
  }
  if (autoSpacing_) takeNewline();
  return got;
}

// Skips separators and shows the characters up to the next one, or up to the end of the file.
std::string_view File::nextNumber() {
  std::string_view bytes = look(1);
  while (!bytes.empty()) {
    size_t blank = 0;
    while (blank < bytes.size() && isSeparator(bytes[blank])) ++blank;
    skip(static_cast<int64_t>(blank));
    if (blank < bytes.size()) break;
    bytes = look(1);
  }
  bytes = look(1);
  size_t n = 0;
  for (;;) {
    while (n < bytes.size() && !isSeparator(bytes[n])) ++n;
    if (n > kLongestNumber) return {};
    if (n < bytes.size()) return bytes.substr(0, n);
    bytes = look(static_cast<int64_t>(n) + 1);
    if (bytes.size() == n) return bytes;
  }
}

void File::takeNewline() {
  const std::string_view next = look(1);
  if (!next.empty() && next.front() == '\n') skip(1);
}

Storage File::readStorage(DType type, int64_t n) {
  Storage storage = tryReadStorage(type, n);
  if (storage.size() < n)
    report("read error: read " + text(storage.size()) + " blocks instead of " + text(n), reason_);
  return storage;
}

Storage File::tryReadStorage(DType type, int64_t n) {
  checkReadable();
  if (n < 0) fail(name(), {"read error: cannot read ", text(n), " elements"});
  // A number in ascii takes a digit and, but for the last one, a separator.
  const int64_t left = remaining();
  const int64_t fits =
      binary_ || isRaw(type) ? left / encodedSize(binary_ ? type : DType::Byte) : (left + 1) / 2;
  if (left >= 0) {
    Storage storage(Type{type, Device::CPU}, std::min(n, fits));
    const int64_t got = tryRead(type, storage.data(), storage.size());
    if (got < storage.size()) storage.resize(got);
    return storage;
  }
  Storage storage(Type{type, Device::CPU}, std::min(n, kFirstStep / elementSize(type)));
  int64_t got = 0;
  const bool autoSpacing = autoSpacing_;
  autoSpacing_ = false;  // the newline comes after the last step only
  for (;;) {
    got += tryRead(type, storage.data<char>() + got * elementSize(type), storage.size() - got);
    if (got < storage.size() || got == n) break;
    storage.resize(got > n / 2 ? n : 2 * got);
  }
  autoSpacing_ = autoSpacing;
  if (!binary_ && autoSpacing && n > 0) takeNewline();
  if (got < storage.size()) storage.resize(got);
  return storage;
}

std::string File::readUntil(bool newline, const char* what) {
  checkReadable();
  reason_.clear();
  std::string result;
  bool any = false;
  for (;;) {
    const std::string_view bytes = look(1);
    if (bytes.empty()) break;
    any = true;
    const size_t end = newline ? bytes.find('\n') : std::string_view::npos;
    result += bytes.substr(0, end);
    if (end != std::string_view::npos) {
      skip(static_cast<int64_t>(end) + 1);
      return result;
    }
    skip(static_cast<int64_t>(bytes.size()));
  }
  if (!any) report(std::string("read error: read 0 blocks instead of 1: no ") + what + " left", reason_);
  return result;
}

std::string File::readLine() { return readUntil(true, "line"); }
std::string File::readAll() { return readUntil(false, "byte"); }

int64_t File::write(DType type, const void* values, int64_t n) {
  checkWritable();
  if (n <= 0) return 0;
  reason_.clear();
  const int64_t went = binary_ ? writeBinary(type, values, n) : writeText(type, values, n);
  wrote();
  if (went < n) report("write error: wrote " + text(went) + " blocks instead of " + text(n), reason_);
  return went;
}

int64_t File::writeBinary(DType type, const void* values, int64_t n) {
  const int64_t size = encodedSize(type);
  const bool swap = size > 1 && byteOrder_ != nativeByteOrder();
  if (size == elementSize(type) && !swap) return put(values, n * size) / size;
  const auto* from = static_cast<const char*>(values);
  char chunk[kChunk];
  int64_t went = 0;
  while (went < n) {
    const int64_t wanted = std::min(n - went, kChunk / size);
    const char* first = from + went * elementSize(type);
    if (size == elementSize(type)) {
      std::memcpy(chunk, first, static_cast<size_t>(wanted * size));
    } else {
      numbers::narrow(reinterpret_cast<const int64_t*>(first), wanted, chunk);
    }
    if (swap) numbers::swapBytes(chunk, wanted, size);
    const int64_t put = this->put(chunk, wanted * size) / size;
    went += put;
    if (put < wanted) break;
  }
  return went;
}

int64_t File::writeText(DType type, const void* values, int64_t n) {
  const auto* from = static_cast<const char*>(values);
  if (isRaw(type)) {
    const int64_t went = put(from, n);
    if (autoSpacing_ && went == n) put("\n", 1);
    return went;
  }
  char chunk[kChunk];
  int64_t used = 0;
  int64_t went = 0;  // values whose text the file has taken
  for (int64_t i = 0; i < n; ++i) {
    used += numbers::print(type, from + i * elementSize(type), chunk + used);
    if (autoSpacing_) chunk[used++] = i + 1 < n ? ' ' : '\n';
    if (used > kChunk - numbers::kMaxText - 1 || i + 1 == n) {
      if (put(chunk, used) < used) return went;
      went = i + 1;
      used = 0;
    }
  }
  return went;
}

int64_t File::writeString(std::string_view bytes) {
  checkWritable();
  reason_.clear();
  const auto n = static_cast<int64_t>(bytes.size());
  const int64_t went = put(bytes.data(), n);
  wrote();
  if (went < n) report("write error: wrote " + text(went) + " blocks instead of " + text(n), reason_);
  return went;
}

}  // namespace cresset
