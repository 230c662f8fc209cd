// Saving and loading: the bytes of the format, and what comes back.
#include "tensor/file/t7.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "tensor/file/MemoryFile.h"
#include "tensor/file/ObjectWriter.h"
#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using namespace t7;

std::string asciiBytes(const Value& value) { return serialize(value, {Mode::Ascii}); }

TEST_CASE("scalars_have_the_bytes_of_the_format") {
  CHECK(serialize(Value()) == fromHex("00000000"));
  CHECK(serialize(1.5) == fromHex("01000000 000000000000F83F"));
  CHECK(serialize(true) == fromHex("05000000 01000000"));
  CHECK(serialize("hi") == fromHex("02000000 02000000 6869"));
}

TEST_CASE("tables_have_the_bytes_of_the_format") {
  Document document;
  Table* table = document.newTable();
  CHECK(serialize(table) == fromHex("03000000 01000000 00000000"));

  table->append(10);
  table->set("a", "b");

  CHECK(serialize(table) == fromHex("03000000 01000000 02000000"
                                    "01000000 000000000000F03F  01000000 0000000000002440"
                                    "02000000 01000000 61       02000000 01000000 62"));
  CHECK(asciiBytes(table) == "3\n1\n2\n1\n1\n1\n10\n2\n1\na\n2\n1\nb\n");
}

TEST_CASE("tensors_have_the_bytes_of_the_format") {
  const std::string head = fromHex("04000000 01000000 03000000 562031 12000000") + "torch.DoubleTensor";

  CHECK(serialize(Tensor(kDouble)) == head + fromHex("00000000 0100000000000000 00000000"));
  CHECK(serialize(vectorOf(kDouble, {1, 2})) ==
        head + fromHex("01000000 0200000000000000 0100000000000000 0100000000000000") +
            fromHex("04000000 02000000 03000000 562031 13000000") + "torch.DoubleStorage" +
            fromHex("0200000000000000 000000000000F03F 0000000000000040"));
  CHECK(asciiBytes(tensorOf(kFloat, {1, 2}, {1, 0.1})) ==
        "4\n1\n3\nV 1\n17\ntorch.FloatTensor\n2\n1 2\n2 1\n1\n4\n2\n3\nV 1\n18\ntorch.FloatStorage\n2\n1 "
        "0.100000001\n");
}

TEST_CASE("one_object_at_two_places_is_written_once") {
  Document document;
  const Tensor x = vectorOf(kDouble, {1, 2});
  Table* pair = document.newTable();
  pair->append(x);
  pair->append(x);

  const std::string bytes = serialize(pair);
  const Document loaded = deserialize(bytes);

  CHECK(bytes.ends_with(fromHex("04000000 02000000")));
  const Table& came = *loaded.root.table();
  CHECK(came[Value(1)].get<Tensor>()->is(*came[Value(2)].get<Tensor>()));
}

struct Encoding {
  Mode mode;
  ByteOrder order;
};

std::string encode(const Value& value, Encoding encoding) {
  MemoryFile file("w");
  prepareToWrite(file, {encoding.mode});
  file.setByteOrder(encoding.order);
  ObjectWriter writer(file);
  writeValue(writer, value);
  const Storage bytes = file.storage();
  return {bytes.data<char>(), static_cast<size_t>(bytes.size() - 1)};
}

constexpr Encoding kEncodings[] = {{Mode::Binary, ByteOrder::Little}, {Mode::Binary, ByteOrder::Big},
                                   {Mode::B32, ByteOrder::Little},    {Mode::B32, ByteOrder::Big},
                                   {Mode::B64, ByteOrder::Little},    {Mode::Ascii, ByteOrder::Little}};

TEST_EACH_TYPE(tensors_of_each_type_come_back_from_each_encoding_which_is_found_out, EveryType) {
  const Tensor x = integers(typeOf<TestType>, {5, 7}, 0, 100);
  Document document;
  Table* table = document.newTable();
  table->set("all", x);
  table->set("transposed", x.t());
  table->set("narrowed", x.narrow(1, 2, 3));
  table->set("expanded", x.narrow(0, 1, 1).expand({4, 7}));
  table->set("empty", Tensor(typeOf<TestType>));
  table->set("storage", x.storage());
  for (const Encoding encoding : kEncodings) {
    INFO("mode " << static_cast<int>(encoding.mode) << " order " << static_cast<int>(encoding.order));

    const Document loaded = deserialize(encode(table, encoding));

    const Table& came = *loaded.root.table();
    const Storage* storage = came["storage"].get<Storage>();
    REQUIRE(storage != nullptr);
    for (const std::pair<Value, Value>& pair : table->pairs) {
      const Tensor* wanted = pair.second.get<Tensor>();
      if (wanted == nullptr) continue;
      const Tensor* got = came[pair.first].get<Tensor>();
      REQUIRE(got != nullptr);
      CHECK(got->type() == wanted->type());
      CHECK(got->sizes() == wanted->sizes());
      CHECK(got->strides() == wanted->strides());
      CHECK(got->storageOffset() == wanted->storageOffset());
      CHECK(values(*got) == values(*wanted));
      if (wanted->hasStorage()) CHECK(got->storage().is(*storage));
    }
  }
}

TEST_CASE("a_storage_alone_tells_its_long_size") {
  for (const Type type : {kByte, kLong, kFloat, kDouble}) {
    const Tensor x = integers(type, {9}, 0, 3);
    for (const Encoding encoding : kEncodings) {
      const Document loaded = deserialize(encode(x.storage(), encoding));

      const Storage* storage = loaded.root.get<Storage>();
      REQUIRE(storage != nullptr);
      CHECK(storage->size() == 9);
      CHECK(values(Tensor(*storage, 0, {9})) == values(x));
    }
  }
}

TEST_CASE("every_element_keeps_its_bits") {
  const Tensor x(kDouble, {5});
  const double special[] = {0.1, -0.0, std::numeric_limits<double>::denorm_min(),
                            std::numeric_limits<double>::max(), -std::numeric_limits<double>::infinity()};
  std::memcpy(x.data(), special, sizeof special);
  for (const Encoding encoding : kEncodings) {
    const Document loaded = deserialize(encode(x, encoding));

    CHECK(std::memcmp(loaded.root.get<Tensor>()->data(), special, sizeof special) == 0);
  }
}

TEST_CASE("cycles_of_tables_and_objects_come_back") {
  Document document;
  Object* module = document.newObject("nn.Thing", 3);
  Table* table = document.newTable();
  table->set("self", table);
  table->set("owner", module);
  table->set(table, "a table as key");
  module->fields->set("children", table);
  document.root = module;

  for (const Encoding encoding : kEncodings) {
    const Document loaded = deserialize(encode(document.root, encoding));

    const Object* came = loaded.root.object();
    REQUIRE(came != nullptr);
    CHECK(came->className == "nn.Thing");
    CHECK(came->version == 3);
    const Value children = (*came->fields)["children"];
    REQUIRE(children.table() != nullptr);
    CHECK((*children.table())["self"] == children);
    CHECK((*children.table())["owner"] == loaded.root);
    CHECK((*children.table())[children] == Value("a table as key"));
  }
}

TEST_CASE("without_references_shared_tables_are_written_twice_and_read_as_two") {
  Document document;
  Table* shared = document.newTable();
  shared->set("x", 1);
  Table* table = document.newTable();
  table->append(shared);
  table->append(shared);

  SaveOptions unreferenced{Mode::Binary, false};
  const std::string bytes = serialize(table, unreferenced);

  for (const bool referenced : {true, false}) {
    const Document loaded = deserialize(bytes, {Mode::Binary, referenced});
    const Table& came = *loaded.root.table();
    CHECK(came[Value(1)].table() != came[Value(2)].table());
    CHECK((*came[Value(2)].table())["x"] == Value(1));
  }
}

TEST_CASE("deep_nesting_costs_no_stack") {
  Document document;
  Table* outer = document.newTable();
  Table* table = outer;
  constexpr int kDepth = 200'000;
  for (int i = 0; i < kDepth; ++i) {
    Table* inner = document.newTable();
    table->append(inner);
    table = inner;
  }

  const Document loaded = deserialize(serialize(outer));

  const Table* came = loaded.root.table();
  int depth = 0;
  for (; came->length() == 1; ++depth) came = came->pairs[0].second.table();
  CHECK(depth == kDepth);
}

TEST_CASE("classes_older_than_versions_have_version_zero") {
  const std::string bytes =
      fromHex("04000000 01000000 06000000") + "nn.Old" + fromHex("03000000 02000000 00000000");

  const Document loaded = deserialize(bytes);

  CHECK(loaded.root.object()->className == "nn.Old");
  CHECK(loaded.root.object()->version == 0);
}

TEST_CASE("sealed_functions_keep_their_bytes_in_all_three_forms") {
  for (const char* start : {"06000000", "07000000 01000000", "08000000 01000000"}) {
    const std::string bytes = fromHex(start) + fromHex("04000000 1b4c4a02") +
                              fromHex("03000000 02000000 01000000") +
                              fromHex("01000000 000000000000F03F 01000000 0000000000002440");

    const Document loaded = deserialize(bytes);

    REQUIRE(loaded.root.function() != nullptr);
    CHECK(loaded.root.function()->dump == "\x1bLJ\x02");
    CHECK((*loaded.root.function()->upvalues)[Value(1)] == Value(10));
  }
}

TEST_CASE("generators_continue_where_they_were") {
  auto generator = std::make_shared<Generator>();
  generator->manualSeed(5);
  generator->normal(0, 1);

  for (const Encoding encoding : kEncodings) {
    const Document loaded = deserialize(encode(generator, encoding));
    const auto* came = loaded.root.get<std::shared_ptr<Generator>>();
    REQUIRE(came != nullptr);
    Generator original = *generator;
    CHECK((*came)->normal(0, 1) == original.normal(0, 1));
    CHECK((*came)->random() == original.random());
  }
}

TEST_CASE("cuda_tensors_load_as_cpu_tensors") {
  std::string bytes = serialize(vectorOf(kFloat, {1, 2, 3}));
  for (const char* name : {"torch.FloatTensor", "torch.FloatStorage"}) {
    const size_t at = bytes.find(name);
    const std::string cuda = std::string("torch.Cuda") + (name + sizeof "torch.Float" - 1);
    bytes.replace(at, cuda.size() + 1, cuda);
    bytes[at - 4] = static_cast<char>(cuda.size());
  }

  const Document loaded = deserialize(bytes, {Mode::Auto, true, true});

  REQUIRE(loaded.root.get<Tensor>() != nullptr);
  CHECK(loaded.root.get<Tensor>()->type() == kFloat);
  CHECK(values(*loaded.root.get<Tensor>()) == Values{1, 2, 3});
}

TEST_CASE("saving_replaces_the_file_or_leaves_it") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.t7";
  save(path, "old");

  Document document;
  Table* table = document.newTable();
  table->append(std::string("x"));
  save(path, table);
  CHECK((*load(path).root.table())[Value(1)] == Value("x"));

  Object* broken = document.newObject("nn.Thing", 1);
  broken->payload = Payload::List;
  CHECK_ERROR(save(folder / "none/x.t7", broken), "No such file or directory");
  CHECK((*load(path).root.table())[Value(1)] == Value("x"));
  CHECK(folder.names() == std::vector<std::string>{"x.t7"});
}

}  // namespace
}  // namespace cresset::test
