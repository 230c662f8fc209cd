// Containers outside of Lua's heap: what `tds` shows to Lua. Several Lua states may share one.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/Storage.h"
#include "tensor/Tensor.h"

namespace cresset::lua {

/// What handles count. Counting is atomic; reading from several threads at once is safe, changing is not.
/// A container that contains itself is never freed.
class Container {
 public:
  virtual ~Container() = default;
  void retain() { refcount_.fetch_add(1, std::memory_order_relaxed); }
  /// Gives a reference back; the last one destroys, without recursion however deep containers are nested.
  void release();

 private:
  std::atomic<int64_t> refcount_{1};
};

/// A counted reference to a container.
template <class T> class Ref {
 public:
  /// Takes over one reference.
  static Ref adopt(T* object) {
    Ref ref;
    ref.object_ = object;
    return ref;
  }
  static Ref share(T* object) {
    object->retain();
    return adopt(object);
  }
  Ref(const Ref& other) : object_(other.object_) {
    if (object_) object_->retain();
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() {
    if (object_) object_->release();
  }
  T* get() const { return object_; }
  bool operator==(const Ref& other) const { return object_ == other.object_; }

 private:
  Ref() = default;
  T* object_ = nullptr;
};

class Hash;
class Vec;
class Counter;

/// One key or value. Tensors, storages and containers are shared, not copied. monostate is nil.
using Element = std::variant<std::monostate, bool, double, std::string, Tensor, Storage, Ref<Hash>, Ref<Vec>,
                             Ref<Counter>>;

inline bool isNil(const Element& element) { return element.index() == 0; }
/// Equal values, or the same object.
bool sameElement(const Element& a, const Element& b);

/// `tds.Hash`: a table of keys and values that keeps the order of insertion.
/// Positions tell where a traversal is: they stay valid while keys are removed or get other values.
class Hash final : public Container {
 public:
  struct Entry {
    Element key, value;  // a nil key: removed
  };
  /// The number of pairs.
  int64_t size() const { return size_; }
  /// The value of a key, or null.
  const Element* find(const Element& key) const;
  /// A nil value removes the key. Throws Error when the key is nil or NaN.
  void set(const Element& key, Element value);
  /// The first pair at `position` or after it, or null; moves `position` behind that pair.
  const Entry* next(int64_t& position) const;

 private:
  // The slot of the key in index_, or of the place where it belongs.
  size_t slotOf(const Element& key) const;
  void rebuild();

  std::vector<Entry> entries_;
  std::vector<int64_t> index_;  // open addressing: position in entries_, or -1; its size is a power of two
  int64_t size_ = 0;
};

/// `tds.Vec`: an array of elements, nil among them.
class Vec final : public Container {
 public:
  std::vector<Element> elements;
};

/// `tds.AtomicCounter`.
class Counter final : public Container {
 public:
  std::atomic<int64_t> value{0};
};

}  // namespace cresset::lua
