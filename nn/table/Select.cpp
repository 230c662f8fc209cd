#include "nn/table/Select.h"

#include "tensor/Error.h"

namespace cresset::nn {

SelectTable::SelectTable(int64_t position) : index(position) { gradInput = Activity::list({}); }
SelectTable::SelectTable(std::string name) : key(std::move(name)) { gradInput = Activity::list({}); }

Activity& SelectTable::entryOf(const Activity& table) const {
  std::vector<Activity>& list = table.table("nn.SelectTable", arg(1, "input"));
  if (!index) {
    for (auto& [name, value] : table.table()->named())
      if (name == key) return value;
  } else {
    const auto n = static_cast<int64_t>(list.size());
    const int64_t i = *index < 0 ? n + *index : *index - 1;
    if (i >= 0 && i < n && !list[static_cast<size_t>(i)].isNil()) return list[static_cast<size_t>(i)];
  }
  fail("nn.SelectTable", arg(1, "input"),
       {"index does not exist in the input table: ", index ? text(*index) : key, " of ", describe(table)});
}

Activity SelectTable::updateOutput(const Activity& input) { return output = entryOf(input); }

Activity SelectTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  entryOf(input);
  gradInput = zerosLike(input, gradInput);
  copyInto(entryOf(gradInput), gradOutput);
  return gradInput;
}

void SelectTable::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("index", index);
  if (!index) visit("index", key);
}

std::string SelectTable::toString() const { return typeName() + "(" + (index ? text(*index) : key) + ")"; }

NarrowTable::NarrowTable(int64_t first, int64_t count) : offset(first), length(count) {
  output = Activity::list({});
  gradInput = Activity::list({});
}

Activity NarrowTable::updateOutput(const Activity& input) {
  const std::vector<Activity>& list = input.table("nn.NarrowTable", arg(1, "input"));
  if (offset < 1 || length < 0 || offset - 1 > static_cast<int64_t>(list.size()) - length)
    fail("nn.NarrowTable", arg(1, "input"),
         {text(length), " entries from ", text(offset), " on do not exist in ", describe(input)});
  std::vector<Activity> part(list.begin() + offset - 1, list.begin() + offset - 1 + length);
  output.makeTable() = std::move(part);
  return output;
}

Activity NarrowTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const std::vector<Activity>& parts = gradOutput.table("nn.NarrowTable", arg(2, "gradOutput"));
  if (static_cast<int64_t>(parts.size()) < length)
    fail("nn.NarrowTable", arg(2, "gradOutput"),
         {"expected ", text(length), " entries, got ", describe(gradOutput)});
  std::vector<Activity> gradients;
  const std::vector<Activity>& list = input.table("nn.NarrowTable", arg(1, "input"));
  for (size_t i = 0; i < list.size(); ++i) {
    const int64_t part = static_cast<int64_t>(i) - (offset - 1);
    gradients.push_back(part >= 0 && part < length ? parts[static_cast<size_t>(part)] : zerosLike(list[i]));
  }
  gradInput.makeTable() = std::move(gradients);
  return gradInput;
}

void NarrowTable::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("offset", offset, 1)("length", length, 1);
}

namespace {

void flattenInto(std::vector<Activity>& flat, const Activity& nested) {
  if (!nested.isTable()) return flat.push_back(nested);
  for (const Activity& entry : nested.table()->list()) flattenInto(flat, entry);
}

/// Takes entries of `flat` from `at` on, nested as `like`.
Activity nest(const std::vector<Activity>& flat, size_t& at, const Activity& like) {
  if (!like.isTable()) {
    if (at >= flat.size())
      fail("nn.FlattenTable", arg(2, "gradOutput"),
           {"fewer entries than the input has: ", text(static_cast<int64_t>(flat.size()))});
    return flat[at++];
  }
  std::vector<Activity> entries;
  for (const Activity& entry : like.table()->list()) entries.push_back(nest(flat, at, entry));
  return Activity::list(std::move(entries));
}

}  // namespace

FlattenTable::FlattenTable() {
  output = Activity::list({});
  gradInput = Activity::list({});
}

Activity FlattenTable::updateOutput(const Activity& input) {
  input.table("nn.FlattenTable", arg(1, "input"));
  std::vector<Activity> flat;
  flattenInto(flat, input);
  output.makeTable() = std::move(flat);
  return output;
}

Activity FlattenTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  size_t at = 0;
  return gradInput = nest(gradOutput.table("nn.FlattenTable", arg(2, "gradOutput")), at, input);
}

void FlattenTable::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  if (!visit.isCall()) visit("input_map", inputMap_);
}

}  // namespace cresset::nn
