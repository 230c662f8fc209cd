#include "nn/Activity.h"

namespace cresset::nn {

ActivityTable::~ActivityTable() = default;
ForeignValue::~ForeignValue() = default;

Activity Activity::list(std::vector<Activity> entries) {
  auto table = std::make_shared<ActivityTable>();
  table->list() = std::move(entries);
  return {std::move(table)};
}

namespace {

[[noreturn]] void failKind(const char* op, Arg argument, const char* expected, const Activity& got) {
  fail(op, argument, {"expected ", expected, ", got ", describe(got)});
}

[[noreturn]] void failNesting(const Activity& a, const Activity& b) {
  throw Error("expecting nested tensors or tables. Got " + describe(a) + " and " + describe(b) + " instead");
}

/// The text of an activity inside `depth` tables.
std::string describe(const Activity& activity, int depth) {
  switch (activity.kind()) {
    case Activity::Kind::Nil:
      return "nil";
    case Activity::Kind::Number:
      return "number";
    case Activity::Kind::Tensor:
      return describe(activity.tensor());
    case Activity::Kind::Foreign:
      return activity.foreign()->kindName();
    case Activity::Kind::Table:
      break;
  }
  constexpr int kMaxDepth = 3, kMaxEntries = 8;  // a line is read; a script's own objects may be large
  if (depth == kMaxDepth) return "{...}";
  std::string text;
  int entries = 0;
  const auto append = [&](const std::string& key, const Activity& value) {
    if (++entries > kMaxEntries) return;
    text += (text.empty() ? "" : ", ") + key + describe(value, depth + 1);
  };
  for (const Activity& entry : activity.table()->list()) append("", entry);
  for (const auto& [key, value] : activity.table()->named()) append(key + " = ", value);
  return "{" + text + (entries > kMaxEntries ? ", ...}" : "}");
}

Activity* findNamed(ActivityTable& table, const std::string& name) {
  for (auto& [key, value] : table.named())
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

const Tensor& Activity::tensor(const char* op, Arg argument) const {
  if (!isTensor()) failKind(op, argument, "a tensor", *this);
  return tensor_;
}

double Activity::number(const char* op, Arg argument) const {
  if (!isNumber()) failKind(op, argument, "a number", *this);
  return number_;
}

std::vector<Activity>& Activity::table(const char* op, Arg argument) const {
  if (!isTable()) failKind(op, argument, "a table", *this);
  return table_->list();
}

bool Activity::is(const Activity& other) const {
  if (kind_ != other.kind_) return false;
  if (isTensor()) return tensor_.is(other.tensor_);
  if (isForeign()) return foreign_ == other.foreign_;
  return isTable() && table_ == other.table_;
}

std::vector<Activity>& Activity::makeTable() {
  if (!isTable()) *this = Activity(std::make_shared<ActivityTable>());
  return table_->list();
}

std::string describe(const Activity& activity) { return describe(activity, 0); }

void copyInto(Activity& to, const Activity& from) {
  if (from.isTensor()) {
    if (!to.isTensor()) to = Tensor(from.tensor().type());
    to.tensor().resizeAs(from.tensor()).copy(from.tensor());
  } else if (from.isTable()) {
    std::vector<Activity>& entries = to.makeTable();
    const std::vector<Activity>& sources = from.table()->list();
    entries.resize(sources.size());
    for (size_t i = 0; i < sources.size(); ++i) copyInto(entries[i], sources[i]);
    auto old = std::move(to.table()->named());
    to.table()->named().clear();
    for (const auto& [key, value] : from.table()->named()) {
      Activity copy;
      for (auto& [oldKey, oldValue] : old)
        if (oldKey == key) copy = oldValue;
      copyInto(copy, value);
      to.table()->named().emplace_back(key, copy);
    }
  } else {
    to = from;
  }
}

void addInto(const Activity& to, const Activity& from) {
  if (to.isTensor() && from.isTensor()) {
    to.tensor().add(from.tensor());
  } else if (to.isTable() && from.isTable()) {
    const std::vector<Activity>&entries = to.table()->list(), &sources = from.table()->list();
    if (entries.size() != sources.size()) failNesting(to, from);
    for (size_t i = 0; i < entries.size(); ++i) addInto(entries[i], sources[i]);
    for (const auto& [key, value] : from.table()->named()) {
      const Activity* entry = findNamed(*to.table(), key);
      if (!entry) failNesting(to, from);
      addInto(*entry, value);
    }
  } else {
    failNesting(to, from);
  }
}

Activity zerosLike(const Activity& like, const Activity& reuse) {
  if (like.isTensor()) {
    const Tensor& x = like.tensor();
    const bool fits = reuse.isTensor() && reuse.tensor().type() == x.type();
    const Tensor zeros = fits ? reuse.tensor() : Tensor(x.type());
    if (!x.empty()) zeros.resizeAs(x).zero();
    if (x.empty()) zeros.set();
    return zeros;
  }
  if (!like.isTable()) return {};
  const std::vector<Activity>& entries = like.table()->list();
  Activity zeros = reuse.isTable() ? reuse : Activity::list({});
  std::vector<Activity>& list = zeros.table()->list();
  list.resize(entries.size());
  for (size_t i = 0; i < entries.size(); ++i) list[i] = zerosLike(entries[i], list[i]);
  auto old = std::move(zeros.table()->named());
  zeros.table()->named().clear();
  for (const auto& [key, value] : like.table()->named()) {
    Activity previous;
    for (auto& [oldKey, oldValue] : old)
      if (oldKey == key) previous = oldValue;
    zeros.table()->named().emplace_back(key, zerosLike(value, previous));
  }
  return zeros;
}

}  // namespace cresset::nn
