#include "tensor/file/Document.h"

#include <cmath>

#include "tensor/Error.h"
#include "tensor/file/ObjectWriter.h"

namespace cresset::t7 {
namespace {

const Value kNil;

// What is left to write of a table: its pairs, or the values alone of a list.
struct Step {
  const Table* table;
  int64_t next;
  int64_t end;
  bool list;
};

class Writer {
 public:
  explicit Writer(ObjectWriter& writer) : writer_(writer) {}

  void write(const Value& value) {
    emit(value);
    while (!steps_.empty()) {
      Step& step = steps_.back();
      if (step.next == step.end) {
        steps_.pop_back();
        continue;
      }
      const int64_t at = step.next++;
      if (step.list) {
        emit((*step.table)[Value(at + 1)]);
      } else {
        const auto& [key, item] = step.table->pairs[static_cast<size_t>(at / 2)];
        emit(at % 2 == 0 ? key : item);
      }
    }
  }

 private:
  void emit(const Value& value) {
    std::visit([this](const auto& content) { emitContent(content); }, value.data());
  }
  void emitContent(std::monostate) { writer_.nil(); }
  void emitContent(bool value) { writer_.boolean(value); }
  void emitContent(double value) { writer_.number(value); }
  void emitContent(const std::string& value) { writer_.string(value); }
  void emitContent(const Storage& value) { value ? writer_.storage(value) : writer_.nil(); }
  void emitContent(const Tensor& value) { value ? writer_.tensor(value) : writer_.nil(); }
  void emitContent(const std::shared_ptr<Generator>& value) {
    value ? writer_.generator(*value) : writer_.nil();
  }
  void emitContent(const Table* table) {
    if (!writer_.begin(Tag::Table, table)) return;
    const auto pairs = static_cast<int64_t>(table->pairs.size());
    writer_.count(pairs);
    steps_.push_back({table, 0, 2 * pairs, false});
  }
  void emitContent(const Object* object) {
    if (!writer_.begin(Tag::Object, object)) return;
    writer_.header(object->className, object->version);
    const Table* fields = object->fields;
    if (object->payload == Payload::Hash) {
      const auto pairs = static_cast<int64_t>(fields->pairs.size());
      writer_.file().write(pairs);
      steps_.push_back({fields, 0, 2 * pairs, false});
    } else if (object->payload == Payload::List) {
      writer_.file().write(fields->length());
      steps_.push_back({fields, 0, fields->length(), true});
    } else {
      emitContent(fields);
    }
  }
  void emitContent(const Function* function) {
    if (!writer_.begin(function->form, function)) return;
    writer_.dump(function->dump);
    emitContent(static_cast<const Table*>(function->upvalues));
  }

  ObjectWriter& writer_;
  std::vector<Step> steps_;
};

class TreeBuilder final : public Builder {
 public:
  TreeBuilder(Document& document, std::unordered_map<int32_t, Value>& known)
      : document_(document), known_(known) {}

  void nil() override { stack_.emplace_back(); }
  void number(double value) override { stack_.emplace_back(value); }
  void boolean(bool value) override { stack_.emplace_back(value); }
  void string(std::string_view bytes) override { stack_.emplace_back(std::string(bytes)); }
  void tensor(int32_t index, const Tensor& value) override { push(index, value); }
  void storage(int32_t index, const Storage& value) override { push(index, value); }
  void generator(int32_t index, const Generator::State& state) override {
    auto value = std::make_shared<Generator>();
    value->setState(state);
    push(index, std::move(value));
  }
  void beginTable(int32_t index, int64_t count) override {
    Table* table = document_.newTable();
    table->pairs.reserve(static_cast<size_t>(count));
    push(index, table);
  }
  Payload beginObject(int32_t index, const std::string& className, double version) override {
    Object* object = document_.newObject(className, version);
    if (className == "tds.Hash") object->payload = Payload::Hash;
    if (className == "tds.Vec") object->payload = Payload::List;
    push(index, object);
    return object->payload;
  }
  void beginFunction(int32_t index, Tag form, std::string_view dump, int64_t) override {
    Function* function = document_.newFunction(std::string(dump));
    function->form = form;
    push(index, function);
  }
  void reference(int32_t index) override { stack_.push_back(known_.at(index)); }

  void setPair() override {
    Value value = pop();
    Value key = pop();
    if (value.isNil()) return;
    Table* table = stack_.back().table();
    if (table == nullptr) table = stack_.back().object()->fields;
    table->pairs.emplace_back(std::move(key), std::move(value));
  }
  void setFields() override {
    Table* fields = pop().table();
    stack_.back().object()->fields = fields;
  }
  void setUpvalues() override {
    Table* upvalues = pop().table();
    stack_.back().function()->upvalues = upvalues;
  }
  bool readPayload() override { return true; }  // no class of a document has a custom payload

  Value pop() {
    Value value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }

 private:
  void push(int32_t index, Value value) {
    if (index > 0) known_[index] = value;
    stack_.push_back(std::move(value));
  }

  Document& document_;
  std::unordered_map<int32_t, Value>& known_;
  std::vector<Value> stack_;
};

template <class T> T* node(const Value& value) {
  T* const* pointer = value.get<T*>();
  return pointer ? *pointer : nullptr;
}

// The whole number that a key is, or 0.
int64_t arrayIndex(const Value& key) {
  const double* number = key.get<double>();
  if (number == nullptr || !(*number >= 1 && *number <= 1e15)) return 0;
  const auto index = static_cast<int64_t>(*number);
  return static_cast<double>(index) == *number ? index : 0;
}

}  // namespace

Table* Value::table() const { return node<Table>(*this); }
Object* Value::object() const { return node<Object>(*this); }
Function* Value::function() const { return node<Function>(*this); }

std::string Value::typeName() const {
  struct Name {
    std::string operator()(std::monostate) const { return "nil"; }
    std::string operator()(bool) const { return "boolean"; }
    std::string operator()(double) const { return "number"; }
    std::string operator()(const std::string&) const { return "string"; }
    std::string operator()(const Tensor& x) const { return x ? tensorTypeName(x.type()) : "nil"; }
    std::string operator()(const Storage& x) const { return x ? storageTypeName(x.type()) : "nil"; }
    std::string operator()(const std::shared_ptr<Generator>&) const { return "torch.Generator"; }
    std::string operator()(const Table*) const { return "table"; }
    std::string operator()(const Object* x) const { return x->className; }
    std::string operator()(const Function*) const { return "function"; }
  };
  return std::visit(Name(), data_);
}

bool operator==(const Value& a, const Value& b) {
  return std::visit(
      []<class A, class B>(const A& x, const B& y) {
        if constexpr (!std::is_same_v<A, B>) {
          return false;
        } else if constexpr (std::is_same_v<A, Tensor> || std::is_same_v<A, Storage>) {
          return x.is(y);
        } else {
          return x == y;
        }
      },
      a.data_, b.data_);
}

const Value& Table::operator[](const Value& key) const {
  // In an array the pair of key n is nearly always the n-th one.
  const int64_t index = arrayIndex(key);
  if (index > 0 && index <= static_cast<int64_t>(pairs.size())) {
    const auto& [k, v] = pairs[static_cast<size_t>(index - 1)];
    if (k == key) return v;
  }
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair)
    if (pair->first == key) return pair->second;
  return kNil;
}

const Value& Table::operator[](const char* key) const { return (*this)[Value(key)]; }

void Table::set(Value key, Value value) {
  const double* number = key.get<double>();
  if (key.isNil() || (number != nullptr && std::isnan(*number)))
    fail("t7::Table", {"a table key is nil or NaN"});
  for (auto& pair : pairs) {
    if (pair.first == key) {
      pair.second = std::move(value);
      return;
    }
  }
  pairs.emplace_back(std::move(key), std::move(value));
}

void Table::append(Value value) { pairs.emplace_back(Value(length() + 1), std::move(value)); }

int64_t Table::length() const {
  auto n = static_cast<int64_t>(pairs.size());
  if (n == 0 || pairs.back().first != Value(n)) n = 0;
  while (!(*this)[Value(n + 1)].isNil()) ++n;
  return n;
}

Object* Document::newObject(std::string className, double version) {
  Object& object = objects_.emplace_back();
  object.className = std::move(className);
  object.version = version;
  object.fields = newTable();
  return &object;
}

Function* Document::newFunction(std::string dump) {
  Function& function = functions_.emplace_back();
  function.dump = std::move(dump);
  function.upvalues = newTable();
  return &function;
}

Value DocumentReader::read() {
  TreeBuilder builder(document_, known_);
  reader_.read(builder);
  return builder.pop();
}

void writeValue(ObjectWriter& writer, const Value& value) { Writer(writer).write(value); }

}  // namespace cresset::t7
