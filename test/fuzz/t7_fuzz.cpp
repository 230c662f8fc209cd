// libFuzzer target: any bytes are a document or an Error; a document is written and read again to the same
// bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tensor/Error.h"
#include "tensor/file/t7.h"

namespace {

using namespace cresset;
using namespace cresset::t7;

// The first byte of an input chooses how the others are read.
LoadOptions optionsOf(uint8_t choice) {
  constexpr Mode kModes[] = {Mode::Auto, Mode::Binary, Mode::Ascii, Mode::B32};
  LoadOptions options;
  options.mode = kModes[choice & 3];
  options.referenced = (choice & 4) == 0;
  options.cpu = true;
  return options;
}

void checkRoundTrip(const Document& document, Mode mode) {
  const std::string once = serialize(document.root, {mode});
  const Document again = deserialize(once, {mode});
  if (serialize(again.root, {mode}) == once) return;
  std::fputs("written, read and written again: other bytes\n", stderr);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Document document;
  try {
    document = deserialize(bytes, optionsOf(data[0]));
  } catch (const Error&) {
    return 0;
  }
  checkRoundTrip(document, Mode::Binary);
  checkRoundTrip(document, Mode::Ascii);
  return 0;
}
