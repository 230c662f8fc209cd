#include "tensor/file/safetensors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "tensor/Error.h"
#include "tensor/file/AtomicFile.h"
#include "tensor/file/DiskFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/format.h"

namespace cresset::safetensors {
namespace {

using arrays::Element;
using Json = nlohmann::json;

constexpr int64_t kLongestHeader = 100'000'000;  // bytes; the format's own limit
constexpr int kDeepest = 3;                      // file, tensor, shape
constexpr char kMetadata[] = "__metadata__";

struct Known {
  std::string_view name;
  Element element;
};
// For each tensor type the first row is the one to write.
constexpr std::array<Known, 13> kKnown = {{
    {"U8", {DType::Byte}},
    {"BOOL", {DType::Byte}},
    {"I8", {DType::Char}},
    {"I16", {DType::Short}},
    {"I32", {DType::Int}},
    {"I64", {DType::Long}},
    {"F16", {DType::Half}},
    {"BF16", {DType::BFloat16}},
    {"F32", {DType::Float}},
    {"F64", {DType::Double}},
    {"U16", {DType::Short, true}},
    {"U32", {DType::Int, true}},
    {"U64", {DType::Long, true}},
}};

std::string_view nameOf(DType dtype) {
  return std::find_if(kKnown.begin(), kKnown.end(),
                      [&](const Known& known) { return known.element.stored == dtype; })
      ->name;
}

struct Entry {
  std::string name;
  Element element;
  std::vector<int64_t> sizes;
  int64_t begin = 0, end = 0;  // bytes from the first one behind the header
};

uint64_t littleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// nlohmann's parser keeps the last of two equal keys; the format forbids them.
Json parseHeader(const std::string& file, std::string_view header) {
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start) {
      if (depth >= kDeepest) fail(file, {"damaged header: nested too deeply"});
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second)
        fail(file, {"damaged header: the key '", t7::printable(key), "' is there twice"});
    }
    return true;
  };
  try {
    return Json::parse(header.begin(), header.end(), check);
  } catch (const Json::exception& error) {
    fail(file, {"damaged header: ", error.what()});
  }
}

// Integers of a JSON array, none of which is negative.
std::vector<int64_t> integersOf(const Json& list, const std::string& context, const char* key) {
  std::vector<int64_t> values;
  bool good = list.is_array();
  for (size_t i = 0; good && i < list.size(); ++i) {
    good = list[i].is_number_unsigned() && list[i].get<uint64_t>() <= INT64_MAX;
    if (good) values.push_back(list[i].get<int64_t>());
  }
  if (!good) fail(context, {key, ": expected non-negative integers, got ", list.dump().substr(0, 100)});
  return values;
}

Entry entryOf(const std::string& context, const std::string& name, const Json& value) {
  Entry entry;
  entry.name = name;
  for (const char* key : {"dtype", "shape", "data_offsets"})
    if (!value.is_object() || value.size() != 3 || !value.contains(key))
      fail(context, {"expected dtype, shape and data_offsets"});
  const Json& dtype = value["dtype"];
  const std::string type = dtype.is_string() ? dtype.get<std::string>() : dtype.dump();
  const auto* known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.name == type; });
  if (known == kKnown.end()) fail(context, {"dtype '", t7::printable(type), "' has no tensor type"});
  entry.element = known->element;
  entry.sizes = integersOf(value["shape"], context, "shape");
  const std::vector<int64_t> offsets = integersOf(value["data_offsets"], context, "data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    fail(context, {"data_offsets: expected begin <= end, got ", value["data_offsets"].dump().substr(0, 100)});
  entry.begin = offsets[0];
  entry.end = offsets[1];
  const int64_t bytes =
      arrays::countElements(context, entry.sizes, entry.element.stored) * elementSize(entry.element.stored);
  if (bytes != entry.end - entry.begin)
    fail(context, {"its shape ", shapeText(entry.sizes.data(), static_cast<int64_t>(entry.sizes.size())),
                   " takes ", text(bytes), " bytes, its data_offsets give ", text(entry.end - entry.begin)});
  return entry;
}

std::string contextOf(const std::string& file, const std::string& name) {
  return file + ": tensor '" + t7::printable(name) + "'";
}

// Each byte behind the header belongs to exactly one tensor.
void checkRanges(const std::string& file, std::vector<Entry>& entries, int64_t left) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end)
      fail(contextOf(file, entry.name),
           {entry.begin < end ? "overlaps" : "leaves a gap behind",
            " the tensor before it: its data begin at ", text(entry.begin), ", not ", text(end)});
    end = entry.end;
  }
  if (left >= 0 && end != left)
    fail(file, {"the tensors take ", text(end), " bytes, the file has ", text(left), " behind its header"});
}

}  // namespace

bool matches(std::string_view start) {
  return start.size() >= 9 && start[8] == '{' && littleEndian(start) >= 2 &&
         littleEndian(start) <= kLongestHeader && !t7::matches(start);
}

Content read(File& file) {
  const std::string name = file.name();
  file.setBinary(true);
  file.setByteOrder(ByteOrder::Little);
  std::string start(8, '\0');
  if (file.tryRead(DType::Char, start.data(), 8) < 8)
    fail(name, {"the file ends inside the length of the header"});
  const uint64_t length = littleEndian(start);
  if (length > kLongestHeader)
    fail(name,
         {"expected a header of at most ", text(kLongestHeader), " bytes, got ", std::to_string(length)});
  const Storage header = file.tryReadStorage(DType::Char, static_cast<int64_t>(length));
  if (header.size() < static_cast<int64_t>(length)) fail(name, {"the file ends inside the header"});
  const std::string_view json(header.data<char>(), static_cast<size_t>(length));
  if (!json.starts_with('{'))
    fail(name, {"damaged header: expected '{', got '", t7::printable(json.substr(0, 1)), "'"});

  Content content;
  std::vector<Entry> entries;
  const Json parsed = parseHeader(name, json);
  for (const auto& [key, value] : parsed.items()) {
    if (key != kMetadata) {
      entries.push_back(entryOf(contextOf(name, key), key, value));
      continue;
    }
    if (!value.is_object()) fail(name, {kMetadata, ": expected an object"});
    for (const auto& [about, what] : value.items()) {
      if (!what.is_string()) fail(name, {kMetadata, ": expected strings, got ", what.type_name()});
      content.metadata.emplace_back(about, what.get<std::string>());
    }
  }
  checkRanges(name, entries, file.remaining());
  for (const Entry& entry : entries)
    content.tensors.emplace_back(
        entry.name, arrays::readTensor(file, contextOf(name, entry.name), entry.element, entry.sizes));
  if (!file.peek(1).empty())
    fail(name, {"bytes follow the last tensor"});  // a pipe has no end to check before
  return content;
}

Content load(const std::string& path) {
  DiskFile file(path);
  return read(file);
}

Content deserialize(std::string_view bytes) {
  MemoryFile file = MemoryFile::reading(bytes);
  return read(file);
}

void write(File& file, const Content& content) {
  arrays::checkNames("safetensors", content.tensors);
  std::vector<const arrays::NamedTensors::value_type*> order;
  for (const auto& named : content.tensors) order.push_back(&named);
  // Wide elements first, so that every element is aligned.
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::pair(-elementSize(a->second.dtype()), a->first) <
           std::pair(-elementSize(b->second.dtype()), b->first);
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  for (const auto& [key, value] : content.metadata) header[kMetadata][key] = value;
  int64_t at = 0;
  for (const auto* named : order) {
    const auto& [name, x] = *named;
    if (name == kMetadata) fail("safetensors", {"no tensor can have the name ", kMetadata});
    nlohmann::ordered_json shape = nlohmann::ordered_json::array();
    for (const int64_t size : x.sizes()) shape.push_back(size);
    if (x.empty()) shape.push_back(0);
    const int64_t end = at + x.nElement() * elementSize(x.dtype());
    header[name] = {{"dtype", nameOf(x.dtype())}, {"shape", shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string json;
  try {
    json = header.dump();
  } catch (const Json::exception& error) {
    fail("safetensors", {"names and metadata must be UTF-8: ", error.what()});
  }
  json.append((8 - json.size() % 8) % 8, ' ');
  if (json.size() == 8) json.append(8, ' ');  // no tensors: a length of 8 would pass for a .t7 file's type
  if (static_cast<int64_t>(json.size()) > kLongestHeader)
    fail("safetensors", {"the header would take more than ", text(kLongestHeader), " bytes"});

  file.setBinary(true);
  file.setByteOrder(ByteOrder::Little);
  file.write(static_cast<int64_t>(json.size()));
  file.writeString(json);
  for (const auto* named : order) {
    const Tensor host = arrays::toWrite(named->second);
    file.write(host.dtype(), host.data(), host.nElement());
  }
}

void save(const std::string& path, const Content& content) {
  AtomicFile target(path);
  write(target.file(), content);
  target.commit();
}

}  // namespace cresset::safetensors
