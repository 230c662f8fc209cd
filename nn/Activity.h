// What flows between modules.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tensor/Error.h"
#include "tensor/Tensor.h"

namespace cresset::nn {

class Activity;

/// The entries of a table activity. The Lua border derives from it to read a Lua table only when somebody
/// looks inside, and to hand the same Lua table back when nobody did.
class ActivityTable {
 public:
  virtual ~ActivityTable();
  /// The array part: Lua's t[1] is list()[0].
  std::vector<Activity>& list() {
    load();
    return list_;
  }
  /// Entries with other keys, by their text; numbers outside the array part are not among them.
  std::vector<std::pair<std::string, Activity>>& named() {
    load();
    return named_;
  }

 protected:
  virtual void load() {}
  std::vector<Activity> list_;
  std::vector<std::pair<std::string, Activity>> named_;
};

/// A value that modules hand on without looking into it; in Lua a string, a boolean, a storage, an object.
class ForeignValue {
 public:
  virtual ~ForeignValue();
  /// What it is, such as `string`; for messages.
  virtual std::string kindName() const = 0;
};

/// Nothing, a tensor, a number (a class label), a table of activities, or a foreign value. Copies share the
/// tensor, the table or the value.
class Activity {
 public:
  enum class Kind : uint8_t { Nil, Tensor, Number, Table, Foreign };

  Activity() = default;
  Activity(Tensor tensor) : kind_(tensor ? Kind::Tensor : Kind::Nil), tensor_(std::move(tensor)) {}  // NOLINT
  Activity(double number) : kind_(Kind::Number), number_(number) {}                                  // NOLINT
  Activity(std::shared_ptr<ActivityTable> table)                                                     // NOLINT
      : kind_(table ? Kind::Table : Kind::Nil), table_(std::move(table)) {}
  Activity(std::shared_ptr<ForeignValue> value)  // NOLINT
      : kind_(value ? Kind::Foreign : Kind::Nil), foreign_(std::move(value)) {}
  /// A table with these entries.
  static Activity list(std::vector<Activity> entries);

  Kind kind() const { return kind_; }
  bool isNil() const { return kind_ == Kind::Nil; }
  bool isTensor() const { return kind_ == Kind::Tensor; }
  bool isNumber() const { return kind_ == Kind::Number; }
  bool isTable() const { return kind_ == Kind::Table; }
  bool isForeign() const { return kind_ == Kind::Foreign; }
  explicit operator bool() const { return kind_ != Kind::Nil; }

  /// The content; throw Error naming `op` and the argument when it is of another kind.
  const Tensor& tensor(const char* op, Arg argument) const;
  double number(const char* op, Arg argument) const;
  std::vector<Activity>& table(const char* op, Arg argument) const;

  // Without the check, for callers that looked at the kind.
  const Tensor& tensor() const { return tensor_; }
  double number() const { return number_; }
  const std::shared_ptr<ActivityTable>& table() const { return table_; }
  const std::shared_ptr<ForeignValue>& foreign() const { return foreign_; }

  /// The entries of the table that this is, made empty when it is something else.
  std::vector<Activity>& makeTable();

  /// Same tensor, table or foreign object.
  bool is(const Activity& other) const;

 private:
  Kind kind_ = Kind::Nil;
  double number_ = 0;
  Tensor tensor_;
  std::shared_ptr<ActivityTable> table_;
  std::shared_ptr<ForeignValue> foreign_;
};

/// `torch.FloatTensor [2 x 3]`, `number`, `{torch.FloatTensor [2], number}`; for messages. Of large or deep
/// tables it shows the beginning.
std::string describe(const Activity& activity);

// Over nested tables, tensor by tensor. Both sides must nest alike, or Error
// (`expecting nested tensors or tables. Got <a> and <b> instead`).
/// Resizes `to`, making what is missing, and copies.
void copyInto(Activity& to, const Activity& from);
/// to += from.
void addInto(const Activity& to, const Activity& from);
/// A zero-filled activity like `like`; `reuse` gives its tensors when it nests alike.
Activity zerosLike(const Activity& like, const Activity& reuse = {});

}  // namespace cresset::nn
