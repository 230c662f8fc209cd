// The file family: typed values, text, positions, errors, on disk, in memory and through pipes.
#include "tensor/file/File.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "tensor/file/DiskFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/PipeFile.h"
#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

std::string contentOf(MemoryFile& file) {
  const Storage bytes = file.storage();
  return {bytes.data<char>(), static_cast<size_t>(bytes.size() - 1)};
}

MemoryFile memoryFile(const std::string& text, std::string_view mode = "r") {
  const auto n = static_cast<int64_t>(text.size());
  const Storage bytes(kChar, n + 1);
  std::copy(text.begin(), text.end(), bytes.data<char>());
  bytes.data<char>()[n] = '\0';
  return MemoryFile(bytes, mode);
}

template <class T> std::vector<T> interesting() {
  if constexpr (std::is_integral_v<T>) {
    return {0, 1, 7, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  } else if constexpr (std::is_floating_point_v<T>) {
    using Limits = std::numeric_limits<T>;
    return {0, -T(0), T(0.1), Limits::max(), Limits::denorm_min(), Limits::infinity(), -Limits::infinity()};
  } else {
    return {T{0}, T{0x3c00}, T{0x8001}, T{0x7bff}};
  }
}

template <class T> void checkRoundTrip(File& file) {
  const std::vector<T> written = interesting<T>();
  const auto n = static_cast<int64_t>(written.size());

  CHECK(file.write(dtypeOf<T>, written.data(), n) == n);
  file.write(written[2]);
  file.seek(0);
  std::vector<T> came(written.size());
  CHECK(file.read(dtypeOf<T>, came.data(), n) == n);
  const T last = file.read<T>();

  CHECK(std::memcmp(came.data(), written.data(), written.size() * sizeof(T)) == 0);
  CHECK(std::memcmp(&last, &written[2], sizeof(T)) == 0);
  CHECK(file.remaining() == 0);
}

TEST_EACH_TYPE(values_come_back_as_written, EveryType) {
  const TemporaryFolder folder;
  for (const bool binary : {false, true}) {
    for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big}) {
      MemoryFile memory;
      DiskFile disk(folder / "values" + std::to_string(binary) + std::to_string(static_cast<int>(order)),
                    "rw");
      for (File* file : {static_cast<File*>(&memory), static_cast<File*>(&disk)}) {
        file->setBinary(binary);
        file->setByteOrder(order);
        checkRoundTrip<TestType>(*file);
      }
    }
  }
}

TEST_CASE("ascii_separates_values_by_spaces_and_calls_by_newlines") {
  MemoryFile file;
  const std::array<int32_t, 3> ints = {1, -2, 3};

  file.write(DType::Int, ints.data(), 3);
  file.write(DType::Int, ints.data(), 0);
  file.write(0.1F);
  file.write(0.1);
  file.write(DType::Char, "a b", 3);
  file.write(std::numeric_limits<double>::infinity());
  file.write(-std::numeric_limits<double>::infinity());
  file.write(std::nan(""));
  file.write(toHalf(0.5F));

  CHECK(contentOf(file) == "1 -2 3\n0.100000001\n0.10000000000000001\na b\ninf\n-inf\nnan\n0.5\n");
}

TEST_CASE("without_auto_spacing_nothing_is_written_between_values_and_no_newline_taken") {
  MemoryFile file;
  file.setAutoSpacing(false);

  file.write<int32_t>(12);
  file.write<int32_t>(34);
  file.writeString("\n5");
  file.seek(0);

  CHECK(file.read<int32_t>() == 1234);
  CHECK(file.position() == 4);
  CHECK(file.readLine().empty());
}

TEST_CASE("big_endian_binary_has_its_most_significant_byte_first") {
  MemoryFile file;
  file.setBinary(true);
  file.setByteOrder(ByteOrder::Big);

  file.write<int32_t>(0x01020304);
  file.write<int16_t>(5);

  CHECK(contentOf(file) == fromHex("01020304 0005"));
}

TEST_CASE("longs_of_four_bytes_are_cut_when_written_and_sign_extended_when_read") {
  MemoryFile file;
  file.setBinary(true);
  file.setLongSize(4);

  file.write<int64_t>(-2);
  file.write<int64_t>((int64_t{1} << 32) + 7);
  file.seek(0);

  CHECK(contentOf(file) == fromHex("feffffff 07000000"));
  CHECK(file.read<int64_t>() == -2);
  CHECK(file.read<int64_t>() == 7);
  CHECK_ERROR(file.setLongSize(5), "Invalid long size specified");
}

TEST_CASE("ascii_numbers_may_stand_between_any_white_space_and_in_memory_between_colons") {
  MemoryFile memory = memoryFile("  1\t\n 2:3;4 5.5 +6 1e3 nan -inf 1e999 -1e-999");

  for (int i = 1; i <= 4; ++i) CHECK(memory.read<int32_t>() == i);
  CHECK(memory.read<float>() == 5.5F);
  CHECK(memory.read<int32_t>() == 6);
  CHECK(memory.read<double>() == 1000);
  CHECK(std::isnan(memory.read<double>()));
  CHECK(memory.read<double>() == -std::numeric_limits<double>::infinity());
  CHECK(memory.read<double>() == std::numeric_limits<double>::infinity());
  CHECK(memory.read<double>() == 0);
}

TEST_CASE("a_number_longer_than_the_buffer_window_is_read_whole") {
  const TemporaryFolder folder;
  std::string text((64 << 10) - 3, ' ');
  text += "123456 7";
  writeFile(folder / "long", text);

  DiskFile file(folder / "long");

  CHECK(file.read<int64_t>() == 123456);
  CHECK(file.read<int64_t>() == 7);
}

TEST_CASE("a_short_read_raises_and_names_the_counts") {
  MemoryFile file = memoryFile("1 2");
  std::array<int32_t, 3> ints = {};

  CHECK_ERROR(file.read(DType::Int, ints.data(), 3), "read error: read 2 blocks instead of 3");
  CHECK(file.hasError());
}

TEST_CASE("a_quiet_file_sets_a_sticky_flag_instead") {
  MemoryFile file = memoryFile("1 x");
  file.setQuiet(true);

  CHECK(file.read<int32_t>() == 1);
  CHECK(file.read<int32_t>() == 0);
  CHECK(file.hasError());
  CHECK(file.readLine() == "x");
  CHECK(file.hasError());
  file.clearError();
  CHECK_FALSE(file.hasError());
  CHECK(file.readAll().empty());
  CHECK(file.hasError());
}

TEST_CASE("a_storage_read_quietly_is_as_long_as_what_came") {
  MemoryFile file = memoryFile("1 2 3");
  file.setQuiet(true);

  const Storage storage = file.readStorage(DType::Short, 10);

  CHECK(storage.size() == 3);
  CHECK(elementAt(*storage.impl(), 2) == 3);
}

TEST_CASE("a_huge_count_takes_no_more_memory_than_the_file_holds") {
  MemoryFile file = memoryFile("1 2 3");

  CHECK_ERROR(file.readStorage(DType::Double, int64_t{1} << 40), "read 3 blocks instead of");
  CHECK_ERROR(file.readStorage(DType::Double, -1), "cannot read -1 elements");
}

TEST_CASE("lines_and_the_rest_are_read_without_their_newline") {
  MemoryFile file = memoryFile("first\n\nthird and\nthe rest\n");

  CHECK(file.readLine() == "first");
  CHECK(file.readLine().empty());
  CHECK(file.readLine() == "third and");
  CHECK(file.readAll() == "the rest\n");
  CHECK_ERROR(file.readLine(), "read error");
}

TEST_CASE("the_wrong_direction_and_a_closed_file_raise_even_when_quiet") {
  const TemporaryFolder folder;
  DiskFile writer(folder / "x", "w");
  writer.setQuiet(true);
  CHECK_ERROR(writer.read<int32_t>(), "attempt to read in a write-only file");
  writer.close();
  CHECK_ERROR(writer.write<int32_t>(1), "attempt to use a closed file");
  CHECK_ERROR(writer.close(), "attempt to use a closed file");

  DiskFile reader(folder / "x", "r");
  CHECK_ERROR(reader.write<int32_t>(1), "attempt to write in a read-only file");
}

TEST_CASE("opening_says_why_it_failed") {
  const TemporaryFolder folder;

  CHECK_ERROR(DiskFile(folder / "none"), "cannot open <" + (folder / "none") + "> in mode r : No such file");
  CHECK_ERROR(DiskFile(folder / "no/where", "rw"), "in mode rw: No such file");
  CHECK_ERROR(DiskFile(folder.path().string()), "Is a directory");
  CHECK_ERROR(DiskFile(folder / "x", "a"), "file mode should be 'r','w' or 'rw'");
}

TEST_CASE("mode_rw_creates_or_keeps_and_w_truncates") {
  const TemporaryFolder folder;
  const std::string path = folder / "x";

  DiskFile(path, "rw").writeString("hello");
  DiskFile(path, "rw").writeString("J");
  CHECK(test::contentOf(path) == "Jello");
  DiskFile(path, "w").writeString("x");
  CHECK(test::contentOf(path) == "x");
}

TEST_CASE("reading_and_writing_share_one_position") {
  const TemporaryFolder folder;
  DiskFile file(folder / "x", "rw");
  file.writeString("0123456789");
  file.seek(2);

  CHECK(file.peek(3).substr(0, 3) == "234");
  file.writeString("ab");
  CHECK(file.position() == 4);
  CHECK(file.readAll() == "456789");
  file.seek(0);
  CHECK(file.readAll() == "01ab456789");
  file.seekEnd();
  CHECK(file.position() == 10);
  file.seek(12);
  file.writeString("!");
  file.close();
  CHECK(test::contentOf(folder / "x") == std::string("01ab456789\0\0!", 13));
}

TEST_CASE("large_arrays_pass_the_buffer_in_both_directions") {
  const TemporaryFolder folder;
  const Storage many(kDouble, 100'000);
  for (int64_t i = 0; i < many.size(); ++i) many.data<double>()[i] = static_cast<double>(i) / 7;
  for (const bool binary : {true, false}) {
    DiskFile file(folder / "many", "rw");
    file.setBinary(binary);
    file.write<int32_t>(1);
    CHECK(file.write(many) == many.size());
    file.write<int32_t>(2);
    file.seek(0);

    CHECK(file.read<int32_t>() == 1);
    const Storage came = file.readStorage(DType::Double, many.size());
    CHECK(file.read<int32_t>() == 2);
    CHECK(std::memcmp(came.data(), many.data(), static_cast<size_t>(8 * many.size())) == 0);
  }
}

TEST_CASE("a_memory_file_shares_its_storage_and_keeps_a_zero_behind_the_content") {
  Storage bytes(kChar, 3);
  std::memcpy(bytes.data(), "ab", 3);
  MemoryFile file(bytes);

  file.seekEnd();
  file.writeString("cd");

  CHECK(file.storage().is(bytes));
  CHECK(bytes.size() == 5);
  CHECK(std::string(bytes.data<char>()) == "abcd");
  CHECK_ERROR(file.seek(5), "unable to seek at position 5");

  bytes.resize(0);  // by whoever shares it
  CHECK(file.remaining() == 0);
  file.seek(0);
  file.writeString("z");
  CHECK(contentOf(file) == "z");
}

TEST_CASE("a_memory_file_wants_chars_that_end_with_zero") {
  const Storage unterminated(kChar, 1);
  *unterminated.data<char>() = 'x';

  CHECK_ERROR(MemoryFile{unterminated}, "provided CharStorage must be terminated by 0");
  CHECK_ERROR(MemoryFile(Storage(kChar, 0)), "provided CharStorage must be terminated by 0");
  CHECK_ERROR(MemoryFile(Storage(kByte, 1)), "expected torch.CharStorage, got torch.ByteStorage");
}

TEST_CASE("pipes_read_what_a_command_prints_and_feed_it") {
  const TemporaryFolder folder;
  PipeFile reader("echo 1 2; echo three", "r");
  CHECK(reader.read<int32_t>() == 1);
  CHECK(reader.read<int32_t>() == 2);
  CHECK(reader.readLine() == "three");
  CHECK(reader.remaining() == -1);
  reader.close();

  PipeFile writer("cat > '" + (folder / "out") + "'", "w");
  writer.writeString("through");
  writer.close();
  CHECK(test::contentOf(folder / "out") == "through");
  CHECK_ERROR(PipeFile("true", "rw"), "file mode should be 'r' or 'w'");
}

TEST_CASE("a_pipe_that_nobody_reads_is_an_error_and_the_process_goes_on") {
  PipeFile writer("true", "w");
  const std::string much(1 << 20, 'x');

  CHECK_ERROR(writer.writeString(much), "Broken pipe");
}

TEST_CASE("a_pipe_may_claim_more_than_it_has") {
  PipeFile pipe("printf 'abcdef'", "r");
  pipe.setBinary(true);
  pipe.setQuiet(true);

  const Storage came = pipe.readStorage(DType::Short, int64_t{1} << 40);

  CHECK(came.size() == 3);
}

TEST_CASE("a_full_disk_is_an_error_at_the_latest_when_closing") {
  if (!std::filesystem::exists("/dev/full")) {
    WARN("skipped: no /dev/full");
    return;
  }
  DiskFile file("/dev/full", "w");
  file.writeString("x");

  CHECK_ERROR(file.close(), "No space left on device");
}

TEST_CASE("files_print_as_in_torch") {
  const TemporaryFolder folder;
  DiskFile disk(folder / "x", "w");
  CHECK(disk.toString() == "torch.DiskFile on <" + (folder / "x") + "> [status: open -- mode  w]");
  disk.close();
  CHECK(disk.toString() == "torch.DiskFile on <" + (folder / "x") + "> [status: closed -- mode  w]");
  CHECK(MemoryFile().toString() == "torch.MemoryFile [status: open -- mode: rw]");
}

}  // namespace
}  // namespace cresset::test
