#include "tensor/file/t7.h"

#include "tensor/Error.h"
#include "tensor/file/AtomicFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/ObjectWriter.h"

namespace cresset::t7 {
namespace {

Document loadFrom(File& file, const LoadOptions& options) {
  ObjectReader reader(file);
  prepareToRead(file, reader, options);
  Document document;
  document.root = DocumentReader(reader, document).read();
  return document;
}

void saveTo(File& file, const Value& value, const SaveOptions& options) {
  prepareToWrite(file, options);
  ObjectWriter writer(file);
  writer.setReferenced(options.referenced);
  writeValue(writer, value);
}

}  // namespace

Mode parseMode(std::string_view name) {
  if (name == "binary") return Mode::Binary;
  if (name == "ascii") return Mode::Ascii;
  if (name == "b32") return Mode::B32;
  if (name == "b64") return Mode::B64;
  if (name == "auto") return Mode::Auto;
  fail("t7", {"expected the mode 'binary', 'ascii', 'b32', 'b64' or 'auto', got '", name, "'"});
}

void prepareToRead(File& file, ObjectReader& reader, const LoadOptions& options) {
  if (options.mode == Mode::Auto) {
    detectFormat(file);
    reader.setDetectLongSize(true);
  } else {
    file.setBinary(options.mode != Mode::Ascii);
    file.setLongSize(options.mode == Mode::B32 ? 4 : 8);
  }
  reader.setReferenced(options.referenced);
  reader.setCpuOnly(options.cpu);
}

void prepareToWrite(File& file, const SaveOptions& options) {
  file.setBinary(options.mode != Mode::Ascii);
  file.setLongSize(options.mode == Mode::B32 ? 4 : 8);
}

Document load(const std::string& path, const LoadOptions& options) {
  DiskFile file(path);
  return loadFrom(file, options);
}

void save(const std::string& path, const Value& value, const SaveOptions& options) {
  AtomicFile target(path);
  saveTo(target.file(), value, options);
  target.commit();
}

Document deserialize(std::string_view bytes, const LoadOptions& options) {
  MemoryFile file = MemoryFile::reading(bytes);
  return loadFrom(file, options);
}

std::string serialize(const Value& value, const SaveOptions& options) {
  MemoryFile file("w");
  saveTo(file, value, options);
  const Storage bytes = file.storage();
  return std::string(bytes.data<char>(), static_cast<size_t>(bytes.size() - 1));
}

}  // namespace cresset::t7
