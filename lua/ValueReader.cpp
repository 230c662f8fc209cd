#include "lua/ValueReader.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lua/sealed.h"
#include "lua/serialize.h"
#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

using t7::Payload;
using t7::Tag;

constexpr const char* kNotAllowed =
    "its bytecode came out of a file and is not run; if you trust the file, load it with "
    "torch.load(path, mode, {functions = true}), or set CRESSET_LOAD_FUNCTIONS=1";

// The builder's stack is a Lua table, so that depth is bounded by memory alone.
class ValueReader final : public t7::Builder {
 public:
  ValueReader(lua_State* L, LuaFile& file, int self) : L_(L), file_(file), self_(self) {
    luaL_checkstack(L, 20 + kMostUpvalues, "reading an object");
    lua_getfenv(L, self);
    environment_ = lua_gettop(L);
    known_ = subtable("known");
    origin_ = subtable("origin");
    joined_ = subtable("joined");
    lua_newtable(L);
    threads_ = lua_gettop(L);
    lua_newtable(L);
    stack_ = lua_gettop(L);
  }

  /// Leaves the only value on top of Lua's stack.
  void pushResult() {
    lua_rawgeti(L_, stack_, size_);
    lua_replace(L_, environment_);
    lua_settop(L_, environment_);
  }

  void nil() override {
    lua_pushnil(L_);
    push();
  }
  void number(double value) override {
    lua_pushnumber(L_, value);
    push();
  }
  void boolean(bool value) override {
    lua_pushboolean(L_, value);
    push();
  }
  void string(std::string_view bytes) override {
    lua_pushlstring(L_, bytes.data(), bytes.size());
    push();
  }
  void tensor(int32_t index, const Tensor& value) override {
    lua::push(L_, value);
    push(index);
  }
  void storage(int32_t index, const Storage& value) override {
    lua::push(L_, value);
    push(index);
  }
  void generator(int32_t index, const Generator::State& state) override {
    auto generator = std::make_unique<Generator>();
    generator->setState(state);
    pushObject(L_, generator.get(), ObjectKind::Generator, "torch.Generator");
    (void)generator.release();
    push(index);
  }
  void beginTable(int32_t index, int64_t) override {
    lua_newtable(L_);
    push(index);
  }
  void reference(int32_t index) override {
    lua_rawgeti(L_, known_, index);
    push();
  }

  Payload beginObject(int32_t index, const std::string& className, double version) override {
    pushInstantiate(L_);
    lua::push(L_, className);
    lua_pushnumber(L_, version);
    lua_pushboolean(L_, file_.policy.unknownTables);
    lua_pushvalue(L_, self_);
    lua_call(L_, 4, 3);  // the object, how it reads itself and the form of its payload; or nil and a message
    const std::string form = lua_isstring(L_, -1) ? lua_tostring(L_, -1) : "";
    lua_pop(L_, 1);
    if (lua_isnil(L_, -2)) {
      const std::string message = checkString(L_, lua_gettop(L_), "torch.load");
      file_.reader.fail({message});
    }
    lua_insert(L_, -2);
    push(index);
    if (lua_isnil(L_, -1)) {
      lua_pop(L_, 1);
      return form == "hash" ? Payload::Hash : form == "list" ? Payload::List : Payload::Fields;
    }
    lua_State* hook = lua_newthread(L_);
    lua_insert(L_, -2);
    lua_xmove(L_, hook, 1);
    hooks_.push_back({hook, version, false});
    lua_rawseti(L_, threads_, static_cast<int>(hooks_.size()));
    return Payload::Custom;
  }

  bool readPayload() override {
    Hook& hook = hooks_.back();
    int arguments = 1;
    lua_rawgeti(L_, stack_, size_);  // the object that it waits for, or at first its own
    if (hook.started) {
      --size_;
    } else {
      lua_pushvalue(L_, self_);
      lua_pushnumber(L_, hook.version);
      arguments = 3;
    }
    hook.started = true;
    if (!resumeHook(L_, file_, hook.thread, arguments)) return false;
    lua_pushnil(L_);
    lua_rawseti(L_, threads_, static_cast<int>(hooks_.size()));
    hooks_.pop_back();
    return true;
  }

  void beginFunction(int32_t index, Tag form, std::string_view dump, int64_t upvalues) override {
    forms_.push_back(form);
    std::string why = kNotAllowed;
    if (file_.policy.functions || (file_.inMemory() && isOwnDump(dump))) {
      if (luaL_loadbuffer(L_, dump.data(), dump.size(), "=(torch.load)") == 0) return push(index);
      why = std::string("its bytecode is of another Lua: ") + lua_tostring(L_, -1);
      lua_pop(L_, 1);
    }
    const int count = std::max(static_cast<int>(upvalues), upvaluesOfDump(dump));
    pushSealed(L_, form, dump, std::min(count, kMostUpvalues), why.c_str(), origin_);
    push(index);
  }

  void setPair() override {
    lua_rawgeti(L_, stack_, size_ - 2);
    lua_rawgeti(L_, stack_, size_ - 1);
    lua_rawgeti(L_, stack_, size_);
    lua_rawset(L_, -3);
    lua_pop(L_, 1);
    size_ -= 2;
  }

  // As Lua's `object[key] = value`, so that a class may have a say.
  void setFields() override {
    lua_rawgeti(L_, stack_, size_ - 1);
    lua_rawgeti(L_, stack_, size_);
    const int fields = lua_gettop(L_);
    if (!lua_istable(L_, fields - 1) && !luaL_getmetafield(L_, fields - 1, "__newindex"))
      file_.reader.fail({"Cannot load object class ", kindName(L_, fields - 1), ": it takes no fields"});
    lua_settop(L_, fields);
    lua_pushnil(L_);
    while (lua_next(L_, fields) != 0) {
      lua_pushvalue(L_, -2);
      lua_insert(L_, -2);
      lua_settable(L_, fields - 1);
    }
    lua_pop(L_, 2);
    --size_;
  }

  void setUpvalues() override {
    const Tag form = forms_.back();
    forms_.pop_back();
    lua_rawgeti(L_, stack_, size_ - 1);
    lua_rawgeti(L_, stack_, size_);
    const int upvalues = lua_gettop(L_), function = upvalues - 1;
    lua_pushnil(L_);
    while (lua_next(L_, upvalues) != 0) {
      if (lua_type(L_, -2) == LUA_TNUMBER)
        setUpvalue(function, static_cast<int>(lua_tointeger(L_, -2)), form);
      lua_settop(L_, upvalues + 1);
    }
    if (isSealed(L_, function)) {
      setSealedUpvalues(L_, function);
    } else {
      lua_pop(L_, 1);
    }
    lua_pop(L_, 1);
    --size_;
  }

 private:
  static constexpr int kMostUpvalues = 250;  // of a C function: 255, less some caution

  // Files the value on top of Lua's stack.
  void push(int32_t index = 0) {
    if (index > 0) {
      lua_pushvalue(L_, -1);
      lua_rawseti(L_, known_, index);
    }
    lua_rawseti(L_, stack_, ++size_);
  }

  // A table in the file's environment, made when missing; returns its stack index.
  int subtable(const char* name) {
    lua_getfield(L_, environment_, name);
    if (!lua_istable(L_, -1)) {
      lua_pop(L_, 1);
      lua_newtable(L_);
      lua_pushvalue(L_, -1);
      lua_setfield(L_, environment_, name);
    }
    return lua_gettop(L_);
  }

  // Sets upvalue i of a function from what is on top: a record, or the value itself in older forms.
  void setUpvalue(int function, int i, Tag form) {
    const int record = lua_gettop(L_);
    if (form == Tag::Function && lua_istable(L_, record)) {
      if (!isSealed(L_, function) && joinUpvalue(function, i, record)) return;
      lua_pushliteral(L_, "value");
      lua_rawget(L_, record);
      if (lua_isnil(L_, -1) && isEnvironment(record)) lua_pushvalue(L_, LUA_GLOBALSINDEX);
    }
    if (i >= 1) lua_setupvalue(L_, function, i);  // which ignores those that the function has not
  }

  // Lua 5.2 has the environment as an upvalue of this name, which is not saved.
  bool isEnvironment(int record) {
    lua_pushliteral(L_, "name");
    lua_rawget(L_, record);
    const char* name = lua_type(L_, -1) == LUA_TSTRING ? lua_tostring(L_, -1) : "";
    const bool result = std::string_view(name) == "_ENV";
    lua_pop(L_, 1);
    return result;
  }

  // Upvalues with one number are one variable: true when it is there already, and shared now.
  bool joinUpvalue(int function, int i, int record) {
    if (i < 1 || lua_getupvalue(L_, function, i) == nullptr) return true;
    lua_pushliteral(L_, "id");
    lua_rawget(L_, record);
    if (lua_type(L_, -1) != LUA_TNUMBER) return false;
    const double id = lua_tonumber(L_, -1);
    if (id != id) return false;
    lua_rawget(L_, joined_);
    if (lua_istable(L_, -1)) {
      lua_rawgeti(L_, -1, 1);
      lua_rawgeti(L_, -2, 2);
      lua_upvaluejoin(L_, function, i, lua_gettop(L_) - 1, static_cast<int>(lua_tointeger(L_, -1)));
      return true;
    }
    lua_pushnumber(L_, id);
    lua_createtable(L_, 2, 0);
    lua_pushvalue(L_, function);
    lua_rawseti(L_, -2, 1);
    lua_pushinteger(L_, i);
    lua_rawseti(L_, -2, 2);
    lua_rawset(L_, joined_);
    return false;
  }

  lua_State* L_;
  LuaFile& file_;
  int self_, environment_ = 0, known_ = 0, origin_ = 0, joined_ = 0, stack_ = 0;  // indices in Lua's stack
  int size_ = 0;                                                                  // of the builder's stack
  int threads_ = 0;  // Lua's table of the threads below
  struct Hook {
    lua_State* thread;
    double version;
    bool started;
  };
  std::vector<Hook> hooks_;  // of the objects that are reading themselves
  std::vector<Tag> forms_;   // of the functions whose upvalues are being read
};

}  // namespace

void readValue(lua_State* L, LuaFile& file, int self) {
  const NestingGuard guard("torch.load");
  ValueReader builder(L, file, self);
  file.reader.read(builder);
  builder.pushResult();
}

}  // namespace cresset::lua
