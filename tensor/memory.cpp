#include "tensor/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "tensor/Error.h"

namespace cresset::memory {
namespace {

// Blocks up to 16 KiB come from per-thread lists by powers of two. Larger ones are cached: malloc returns the
// end of its heap when a collector frees thousands, and maps from 128 KiB on, so that pages would be faulted
// in anew each time (2.2 GB/s against 43 for used pages).
constexpr int64_t kSmall = 16384;
constexpr int64_t kHugePage = 2 << 20;
constexpr int kSmallClasses = 9;    // 64, 128, ..., 16384
constexpr int kLargeClasses = 448;  // 8 steps in each power of two, up to 2^56
constexpr int64_t kAlignment = 64;

std::atomic<int64_t> live{0};
std::atomic<int64_t> cached{0};

[[noreturn]] void outOfMemory(int64_t bytes) {
  fail("memory", {"cannot allocate ", text(bytes), " bytes; ", text(live.load()), " bytes are in use"});
}

/// Null when the system has no more.
void* alignedMalloc(int64_t bytes) {
  void* data = nullptr;
  return posix_memalign(&data, kAlignment, static_cast<size_t>(bytes)) == 0 ? data : nullptr;
}

/// What `take` gets from the system, if need be after giving cached blocks back to it.
template <class Take> void* takeOrTrim(int64_t bytes, const Take& take) {
  if (void* block = take()) return block;
  trim();
  if (void* block = take()) return block;
  outOfMemory(bytes);
}

int smallClass(int64_t bytes) {
  return bytes <= 64 ? 0 : static_cast<int>(std::bit_width(static_cast<uint64_t>(bytes - 1))) - 6;
}

/// Free blocks of one size. A collector frees tens of thousands of small tensors at once, which the next
/// thousand operations want back: the lists are long, and most of their blocks are out of the cache. So a
/// list is an array of pointers: a block's own memory is not touched before somebody writes to it.
struct FreeList {
  void** blocks;
  int64_t count;
};
constexpr int64_t kSmallKeptBytes = 8 << 20;  // of each size, for each thread
constexpr int64_t keptBlocks(int sizeClass) { return kSmallKeptBytes / (kAlignment << sizeClass); }
constexpr int64_t kPrefetchAhead = 8;  // blocks

// Plain data, so that reaching it costs no guard; the model, because the library is loaded at start-up.
[[gnu::tls_model("initial-exec")]] constinit thread_local FreeList smallLists[kSmallClasses] = {};
[[gnu::tls_model("initial-exec")]] constinit thread_local bool smallListsEnded = false;

/// Frees a thread's lists when it ends. Tensors that die later go straight to free().
struct SmallListsEnd {
  ~SmallListsEnd() {
    smallListsEnded = true;
    for (FreeList& list : smallLists) {
      while (list.count > 0) std::free(list.blocks[--list.count]);
      std::free(std::exchange(list.blocks, nullptr));
    }
  }
};
/// Makes the array of a list on its first use; false when there is no memory for it.
bool openList(FreeList& list, int sizeClass) {
  static thread_local SmallListsEnd end;
  (void)end;
  list.blocks = static_cast<void**>(std::malloc(static_cast<size_t>(keptBlocks(sizeClass)) * sizeof(void*)));
  return list.blocks != nullptr;
}

/// Rounds up to one of 8 steps in each power of two, so that a block wastes at most an eighth.
int64_t largeSize(int64_t bytes) {
  const int shift = static_cast<int>(std::bit_width(static_cast<uint64_t>(bytes - 1))) - 4;
  return ((bytes + (int64_t{1} << shift) - 1) >> shift) << shift;
}
int largeClass(int64_t rounded) {
  const int shift = static_cast<int>(std::bit_width(static_cast<uint64_t>(rounded - 1))) - 4;
  return shift * 8 + static_cast<int>((rounded >> shift) - 8) - 1;
}

struct LargeCache {
  std::mutex mutex;
  std::vector<void*> free[kLargeClasses];
  int64_t limit = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 4;
};
LargeCache& largeCache() {
  static LargeCache* const cache = new LargeCache;  // never destroyed: tensors outlive static objects
  return *cache;
}

void* mapLarge(int64_t bytes) {
  // Over-allocates by a huge page, then trims, so that the block starts on a huge-page boundary.
  if (bytes < kHugePage) return alignedMalloc(bytes);
  const int64_t padded = bytes + kHugePage;
  void* raw =
      mmap(nullptr, static_cast<size_t>(padded), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto start = reinterpret_cast<uintptr_t>(raw);
  const uintptr_t aligned = (start + kHugePage - 1) & ~static_cast<uintptr_t>(kHugePage - 1);
  if (aligned != start) munmap(raw, aligned - start);
  const uintptr_t end = start + static_cast<uintptr_t>(padded);
  const uintptr_t pages = (aligned + static_cast<uintptr_t>(bytes) + 4095) & ~uintptr_t{4095};
  if (pages != end) munmap(reinterpret_cast<void*>(pages), end - pages);
  void* block = reinterpret_cast<void*>(aligned);
  madvise(block, static_cast<size_t>(bytes), MADV_HUGEPAGE);
  return block;
}

void unmapLarge(void* block, int64_t bytes) {
  if (bytes < kHugePage) {
    std::free(block);
  } else {
    munmap(block, static_cast<size_t>((bytes + 4095) & ~int64_t{4095}));
  }
}

void* allocateLarge(int64_t bytes) {
  const int64_t rounded = largeSize(bytes);
  LargeCache& cache = largeCache();
  {
    const std::lock_guard lock(cache.mutex);
    auto& list = cache.free[largeClass(rounded)];
    if (!list.empty()) {
      void* block = list.back();
      list.pop_back();
      cached.fetch_sub(rounded, std::memory_order_relaxed);
      return block;
    }
  }
  return takeOrTrim(bytes, [rounded] { return mapLarge(rounded); });
}

void releaseLarge(void* block, int64_t bytes) {
  const int64_t rounded = largeSize(bytes);
  LargeCache& cache = largeCache();
  {
    const std::lock_guard lock(cache.mutex);
    if (cached.load(std::memory_order_relaxed) + rounded <= cache.limit) {
      cache.free[largeClass(rounded)].push_back(block);
      cached.fetch_add(rounded, std::memory_order_relaxed);
      return;
    }
  }
  unmapLarge(block, rounded);
}

}  // namespace

void* takeBlock(int64_t bytes) {
  FreeList& list = smallLists[smallClass(bytes)];
  if (list.count > 0) [[likely]] {
    --list.count;
    if (list.count >= kPrefetchAhead) __builtin_prefetch(list.blocks[list.count - kPrefetchAhead], 1);
    return list.blocks[list.count];
  }
  return takeOrTrim(bytes, [bytes] { return alignedMalloc(kAlignment << smallClass(bytes)); });
}

void giveBlock(void* block, int64_t bytes) {
  const int c = smallClass(bytes);
  FreeList& list = smallLists[c];
  if (smallListsEnded || list.count >= keptBlocks(c)) return std::free(block);
  if (!list.blocks && !openList(list, c)) return std::free(block);
  list.blocks[list.count++] = block;
}

void* allocate(int64_t bytes) {
  // No machine has 2^56 bytes; beyond it the rounding below would overflow.
  if (bytes < 0 || bytes > int64_t{1} << 56) outOfMemory(bytes);
  void* block = bytes <= kSmall ? takeBlock(bytes) : allocateLarge(bytes);
  live.fetch_add(bytes, std::memory_order_relaxed);
  return block;
}

void release(void* data, int64_t bytes) {
  live.fetch_sub(bytes, std::memory_order_relaxed);
  if (bytes <= kSmall) {
    giveBlock(data, bytes);
  } else {
    releaseLarge(data, bytes);
  }
}

int64_t liveBytes() { return live.load(std::memory_order_relaxed); }
int64_t cachedBytes() { return cached.load(std::memory_order_relaxed); }

void trim() {
  LargeCache& cache = largeCache();
  const std::lock_guard lock(cache.mutex);
  // A class knows its size: the inverse of largeClass.
  for (int c = 0; c < kLargeClasses; ++c) {
    const int64_t size = static_cast<int64_t>((c + 1) % 8 + 8) << ((c + 1) / 8);
    for (void* block : cache.free[c]) {
      unmapLarge(block, size);
      cached.fetch_sub(size, std::memory_order_relaxed);
    }
    cache.free[c].clear();
  }
}

}  // namespace cresset::memory
