// Tests of tensor/memory: what is kept for reuse goes back to the system when the system has no more.
#include "tensor/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <fstream>
#include <vector>

#include "tensor/Error.h"

namespace cresset::test {
namespace {

// A sanitizer's shadow memory is larger than any limit.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/// Lets this process map so many bytes more, as long as it lives.
class AddressLimit {
 public:
  explicit AddressLimit(int64_t more) {
    getrlimit(RLIMIT_AS, &before_);
    int64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE) + more);
    setrlimit(RLIMIT_AS, &limit);
  }
  ~AddressLimit() { setrlimit(RLIMIT_AS, &before_); }
  AddressLimit(const AddressLimit&) = delete;
  AddressLimit& operator=(const AddressLimit&) = delete;

 private:
  rlimit before_{};
};

/// Takes and gives back `count` blocks; throws when there is no memory for them.
void takeBlocks(int64_t bytes, int count) {
  std::vector<void*> blocks;
  try {
    for (int i = 0; i < count; ++i) blocks.push_back(memory::allocate(bytes));
  } catch (...) {
    for (void* block : blocks) memory::release(block, bytes);
    throw;
  }
  for (void* block : blocks) memory::release(block, bytes);
}

TEST_CASE("kept_blocks_make_room_for_those_of_any_other_size") {
  constexpr int64_t kKept = 256 << 20;
  for (const int64_t bytes : {8 << 10, 1500 << 10, 100 << 20}) {
    memory::trim();
    memory::release(memory::allocate(kKept), kKept);
    REQUIRE(memory::cachedBytes() >= kKept);
    const AddressLimit limit(4 << 20);

    CHECK_NOTHROW(takeBlocks(bytes, static_cast<int>((200 << 20) / bytes)));
    CHECK_THROWS_AS(takeBlocks(bytes, static_cast<int>((500 << 20) / bytes)), Error);
  }
}

#endif

}  // namespace
}  // namespace cresset::test
