// Values and tables of a document.
#include "tensor/file/Document.h"

#include <cmath>

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using namespace t7;

TEST_CASE("a_table_finds_what_was_set_last") {
  Table table;
  table.set("a", 1);
  table.set(2, "two");
  table.set("a", true);

  CHECK(table["a"] == Value(true));
  CHECK(table[Value(2)] == Value("two"));
  CHECK(table["none"].isNil());
  CHECK(table.pairs.size() == 2);
  CHECK_ERROR(table.set(Value(), 1), "a table key is nil or NaN");
  CHECK_ERROR(table.set(std::nan(""), 1), "a table key is nil or NaN");
}

TEST_CASE("length_is_that_of_the_array_part") {
  Table table;
  CHECK(table.length() == 0);
  table.set(2, "b");
  CHECK(table.length() == 0);
  table.set(1, "a");
  CHECK(table.length() == 2);
  table.append("c");
  CHECK(table[Value(3)] == Value("c"));
}

TEST_CASE("values_name_their_type") {
  Document document;
  CHECK(Value().typeName() == "nil");
  CHECK(Value(1).typeName() == "number");
  CHECK(Value(true).typeName() == "boolean");
  CHECK(Value("x").typeName() == "string");
  CHECK(Value(Tensor(kFloat)).typeName() == "torch.FloatTensor");
  CHECK(Value(Storage(kLong, 1)).typeName() == "torch.LongStorage");
  CHECK(Value(document.newTable()).typeName() == "table");
  CHECK(Value(document.newObject("nn.Linear")).typeName() == "nn.Linear");
  CHECK(Value(document.newFunction("x")).typeName() == "function");
}

TEST_CASE("tensors_are_equal_when_they_are_the_same_object") {
  const Tensor x(kFloat, {2});
  CHECK(Value(x) == Value(Tensor(x)));
  CHECK_FALSE(Value(x) == Value(x.alias()));
}

TEST_CASE("nodes_stay_where_they_are_when_the_document_moves") {
  Document document;
  Table* table = document.newTable();
  table->set("x", 1);
  document.root = table;

  const Document moved = std::move(document);

  CHECK(moved.root.table() == table);
  CHECK((*table)["x"] == Value(1));
}

}  // namespace
}  // namespace cresset::test
