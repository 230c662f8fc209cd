#include "tensor/file/ObjectWriter.h"

#include <limits>

#include "tensor/Error.h"

namespace cresset::t7 {
namespace {

constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();

}  // namespace

void ObjectWriter::number(double value) {
  tag(Tag::Number);
  file_.write(value);
}

void ObjectWriter::boolean(bool value) {
  tag(Tag::Boolean);
  file_.writeBool(value);
}

void ObjectWriter::string(std::string_view bytes) {
  tag(Tag::String);
  text(bytes);
}

void ObjectWriter::text(std::string_view bytes) {
  const auto n = static_cast<int64_t>(bytes.size());
  if (n > kMaxInt)
    fail(file_.name(), {"a string of ", cresset::text(n), " bytes is too long for a .t7 file: at most ",
                        cresset::text(kMaxInt)});
  file_.write(static_cast<int32_t>(n));
  file_.write(DType::Char, bytes.data(), n);
}

bool ObjectWriter::begin(Tag form, const void* identity) {
  tag(form);
  if (form == Tag::OldestFunction) return true;
  const bool known = referenced_ && identity != nullptr;
  if (known) {
    const auto found = indices_.find(identity);
    if (found != indices_.end()) {
      file_.write(found->second);
      return false;
    }
  }
  if (last_ == kMaxInt) fail(file_.name(), {"more than ", cresset::text(kMaxInt), " objects in one file"});
  ++last_;
  if (known) indices_.emplace(identity, last_);
  file_.write(last_);
  return true;
}

void ObjectWriter::count(int64_t pairs) {
  if (pairs > kMaxInt)
    fail(file_.name(), {"a table of ", cresset::text(pairs), " pairs is too large for a .t7 file"});
  file_.write(static_cast<int32_t>(pairs));
}

void ObjectWriter::header(std::string_view className, double version) {
  text("V " + cresset::text(version));
  text(className);
}

void ObjectWriter::tensor(const Tensor& value, const void* identity) {
  if (!begin(Tag::Object, identity ? identity : value.impl())) return;
  if (referenced_) tensors_.push_back(value);
  header(tensorTypeName(value.type()), 1);
  payload(value);
}

void ObjectWriter::payload(const Tensor& value) {
  file_.write(static_cast<int32_t>(value.dim()));
  file_.write(DType::Long, value.sizes().data(), value.dim());
  file_.write(DType::Long, value.strides().data(), value.dim());
  file_.write<int64_t>(value.storageOffset() + 1);
  if (value.hasStorage()) {
    storage(value.storage());
  } else {
    nil();
  }
}

void ObjectWriter::storage(const Storage& value, const void* identity) {
  if (!begin(Tag::Object, identity ? identity : value.impl())) return;
  if (referenced_) storages_.push_back(value);
  header(storageTypeName(value.type()), 1);
  payload(value);
}

void ObjectWriter::payload(const Storage& value) {
  file_.write<int64_t>(value.size());
  if (value.type().device == Device::CPU || value.size() == 0) {
    file_.write(value);
    return;
  }
  const int64_t n = value.size();
  const Tensor host(Type{value.type().dtype, Device::CPU}, {n});
  host.copy(Tensor(value, 0, {n}));
  file_.write(host.storage());
}

void ObjectWriter::generator(const Generator& value) {
  if (!begin(Tag::Object, &value)) return;
  header("torch.Generator", 1);
  payload(value);
}

void ObjectWriter::payload(const Generator& value) {
  file_.write(DType::Char, &value.state(), Generator::kStateBytes);
}

}  // namespace cresset::t7
