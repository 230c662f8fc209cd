#include "tensor/file/ObjectReader.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "tensor/Error.h"
#include "tensor/file/format.h"

namespace cresset::t7 {
namespace {

constexpr int64_t kTrusted = 4096;  // bytes read without asking first whether the file has them

constexpr int64_t kFew = 8;             // pairs that memory is taken for on trust
constexpr int64_t kMostUpvalues = 255;  // of any Lua
constexpr int64_t kMostElements = int64_t{1} << 55;

const char* tagName(Tag tag) {
  constexpr const char* kNames[] = {"nil",     "number",   "string",   "table",   "torch object",
                                    "boolean", "function", "function", "function"};
  return kNames[static_cast<int32_t>(tag)];
}

std::atomic<bool> cudaNoticeGiven{false};

}  // namespace

void ObjectReader::fail(std::initializer_list<std::string_view> parts) const {
  std::string message = "byte " + text(start_) + ": ";
  for (std::string_view part : parts) message += part;
  cresset::fail(file_.name(), {message});
}

void ObjectReader::failShort(const char* what, int64_t wanted, int64_t got) const {
  const std::string came = text(got) + " of " + text(wanted) + (wanted == 1 ? " value" : " values");
  const std::string next(file_.peek(1).substr(0, 12));
  if (next.empty()) fail({"read error: the file ends inside ", what, " (", came, " there): it is truncated"});
  fail({"read error: expected ", what, ", got '", printable(next), "' (", came, " there)"});
}

int32_t ObjectReader::readInt(const char* what) {
  start_ = file_.position();
  int32_t value = 0;
  if (file_.tryRead(DType::Int, &value, 1) != 1) failShort(what, 1, 0);
  return value;
}

void ObjectReader::readLongs(int64_t* values, int64_t n, const char* what) {
  start_ = file_.position();
  const int64_t got = file_.tryRead(DType::Long, values, n);
  if (got < n) failShort(what, n, got);
}

int64_t ObjectReader::readLong(const char* what) {
  int64_t value = 0;
  readLongs(&value, 1, what);
  return value;
}

double ObjectReader::readDouble(const char* what) {
  start_ = file_.position();
  double value = 0;
  if (file_.tryRead(DType::Double, &value, 1) != 1) failShort(what, 1, 0);
  return value;
}

int64_t ObjectReader::readCount(const char* what) {
  const int64_t count = readLong(what);
  if (count < 0 || count > kMostElements) fail({"expected ", what, ", got ", text(count)});
  return count;
}

std::string ObjectReader::readString(const char* what) {
  const int64_t n = readInt(what);
  if (n < 0) fail({"expected the length of ", what, ", got ", text(n)});
  if (n > kTrusted) {
    const int64_t left = file_.remaining();
    if (left >= 0 && n > left)
      fail({"expected ", what, " of ", text(n), " bytes, but the file has only ", text(left),
            " more: it is truncated or damaged"});
  }
  std::string bytes;
  const bool autoSpacing = file_.isAutoSpacing();
  while (static_cast<int64_t>(bytes.size()) < n) {
    // A pipe may claim any length: take it in steps that what has come already justifies.
    const auto had = static_cast<int64_t>(bytes.size());
    const int64_t step = std::min(n - had, std::max(had, kTrusted));
    bytes.resize(static_cast<size_t>(had + step));
    file_.setAutoSpacing(autoSpacing && had + step == n);  // the newline follows the last step
    const int64_t got = file_.tryRead(DType::Byte, bytes.data() + had, step);
    file_.setAutoSpacing(autoSpacing);
    if (got < step) failShort(what, n, had + got);
  }
  return bytes;
}

Tag ObjectReader::readTag() {
  const int32_t tag = readInt("the tag of an object");
  if (tag < 0 || tag > 8) fail({"unknown object: expected a tag from 0 to 8, got ", text(int64_t{tag})});
  return static_cast<Tag>(tag);
}

int32_t ObjectReader::readIndex() {
  const int32_t index = readInt("the index of an object");
  if (index < 1) fail({"expected the index of an object, got ", text(int64_t{index})});
  return index;
}

void ObjectReader::push(Part part, int64_t values) {
  if (static_cast<int64_t>(frames_.size()) >= kMaxDepth)
    fail({"objects are nested more than ", text(kMaxDepth), " deep"});
  frames_.push_back({part, values});
  pending_ += values;
}

// Throws when the file is too short for `values` more values besides those that it has promised already: so
// all promises together stay below the size of the file. Returns false when the size is not known.
bool ObjectReader::expectValues(int64_t values) {
  const int64_t left = file_.remaining();
  if (left < 0) return false;
  const int64_t leastBytes = file_.isBinary() ? 4 : 2;  // nil
  const int64_t promised =
      pending_ - static_cast<int64_t>(frames_.size()) + values;  // one of each frame has begun
  if (promised > left / leastBytes + 1)
    fail({"expected ", text(promised), " more values, but the file has only ", text(left),
          " more bytes: it is truncated or damaged"});
  return true;
}

// Forgets what a failed read has begun. A destructor, because errors of Lua pass here that no handler may
// catch.
class ObjectReader::Rollback {
 public:
  explicit Rollback(ObjectReader& reader)
      : reader_(reader), frames_(reader.frames_.size()), pending_(reader.pending_) {}
  Rollback(const Rollback&) = delete;
  Rollback& operator=(const Rollback&) = delete;
  ~Rollback() {
    if (done_) return;
    reader_.frames_.erase(reader_.frames_.begin() + static_cast<ptrdiff_t>(frames_), reader_.frames_.end());
    reader_.pending_ = pending_;
    reader_.file_.setError();
  }
  /// Whether only the frames of reads that wait for a custom payload are left.
  bool isOutermost() const { return reader_.frames_.size() == frames_; }
  void keep() { done_ = true; }

 private:
  ObjectReader& reader_;
  size_t frames_;
  int64_t pending_;
  bool done_ = false;
};

void ObjectReader::read(Builder& builder) {
  Rollback rollback(*this);
  do {
    bool whole = readValue(builder);
    while (whole && !rollback.isOutermost()) whole = finishValue(builder);
  } while (!rollback.isOutermost());
  rollback.keep();
}

// Files a value in what contains it. Returns whether that completes the container. A builder may call methods
// of a class, and these may read from the file: no reference into `frames_` outlives such a call.
bool ObjectReader::finishValue(Builder& builder) {
  const int64_t left = --frames_.back().left;
  --pending_;
  switch (frames_.back().part) {
    case Part::Pairs:
      if (left % 2 == 1) {
        if (badKey_) fail({"a table key is nil or NaN"});
        return false;
      }
      builder.setPair();
      break;
    case Part::Items:
      builder.setPair();
      if (left > 0) builder.number(static_cast<double>(++frames_.back().next));
      break;
    case Part::Fields:
      builder.setFields();
      break;
    case Part::Upvalues:
      builder.setUpvalues();
      break;
    case Part::Payload:
      if (builder.readPayload()) break;
      frames_.back().left = 1;
      ++pending_;
      return false;
  }
  if (left > 0) return false;
  frames_.pop_back();
  badKey_ = false;
  return true;
}

// Returns false when the value goes on: its parts are to be read next.
bool ObjectReader::readValue(Builder& builder) {
  const Tag tag = readTag();
  badKey_ = tag == Tag::Nil;
  if (!frames_.empty() && frames_.back().part == Part::Fields && tag != Tag::Table)
    fail({"expected the table with the fields of an object, got a ", tagName(tag),
          ": its class writes itself in a form of its own"});
  switch (tag) {
    case Tag::Nil:
      builder.nil();
      return true;
    case Tag::Number: {
      const double value = readDouble("a number");
      badKey_ = std::isnan(value);
      builder.number(value);
      return true;
    }
    case Tag::String:
      builder.string(readString("a string"));
      return true;
    case Tag::Boolean:
      builder.boolean(readInt("a boolean") == 1);
      return true;
    case Tag::Table:
      return beginTable(builder, readTableHeader());
    case Tag::Object:
      return readTorchObject(builder);
    default:
      return readFunction(builder, tag);
  }
}

// Finds the object with this index, or makes its entry.
bool ObjectReader::isReference(Tag tag, int32_t index, Entry*& entry) {
  const auto [found, isNew] = entries_.try_emplace(index);
  entry = &found->second;
  if (isNew) {
    entry->tag = tag;
    return false;
  }
  if (entry->tag != tag)
    fail({"expected object ", text(int64_t{index}), " to be a ", tagName(tag), ", but it is a ",
          tagName(entry->tag)});
  return true;
}

ObjectReader::TableHeader ObjectReader::readTableHeader() {
  const int32_t index = readIndex();
  if (referenced_) {
    Entry* entry;
    if (isReference(Tag::Table, index, entry)) return {index, kKnown, true};
    entry->kind = Kind::Table;
  }
  const int64_t count = readInt("the number of pairs in a table");
  if (count < 0) fail({"expected the number of pairs in a table, got ", text(count)});
  return {referenced_ ? index : 0, count, expectValues(2 * count)};
}

bool ObjectReader::beginTable(Builder& builder, const TableHeader& header) {
  if (header.count == kKnown) {
    builder.reference(header.index);
    return true;
  }
  builder.beginTable(header.index, header.believed ? header.count : std::min(header.count, kFew));
  if (header.count == 0) return true;
  push(Part::Pairs, 2 * header.count);
  return false;
}

void ObjectReader::readHeader(std::string& className, double& version) {
  className = readString("the version of a class");
  version = 0;
  if (className.size() > 2 && className.starts_with("V ")) {
    const char* end = className.data() + className.size();
    const std::from_chars_result result = std::from_chars(className.data() + 2, end, version);
    if (result.ec == std::errc() && result.ptr == end) {
      className = readString("the name of a class");
    } else {
      version = 0;
    }
  }
}

bool ObjectReader::readTorchObject(Builder& builder) {
  int32_t index = readIndex();
  Entry* entry = nullptr;
  if (referenced_) {
    if (isReference(Tag::Object, index, entry)) {
      if (entry->built) {
        builder.reference(index);
      } else if (entry->kind == Kind::Storage) {
        entry->built = true;
        builder.storage(index, entry->storage);
      } else {
        fail({"object ", text(int64_t{index}), " refers to itself before it exists"});
      }
      return true;
    }
  } else {
    index = 0;
  }
  std::string className;
  double version;
  readHeader(className, version);

  Type type;
  if (parseTensorType(className, type)) {
    if (entry) entry->kind = Kind::Tensor;
    builder.tensor(index, readTensor(placed(type)));
  } else if (parseStorageType(className, type)) {
    const Storage storage = readStorage(placed(type));
    if (entry) entry->kind = Kind::Storage;
    if (entry) entry->storage = storage;
    builder.storage(index, storage);
  } else if (className == "torch.Generator") {
    builder.generator(index, readGenerator());
  } else {
    if (entry) entry->built = true;  // its own fields may refer to it
    return beginObject(builder, index, className, version);
  }
  if (entry) entry->built = true;
  return true;
}

bool ObjectReader::beginObject(Builder& builder, int32_t index, const std::string& className,
                               double version) {
  switch (builder.beginObject(index, className, version)) {
    case Payload::Fields:
      push(Part::Fields, 1);
      return false;
    case Payload::Hash: {
      const int64_t count = readCount("the number of pairs in a hash");
      if (count == 0) return true;
      expectValues(2 * count);
      push(Part::Pairs, 2 * count);
      return false;
    }
    case Payload::List: {
      const int64_t count = readCount("the number of values in a list");
      if (count == 0) return true;
      expectValues(count);
      push(Part::Items, count);
      builder.number(1);
      return false;
    }
    case Payload::Custom:
      if (!builder.readPayload()) {
        push(Part::Payload, 1);
        return false;
      }
      badKey_ = false;
      return true;
  }
  return true;
}

bool ObjectReader::readFunction(Builder& builder, Tag tag) {
  int32_t index = 0;
  if (tag != Tag::OldestFunction) {
    index = readIndex();
    if (referenced_) {
      Entry* entry;
      if (isReference(tag, index, entry)) {
        builder.reference(index);
        return true;
      }
      entry->kind = Kind::Function;
    } else {
      index = 0;
    }
  }
  const std::string dump = readString("the bytecode of a function");
  // The table is announced here because a builder has to know how many upvalues a function has when it makes
  // it.
  const Tag next = readTag();
  if (next != Tag::Table) fail({"expected the table of upvalues, got a ", tagName(next)});
  const TableHeader upvalues = readTableHeader();
  builder.beginFunction(index, tag, dump, std::clamp<int64_t>(upvalues.count, 0, kMostUpvalues));
  push(Part::Upvalues, 1);
  return beginTable(builder, upvalues);
}

Type ObjectReader::placed(Type type) {
  if (type.device == Device::CPU) return type;
  const Type host{type.dtype, Device::CPU};
  if (cpuOnly_) return host;
  if (isAvailable(type.device)) return type;
  if (!cudaNoticeGiven.exchange(true)) {
    std::fprintf(
        stderr,
        "cresset: %s is loaded as %s: no CUDA here (require 'cutorch' before loading to keep it on a GPU)\n",
        tensorTypeName(type), tensorTypeName(host));
  }
  return host;
}

Tensor ObjectReader::readTensor(Type type) {
  if (detectLongSize_ && file_.isBinary()) {
    detectLongSize_ = false;
    file_.setLongSize(guessLongSizeOfTensor(file_));
  }
  const int64_t first = file_.position();
  const int64_t dims = readInt("the number of dimensions of a tensor");
  if (dims < 0 || dims > kMaxDims)
    fail({"expected 0 to ", text(int64_t{kMaxDims}), " dimensions, got ", text(dims)});
  int64_t sizes[kMaxDims], strides[kMaxDims];
  readLongs(sizes, dims, "the sizes of a tensor");
  readLongs(strides, dims, "the strides of a tensor");
  const int64_t offset = readLong("the storage offset of a tensor");
  const Storage storage = readStorageOf(type);

  start_ = first;
  const std::string shape = shapeText(sizes, dims);
  int64_t elements = dims > 0 ? 1 : 0;
  for (int64_t d = 0; d < dims; ++d) {
    if (sizes[d] < 0) fail({"expected the sizes of a tensor, got ", shape});
    if (strides[d] < 0) fail({"expected the strides of a tensor, got ", shapeText(strides, dims)});
    if (sizes[d] == 0) elements = 0;
    if (elements > 0 && __builtin_mul_overflow(elements, sizes[d], &elements))
      fail({"a tensor of ", shape, " has too many elements"});
  }
  if (elements == 0) {  // no dimension with a size of 0 exists in a running program: the tensor is empty
    if (!storage) return Tensor(type);
    if (offset < 1 || offset - 1 > storage.size())
      fail({"storage offset ", text(offset), " lies outside of ", text(storage.size()), " elements"});
    return Tensor(storage, offset - 1, {});
  }
  if (!storage) fail({"a tensor of ", shape, " has no storage"});
  int64_t last = offset;
  bool inside = offset >= 1;
  for (int64_t d = 0; inside && d < dims; ++d) {
    int64_t extent;
    inside = !__builtin_mul_overflow(sizes[d] - 1, strides[d], &extent) &&
             !__builtin_add_overflow(last, extent, &last);
  }
  if (!inside || last > storage.size())
    fail({"a tensor of ", shape, " with strides ", shapeText(strides, dims), " at offset ", text(offset),
          " does not fit its storage of ", text(storage.size()), " elements"});
  return Tensor(storage, offset - 1, Sizes(sizes, dims), Sizes(strides, dims));
}

// The storage object of a tensor of this type, which may be nil.
Storage ObjectReader::readStorageOf(Type type) {
  const Tag tag = readTag();
  if (tag == Tag::Nil) return {};
  if (tag != Tag::Object) fail({"expected a storage or nil, got a ", tagName(tag)});
  const int32_t index = readIndex();
  Entry* entry = nullptr;
  if (referenced_ && isReference(Tag::Object, index, entry)) {
    if (entry->kind != Kind::Storage || !entry->storage)
      fail({"expected object ", text(int64_t{index}), " to be a ", storageTypeName(type)});
    if (entry->storage.type() != type)
      fail({"expected object ", text(int64_t{index}), " to be a ", storageTypeName(type), ", but it is a ",
            storageTypeName(entry->storage.type())});
    return entry->storage;
  }
  std::string className;
  double version;
  readHeader(className, version);
  Type stored;
  if (!parseStorageType(className, stored) || placed(stored) != type)
    fail({"expected ", storageTypeName(type), ", got '", printable(className), "'"});
  Storage storage = readStorage(type);
  if (entry) {
    entry->kind = Kind::Storage;
    entry->storage = storage;
  }
  return storage;
}

Storage ObjectReader::readStorage(Type type) {
  if (detectLongSize_ && file_.isBinary()) {
    detectLongSize_ = false;
    file_.setLongSize(guessLongSizeOfStorage(file_, type.dtype));
  }
  const int64_t n = readCount("the size of a storage");
  const int64_t left = file_.remaining();
  if (left >= 0) {
    // In ascii a number takes a digit and, but for the last one, a separator; bytes are raw.
    const bool raw = file_.isBinary() || type.dtype == DType::Byte || type.dtype == DType::Char;
    const int64_t fits = raw ? left / file_.encodedSize(type.dtype) : (left + 1) / 2;
    if (n > fits)
      fail({"expected ", storageTypeName(type), " of ", text(n), " elements, but the file has only ",
            text(left), " more bytes: it is truncated or damaged"});
  }
  Storage host = file_.tryReadStorage(type.dtype, n);
  if (host.size() < n) failShort("the elements of a storage", n, host.size());
  if (type.device == Device::CPU) return host;
  if (n == 0) return Storage(type, 0);
  const Tensor device(type, {n});
  device.copy(Tensor(host, 0, {n}));
  return device.storage();
}

Generator::State ObjectReader::readGenerator() {
  start_ = file_.position();
  Generator::State state;
  const int64_t got = file_.tryRead(DType::Byte, &state, Generator::kStateBytes);
  if (got < Generator::kStateBytes) failShort("the state of a generator", Generator::kStateBytes, got);
  try {
    Generator().setState(state);
  } catch (const Error& error) {
    fail({"expected the state of a generator: ", error.what()});
  }
  return state;
}

}  // namespace cresset::t7
