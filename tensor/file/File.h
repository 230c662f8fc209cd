// Torch7's files: typed values, binary or ascii, over a disk file, a pipe or a storage in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tensor/Storage.h"
#include "tensor/Type.h"

namespace cresset {

enum class ByteOrder : uint8_t { Little, Big };
/// The byte order of this machine.
ByteOrder nativeByteOrder();

/// What a file is opened for.
struct FileMode {
  bool read = false;
  bool write = false;
};
/// `r`, `w` or `rw`. Throws Error (`file mode should be 'r','w' or 'rw'`) for anything else.
FileMode parseFileMode(std::string_view mode);

/// Values of the element types one after another. A new file is ascii, with separators written between
/// values, and raises errors. A subclass only moves bytes.
///
/// Ascii: numbers in decimal, separated by one space, a newline after each call; reading skips white space
/// and takes the newline after the values. Byte and Char arrays are raw bytes. Binary: values back to back in
/// `byteOrder()`.
///
/// A short transfer sets the error flag, which stays set until `clearError()`, and throws Error unless the
/// file is quiet. Every call throws Error on a closed file (`attempt to use a closed file`) and in the wrong
/// direction (`attempt to read in a write-only file`), quiet or not. Source: Torch7 torch.File.
class File {
 public:
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;

  bool isBinary() const { return binary_; }
  void setBinary(bool binary) { binary_ = binary; }
  bool isAutoSpacing() const { return autoSpacing_; }
  void setAutoSpacing(bool autoSpacing) { autoSpacing_ = autoSpacing; }
  bool isQuiet() const { return quiet_; }
  void setQuiet(bool quiet) { quiet_ = quiet; }
  bool hasError() const { return hasError_; }
  void clearError() { hasError_ = false; }
  void setError() { hasError_ = true; }
  bool isReadable() const { return mode_.read; }
  bool isWritable() const { return mode_.write; }
  ByteOrder byteOrder() const { return byteOrder_; }
  void setByteOrder(ByteOrder order) { byteOrder_ = order; }
  /// Bytes of a Long in binary: 8 or 4. Four bytes are sign-extended when read and cut when written.
  int64_t longSize() const { return longSize_; }
  /// 0 means native. Throws Error (`Invalid long size specified`) unless 0, 4 or 8.
  void setLongSize(int64_t bytes);
  /// Bytes of a value in the file, when binary.
  int64_t encodedSize(DType type) const { return type == DType::Long ? longSize_ : elementSize(type); }

  /// Reads up to `n` values; returns how many came. Values that did not come are left as they were.
  int64_t read(DType type, void* values, int64_t n);
  /// The same, but a short count neither throws nor sets the error flag: for readers with errors of their
  /// own.
  int64_t tryRead(DType type, void* values, int64_t n);
  /// Fills a CPU storage; returns the number of elements that came.
  int64_t read(const Storage& into) { return read(into.type().dtype, into.data(), into.size()); }
  /// A new storage of up to `n` elements, fewer when the file is quiet and short. Memory is taken for no more
  /// than the file can hold.
  Storage readStorage(DType type, int64_t n);
  /// The same, but a short storage neither throws nor sets the error flag.
  Storage tryReadStorage(DType type, int64_t n);
  /// One value; 0 when the file is quiet and short.
  template <class T> T read() {
    T value{};
    read(dtypeOf<T>, &value, 1);
    return value;
  }
  /// An int; only 1 is true.
  bool readBool() { return read<int32_t>() == 1; }
  /// Up to the next newline, which is taken and not returned. At the end of the file: an error, or an empty
  /// string.
  std::string readLine();
  /// The rest of the file. At the end of the file: an error, or an empty string.
  std::string readAll();

  /// Writes `n` values; returns how many went.
  int64_t write(DType type, const void* values, int64_t n);
  int64_t write(const Storage& from) { return write(from.type().dtype, from.data(), from.size()); }
  template <class T> void write(T value) { write(dtypeOf<T>, &value, 1); }
  void writeBool(bool value) { write<int32_t>(value ? 1 : 0); }
  /// Raw bytes, without separator; returns how many went.
  int64_t writeString(std::string_view bytes);

  /// Bytes from the start of the file, counted from 0.
  virtual int64_t position() = 0;
  virtual void seek(int64_t position) = 0;
  virtual void seekEnd() = 0;
  /// Bytes from the position to the end, or -1 where nobody knows, as in a pipe.
  virtual int64_t remaining() = 0;
  /// Hands buffered bytes to the system; an error if it does not take them.
  virtual void synchronize() = 0;
  /// Synchronizes and closes. Closing twice is an error.
  virtual void close() = 0;
  virtual bool isOpen() const = 0;
  /// Torch7's `tostring`, such as `torch.DiskFile on <model.t7> [status: open -- mode r ]`.
  virtual std::string toString() const = 0;
  /// For messages: `torch.DiskFile <model.t7>`.
  virtual std::string name() const = 0;

  /// The next bytes without taking them: at least `atLeast`, fewer only at the end of the file. Valid until
  /// the next call. A pipe is asked only for what is missing.
  std::string_view peek(int64_t atLeast);
  /// Up to `n` bytes that start `ahead` bytes from the position, which does not move. Empty where the file
  /// cannot seek and has not buffered them.
  std::string peekAt(int64_t ahead, int64_t n);

 protected:
  explicit File(FileMode mode) : mode_(mode) {}

  virtual std::string_view look(int64_t atLeast) = 0;
  /// Drops bytes that `look` has shown.
  virtual void skip(int64_t n) = 0;
  virtual int64_t take(void* to, int64_t n) = 0;
  virtual int64_t put(const void* from, int64_t n) = 0;
  /// After each write.
  virtual void wrote() {}
  /// From now on `:` and `;` separate numbers in ascii too.
  void separateByColons() { colonsSeparate_ = true; }

  /// Sets the error flag; throws Error unless quiet. `detail` is appended after ": " when not empty.
  void report(std::string_view what, std::string_view detail = {});
  void checkOpen() const;
  std::string modeText() const;  // "rw", with blanks for absent letters

  /// Why the last transfer was short, in the system's words; empty at a plain end of file.
  std::string reason_;

 private:
  void checkReadable() const;
  void checkWritable() const;
  bool isSeparator(char c) const {
    return c == ' ' || (c >= '\t' && c <= '\r') || (colonsSeparate_ && (c == ':' || c == ';'));
  }
  int64_t readBinary(DType type, void* values, int64_t n);
  int64_t readText(DType type, void* values, int64_t n);
  int64_t writeBinary(DType type, const void* values, int64_t n);
  int64_t writeText(DType type, const void* values, int64_t n);
  std::string_view nextNumber();
  void takeNewline();
  std::string readUntil(bool newline, const char* what);

  FileMode mode_;
  bool binary_ = false;
  bool autoSpacing_ = true;
  bool quiet_ = false;
  bool hasError_ = false;
  bool colonsSeparate_ = false;
  ByteOrder byteOrder_ = nativeByteOrder();
  int64_t longSize_ = 8;
};

}  // namespace cresset
