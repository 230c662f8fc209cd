// libFuzzer target: any bytes are a .npy array, or tensors of a .safetensors file, or an Error; what was read
// is written and read again to the same bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tensor/Error.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/npy.h"
#include "tensor/file/safetensors.h"

namespace {

using namespace cresset;

template <class Write> std::string written(Write write) {
  MemoryFile file("w");
  write(file);
  const Storage bytes = file.storage();
  return {bytes.data<char>(), static_cast<size_t>(bytes.size() - 1)};
}

void checkEqual(const std::string& once, const std::string& again) {
  if (once == again) return;
  std::fputs("written, read and written again: other bytes\n", stderr);
  std::abort();
}

void tryNpy(std::string_view bytes) {
  const auto write = [](const Tensor& x) { return written([&](File& file) { npy::write(file, x); }); };
  const std::string once = write(npy::deserialize(bytes));
  checkEqual(once, write(npy::deserialize(once)));
}

void trySafetensors(std::string_view bytes) {
  const auto write = [](const safetensors::Content& content) {
    return written([&](File& file) { safetensors::write(file, content); });
  };
  const std::string once = write(safetensors::deserialize(bytes));
  checkEqual(once, write(safetensors::deserialize(once)));
}

}  // namespace

// The first byte of an input chooses the format; a good start is given, for a fuzzer would seldom guess it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] & 3) {
      case 0:
        tryNpy(bytes);
        break;
      case 1:
        tryNpy(std::string("\x93NUMPY\x01\0", 8) + bytes);
        break;
      case 2:
        trySafetensors(bytes);
        break;
      default: {
        const uint64_t length = bytes.rfind('}') + 1;
        trySafetensors(std::string(reinterpret_cast<const char*>(&length), sizeof length) + bytes);
      }
    }
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
