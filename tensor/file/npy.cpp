#include "tensor/file/npy.h"

#include <array>
#include <charconv>
#include <vector>

#include "tensor/Error.h"
#include "tensor/file/AtomicFile.h"
#include "tensor/file/DiskFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/arrays.h"
#include "tensor/file/format.h"

namespace cresset::npy {
namespace {

using arrays::Element;

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kAlignment = 64;                 // bytes; NumPy pads headers to it
constexpr int64_t kLongestHeader = 64 << 10;      // bytes; a type that we have needs a few hundred
constexpr size_t kFixed = kMagic.size() + 2 + 2;  // magic, version, length of a header of version 1.0

struct Known {
  std::string_view code;  // kind and bytes, as in a dtype string
  Element element;
};
constexpr std::array<Known, 12> kKnown = {{
    {"b1", {DType::Byte}},
    {"u1", {DType::Byte}},
    {"i1", {DType::Char}},
    {"i2", {DType::Short}},
    {"i4", {DType::Int}},
    {"i8", {DType::Long}},
    {"u2", {DType::Short, true}},
    {"u4", {DType::Int, true}},
    {"u8", {DType::Long, true}},
    {"f2", {DType::Half}},
    {"f4", {DType::Float}},
    {"f8", {DType::Double}},
}};

struct Header {
  Element element;
  ByteOrder order = nativeByteOrder();
  bool fortran = false;
  std::vector<int64_t> sizes;
};

/// Reads the Python literal of a header: a dictionary of a string, a boolean and a tuple of integers.
class HeaderParser {
 public:
  HeaderParser(const std::string& name, std::string_view text) : name_(name), text_(text) {}

  Header parse() {
    Header header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = string();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        setType(header);
      } else if (key == "fortran_order" && !order) {
        order = true;
        header.fortran = boolean();
      } else if (key == "shape" && !shape) {
        shape = true;
        header.sizes = tuple();
      } else {
        fail(name_, {"damaged header: unexpected key '", t7::printable(key), "'"});
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at_ < text_.size()) failAt("its end");
    if (!descr || !order || !shape)
      fail(name_, {"damaged header: no ", !descr ? "descr" : !order ? "fortran_order" : "shape"});
    return header;
  }

 private:
  [[noreturn]] void failAt(std::string_view expected) const {
    fail(name_, {"damaged header: expected ", expected, " at '", t7::printable(text_.substr(at_, 20)), "'"});
  }
  void skipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(char c) {
    skipBlanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) failAt(std::string{'\'', c, '\''});
  }
  bool acceptWord(std::string_view word) {
    skipBlanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string_view string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) failAt("the end of a string");
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    return value;
  }
  bool boolean() {
    if (acceptWord("True")) return true;
    if (!acceptWord("False")) failAt("True or False");
    return false;
  }
  std::vector<int64_t> tuple() {
    std::vector<int64_t> sizes;
    expect('(');
    while (!accept(')')) {
      skipBlanks();
      const char* first = text_.data() + at_;
      int64_t size = 0;
      const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), size);
      if (error != std::errc() || size < 0) failAt("a size");
      at_ += static_cast<size_t>(end - first);
      accept('L');  // Python 2 wrote its long integers so
      sizes.push_back(size);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  void setType(Header& header) {
    skipBlanks();
    if (text_.substr(at_).starts_with('[')) fail(name_, {"arrays of records have no tensor type"});
    const std::string_view descr = string();
    std::string_view code = descr;
    if (!code.empty() && std::string_view("<>|=").find(code[0]) != std::string_view::npos) {
      if (code[0] == '<') header.order = ByteOrder::Little;
      if (code[0] == '>') header.order = ByteOrder::Big;
      code.remove_prefix(1);
    }
    for (const Known& known : kKnown) {
      if (known.code != code) continue;
      header.element = known.element;
      return;
    }
    fail(name_, {"arrays of type '", t7::printable(descr),
                 "' have no tensor type; expected bool, (u)int8 to (u)int64 or float16 to float64"});
  }

  const std::string& name_;
  std::string_view text_;
  size_t at_ = 0;
};

const char* codeOf(const Tensor& x) {
  switch (x.dtype()) {
    case DType::Byte:
      return "u1";
    case DType::Char:
      return "i1";
    case DType::Short:
      return "i2";
    case DType::Int:
      return "i4";
    case DType::Long:
      return "i8";
    case DType::Half:
      return "f2";
    case DType::Float:
      return "f4";
    case DType::Double:
      return "f8";
    case DType::BFloat16:
      break;
  }
  fail("npy", {"NumPy has no type for ", describe(x), "; convert it with :float()"});
}

// `n` raw bytes; throws when the file has fewer.
std::string take(File& file, const std::string& name, int64_t n) {
  std::string bytes(file.peek(n).substr(0, static_cast<size_t>(n)));
  if (static_cast<int64_t>(bytes.size()) < n) fail(name, {"the file ends inside the header"});
  file.tryRead(DType::Char, bytes.data(), n);
  return bytes;
}

uint32_t littleEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

bool matches(std::string_view start) { return start.starts_with(kMagic); }

Tensor read(File& file) {
  const std::string name = file.name();
  file.setBinary(true);
  const std::string start = take(file, name, static_cast<int64_t>(kMagic.size()) + 2);
  if (!matches(start)) fail(name, {"not a NumPy array: it starts with '", t7::printable(start), "'"});
  const auto major = static_cast<unsigned char>(start[6]), minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0)
    fail(name, {"expected version 1.0, 2.0 or 3.0 of the format, got ", text(int64_t{major}), ".",
                text(int64_t{minor})});
  const int64_t length = littleEndian(take(file, name, major == 1 ? 2 : 4));
  if (length > kLongestHeader)
    fail(name, {"expected a header of at most ", text(kLongestHeader), " bytes, got ", text(length)});
  const std::string literal = take(file, name, length);
  const Header header = HeaderParser(name, literal).parse();

  file.setByteOrder(header.order);
  if (!header.fortran) return arrays::readTensor(file, name, header.element, header.sizes);
  Tensor reversed =
      arrays::readTensor(file, name, header.element, {header.sizes.rbegin(), header.sizes.rend()});
  if (reversed.empty() || header.sizes.empty()) return reversed;
  Shape dims;
  for (int64_t d = reversed.dim(); d-- > 0;) dims.push(d);
  return reversed.permute(dims).contiguous();
}

Tensor load(const std::string& path) {
  DiskFile file(path);
  return read(file);
}

Tensor deserialize(std::string_view bytes) {
  MemoryFile file = MemoryFile::reading(bytes);
  return read(file);
}

std::string header(const Tensor& x) {
  const char order = elementSize(x.dtype()) == 1 ? '|' : nativeByteOrder() == ByteOrder::Little ? '<' : '>';
  std::string literal =
      std::string("{'descr': '") + order + codeOf(x) + "', 'fortran_order': False, 'shape': (";
  for (const int64_t size : x.sizes()) literal += text(size) + ", ";
  if (x.empty()) {
    literal += "0,";
  } else {
    literal.resize(literal.size() - (x.dim() > 1 ? 2 : 1));  // a tuple of one keeps its comma
  }
  literal += "), }";
  literal.append(kAlignment - (kFixed + literal.size() + 1) % kAlignment, ' ');
  literal += '\n';
  std::string bytes(kMagic);
  bytes += {'\1', '\0', static_cast<char>(literal.size() & 255), static_cast<char>(literal.size() >> 8)};
  return bytes + literal;
}

void write(File& file, const Tensor& x) {
  const std::string start = header(x);
  const Tensor host = arrays::toWrite(x);
  file.setBinary(true);
  file.setByteOrder(nativeByteOrder());
  file.writeString(start);
  file.write(host.dtype(), host.data(), host.nElement());
}

void save(const std::string& path, const Tensor& x) {
  (void)codeOf(x);  // before a file is made
  AtomicFile target(path);
  write(target.file(), x);
  target.commit();
}

}  // namespace cresset::npy
