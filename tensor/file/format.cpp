#include "tensor/file/format.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "tensor/Error.h"
#include "tensor/Shape.h"
#include "tensor/file/numbers.h"

namespace cresset::t7 {
namespace {

constexpr int64_t kPlausible = int64_t{1}
                               << 48;  // elements; a larger size, stride or offset is no such thing
constexpr int64_t kShown = 16;         // bytes of an unknown file that a message shows

struct Signature {
  std::string_view bytes;
  const char* what;
};

constexpr std::array<Signature, 15> kSignatures = {{
    {"PK\x03\x04", "a zip archive, such as a checkpoint of PyTorch"},
    {"\x80\x02", "a Python pickle, such as an old checkpoint of PyTorch"},
    {"\x1f\x8b", "a gzip archive; unpack it with gunzip"},
    {"BZh", "a bzip2 archive; unpack it with bunzip2"},
    {"\xfd"
     "7zXZ",
     "an xz archive; unpack it with unxz"},
    {"\x28\xb5\x2f\xfd", "a zstd archive; unpack it with unzstd"},
    {"7z\xbc\xaf", "a 7z archive"},
    {"\x89HDF", "an HDF5 file; read it with the package hdf5"},
    {"\x93NUMPY", "a NumPy array"},
    {"\x89PNG", "a PNG image"},
    {"\xff\xd8\xff", "a JPEG image"},
    {"version https://git-lfs", "a Git LFS pointer; fetch the file with git lfs pull"},
    {"\x1bLJ", "LuaJIT bytecode"},
    {"\x1bLua", "Lua bytecode"},
    {"\x7f"
     "ELF",
     "a program"},
}};

int32_t intAt(std::string_view bytes, size_t at, bool swap) {
  int32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return swap ? static_cast<int32_t>(__builtin_bswap32(static_cast<uint32_t>(value))) : value;
}

bool isTag(int32_t value) { return value >= 0 && value <= 8; }

const char* otherFormat(std::string_view bytes) {
  for (const Signature& signature : kSignatures)
    if (bytes.starts_with(signature.bytes)) return signature.what;
  if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") return "a tar archive; unpack it with tar xf";
  std::string_view rest = bytes;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t\r\n")));
  if (rest.starts_with('<')) return "an HTML or XML page, perhaps the answer to a download that failed";
  if (rest.starts_with('{') || rest.starts_with('[')) return "JSON text";
  return nullptr;
}

// One tag, alone on its line.
bool looksAscii(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] < '0' || bytes[0] > '8') return false;
  return bytes[1] == '\n' || (bytes[1] == '\r' && bytes.size() > 2 && bytes[2] == '\n');
}

bool plausible(int64_t value, int64_t least) { return value >= least && value <= kPlausible; }

// Longs of `size` bytes in the byte order of the file.
void decode(const File& file, std::string_view bytes, int64_t n, int64_t size, int64_t* values) {
  std::string copy(bytes.substr(0, static_cast<size_t>(n * size)));
  if (file.byteOrder() != nativeByteOrder()) numbers::swapBytes(copy.data(), n, size);
  if (size == 4) {
    numbers::widen(copy.data(), n, values);
  } else {
    std::memcpy(values, copy.data(), copy.size());
  }
}

// Whether sizes, strides and offset, in longs of `size` bytes, make sense and a storage or nil follows them.
bool tensorFits(const File& file, std::string_view bytes, int64_t dims, int64_t size) {
  const int64_t longs = 2 * dims + 1;
  const auto end = static_cast<size_t>(longs * size);
  if (bytes.size() < end + 4) return false;
  int64_t values[2 * kMaxDims + 1];
  decode(file, bytes, longs, size, values);
  bool empty = dims == 0;
  for (int64_t i = 0; i < longs; ++i) {
    if (!plausible(values[i], i == longs - 1 ? 1 : 0)) return false;
    if (i < dims && values[i] == 0) empty = true;
  }
  const bool swap = file.byteOrder() != nativeByteOrder();
  const int32_t tag = intAt(bytes, end, swap);
  if (tag == 0) return empty;
  // An index, then the length of "V 1" or of a class name, or the next tag when the storage was met before.
  return tag == 4 && bytes.size() >= end + 8 && intAt(bytes, end + 4, swap) >= 1 &&
         (bytes.size() < end + 12 || (intAt(bytes, end + 8, swap) >= 0 && intAt(bytes, end + 8, swap) < 256));
}

bool storageFits(File& file, DType type, int64_t size, int64_t left) {
  const std::string bytes = file.peekAt(0, size);
  if (static_cast<int64_t>(bytes.size()) < size) return false;
  int64_t n;
  decode(file, bytes, 1, size, &n);
  if (!plausible(n, 0)) return false;
  if (left < 0) return true;
  const int64_t end = size + n * (type == DType::Long ? size : elementSize(type));
  if (end >= left) return end == left;
  const std::string next = file.peekAt(end, 4);
  return next.size() == 4 && isTag(intAt(next, 0, file.byteOrder() != nativeByteOrder()));
}

}  // namespace

std::string printable(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes.substr(0, 200)) {
    if (c >= ' ' && c <= '~') {
      text += c;
    } else {
      const auto code = static_cast<unsigned char>(c);
      text += "\\x";
      text += kDigits[code >> 4];
      text += kDigits[code & 15];
    }
  }
  return text;
}

bool matches(std::string_view start) {
  return looksAscii(start) ||
         (start.size() >= 4 && (isTag(intAt(start, 0, false)) || isTag(intAt(start, 0, true))));
}

void detectFormat(File& file) {
  const std::string_view bytes = file.peek(264).substr(0, 264);
  if (bytes.empty()) fail(file.name(), {"read error: the file is empty"});
  if (looksAscii(bytes)) return file.setBinary(false);
  if (bytes.size() >= 4) {
    const bool native = isTag(intAt(bytes, 0, false));
    if (native || isTag(intAt(bytes, 0, true))) {
      file.setBinary(true);
      const ByteOrder other = nativeByteOrder() == ByteOrder::Little ? ByteOrder::Big : ByteOrder::Little;
      return file.setByteOrder(native ? nativeByteOrder() : other);
    }
  }
  if (const char* what = otherFormat(bytes)) fail(file.name(), {"not a .t7 file: it seems to be ", what});
  fail(file.name(),
       {"unknown object: not a .t7 file: it starts with '", printable(bytes.substr(0, kShown)), "'"});
}

int64_t guessLongSizeOfTensor(File& file) {
  const std::string bytes = file.peekAt(0, 4 + 8 * (2 * kMaxDims + 1) + 12);
  if (bytes.size() < 4) return 8;
  const int32_t dims = intAt(bytes, 0, file.byteOrder() != nativeByteOrder());
  if (dims < 0 || dims > kMaxDims) return 8;
  const std::string_view geometry = std::string_view(bytes).substr(4);
  if (tensorFits(file, geometry, dims, 8)) return 8;
  return tensorFits(file, geometry, dims, 4) ? 4 : 8;
}

int64_t guessLongSizeOfStorage(File& file, DType type) {
  const int64_t left = file.remaining();
  if (storageFits(file, type, 8, left)) return 8;
  return storageFits(file, type, 4, left) ? 4 : 8;
}

}  // namespace cresset::t7
