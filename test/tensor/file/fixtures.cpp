// Files that Torch7 wrote: each is found out, read, and written again to the same bytes.
#include <cstdlib>
#include <iostream>

#include "tensor/file/DiskFile.h"
#include "tensor/file/ObjectWriter.h"
#include "tensor/file/t7.h"
#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

namespace fs = std::filesystem;
using namespace t7;

// The folder of the shared test data; empty, with a line that says so, where there is none.
fs::path data(const char* folder) {
  const char* root = std::getenv("CRESSET_SHARED_DATA");
  if (root != nullptr && fs::is_directory(fs::path(root) / folder)) return fs::path(root) / folder;
  std::cout << "skipped: CRESSET_SHARED_DATA names no folder with " << folder << '\n';
  return {};
}

bool isAscii(const std::string& bytes) { return bytes.size() > 1 && bytes[1] == '\n'; }

std::vector<fs::path> filesBelow(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Names like `tables.bin.t7` say how the file was written.
bool has(const fs::path& file, const char* part) {
  return file.filename().string().find(part) != std::string::npos;
}

// One object each, of classes whose payload is a table.
bool isReadable(const fs::path& file) {
  return file.extension() == ".t7" && !has(file, "stream.") && !has(file, "raw.") && !has(file, "classes.");
}

TEST_CASE("fixtures_are_written_again_byte_for_byte") {
  const fs::path folder = data("t7-fixtures");
  if (folder.empty()) return;
  int files = 0;
  for (const fs::path& path : filesBelow(folder)) {
    if (!isReadable(path)) continue;
    INFO(path.filename().string());
    const std::string original = contentOf(path);
    const bool referenced = !has(path, ".noref.");

    const Document document = load(path, {Mode::Auto, referenced});

    const Mode mode = has(path, ".ascii.") ? Mode::Ascii : has(path, ".b32.") ? Mode::B32 : Mode::Binary;
    const std::string again = serialize(document.root, {mode, referenced});
    if (has(path, ".bigendian.")) {
      const std::string name = path.filename().string();
      const fs::path native = folder / (name.substr(0, name.find('.')) + ".bin.t7");
      CHECK(again == contentOf(native));
    } else {
      CHECK(again == original);
    }
    ++files;
  }
  CHECK(files > 100);
}

TEST_CASE("older_files_are_written_again_byte_for_byte") {
  const fs::path folder = data("t7");
  if (folder.empty()) return;
  int files = 0;
  for (const fs::path& path : filesBelow(folder)) {
    if (path.extension() == ".json" || path.extension() == ".h5" || path.extension() == ".md") continue;
    INFO(path.filename().string());
    const std::string original = contentOf(path);

    const Document document = load(path);

    // Some were written by systems whose text of a number differs: read the copy instead.
    const std::string again = serialize(document.root, {isAscii(original) ? Mode::Ascii : Mode::Binary});
    if (!isAscii(original)) CHECK(again == original);
    CHECK(serialize(deserialize(again).root, {Mode::Binary}) == serialize(document.root, {Mode::Binary}));
    ++files;
  }
  CHECK(files > 60);
}

TEST_CASE("references_reach_across_the_objects_of_a_stream") {
  const fs::path folder = data("t7-fixtures");
  if (folder.empty()) return;
  for (const char* name : {"stream.bin.t7", "stream.ascii.t7"}) {
    DiskFile file(folder / name);
    ObjectReader reader(file);
    prepareToRead(file, reader, {});
    Document document;
    DocumentReader objects(reader, document);

    const Value first = objects.read();
    const Value second = objects.read();
    const Value third = objects.read();
    const Value fourth = objects.read();
    const Value fifth = objects.read();
    const Value sixth = objects.read();
    const Value seventh = objects.read();

    CHECK((*first.table())["name"] == Value("seen before"));
    CHECK((*first.table())["t"] == second);
    CHECK(values(*second.get<Tensor>()) == Values{1, 2, 3});
    CHECK(third == Value("text"));
    CHECK(fourth == first);
    CHECK(fifth == Value(5));
    CHECK(values(*sixth.get<Tensor>()) == Values{2, 3});
    CHECK(sixth.get<Tensor>()->storage().is(second.get<Tensor>()->storage()));
    CHECK(seventh == Value(false));
    CHECK(file.remaining() == 0);
    CHECK_ERROR(objects.read(), "the file ends");
  }
}

TEST_CASE("raw_values_are_read_one_by_one") {
  const fs::path folder = data("t7-fixtures");
  if (folder.empty()) return;
  for (const bool binary : {true, false}) {
    DiskFile file(folder / (binary ? "raw.bin.t7" : "raw.ascii.t7"));
    file.setBinary(binary);

    CHECK(file.read<int32_t>() == -7);
    CHECK(file.read<int64_t>() == 5000000000);
    CHECK(file.read<int16_t>() == -300);
    CHECK(file.read<uint8_t>() == 200);
    CHECK(file.read<int8_t>() == 65);
    CHECK(file.read<float>() == 0.1F);
    CHECK(file.read<double>() == 0.1);
    CHECK(file.readBool());
    CHECK(values(Tensor(file.readStorage(DType::Int, 3), 0, {3})) == Values{1, 2, 3});
    CHECK(values(Tensor(file.readStorage(DType::Double, 2), 0, {2})) == Values{0.5, -0.25});
    CHECK(file.readAll() == "end\n");
  }
}

TEST_CASE("a_class_with_a_form_of_its_own_is_named_as_such") {
  const fs::path folder = data("t7-fixtures");
  if (folder.empty()) return;
  CHECK_ERROR(load(folder / "classes.bin.t7"), "its class writes itself in a form of its own");
}

}  // namespace
}  // namespace cresset::test
