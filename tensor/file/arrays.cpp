#include "tensor/file/arrays.h"

#include <algorithm>
#include <unordered_set>

#include "tensor/Error.h"

namespace cresset::arrays {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 55;  // as of a storage

template <class From, class To> Storage widen(const Storage& stored) {
  Storage wide(Type{dtypeOf<To>, Device::CPU}, stored.size());
  std::copy_n(static_cast<const From*>(stored.data()), stored.size(), wide.data<To>());
  return wide;
}

Storage toSigned(const std::string& name, const Storage& stored) {
  switch (stored.type().dtype) {
    case DType::Short:
      return widen<uint16_t, int32_t>(stored);
    case DType::Int:
      return widen<uint32_t, int64_t>(stored);
    default:
      break;
  }
  const auto* first = stored.data<int64_t>();
  const auto* last = first + stored.size();
  const auto* large = std::find_if(first, last, [](int64_t x) { return x < 0; });
  if (large != last)
    fail(name, {"element ", text(int64_t{large - first + 1}), " is ",
                std::to_string(static_cast<uint64_t>(*large)), ", which exceeds torch.LongTensor"});
  return stored;
}

}  // namespace

DType tensorType(Element element) {
  if (!element.widened) return element.stored;
  return element.stored == DType::Short ? DType::Int : DType::Long;
}

int64_t countElements(const std::string& name, const std::vector<int64_t>& sizes, DType stored) {
  const auto n = static_cast<int64_t>(sizes.size());
  if (n > kMaxDims) fail(name, {"expected at most ", text(int64_t{kMaxDims}), " dimensions, got ", text(n)});
  // A size of 0 anywhere means no element, however large the others are.
  if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) return 0;
  int64_t count = 1;
  for (const int64_t size : sizes)
    if (__builtin_mul_overflow(count, size, &count) || count > kMostBytes / elementSize(stored))
      fail(name, {"too many elements in ", shapeText(sizes.data(), n)});
  return count;
}

Tensor readTensor(File& file, const std::string& name, Element element, const std::vector<int64_t>& sizes) {
  const Type type{tensorType(element), Device::CPU};
  const int64_t count = countElements(name, sizes, element.stored);
  if (count == 0) return Tensor(type);
  Storage storage = file.tryReadStorage(element.stored, count);
  if (storage.size() < count)
    fail(name, {"the file ends after ", text(storage.size()), " of ", text(count), " elements"});
  if (element.widened) storage = toSigned(name, storage);
  if (sizes.empty()) return Tensor(storage, 0, {1});
  return Tensor(storage, 0, Sizes(sizes.data(), static_cast<int64_t>(sizes.size())));
}

Tensor toWrite(const Tensor& x) { return x.to(Type{x.dtype(), Device::CPU}).contiguous(); }

void checkNames(const std::string& name, const NamedTensors& tensors) {
  std::unordered_set<std::string_view> seen;
  for (const auto& [key, tensor] : tensors)
    if (!seen.insert(key).second) fail(name, {"the name '", key, "' is there twice"});
}

}  // namespace cresset::arrays
