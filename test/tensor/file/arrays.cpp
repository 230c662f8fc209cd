// The array formats of other libraries: .npy, .npz and .safetensors.
#include "tensor/file/arrays.h"

#include <cstring>

#include "tensor/file/npy.h"
#include "tensor/file/npz.h"
#include "tensor/file/safetensors.h"
#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

using arrays::NamedTensors;

// As NumPy pads and ends it.
std::string npyBytes(std::string literal, const std::string& elements, int major = 1) {
  const size_t fixed = major == 1 ? 10 : 12;
  literal.append(64 - (fixed + literal.size() + 1) % 64, ' ');
  literal += '\n';
  std::string bytes = std::string("\x93NUMPY") + static_cast<char>(major) + '\0';
  for (size_t i = 0; i < fixed - 8; ++i) bytes += static_cast<char>(literal.size() >> (8 * i));
  return bytes + literal + elements;
}
std::string literalOf(const std::string& descr, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }";
}
Tensor npyOf(const std::string& descr, const std::string& shape, const std::string& hex) {
  return npy::deserialize(npyBytes(literalOf(descr, shape), fromHex(hex)));
}

std::string number(uint64_t value) { return std::string(reinterpret_cast<const char*>(&value), 8); }
std::string safetensorsBytes(const std::string& header, const std::string& data) {
  return number(header.size()) + header + data;
}
safetensors::Content safetensorsOf(const std::string& header, const std::string& data) {
  return safetensors::deserialize(safetensorsBytes(header, data));
}

void checkSame(const Tensor& x, const Tensor& y) {
  CHECK(y.type() == x.type());
  CHECK(sizesOf(y) == sizesOf(x));
  CHECK(y.isContiguous());
  CHECK(values(y) == values(x));
}

TEST_EACH_TYPE(npy_gives_back_what_was_written_from_any_layout, EveryType) {
  if constexpr (std::is_same_v<TestType, BFloat16>) {
    CHECK_ERROR(npy::save("/nowhere/x", Tensor(kBFloat16, {2})),
                "NumPy has no type for torch.BFloat16Tensor [2]");
  } else {
    const TemporaryFolder folder;
    const Tensor x = integers(typeOf<TestType>, {3, 4, 5}, -100, 100);
    for (const Layout layout : kLayouts) {
      npy::save(folder / "x.npy", inLayout(x, layout));
      checkSame(x, npy::load(folder / "x.npy"));
    }
    npy::save(folder / "x.npy", Tensor(typeOf<TestType>));
    CHECK(npy::load(folder / "x.npy").empty());
    CHECK(folder.names() == std::vector<std::string>{"x.npy"});
  }
}

TEST_CASE("npy_writes_the_bytes_that_numpy_writes") {
  const TemporaryFolder folder;
  npy::save(folder / "x", tensorOf(kShort, {2, 1}, {1, -2}));
  CHECK(contentOf(folder / "x") == npyBytes(literalOf("<i2", "(2, 1)"), fromHex("0100 feff")));
  npy::save(folder / "x", vectorOf(kByte, {7}));
  CHECK(contentOf(folder / "x") == npyBytes(literalOf("|u1", "(1,)"), fromHex("07")));
  npy::save(folder / "x", Tensor(kFloat));
  CHECK(contentOf(folder / "x") == npyBytes(literalOf("<f4", "(0,)"), ""));
}

TEST_CASE("npy_types_and_byte_orders") {
  const auto check = [](const std::string& descr, const std::string& hex, Type type, const Values& expected) {
    INFO(descr);
    const Tensor x = npyOf(descr, "(2,)", hex);
    CHECK(x.type() == type);
    CHECK(values(x) == expected);
  };
  check("|b1", "00 01", kByte, {0, 1});
  check("|u1", "00 ff", kByte, {0, 255});
  check("|i1", "01 ff", kChar, {1, -1});
  check("<i2", "0100 feff", kShort, {1, -2});
  check(">i2", "0001 fffe", kShort, {1, -2});
  check("=i4", "01000000 feffffff", kInt, {1, -2});
  check(">i8", "0000000000000001 fffffffffffffffe", kLong, {1, -2});
  check("<u2", "0100 ffff", kInt, {1, 65535});
  check(">u2", "0001 ffff", kInt, {1, 65535});
  check("<u4", "01000000 ffffffff", kLong, {1, 4294967295});
  check("<u8", "0100000000000000 0000000000000040", kLong, {1, 4611686018427387904});
  check("<f2", "003c 00c0", kHalf, {1, -2});
  check(">f4", "3f800000 c0000000", kFloat, {1, -2});
  check("<f8", "000000000000f03f 00000000000000c0", kDouble, {1, -2});
  CHECK_ERROR(npyOf("<u8", "(2,)", "0100000000000000 0000000000000080"),
              "element 2 is 9223372036854775808, which exceeds torch.LongTensor");
}

TEST_CASE("npy_fortran_order_is_turned_round") {
  const Tensor x = npy::deserialize(npyBytes(literalOf("|u1", "(2, 3)", true), fromHex("01 04 02 05 03 06")));
  CHECK(sizesOf(x) == Dims{2, 3});
  CHECK(x.isContiguous());
  CHECK(values(x) == Values{1, 2, 3, 4, 5, 6});
}

TEST_CASE("npy_shapes_that_tensors_lack") {
  CHECK(npyOf("<f4", "(0, 3)", "").empty());
  CHECK(npyOf("<f4", "(99999999999, 99999999999, 0)", "").empty());
  const Tensor scalar = npyOf("|u1", "()", "07");
  CHECK(sizesOf(scalar) == Dims{1});
  CHECK(values(scalar) == Values{7});
}

TEST_CASE("npy_versions_and_spellings") {
  const std::string element = fromHex("07");
  for (const int major : {1, 2, 3})
    CHECK(values(npy::deserialize(npyBytes(literalOf("|u1", "(1,)"), element, major))) == Values{7});
  for (const char* literal : {"{\"shape\":(1L,),\"fortran_order\":False,\"descr\":\"|u1\"}",
                              "{ 'fortran_order' : True , 'descr' : 'u1' , 'shape' : ( 1 ) }"})
    CHECK(values(npy::deserialize(npyBytes(literal, element))) == Values{7});
  CHECK_ERROR(npy::deserialize(npyBytes(literalOf("|u1", "(1,)"), element, 4)),
              "expected version 1.0, 2.0 or 3.0 of the format, got 4.0");
}

TEST_CASE("npy_types_without_a_tensor_are_errors") {
  for (const char* descr : {"<c8", "<f16", "|O", "<U3", "|S4", "<M8[ns]", "|V2", "", "<", "<i3", "<<i4"})
    CHECK_ERROR(npyOf(descr, "(1,)", "00"), "have no tensor type");
  CHECK_ERROR(npy::deserialize(
                  npyBytes("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "1234")),
              "arrays of records have no tensor type");
}

TEST_CASE("npy_headers_that_lie_are_errors") {
  CHECK_ERROR(npyOf("<f4", "(2,)", "0000803f 000000"), "the file ends after 1 of 2 elements");
  CHECK_ERROR(npyOf("<f4", "(1099511627776,)", "0000803f"),
              "the file ends after 1 of 1099511627776 elements");
  CHECK_ERROR(npyOf("<f4", "(4611686018427387904, 4)", ""), "too many elements in [4611686018427387904 x 4]");
  CHECK_ERROR(npyOf("<f8", "(9007199254740992,)", ""), "too many elements");
  CHECK_ERROR(npyOf("<f4", "(9223372036854775808,)", ""), "expected a size");
  CHECK_ERROR(npyOf("<f4", "(-1,)", ""), "expected a size");
  std::string many = "(";
  for (int i = 0; i < 65; ++i) many += "1, ";
  CHECK_ERROR(npyOf("<f4", many + ")", ""), "expected at most 64 dimensions, got 65");
  for (const char* literal :
       {"", "{", "{}", "[]", "{'descr': '<f4'", "{'descr': '<f4",
        "{'descr': '<f4', 'fortran_order': 1, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1", "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x"})
    CHECK_ERROR(npy::deserialize(npyBytes(literal, "1234")), "damaged header");
  std::string longHeader = std::string("\x93NUMPY\x02") + '\0' + fromHex("ffffffff");
  CHECK_ERROR(npy::deserialize(longHeader), "expected a header of at most 65536 bytes, got 4294967295");
  CHECK_ERROR(npy::deserialize("no array"), "not a NumPy array");
}

TEST_CASE("npy_cut_or_flipped_anywhere_is_an_array_or_an_error") {
  const std::string whole =
      npyBytes(literalOf("<i2", "(2, 3)", true), fromHex("0100 0200 0300 0400 0500 0600"));
  for (size_t n = 0; n < whole.size(); ++n) CHECK_THROWS_AS(npy::deserialize(whole.substr(0, n)), Error);
  for (size_t i = 0; i < 8 * whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
    try {
      npy::deserialize(bytes);
    } catch (const Error&) {
      continue;
    }
  }
}

NamedTensors oneOfEachType() {
  NamedTensors tensors;
  for (const Type type : {kByte, kChar, kShort, kInt, kLong, kHalf, kFloat, kDouble})
    tensors.emplace_back(tensorTypeName(type), integers(type, {3, 5}, 0, 100).t());
  tensors.emplace_back("a name/ü", Tensor(kFloat));
  return tensors;
}

void checkEqual(const NamedTensors& read, const NamedTensors& written) {
  REQUIRE(read.size() == written.size());
  for (const auto& [name, x] : written) {
    INFO(name);
    const auto* found = &read[0];
    while (found != &read.back() && found->first != name) ++found;
    REQUIRE(found->first == name);
    checkSame(x, found->second);
  }
}

TEST_CASE("npz_gives_back_what_was_written") {
  const TemporaryFolder folder;
  const NamedTensors tensors = oneOfEachType();
  for (const auto compression : {npz::Compression::Stored, npz::Compression::Deflated}) {
    npz::save(folder / "x.npz", tensors, compression);
    checkEqual(npz::load(folder / "x.npz"), tensors);
    const std::string bytes = contentOf(folder / "x.npz");
    npz::save(folder / "x.npz", tensors, compression);
    CHECK(contentOf(folder / "x.npz") == bytes);
  }
  npz::save(folder / "x.npz", {});
  CHECK(npz::load(folder / "x.npz").empty());
  CHECK(folder.names() == std::vector<std::string>{"x.npz"});
}

TEST_CASE("npz_that_fails_leaves_the_old_file") {
  const TemporaryFolder folder;
  writeFile(folder / "x.npz", "old");
  const Tensor x(kFloat, {2});
  CHECK_ERROR(npz::save(folder / "x.npz", {{"a", x}, {"a", x}}), "the name 'a' is there twice");
  CHECK_ERROR(npz::save(folder / "x.npz", {{"a", Tensor(kBFloat16, {2})}}), "NumPy has no type");
  CHECK_ERROR(npz::save(folder / "x.npz", {{"\xff", x}}), "\\xff");
  CHECK(contentOf(folder / "x.npz") == "old");
  if (std::filesystem::exists("/dev/full")) CHECK_THROWS_AS(npz::save("/dev/full", {{"a", x}}), Error);
}

// Puts other bytes in all places of a file.
void replaceAll(const std::string& path, const std::string& from, const std::string& to) {
  std::string bytes = contentOf(path);
  int places = 0;
  for (size_t at = 0; (at = bytes.find(from, at)) != std::string::npos; at += to.size(), ++places)
    bytes.replace(at, from.size(), to);
  REQUIRE(places > 0);
  writeFile(path, bytes);
}
std::string uint32(size_t value) { return number(value).substr(0, 4); }

TEST_CASE("npz_members_that_lie_are_errors") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.npz";
  const Tensor zeros = Tensor(kByte, {4000}).zero();

  npz::save(path, {{"member", zeros}});
  replaceAll(path, "member.npy", "data.pickl");
  CHECK_ERROR(npz::load(path), "no NumPy array (.npy)");

  npz::save(path, {{"a", vectorOf(kByte, {1, 2, 3, 4, 5})}});
  replaceAll(path, fromHex("0102030405"), fromHex("0102030406"));
  CHECK_ERROR(npz::load(path), "CRC error");

  // A bomb: the directory claims 4 GB in some dozen bytes.
  npz::save(path, {{"a", zeros}}, npz::Compression::Deflated);
  replaceAll(path, uint32(4128), uint32(0xfffffff0));
  CHECK_ERROR(npz::load(path), "more than its");

  // Two entries of the directory for the bytes of one member.
  npz::save(path, {{"a", zeros}, {"b", zeros}});
  std::string bytes = contentOf(path);
  const size_t member = 30 + 5 + 4128;  // local header, name, array
  writeFile(path, bytes.erase(member, member));
  replaceAll(path, uint32(member) + "b.npy", uint32(0) + "b.npy");
  replaceAll(path, uint32(2 * member), uint32(member));
  CHECK_ERROR(npz::load(path), "shares its bytes with another member");

  writeFile(path, bytes.substr(0, bytes.size() - 1));
  CHECK_ERROR(npz::load(path), "cannot read the zip archive");
  CHECK_ERROR(npz::load(folder / "none"), "No such file");
}

TEST_CASE("npz_with_a_flipped_bit_is_an_archive_or_an_error") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.npz";
  npz::save(path, {{"a", integers(kShort, {5}, 0, 9)}, {"b", integers(kShort, {5}, 0, 9)}},
            npz::Compression::Deflated);
  const std::string whole = contentOf(path);
  for (size_t i = 0; i < 8 * whole.size(); i += 7) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
    writeFile(path, bytes);
    try {
      npz::load(path);
    } catch (const Error&) {
      continue;
    }
  }
}

TEST_CASE("safetensors_gives_back_what_was_written") {
  const TemporaryFolder folder;
  safetensors::Content content{oneOfEachType(), {{"format", "pt"}, {"text", "\"ü\"\n"}}};
  content.tensors.emplace_back("bf", integers(kBFloat16, {7}, 0, 100));

  safetensors::save(folder / "x", content);

  const safetensors::Content read = safetensors::load(folder / "x");
  checkEqual(read.tensors, content.tensors);
  CHECK(read.metadata == content.metadata);
  CHECK(folder.names() == std::vector<std::string>{"x"});
  safetensors::save(folder / "x", {});
  CHECK(safetensors::load(folder / "x").tensors.empty());
}

TEST_CASE("safetensors_types_and_shapes") {
  const auto check = [](const std::string& dtype, const std::string& hex, Type type, const Values& expected) {
    INFO(dtype);
    const std::string data = fromHex(hex);
    const auto content = safetensorsOf(R"({"x":{"dtype":")" + dtype + R"(","shape":[2],"data_offsets":[0,)" +
                                           std::to_string(data.size()) + "]}}  ",
                                       data);
    CHECK(content.tensors.at(0).second.type() == type);
    CHECK(values(content.tensors.at(0).second) == expected);
  };
  check("BOOL", "00 01", kByte, {0, 1});
  check("U8", "00 ff", kByte, {0, 255});
  check("I8", "01 ff", kChar, {1, -1});
  check("I16", "0100 feff", kShort, {1, -2});
  check("U16", "0100 ffff", kInt, {1, 65535});
  check("I32", "01000000 feffffff", kInt, {1, -2});
  check("U32", "01000000 ffffffff", kLong, {1, 4294967295});
  check("I64", "0100000000000000 feffffffffffffff", kLong, {1, -2});
  check("U64", "0100000000000000 0000000000000040", kLong, {1, 4611686018427387904});
  check("F16", "003c 00c0", kHalf, {1, -2});
  check("BF16", "803f 00c0", kBFloat16, {1, -2});
  check("F32", "0000803f 000000c0", kFloat, {1, -2});
  check("F64", "000000000000f03f 00000000000000c0", kDouble, {1, -2});
  const auto content = safetensorsOf(R"({"s":{"dtype":"U8","shape":[],"data_offsets":[0,1]},)"
                                     R"("z":{"dtype":"F32","shape":[3,0],"data_offsets":[1,1]}})",
                                     "\x07");
  CHECK(sizesOf(content.tensors.at(0).second) == Dims{1});
  CHECK(content.tensors.at(1).second.empty());
}

TEST_CASE("safetensors_headers_that_lie_are_errors") {
  const auto entry = [](const std::string& shape, const std::string& offsets) {
    return R"({"dtype":"U8","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
  };
  const auto checkEntry = [&](const std::string& shape, const std::string& offsets,
                              const std::string& fragment) {
    CHECK_ERROR(safetensorsOf(R"({"x":)" + entry(shape, offsets) + "}", "1234"), fragment);
  };
  checkEntry("[4]", "[0,3]", "its shape [4] takes 4 bytes, its data_offsets give 3");
  checkEntry("[3]", "[0,3]", "the tensors take 3 bytes, the file has 4 behind its header");
  checkEntry("[5]", "[0,5]", "the tensors take 5 bytes, the file has 4 behind its header");
  checkEntry("[3]", "[1,4]", "leaves a gap");
  checkEntry("[1]", "[4,3]", "expected begin <= end");
  checkEntry("[1]", "[0]", "data_offsets");
  checkEntry("[-1]", "[0,4]", "shape: expected non-negative integers, got [-1]");
  checkEntry("[1.5]", "[0,4]", "shape: expected non-negative integers");
  checkEntry("4", "[0,4]", "shape: expected non-negative integers");
  checkEntry("[18446744073709551615]", "[0,4]", "shape: expected non-negative integers");
  checkEntry("[4294967296,4294967296]", "[0,4]", "too many elements");
  checkEntry("[[4]]", "[0,4]", "nested too deeply");
  CHECK_ERROR(
      safetensorsOf(R"({"x":)" + entry("[3]", "[0,3]") + R"(,"y":)" + entry("[3]", "[1,4]") + "}", "1234"),
      "tensor 'y': overlaps the tensor before it");
  CHECK_ERROR(
      safetensorsOf(R"({"x":)" + entry("[4]", "[0,4]") + R"(,"x":)" + entry("[4]", "[0,4]") + "}", "1234"),
      "the key 'x' is there twice");
  CHECK_ERROR(safetensorsOf(R"({"x":{"dtype":"C64","shape":[],"data_offsets":[0,4]}})", "1234"),
              "dtype 'C64' has no tensor type");
  CHECK_ERROR(safetensorsOf(R"({"x":{"dtype":"U8","shape":[4]}})", "1234"),
              "expected dtype, shape and data_offsets");
  CHECK_ERROR(safetensorsOf(R"({"x":3})", ""), "expected dtype, shape and data_offsets");
  CHECK_ERROR(safetensorsOf(R"({"__metadata__":{"a":1}})", ""), "__metadata__: expected strings");
  CHECK_ERROR(safetensorsOf(R"({"__metadata__":[]})", ""), "__metadata__: expected an object");
  CHECK_ERROR(safetensorsOf(R"({"x")", ""), "damaged header");
  CHECK_ERROR(safetensorsOf("[]", ""), "damaged header: expected '{'");
  CHECK_ERROR(safetensorsOf(std::string(10000, '{'), ""), "damaged header");
  CHECK_ERROR(safetensorsOf("{\"x\":" + std::string(10000, '['), ""), "damaged header");
  CHECK_ERROR(safetensors::deserialize(number(uint64_t{1} << 60) + "{}"),
              "expected a header of at most 100000000 bytes, got 1152921504606846976");
  CHECK_ERROR(safetensors::deserialize(number(90000000) + "{}"), "the file ends inside the header");
  CHECK_ERROR(safetensors::deserialize("1234"), "the file ends inside the length of the header");
}

TEST_CASE("safetensors_cut_or_flipped_anywhere_is_a_file_or_an_error") {
  const TemporaryFolder folder;
  safetensors::save(folder / "x",
                    {{{"a", integers(kShort, {5}, 0, 9)}, {"b", integers(kByte, {3}, 0, 9)}}, {{"k", "v"}}});
  const std::string whole = contentOf(folder / "x");
  for (size_t n = 0; n < whole.size(); ++n)
    CHECK_THROWS_AS(safetensors::deserialize(whole.substr(0, n)), Error);
  for (size_t i = 0; i < 8 * whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
    try {
      safetensors::deserialize(bytes);
    } catch (const Error&) {
      continue;
    }
  }
}

TEST_CASE("safetensors_that_cannot_be_written_are_errors") {
  const TemporaryFolder folder;
  const Tensor x(kFloat, {2});
  CHECK_ERROR(safetensors::save(folder / "x", {{{"a", x}, {"a", x}}, {}}), "the name 'a' is there twice");
  CHECK_ERROR(safetensors::save(folder / "x", {{{"__metadata__", x}}, {}}),
              "no tensor can have the name __metadata__");
  CHECK_ERROR(safetensors::save(folder / "x", {{{"\xff", x}}, {}}), "must be UTF-8");
  CHECK(folder.names().empty());
}

TEST_CASE("no_t7_file_is_taken_for_another_format") {
  for (int tag = 0; tag <= 8; ++tag) {
    const std::string little = uint32(static_cast<size_t>(tag)), big(little.rbegin(), little.rend());
    for (const std::string& start : {little, big}) {
      const std::string bytes = start + std::string(4, '\0') + "{";
      CHECK_FALSE(safetensors::matches(bytes));
      CHECK_FALSE(npy::matches(bytes));
      CHECK_FALSE(npz::matches(bytes));
    }
  }
  CHECK_FALSE(safetensors::matches("4\n1\n3\nV {"));
  CHECK_FALSE(safetensors::matches(std::string("4\n\0\0\0\0\0\0{", 9)));
  CHECK(safetensors::matches(number(80) + "{"));
}

}  // namespace
}  // namespace cresset::test
