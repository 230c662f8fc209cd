// A .t7 file as a tree of C++ values, for programs without Lua.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/Generator.h"
#include "tensor/Tensor.h"
#include "tensor/file/ObjectReader.h"

namespace cresset::t7 {

struct Table;
struct Object;
struct Function;

/// One value of a document. Tables, objects and functions belong to the document and are shared by pointer:
/// two values with equal pointers are the same object, and cycles are legal.
class Value {
 public:
  using Variant = std::variant<std::monostate, bool, double, std::string, Tensor, Storage,
                               std::shared_ptr<Generator>, Table*, Object*, Function*>;

  // A value is what it is made from, so that `table.set("x", 1)` reads well.
  // NOLINTBEGIN(google-explicit-constructor)
  Value() = default;  // nil
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>> Value(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      data_ = value;
    } else {
      data_ = static_cast<double>(value);
    }
  }
  Value(const char* text) : data_(std::string(text)) {}
  Value(std::string text) : data_(std::move(text)) {}
  Value(Tensor tensor) : data_(std::move(tensor)) {}
  Value(Storage storage) : data_(std::move(storage)) {}
  Value(std::shared_ptr<Generator> generator) : data_(std::move(generator)) {}
  Value(Table* table) : data_(table) {}
  Value(Object* object) : data_(object) {}
  Value(Function* function) : data_(function) {}
  // NOLINTEND(google-explicit-constructor)

  bool isNil() const { return std::holds_alternative<std::monostate>(data_); }
  /// The content when it is of this kind: bool, double, std::string, Tensor, Storage,
  /// std::shared_ptr<Generator>; otherwise null.
  template <class T> const T* get() const { return std::get_if<T>(&data_); }
  /// The node when it is one of this kind; otherwise null.
  Table* table() const;
  Object* object() const;
  Function* function() const;
  /// `number`, `torch.FloatTensor`, `nn.Linear`, ...: what Lua's torch.type says.
  std::string typeName() const;
  const Variant& data() const { return data_; }
  /// Equal content; nodes, tensors and storages are equal when they are the same object. NaN equals nothing.
  friend bool operator==(const Value& a, const Value& b);

 private:
  Variant data_;
};

/// Pairs in the order of the file. No key is nil, NaN or there twice in a table of our own making; in a
/// foreign one the last pair with a key counts.
struct Table {
  std::vector<std::pair<Value, Value>> pairs;

  /// The value at a key; nil when there is none.
  const Value& operator[](const Value& key) const;
  const Value& operator[](const char* key) const;
  /// Replaces the pair with this key or adds one. Throws Error for a key that is nil or NaN.
  void set(Value key, Value value);
  /// Adds a value at `length() + 1`.
  void append(Value value);
  /// An n such that n is a key, or 0, and n + 1 is none: the size of an array.
  int64_t length() const;
};

/// An instance of a class other than tensor, storage and generator.
struct Object {
  std::string className;
  double version = 1;       // of the class when it was written; 0 in files older than versions
  Table* fields = nullptr;  // never null in a document that was read
  Payload payload = Payload::Fields;
};

/// A Lua function, sealed: its bytecode is kept and never run.
struct Function {
  Tag form = Tag::Function;
  std::string dump;
  Table* upvalues = nullptr;  // records {name, value, id}; in the older forms plain values by position
};

/// Owns the tables, objects and functions that its values point to.
class Document {
 public:
  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  Table* newTable() { return &tables_.emplace_back(); }
  /// With an empty table of fields.
  Object* newObject(std::string className, double version = 1);
  Function* newFunction(std::string dump);

  Value root;

 private:
  std::deque<Table> tables_;  // addresses stay
  std::deque<Object> objects_;
  std::deque<Function> functions_;
};

/// Reads objects of one stream into a document; references reach from one object to earlier ones.
class DocumentReader {
 public:
  DocumentReader(ObjectReader& reader, Document& document) : reader_(reader), document_(document) {}
  Value read();

 private:
  ObjectReader& reader_;
  Document& document_;
  std::unordered_map<int32_t, Value> known_;
};

class ObjectWriter;
/// Writes a value and what it refers to; nesting of any depth.
void writeValue(ObjectWriter& writer, const Value& value);

}  // namespace cresset::t7
