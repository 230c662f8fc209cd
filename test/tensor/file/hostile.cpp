// Files that are damaged, cut, or made to harm: an error that says where and why, never more.
#include <cctype>
#include <cstring>

#include "tensor/file/t7.h"
#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using namespace t7;

// Something of everything: shared tensors, an object, a function, a generator.
std::string sample(Mode mode) {
  Document document;
  Table* table = document.newTable();
  const Tensor x = integers(kFloat, {3, 4}, 0, 9);
  table->append(x);
  table->append(x.t());
  table->set("longs", integers(kLong, {2}, 0, 9));
  table->set("bytes", integers(kByte, {3}, 0, 9));
  Object* object = document.newObject("nn.Thing", 2);
  object->fields->set("owner", table);
  object->fields->set("train", true);
  table->set("module", object);
  Function* function = document.newFunction("\x1bLJ\x02 and so on");
  function->upvalues->append(object);
  table->set("f", function);
  return serialize(table, {mode});
}

// Whatever the bytes are: a document or an Error.
bool loads(const std::string& bytes, Mode mode = Mode::Auto) {
  try {
    deserialize(bytes, {mode, true, true});
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("a_file_cut_anywhere_is_an_error") {
  for (const Mode mode : {Mode::Binary, Mode::B32, Mode::Ascii}) {
    const std::string whole = sample(mode);
    REQUIRE(loads(whole));
    for (size_t n = 0; n < whole.size(); ++n) {
      INFO("mode " << static_cast<int>(mode) << ": " << n << " of " << whole.size());
      const bool good = loads(whole.substr(0, n), mode);
      // In ascii nothing tells a number from the start of a longer one, and the last newline is no loss.
      const bool insideNumber =
          n > 0 && std::isdigit(whole[n - 1]) && (std::isdigit(whole[n]) || n + 1 == whole.size());
      if (good && !(mode == Mode::Ascii && insideNumber)) FAIL_CHECK("loads");
      loads(whole.substr(0, n));
    }
  }
}

TEST_CASE("a_flipped_bit_gives_a_document_or_an_error") {
  for (const Mode mode : {Mode::Binary, Mode::Ascii}) {
    const std::string whole = sample(mode);
    int good = 0;
    for (size_t i = 0; i < 8 * whole.size(); ++i) {
      std::string bytes = whole;
      bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
      good += loads(bytes);
      loads(bytes, mode);
    }
    CHECK(good > 0);
  }
}

std::string tensorWith(const std::string& geometry) {
  return fromHex("04000000 01000000 03000000 562031 11000000") + "torch.FloatTensor" + fromHex(geometry);
}
std::string storageOf(int elements) {
  std::string bytes = fromHex("04000000 02000000 03000000 562031 12000000") + "torch.FloatStorage";
  const int64_t n = elements;
  bytes.append(reinterpret_cast<const char*>(&n), sizeof n);
  return bytes + std::string(static_cast<size_t>(4 * elements), '\0');
}
constexpr char kOne[] = "0100000000000000";
constexpr char kHuge[] = "ffffffffffffff7f";
constexpr char kMinusOne[] = "ffffffffffffffff";

TEST_CASE("tensors_that_leave_their_storage_are_refused") {
  const auto oneDim = [](const std::string& size, const std::string& stride, const std::string& offset) {
    return tensorWith("01000000" + size + stride + offset) + storageOf(2);
  };
  const LoadOptions binary{Mode::Binary};
  const std::string three = "0300000000000000";

  CHECK_ERROR(deserialize(oneDim(three, kOne, kOne), binary),
              "[3] with strides [1] at offset 1 does not fit its storage of 2");
  CHECK_ERROR(deserialize(oneDim(kOne, kOne, three), binary), "does not fit");
  CHECK_ERROR(deserialize(oneDim(kOne, kOne, "0000000000000000"), binary), "does not fit");
  CHECK_ERROR(deserialize(oneDim(kOne, kOne, kMinusOne), binary), "does not fit");
  CHECK_ERROR(deserialize(oneDim(three, kHuge, kOne), binary), "does not fit");
  CHECK_ERROR(deserialize(oneDim(kHuge, kHuge, kHuge), binary), "does not fit");
  CHECK_ERROR(deserialize(oneDim(kMinusOne, kOne, kOne), binary), "expected the sizes of a tensor, got [-1]");
  CHECK_ERROR(deserialize(oneDim(kOne, kMinusOne, kOne), binary),
              "expected the strides of a tensor, got [-1]");
  CHECK_ERROR(deserialize(tensorWith("02000000" + std::string(kHuge) + kHuge +
                                     "00000000000000000000000000000000" + kOne) +
                              storageOf(2),
                          binary),
              "too many elements");
  CHECK_ERROR(deserialize(tensorWith("41000000"), binary), "expected 0 to 64 dimensions, got 65");
  CHECK_ERROR(deserialize(tensorWith("ffffffff"), binary), "expected 0 to 64 dimensions, got -1");
  CHECK_ERROR(deserialize(tensorWith("01000000" + three + kOne + kOne + "00000000"), binary),
              "has no storage");
}

TEST_CASE("a_size_of_zero_makes_an_empty_tensor") {
  const std::string zero = "0000000000000000";

  const Document loaded =
      deserialize(tensorWith("01000000" + zero + kOne + kOne) + storageOf(2), {Mode::Binary});

  CHECK(loaded.root.get<Tensor>()->empty());
  CHECK(loaded.root.get<Tensor>()->storage().size() == 2);
}

TEST_CASE("storages_must_fit_the_file_and_their_tensor") {
  const LoadOptions binary{Mode::Binary};
  const std::string geometry = "01000000" + std::string(kOne) + kOne + kOne;
  const std::string head = fromHex("04000000 02000000 03000000 562031 12000000") + "torch.FloatStorage";

  CHECK_ERROR(deserialize(head + fromHex(kHuge), binary), "expected the size of a storage");
  CHECK_ERROR(deserialize(head + fromHex(kMinusOne), binary), "expected the size of a storage, got -1");
  CHECK_ERROR(deserialize(head + fromHex("0000000001000000"), binary), "but the file has only 0 more bytes");
  const std::string doubles = fromHex("04000000 02000000 03000000 562031 13000000") + "torch.DoubleStorage" +
                              fromHex(std::string(kOne) + kOne);
  CHECK_ERROR(deserialize(tensorWith(geometry) + doubles, binary),
              "expected torch.FloatStorage, got 'torch.DoubleStorage'");
  CHECK_ERROR(deserialize(tensorWith(geometry) + fromHex("01000000 0000000000000000"), binary),
              "expected a storage or nil, got a number");
  CHECK_ERROR(deserialize(tensorWith(geometry) + fromHex("04000000 01000000"), binary),
              "expected object 1 to be a torch.FloatStorage");
}

TEST_CASE("references_must_have_the_tag_of_their_object") {
  const LoadOptions binary{Mode::Binary};
  const std::string selfAs = "01000000 000000000000F03F";  // key 1

  CHECK_ERROR(deserialize(fromHex("03000000 01000000 01000000" + selfAs + "04000000 01000000"), binary),
              "expected object 1 to be a torch object, but it is a table");
  CHECK_ERROR(deserialize(fromHex("03000000 01000000 01000000" + selfAs + "08000000 01000000"), binary),
              "expected object 1 to be a function, but it is a table");
  CHECK_ERROR(deserialize(fromHex("03000000 00000000 00000000"), binary),
              "expected the index of an object, got 0");
}

TEST_CASE("counts_and_tags_are_checked") {
  const LoadOptions binary{Mode::Binary};

  CHECK_ERROR(deserialize(fromHex("09000000"), binary),
              "byte 0: unknown object: expected a tag from 0 to 8, got 9");
  CHECK_ERROR(deserialize(fromHex("ffffffff"), binary), "unknown object");
  CHECK_ERROR(deserialize(fromHex("03000000 01000000 ffffffff"), binary),
              "expected the number of pairs in a table, got -1");
  CHECK_ERROR(deserialize(fromHex("03000000 01000000 ffffff7f"), binary),
              "but the file has only 0 more bytes");
  CHECK_ERROR(deserialize(fromHex("02000000 ffffffff"), binary), "expected the length of a string, got -1");
  CHECK_ERROR(deserialize(fromHex("02000000 ffffff7f 00"), binary), "but the file has only 1 more");
  CHECK_ERROR(deserialize(fromHex("02000000 05000000 6162"), binary),
              "read error: the file ends inside a string (2 of 5 values there): it is truncated");
  CHECK_ERROR(deserialize(fromHex("03000000 01000000 01000000 00000000 00000000"), binary),
              "a table key is nil or NaN");
  CHECK_ERROR(deserialize(fromHex("03000000 01000000 01000000 01000000 000000000000f87f 00000000"), binary),
              "a table key is nil or NaN");
  CHECK_ERROR(deserialize(fromHex("04000000 01000000 02000000 6161 01000000 0000000000000000"), binary),
              "expected the table with the fields of an object, got a number");
  CHECK_ERROR(deserialize(fromHex("06000000 00000000 05000000 01000000"), binary),
              "expected the table of upvalues, got a boolean");
}

TEST_CASE("a_nil_value_in_a_table_sets_nothing") {
  const Document loaded =
      deserialize(fromHex("03000000 01000000 01000000 05000000 01000000 00000000"), {Mode::Binary});
  CHECK(loaded.root.table()->pairs.empty());
}

TEST_CASE("nesting_without_end_is_an_error") {
  std::string bytes;
  const std::string key = fromHex("05000000 01000000");
  bytes.reserve((12 + key.size()) * (kMaxDepth + 2));
  for (int32_t index = 1; index <= kMaxDepth + 2; ++index) {
    bytes += fromHex("03000000");
    bytes.append(reinterpret_cast<const char*>(&index), sizeof index);
    bytes += fromHex("01000000") + key;
  }
  CHECK_ERROR(deserialize(bytes, {Mode::Binary}), "objects are nested more than 1000000 deep");
}

TEST_CASE("promises_of_nested_tables_add_up") {
  // Each table says that it fills the rest of the file: together they cannot.
  std::string bytes;
  for (int32_t index = 1; index <= 1000; ++index) {
    bytes += fromHex("03000000");
    bytes.append(reinterpret_cast<const char*>(&index), sizeof index);
    const int32_t count = (1000 - index) * 2;
    bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  }
  CHECK_ERROR(deserialize(bytes, {Mode::Binary}), "it is truncated or damaged");
}

TEST_CASE("other_files_are_named_for_what_they_seem_to_be") {
  CHECK_ERROR(deserialize(""), "read error: the file is empty");
  CHECK_ERROR(deserialize("<!DOCTYPE html><html>"), "an HTML or XML page");
  CHECK_ERROR(deserialize("\n  <html>"), "an HTML or XML page");
  CHECK_ERROR(deserialize("\x1f\x8b\x08 and more"), "gzip");
  CHECK_ERROR(deserialize("PK\x03\x04 and more"), "zip archive, such as a checkpoint of PyTorch");
  CHECK_ERROR(deserialize("\x80\x02\x8a\x0a and more"), "Python pickle");
  CHECK_ERROR(deserialize("{\"a\": 1}"), "JSON");
  CHECK_ERROR(deserialize("hello world"), "unknown object: not a .t7 file: it starts with 'hello world'");
  CHECK_ERROR(deserialize(std::string("\x01\x02\x03\x04\x05", 5)),
              "it starts with '\\x01\\x02\\x03\\x04\\x05'");
}

TEST_CASE("messages_name_the_file_and_the_byte") {
  const TemporaryFolder folder;
  writeFile(folder / "bad.t7", fromHex("03000000 01000000 01000000 4d000000"));

  CHECK_ERROR(load(folder / "bad.t7"),
              "torch.DiskFile <" + (folder / "bad.t7") + ">: byte 12: unknown object");
}

TEST_CASE("a_generator_with_a_state_that_cannot_be_is_refused") {
  const std::string bytes =
      fromHex("04000000 01000000 03000000 562031 0f000000") + "torch.Generator" + std::string(5048, '\xff');
  CHECK_ERROR(deserialize(bytes, {Mode::Binary}), "expected the state of a generator");
}

}  // namespace
}  // namespace cresset::test
