#include "lua/containers.h"

#include <cmath>
#include <functional>

#include "tensor/Error.h"

namespace cresset::lua {
namespace {

size_t mix(uint64_t bits) {
  bits *= 0x9E3779B97F4A7C15u;  // Fibonacci hashing: 2^64 / golden ratio
  return static_cast<size_t>(bits ^ (bits >> 32));
}

size_t hashOf(const Element& key) {
  if (const auto* number = std::get_if<double>(&key)) return mix(std::hash<double>{}(*number));
  if (const auto* string = std::get_if<std::string>(&key)) return std::hash<std::string>{}(*string);
  if (const auto* boolean = std::get_if<bool>(&key)) return mix(*boolean ? 1 : 2);
  const void* object = nullptr;
  if (const auto* tensor = std::get_if<Tensor>(&key)) object = tensor->impl();
  if (const auto* storage = std::get_if<Storage>(&key)) object = storage->impl();
  if (const auto* hash = std::get_if<Ref<Hash>>(&key)) object = hash->get();
  if (const auto* vec = std::get_if<Ref<Vec>>(&key)) object = vec->get();
  if (const auto* counter = std::get_if<Ref<Counter>>(&key)) object = counter->get();
  return mix(reinterpret_cast<uintptr_t>(object));
}

}  // namespace

void Container::release() {
  if (refcount_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  // Destroying one container may release the next: these wait in a list instead of on C's stack.
  thread_local std::vector<Container*>* waiting = nullptr;
  if (waiting) return waiting->push_back(this);
  std::vector<Container*> list{this};
  waiting = &list;
  while (!list.empty()) {
    Container* last = list.back();
    list.pop_back();
    delete last;
  }
  waiting = nullptr;
}

bool sameElement(const Element& a, const Element& b) {
  if (a.index() != b.index()) return false;
  if (const auto* tensor = std::get_if<Tensor>(&a)) return tensor->impl() == std::get<Tensor>(b).impl();
  if (const auto* storage = std::get_if<Storage>(&a)) return storage->is(std::get<Storage>(b));
  if (const auto* number = std::get_if<double>(&a)) return *number == std::get<double>(b);
  if (const auto* string = std::get_if<std::string>(&a)) return *string == std::get<std::string>(b);
  if (const auto* boolean = std::get_if<bool>(&a)) return *boolean == std::get<bool>(b);
  if (const auto* hash = std::get_if<Ref<Hash>>(&a)) return *hash == std::get<Ref<Hash>>(b);
  if (const auto* vec = std::get_if<Ref<Vec>>(&a)) return *vec == std::get<Ref<Vec>>(b);
  if (const auto* counter = std::get_if<Ref<Counter>>(&a)) return *counter == std::get<Ref<Counter>>(b);
  return true;
}

// A removed entry keeps its slot until the next rebuild, and its nil key equals no key that is looked for.
size_t Hash::slotOf(const Element& key) const {
  const size_t mask = index_.size() - 1;
  size_t slot = hashOf(key) & mask;
  while (index_[slot] >= 0 && !sameElement(entries_[static_cast<size_t>(index_[slot])].key, key))
    slot = (slot + 1) & mask;
  return slot;
}

const Element* Hash::find(const Element& key) const {
  if (size_ == 0 || isNil(key)) return nullptr;
  const int64_t at = index_[slotOf(key)];
  return at < 0 ? nullptr : &entries_[static_cast<size_t>(at)].value;
}

void Hash::set(const Element& key, Element value) {
  const auto* number = std::get_if<double>(&key);
  if (isNil(key) || (number && std::isnan(*number)))
    fail("tds.Hash", {"expected a key, got ", number ? "nan" : "nil"});
  // At most two slots of three are used, so that a search ends soon.
  if (3 * (entries_.size() + 1) > 2 * index_.size() && !isNil(value) && !find(key)) rebuild();
  if (index_.empty()) return;  // nil for an absent key
  const size_t slot = slotOf(key);
  const int64_t at = index_[slot];
  if (at < 0) {
    if (isNil(value)) return;
    entries_.push_back({key, std::move(value)});
    index_[slot] = static_cast<int64_t>(entries_.size()) - 1;
    ++size_;
  } else if (isNil(value)) {
    entries_[static_cast<size_t>(at)] = {};
    --size_;
  } else {
    entries_[static_cast<size_t>(at)].value = std::move(value);
  }
}

const Hash::Entry* Hash::next(int64_t& position) const {
  while (position < static_cast<int64_t>(entries_.size())) {
    const Entry& entry = entries_[static_cast<size_t>(position++)];
    if (!isNil(entry.key)) return &entry;
  }
  return nullptr;
}

void Hash::rebuild() {
  std::vector<Entry> live;
  live.reserve(static_cast<size_t>(size_) * 3 / 2 + 4);
  for (Entry& entry : entries_)
    if (!isNil(entry.key)) live.push_back(std::move(entry));
  entries_ = std::move(live);
  size_t slots = 8;
  while (slots < 3 * (entries_.size() + 1)) slots *= 2;
  index_.assign(slots, -1);
  for (size_t i = 0; i < entries_.size(); ++i) index_[slotOf(entries_[i].key)] = static_cast<int64_t>(i);
}

}  // namespace cresset::lua
