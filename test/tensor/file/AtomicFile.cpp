// Replacing a file at once.
#include "tensor/file/AtomicFile.h"

#include <sys/stat.h>
#include <unistd.h>

#include "test/tensor/file/temporary.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a_file_appears_only_when_committed") {
  const TemporaryFolder folder;
  AtomicFile target(folder / "x");
  target.file().writeString("new");
  CHECK_FALSE(fs::exists(folder / "x"));

  target.commit();

  CHECK(contentOf(folder / "x") == "new");
  CHECK(folder.names() == std::vector<std::string>{"x"});
}

TEST_CASE("without_commit_the_old_file_stays_and_no_other_is_left") {
  const TemporaryFolder folder;
  writeFile(folder / "x", "old");
  {
    AtomicFile target(folder / "x");
    target.file().writeString("new");
    target.file().synchronize();
  }
  CHECK(contentOf(folder / "x") == "old");
  CHECK(folder.names() == std::vector<std::string>{"x"});
}

TEST_CASE("permissions_of_the_old_file_are_kept") {
  const TemporaryFolder folder;
  writeFile(folder / "x", "old");
  fs::permissions(folder / "x", fs::perms(0640));

  AtomicFile target(folder / "x");
  target.file().writeString("new");
  target.commit();

  CHECK(fs::status(folder / "x").permissions() == fs::perms(0640));
}

TEST_CASE("a_link_stays_a_link_and_its_target_is_replaced") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "data");
  writeFile(folder / "data/real", "old");
  fs::create_symlink("data/real", folder / "link");
  fs::create_symlink("link", folder / "second");

  AtomicFile target(folder / "second");
  target.file().writeString("new");
  target.commit();

  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::is_symlink(folder / "second"));
  CHECK(contentOf(folder / "data/real") == "new");
}

TEST_CASE("a_link_to_nothing_yet_makes_its_target") {
  const TemporaryFolder folder;
  fs::create_symlink("later", folder / "link");

  AtomicFile target(folder / "link");
  target.commit();

  CHECK(fs::is_regular_file(folder / "later"));
}

TEST_CASE("devices_and_pipes_are_written_directly") {
  AtomicFile null("/dev/null");
  null.file().writeString("gone");
  null.commit();
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a_full_device_is_an_error") {
  if (!fs::exists("/dev/full")) {
    WARN("skipped: no /dev/full");
    return;
  }
  AtomicFile full("/dev/full");
  full.file().writeString("x");
  CHECK_ERROR(full.commit(), "No space left on device");
}

TEST_CASE("impossible_targets_are_errors_with_a_reason") {
  const TemporaryFolder folder;
  CHECK_ERROR(AtomicFile(folder / "no/where"), "No such file or directory");
  CHECK_ERROR(AtomicFile(folder.path().string()), "Is a directory");
  writeFile(folder / "file", "");
  CHECK_ERROR(AtomicFile(folder / "file/x"), "Not a directory");
}

TEST_CASE("a_read_only_file_stays") {
  if (geteuid() == 0) {
    WARN("skipped: root may write everything");
    return;
  }
  const TemporaryFolder folder;
  writeFile(folder / "x", "old");
  fs::permissions(folder / "x", fs::perms(0444));

  CHECK_ERROR(AtomicFile(folder / "x"), "Permission denied");
  CHECK(contentOf(folder / "x") == "old");
}

TEST_CASE("a_long_name_still_finds_a_temporary_one") {
  const TemporaryFolder folder;
  const std::string name(250, 'n');

  AtomicFile target(folder / name);
  target.commit();

  CHECK(fs::exists(folder / name));
}

}  // namespace
}  // namespace cresset::test
