// The grammar of .t7 objects, written once: it checks an untrusted stream and drives whoever builds the
// objects.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/file/File.h"

namespace cresset::t7 {

/// What an object in a stream starts with.
enum class Tag : int32_t {
  Nil = 0,
  Number = 1,
  String = 2,
  Table = 3,
  Object = 4,  // an instance of a class; tensors and storages too
  Boolean = 5,
  OldestFunction = 6,  // no index
  LegacyFunction = 7,  // upvalues by position
  Function = 8         // upvalues as records of name, value and id
};

/// Nesting beyond this is an error. No recursion follows it: it bounds memory that a hostile file can ask
/// for.
inline constexpr int64_t kMaxDepth = 1'000'000;

/// How the instances of a class are stored.
enum class Payload : uint8_t {
  Fields,  // one table object
  Hash,    // a long, then that many pairs of key and value (tds.Hash)
  List,    // a long, then that many values (tds.Vec)
  Custom   // Builder::readPayload knows
};

/// Makes values out of what an ObjectReader finds, on a stack: the first group of functions puts one value on
/// top. `index` is what later references use; 0 for a value that nothing will refer to.
class Builder {
 public:
  virtual ~Builder() = default;

  virtual void nil() = 0;
  virtual void number(double value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void string(std::string_view bytes) = 0;
  virtual void tensor(int32_t index, const Tensor& value) = 0;
  virtual void storage(int32_t index, const Storage& value) = 0;
  virtual void generator(int32_t index, const Generator::State& state) = 0;
  /// An empty table; `count` pairs are to come, as far as the file can be believed.
  virtual void beginTable(int32_t index, int64_t count) = 0;
  /// An instance without fields. `version` is 0 in files older than versions.
  virtual Payload beginObject(int32_t index, const std::string& className, double version) = 0;
  /// A function whose table of upvalues is to come, with `upvalues` pairs as far as the file can be believed;
  /// `dump` is bytecode of any Lua.
  virtual void beginFunction(int32_t index, Tag form, std::string_view dump, int64_t upvalues) = 0;
  /// The value that was given this index before; it may still be under construction.
  virtual void reference(int32_t index) = 0;

  /// Takes a value and its key from the stack into the table, Hash or List below them. A nil value sets
  /// nothing.
  virtual void setPair() = 0;
  /// Takes a table from the stack: the fields of the object below it.
  virtual void setFields() = 0;
  /// Takes a table from the stack: the upvalues of the function below it.
  virtual void setUpvalues() = 0;
  /// Reads the payload of the Custom object on top, as far as it can: true at its end; false asks for one
  /// object, which is on top when this is called again. So no stack grows with the nesting.
  virtual bool readPayload() = 0;
};

/// Reads objects from a file. Indices are shared by all objects that one reader reads.
/// Nothing in the file is believed: lengths are compared with what the file still holds before memory is
/// taken, tensors must lie inside their storages, references must point at an object of their tag. Every
/// violation is an Error with the file, the byte it was found at (counted from 0), what was expected and what
/// came.
class ObjectReader {
 public:
  explicit ObjectReader(File& file) : file_(file) {}

  /// Reads one object; `builder` ends with one more value. In a quiet file a failure sets the error flag and
  /// the caller gets Error all the same: half an object is of no use.
  void read(Builder& builder);

  /// Without references every object is new. Default true.
  bool isReferenced() const { return referenced_; }
  void setReferenced(bool referenced) { referenced_ = referenced; }
  /// Finds out from the first tensor or storage whether longs have 4 or 8 bytes. Default false:
  /// File::longSize.
  void setDetectLongSize(bool detect) { detectLongSize_ = detect; }
  /// Makes CPU tensors of CUDA tensors also where there is a GPU.
  void setCpuOnly(bool cpuOnly) { cpuOnly_ = cpuOnly; }

  File& file() const { return file_; }
  // Payloads, as they follow the name of a class.
  Tensor readTensor(Type type);
  Storage readStorage(Type type);
  Generator::State readGenerator();
  /// Throws Error with the file and the byte position of the object being read.
  [[noreturn]] void fail(std::initializer_list<std::string_view> parts) const;

 private:
  class Rollback;
  enum class Kind : uint8_t { Table, Object, Storage, Tensor, Function };
  struct Entry {
    Tag tag = Tag::Nil;
    Kind kind = Kind::Object;
    bool built =
        false;  // the builder knows it; storages inside tensors are made known when somebody refers to them
    Storage storage;
  };
  enum class Part : uint8_t { Pairs, Items, Fields, Upvalues, Payload };
  struct Frame {
    Part part;
    int64_t left;      // values still to be read
    int64_t next = 1;  // key of the item being read
  };

  bool readValue(Builder& builder);
  bool finishValue(Builder& builder);
  struct TableHeader {
    int32_t index;
    int64_t count;  // kKnown for a table that was met before
    bool believed;
  };
  static constexpr int64_t kKnown = -1;
  TableHeader readTableHeader();
  bool beginTable(Builder& builder, const TableHeader& header);
  bool readTorchObject(Builder& builder);
  bool readFunction(Builder& builder, Tag tag);
  bool beginObject(Builder& builder, int32_t index, const std::string& className, double version);
  bool isReference(Tag tag, int32_t index, Entry*& entry);
  void push(Part part, int64_t values);
  bool expectValues(int64_t values);

  void readHeader(std::string& className, double& version);
  Storage readStorageOf(Type type);
  Type placed(Type type);

  int32_t readInt(const char* what);
  int64_t readCount(const char* what);
  int64_t readLong(const char* what);
  void readLongs(int64_t* values, int64_t n, const char* what);
  double readDouble(const char* what);
  std::string readString(const char* what);
  int32_t readIndex();
  Tag readTag();
  [[noreturn]] void failShort(const char* what, int64_t wanted, int64_t got) const;

  File& file_;
  bool referenced_ = true;
  bool detectLongSize_ = false;
  bool cpuOnly_ = false;
  bool badKey_ = false;  // the last value was nil or NaN
  int64_t start_ = 0;    // of the item being read, for messages
  std::vector<Frame> frames_;
  int64_t pending_ = 0;  // values that all frames still wait for
  std::unordered_map<int32_t, Entry> entries_;
};

}  // namespace cresset::t7
