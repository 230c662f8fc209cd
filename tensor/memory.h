// CPU memory: small blocks from per-thread lists, large blocks recycled with their pages already touched.
#pragma once

#include <cstdint>

namespace cresset::memory {

/// 64-byte aligned. Throws Error when the system has no more.
void* allocate(int64_t bytes);
/// `bytes` is what was asked for.
void release(void* data, int64_t bytes);

/// Blocks for small objects (up to 16 KiB), from the calling thread's lists; not counted as live.
void* takeBlock(int64_t bytes);
void giveBlock(void* block, int64_t bytes);

/// Bytes in live CPU buffers. The Lua border drives its collector with it.
int64_t liveBytes();
/// Bytes kept for reuse.
int64_t cachedBytes();
/// Gives cached blocks back to the system.
void trim();

}  // namespace cresset::memory
