#include "lua/ValueWriter.h"

#include <string_view>
#include <vector>

#include "lua/sealed.h"
#include "lua/serialize.h"
#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

using t7::Tag;

int appendDump(lua_State*, const void* bytes, size_t size, void* to) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return 0;
}

// Pushes a field of the class of the object at i, inherited ones too, or nil.
void pushClassField(lua_State* L, int i, const char* name) {
  if (!lua_getmetatable(L, i)) return lua_pushnil(L);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

// The class name of a table or userdata; empty for anything else. A class of cdata is known to Lua alone.
std::string classOf(lua_State* L, int i) {
  std::string name;
  constexpr int kCdata = 10;  // LuaJIT's own type
  if (lua_type(L, i) == kCdata) {
    lua_pushvalue(L, i);
    pushTypeName(L);
    if (lua_type(L, -1) == LUA_TSTRING) name = lua_tostring(L, -1);
    lua_pop(L, 1);
  } else if (luaL_getmetafield(L, i, "__typename")) {
    if (lua_type(L, -1) == LUA_TSTRING) name = lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  return name;
}

// Whether the class of the table at i makes objects for the reader of a file.
bool hasFactory(lua_State* L, int i) {
  lua_getmetatable(L, i);
  lua_pushliteral(L, "__factory");
  lua_rawget(L, -2);
  const bool found = lua_toboolean(L, -1) != 0;
  lua_pop(L, 2);
  return found;
}

// Pushes how the object at i writes itself, or nothing and returns false.
bool pushWriteHook(lua_State* L, int i) {
  for (const char* name : {"__write", "write"}) {
    pushClassField(L, i, name);
    if (lua_isfunction(L, -1)) return true;
    lua_pop(L, 1);
  }
  return false;
}

bool hasStandIn(lua_State* L, int function) {
  pushStandIn(L, function);
  const bool found = !lua_isnil(L, -1);
  lua_pop(L, 1);
  return found;
}

class ValueWriter {
 public:
  ValueWriter(lua_State* L, LuaFile& file, int self, const std::string& name, int hook)
      : L_(L), file_(file), writer_(file.writer), self_(self), hook_(hook), name_(name) {
    luaL_checkstack(L, 30, "writing an object");
    lua_newtable(L);
    stack_ = lua_gettop(L);
  }

  void write(int value) {
    lua_pushvalue(L_, value);
    emit();
    while (!frames_.empty()) step();
    lua_remove(L_, stack_);
  }

 private:
  // A table whose pairs are being written, or an object that writes itself. Lua's table `stack_` holds three
  // values for each frame: the table and the key of the pair at hand, or the thread and the object; then the
  // hook for what is inside.
  struct Frame {
    int64_t left = 0;             // pairs still to come
    bool atValue = false;         // the key is written
    bool fields = false;          // of an instance: what cannot be written is skipped
    bool upvalues = false;        // of a function
    lua_State* thread = nullptr;  // in which the object writes itself
    bool started = false;
  };
  enum Slot { kTable, kKey, kHook };

  int depth() const { return static_cast<int>(frames_.size()); }
  void pushSlot(Slot slot, int depth) { lua_rawgeti(L_, stack_, 3 * depth + slot); }
  void setSlot(Slot slot) { lua_rawseti(L_, stack_, 3 * depth() + slot); }  // from the top

  // Pushes the function that may replace objects at this depth, or nil.
  void pushHook() {
    if (depth() > 0) return pushSlot(kHook, depth());
    hook_ != 0 ? lua_pushvalue(L_, hook_) : lua_pushnil(L_);
  }

  void step() {
    Frame& frame = frames_.back();
    if (frame.thread != nullptr) return resume(frame);
    if (frame.left == 0) {
      frames_.pop_back();
      return;
    }
    pushSlot(kTable, depth());
    const int table = lua_gettop(L_);
    pushSlot(kKey, depth());
    if (frame.atValue) {
      frame.atValue = false;
      --frame.left;
      lua_rawget(L_, table);
    } else {
      frame.atValue = true;
      pushNextKey(table, frame.fields);
      lua_pushvalue(L_, -1);
      setSlot(kKey);
    }
    lua_remove(L_, table);
    emit();
  }

  // Lets an object go on to write itself, and writes the next object that it hands over.
  void resume(Frame& frame) {
    int arguments = 0;
    if (!frame.started) {
      frame.started = true;
      pushSlot(kKey, depth());
      lua_pushvalue(L_, self_);
      arguments = 2;
    }
    if (resumeHook(L_, file_, frame.thread, arguments)) {
      frames_.pop_back();
      return;
    }
    setSlot(kHook);
    emit();
  }

  // Replaces the key on top by the next one, passing over fields that cannot be written.
  void pushNextKey(int table, bool fields) {
    while (lua_next(L_, table) != 0) {
      const bool skipped = fields && tagOf(L_, lua_gettop(L_)) < 0;
      lua_pop(L_, 1);
      if (!skipped) return;
    }
    fail("torch.save", {"a table changed while it was written, at ", path()});
  }

  // Writes the value on top and pops it; a table is entered, its pairs follow.
  void emit() {
    const int original = lua_gettop(L_);
    const int value = original + 1;
    pushHook();
    lua_pushvalue(L_, original);
    if (lua_isnil(L_, value)) {
      lua_remove(L_, value);
    } else {
      lua_call(L_, 1, 1);
    }
    if (lua_isfunction(L_, value) && !isSealed(L_, value)) {
      pushStandIn(L_, value);
      lua_isnil(L_, -1) ? lua_pop(L_, 1) : lua_replace(L_, value);
    }
    // An object that replaces another one is numbered as that one: so it stays the same object wherever it is
    // met.
    const void* identity = identityOf(original);
    if (identity == nullptr) identity = identityOf(value);
    keep(original);
    keep(value);
    const int tag = tagOf(L_, value);
    if (tag < 0) fail("torch.save", {"Unwritable object <", kindName(L_, value), "> at ", path()});
    emitAs(static_cast<Tag>(tag), value, identity);
    lua_settop(L_, original - 1);
  }

  void emitAs(Tag tag, int value, const void* identity) {
    switch (tag) {
      case Tag::Nil:
        return writer_.nil();
      case Tag::Number:
        return writer_.number(lua_tonumber(L_, value));
      case Tag::Boolean:
        return writer_.boolean(lua_toboolean(L_, value));
      case Tag::String: {
        size_t size;
        const char* bytes = lua_tolstring(L_, value, &size);
        return writer_.string({bytes, size});
      }
      case Tag::Table:
        if (writer_.begin(Tag::Table, identity)) enter(value, {});
        return;
      case Tag::Object:
        return emitObject(value, identity);
      default:
        return emitFunction(value, identity);
    }
  }

  const void* identityOf(int i) const {
    const Handle* handle = toHandle(L_, i);
    return handle ? handle->object : lua_topointer(L_, i);
  }

  // An address must not be used again while the file may refer to it. The writer itself keeps tensors and
  // storages.
  void keep(int i) {
    const int type = lua_type(L_, i);
    const bool shared =
        type != LUA_TNIL && type != LUA_TBOOLEAN && type != LUA_TNUMBER && type != LUA_TSTRING;
    if (!writer_.isReferenced() || !shared || toTensor(L_, i) || toStorage(L_, i)) return;
    lua_getfenv(L_, self_);
    lua_getfield(L_, -1, "kept");
    if (!lua_istable(L_, -1)) {
      lua_pop(L_, 1);
      lua_newtable(L_);
      lua_pushvalue(L_, -1);
      lua_setfield(L_, -3, "kept");
    }
    lua_pushvalue(L_, i);
    lua_pushboolean(L_, true);
    lua_rawset(L_, -3);
    lua_pop(L_, 2);
  }

  // Counts and announces the pairs of a table, and makes it the one whose pairs are written next.
  void enter(int table, Frame frame) {
    lua_pushnil(L_);
    while (lua_next(L_, table) != 0) {
      if (!frame.fields || isWritableField(table)) ++frame.left;
      lua_pop(L_, 1);
    }
    writer_.count(frame.left);
    lua_pushvalue(L_, table);
    lua_pushnil(L_);
    pushFrame(frame);
  }

  // Takes the first two slots from the top of Lua's stack.
  void pushFrame(Frame frame) {
    pushHook();
    frames_.push_back(frame);
    setSlot(kHook);
    setSlot(kKey);
    setSlot(kTable);
  }

  // Whether the value on top, of the key below it, can be written; a line says so when it cannot.
  bool isWritableField(int table) {
    const int value = lua_gettop(L_);
    if (tagOf(L_, value) >= 0) return true;
    const std::string line = "$ Warning: cannot write object field <" + keyText(value - 1) + "> of <" +
                             classOf(L_, table) + "> at " + path() + ": it is a " + kindName(L_, value);
    lua_getglobal(L_, "print");
    push(L_, line);
    lua_call(L_, 1, 0);
    return false;
  }

  void emitObject(int object, const void* identity) {
    if (TensorImpl* tensor = toTensor(L_, object)) return writer_.tensor(Tensor::share(tensor), identity);
    if (StorageImpl* storage = toStorage(L_, object))
      return writer_.storage(Storage::share(storage), identity);
    if (const Generator* generator = toGenerator(L_, object)) return writer_.generator(*generator);
    const bool writesItself = pushWriteHook(L_, object);
    if (!writer_.begin(Tag::Object, identity)) return;
    pushClassField(L_, object, "__version");
    writer_.header(classOf(L_, object), lua_isnumber(L_, -1) ? lua_tonumber(L_, -1) : 1);
    lua_pop(L_, 1);
    Frame frame;
    if (writesItself) {
      frame.thread = lua_newthread(L_);
      lua_insert(L_, -2);
      lua_xmove(L_, frame.thread, 1);
      lua_pushvalue(L_, object);
      pushFrame(frame);
      lua_pushnil(L_);  // its own objects are replaced by the hook that it gives
      setSlot(kHook);
    } else {
      writer_.begin(Tag::Table);
      frame.fields = true;
      enter(object, frame);
    }
  }

  void emitFunction(int function, const void* identity) {
    const bool sealed = isSealed(L_, function);
    const Tag form = sealed ? sealedForm(L_, function) : Tag::Function;
    if (!writer_.begin(form, identity)) return;
    writer_.dump(sealed ? sealedDump(L_, function) : dumpOf(function));
    if (!sealed) {
      pushUpvalueRecords(function);
    } else if (form == Tag::Function) {
      pushSealedRecords(function);
    } else {
      pushSealedUpvalues(L_, function);
    }
    writer_.begin(Tag::Table);
    Frame frame;
    frame.upvalues = form == Tag::Function;
    enter(lua_gettop(L_), frame);
  }

  std::string dumpOf(int function) {
    std::string dump;
    lua_pushvalue(L_, function);
    if (lua_dump(L_, appendDump, &dump) != 0) fail("torch.save", {"unable to dump the function at ", path()});
    lua_pop(L_, 1);
    rememberDump(dump);
    return dump;
  }

  // A new table of {name = ..., id = ..., value = ...}, one for each upvalue.
  void pushUpvalueRecords(int function) {
    lua_newtable(L_);
    for (int i = 1; const char* name = lua_getupvalue(L_, function, i); ++i) {
      lua_createtable(L_, 0, 3);
      lua_insert(L_, -2);
      lua_setfield(L_, -2, "value");
      lua_pushstring(L_, name);
      lua_setfield(L_, -2, "name");
      lua_pushinteger(L_, numberOf({lua_upvalueid(L_, function, i), 0}));
      lua_setfield(L_, -2, "id");
      lua_rawseti(L_, -2, i);
    }
  }

  // The records of a sealed function with the numbers that its upvalues have in this file.
  void pushSealedRecords(int function) {
    pushSealedOrigin(L_, function);
    const void* origin = lua_topointer(L_, -1);
    keep(lua_gettop(L_));
    pushSealedUpvalues(L_, function);
    const int records = lua_gettop(L_);
    lua_newtable(L_);
    lua_pushnil(L_);
    while (lua_next(L_, records) != 0) {
      lua_pushvalue(L_, -2);
      lua_insert(L_, -2);  // key, key, record
      if (lua_istable(L_, -1)) copyRecord(origin);
      lua_rawset(L_, records + 1);
    }
  }

  // Replaces the record on top by a copy.
  void copyRecord(const void* origin) {
    const int record = lua_gettop(L_);
    lua_newtable(L_);
    lua_pushnil(L_);
    while (lua_next(L_, record) != 0) {
      const bool isNumber = lua_type(L_, -2) == LUA_TSTRING &&
                            std::string_view(lua_tostring(L_, -2)) == "id" && lua_type(L_, -1) == LUA_TNUMBER;
      if (isNumber) {
        lua_pushinteger(L_, numberOf({origin, lua_tonumber(L_, -1)}));
        lua_replace(L_, -2);
      }
      lua_pushvalue(L_, -2);
      lua_insert(L_, -2);
      lua_rawset(L_, record + 1);
    }
    lua_replace(L_, record);
  }

  int numberOf(const LuaFile::Upvalue& upvalue) {
    const auto next = static_cast<int>(file_.upvalues.size()) + 1;
    return file_.upvalues.try_emplace(upvalue, next).first->second;
  }

  std::string keyText(int i) {
    if (lua_type(L_, i) == LUA_TSTRING) return lua_tostring(L_, i);
    if (lua_type(L_, i) == LUA_TNUMBER) return text(lua_tonumber(L_, i));
    return "<" + kindName(L_, i) + ">";
  }

  // Where the value at hand is, by the keys that lead to it: `<?>.model.weights.3`. An upvalue is called by
  // its name.
  std::string path() {
    std::string result = name_;
    for (int d = 1; d <= depth(); ++d) {
      const Frame& frame = frames_[static_cast<size_t>(d - 1)];
      if (frame.thread != nullptr) continue;
      pushSlot(kKey, d);
      if (frame.upvalues && d < depth()) {
        pushSlot(kTable, ++d);  // the record
        lua_pushliteral(L_, "name");
        lua_rawget(L_, -2);
        lua_replace(L_, -3);
        lua_pop(L_, 1);
      }
      if (!lua_isnil(L_, -1)) result += "." + keyText(lua_gettop(L_));
      lua_pop(L_, 1);
    }
    return result;
  }

  lua_State* L_;
  LuaFile& file_;
  t7::ObjectWriter& writer_;
  int self_, hook_;
  std::string name_;
  int stack_ = 0;  // index in Lua's stack
  std::vector<Frame> frames_;
};

}  // namespace

int tagOf(lua_State* L, int i) {
  const auto tag = [](Tag value) { return static_cast<int>(value); };
  switch (lua_type(L, i)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return tag(Tag::Nil);
    case LUA_TNUMBER:
      return tag(Tag::Number);
    case LUA_TBOOLEAN:
      return tag(Tag::Boolean);
    case LUA_TSTRING:
      return tag(Tag::String);
    case LUA_TFUNCTION:
      return !lua_iscfunction(L, i) || isSealed(L, i) || hasStandIn(L, i) ? tag(Tag::Function) : -1;
    case LUA_TTABLE:
      if (classOf(L, i).empty()) return tag(Tag::Table);
      return hasFactory(L, i) ? tag(Tag::Object) : -1;
    case LUA_TTHREAD:
    case LUA_TLIGHTUSERDATA:
      return -1;
  }
  if (toTensor(L, i) || toStorage(L, i) || toGenerator(L, i)) return tag(Tag::Object);
  if (classOf(L, i).empty() || !pushWriteHook(L, i)) return -1;
  lua_pop(L, 1);
  return tag(Tag::Object);
}

void writeValue(lua_State* L, LuaFile& file, int self, int value, const std::string& name, int hook) {
  const NestingGuard guard("torch.save");
  ValueWriter(L, file, self, name, hook).write(value);
}

}  // namespace cresset::lua
