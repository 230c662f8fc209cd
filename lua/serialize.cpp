#include "lua/serialize.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "lua/ValueReader.h"
#include "lua/ValueWriter.h"
#include "lua/arrays.h"
#include "lua/file.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/file/DiskFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/t7.h"

namespace cresset::lua {
namespace {

using t7::Mode;

char instantiateKey, typenameKey, standInKey;  // their addresses are registry keys
char wantsObject;                              // its address is what a suspended hook yields first

constexpr int kMostNested = 100;
thread_local int nested = 0;

// Suspends the hook that L runs, if L does run one of this file's and can be suspended.
bool canSuspend(lua_State* L, const LuaFile& file) { return file.hook == L && lua_isyieldable(L) != 0; }

// Ends a file's life with the call that made it, however the call ends: whoever still has the userdata has no
// file.
class Borrowed {
 public:
  Borrowed(lua_State* L, std::unique_ptr<LuaFile> file, const char* className)
      : file_(pushFile(L, std::move(file), className)), handle_(toHandle(L, -1)), index_(lua_gettop(L)) {}
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    handle_->object = nullptr;
    handle_->magic = 0;
    delete &file_;
  }
  LuaFile& file() { return file_; }
  int index() const { return index_; }

 private:
  LuaFile& file_;
  Handle* handle_;
  int index_;
};

bool functionsAllowed() {
  const char* value = std::getenv("CRESSET_LOAD_FUNCTIONS");
  return value != nullptr && std::strcmp(value, "1") == 0;
}

struct Options {
  t7::LoadOptions load;
  LoadPolicy policy;
};

Mode readMode(const char* function, const std::string& name) {
  if (name != "binary" && name != "auto" && name != "ascii" && name != "b32" && name != "b64")
    fail(function, arg(2, "mode"), {"expected 'binary', 'ascii', 'b32' or 'b64', got '", name, "'"});
  const Mode mode = t7::parseMode(name);
  return mode == Mode::Binary ? Mode::Auto : mode;  // binary of any kind; what scripts pass as the default
}

Mode writeMode(const char* function, lua_State* L, int i) {
  if (lua_isnoneornil(L, i)) return Mode::Binary;
  const std::string name = checkString(L, i, function);
  if (name != "binary" && name != "ascii")
    fail(function, arg(i, "mode"), {"expected 'binary' or 'ascii', got '", name, "'"});
  return t7::parseMode(name);
}

void readOptions(lua_State* L, int i, const char* function, Options& options) {
  const auto field = [&](const char* name) {
    lua_getfield(L, i, name);
    return !lua_isnil(L, -1);
  };
  if (field("mode")) options.load.mode = readMode(function, checkString(L, lua_gettop(L), function));
  if (field("referenced")) options.load.referenced = lua_toboolean(L, -1);
  if (field("functions")) options.policy.functions = lua_toboolean(L, -1);
  if (field("device")) {
    const std::string device = checkString(L, lua_gettop(L), function);
    if (device != "cpu") fail(function, {"option device: expected 'cpu', got '", device, "'"});
    options.load.cpu = true;
  }
  if (field("unknown")) {
    const std::string unknown = checkString(L, lua_gettop(L), function);
    if (unknown != "table" && unknown != "error")
      fail(function, {"option unknown: expected 'table' or 'error', got '", unknown, "'"});
    options.policy.unknownTables = unknown == "table";
  }
  lua_settop(L, lua_gettop(L) - 5);
}

// Mode and reference flag from index 2 on, and a table of options in the place of either or behind them.
Options loadOptions(lua_State* L, const char* function) {
  Options options;
  options.policy.functions = functionsAllowed();
  for (int i = 2; i <= 4; ++i) {
    if (lua_istable(L, i)) {
      readOptions(L, i, function, options);
      break;
    }
    if (lua_isnoneornil(L, i)) continue;
    if (i == 2) options.load.mode = readMode(function, checkString(L, i, function));
    if (i == 3) options.load.referenced = lua_toboolean(L, i);
  }
  return options;
}

// Reads the object of a file that is made for it and pushes it.
int loadFrom(lua_State* L, std::unique_ptr<File> source, const char* className, const Options& options) {
  Borrowed borrowed(L, std::make_unique<LuaFile>(std::move(source)), className);
  LuaFile& file = borrowed.file();
  t7::prepareToRead(file.file, file.reader, options.load);
  file.policy = options.policy;
  readValue(L, file, borrowed.index());
  return 1;
}

void saveTo(lua_State* L, Borrowed& target, int value, Mode mode, bool referenced) {
  t7::prepareToWrite(target.file().file, {mode});
  target.file().writer.setReferenced(referenced);
  writeValue(L, target.file(), target.index(), value);
}

int save(lua_State* L) {
  constexpr const char* kName = "torch.save";
  const std::string path = checkString(L, 1, kName);
  if (lua_gettop(L) < 2) lua_pushnil(L);  // scripts that forget the value go on, as with Torch7
  const Mode mode = writeMode(kName, L, 3);
  const bool referenced = lua_isnoneornil(L, 4) || lua_toboolean(L, 4);
  if (lua_isnoneornil(L, 3) && saveArrays(L, path, 2)) return 0;
  Borrowed target(L, std::make_unique<LuaFile>(std::make_unique<AtomicFile>(path)), "torch.DiskFile");
  saveTo(L, target, 2, mode, referenced);
  target.file().atomic->commit();
  return 0;
}

int load(lua_State* L) {
  constexpr const char* kName = "torch.load";
  const std::string path = checkString(L, 1, kName);
  const Options options = loadOptions(L, kName);
  auto file = std::make_unique<DiskFile>(path);
  if (options.load.mode == Mode::Auto && pushArrays(L, *file)) return 1;
  return loadFrom(L, std::move(file), "torch.DiskFile", options);
}

// The bytes of a value and one zero behind them.
Storage serialized(lua_State* L, const char* function) {
  if (lua_gettop(L) < 1) lua_pushnil(L);
  const Mode mode = writeMode(function, L, 2);
  auto memory = std::make_unique<MemoryFile>("w");
  Storage bytes = memory->storage();
  Borrowed target(L, std::make_unique<LuaFile>(std::move(memory)), "torch.MemoryFile");
  saveTo(L, target, 1, mode, true);
  return bytes;
}

int serialize(lua_State* L) {
  const Storage bytes = serialized(L, "torch.serialize");
  lua_pushlstring(L, bytes.data<char>(), static_cast<size_t>(bytes.size() - 1));
  return 1;
}

int serializeToStorage(lua_State* L) {
  Storage bytes = serialized(L, "torch.serializeToStorage");
  bytes.resize(bytes.size() - 1);
  return push(L, bytes), 1;
}

std::unique_ptr<File> memoryFile(const char* bytes, int64_t n) {
  const Storage copy(kChar, n + 1);
  std::memcpy(copy.data(), bytes, static_cast<size_t>(n));
  copy.data<char>()[n] = '\0';
  return std::make_unique<MemoryFile>(copy, "r");
}

int deserialize(lua_State* L) {
  constexpr const char* kName = "torch.deserialize";
  const std::string bytes = checkString(L, 1, kName);
  const Options options = loadOptions(L, kName);
  return loadFrom(L, memoryFile(bytes.data(), static_cast<int64_t>(bytes.size())), "torch.MemoryFile",
                  options);
}

int deserializeFromStorage(lua_State* L) {
  constexpr const char* kName = "torch.deserializeFromStorage";
  const Storage bytes = checkStorage(L, 1, kName);
  if (bytes.type() != kChar)
    fail(kName, arg(1, "storage"), {"expected torch.CharStorage, got ", kindName(L, 1)});
  const Options options = loadOptions(L, kName);
  return loadFrom(L, memoryFile(bytes.data<char>(), bytes.size()), "torch.MemoryFile", options);
}

// What follows the class name of a tensor, storage or generator: `x:write(file)` and `x:read(file)`, for
// classes that write their parts themselves.
int writePayload(lua_State* L) {
  LuaFile& file = checkFile(L, 2, "write");
  if (TensorImpl* tensor = toTensor(L, 1)) {
    file.writer.payload(Tensor::share(tensor));
  } else if (const Generator* generator = toGenerator(L, 1)) {
    file.writer.payload(*generator);
  } else {
    file.writer.payload(checkStorage(L, 1, "write"));
  }
  return 0;
}

int readPayload(lua_State* L) {
  LuaFile& file = checkFile(L, 2, "read");
  if (TensorImpl* tensor = toTensor(L, 1)) {
    Tensor::share(tensor).set(file.reader.readTensor(tensor->type));
  } else if (Generator* generator = toGenerator(L, 1)) {
    generator->setState(file.reader.readGenerator());
  } else {
    const Storage to = checkStorage(L, 1, "read");
    const Storage from = file.reader.readStorage(to.type());
    Storage(to).resize(from.size());
    if (from.size() > 0) Tensor(to, 0, {to.size()}).copy(Tensor(from, 0, {from.size()}));
  }
  return 0;
}

int setClasses(lua_State* L) {
  int i = 0;
  for (char* key : {&instantiateKey, &typenameKey, &standInKey}) {
    luaL_checktype(L, ++i, LUA_TFUNCTION);
    lua_pushlightuserdata(L, key);
    lua_pushvalue(L, i);
    lua_rawset(L, LUA_REGISTRYINDEX);
  }
  return 0;
}

}  // namespace

void pushInstantiate(lua_State* L) {
  lua_pushlightuserdata(L, &instantiateKey);
  lua_rawget(L, LUA_REGISTRYINDEX);
}

void pushTypeName(lua_State* L) {
  lua_pushlightuserdata(L, &typenameKey);
  lua_rawget(L, LUA_REGISTRYINDEX);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
}

void pushStandIn(lua_State* L, int i) {
  lua_pushlightuserdata(L, &standInKey);
  lua_rawget(L, LUA_REGISTRYINDEX);
  lua_pushvalue(L, i);
  lua_call(L, 1, 1);
}

NestingGuard::NestingGuard(const char* function) {
  if (nested >= kMostNested)
    fail(function,
         {"files are read or written inside each other more than ", text(int64_t{kMostNested}), " deep"});
  ++nested;
}

NestingGuard::~NestingGuard() { --nested; }

namespace {

/// Makes L the thread that LuaJIT believes to be running. After lua_resume it still is the coroutine: an
/// error that ends the C function leaves it so, and compiled Lua that goes on from there crashes. LuaJIT has
/// it right since 2023 (its issue 1066); a call is what restores it in all versions.
void becomeCurrent(lua_State* L) {
  lua_pushcfunction(L, [](lua_State*) { return 0; });
  lua_call(L, 0, 0);
}

}  // namespace

bool resumeHook(lua_State* L, LuaFile& file, lua_State* hook, int arguments) {
  struct Restore {
    LuaFile& file;
    lua_State* outer;
    ~Restore() { file.hook = outer; }
  } restore{file, file.hook};
  file.hook = hook;
  if (lua_status(hook) == LUA_YIELD) lua_settop(hook, 0);  // what it yielded
  lua_xmove(L, hook, arguments);
  const int status = lua_resume(hook, arguments);
  becomeCurrent(L);
  if (status == 0) return true;
  if (status != LUA_YIELD) {
    lua_xmove(hook, L, 1);
    return lua_error(L) != 0;
  }
  if (lua_touserdata(hook, 1) != &wantsObject)
    fail("torch.File",
         {"the method with which a class reads or writes itself was suspended by coroutine.yield"});
  lua_xmove(hook, L, lua_gettop(hook) - 1);
  return false;
}

int readObject(lua_State* L) {
  LuaFile& file = checkFile(L, 1, "readObject");
  if (canSuspend(L, file)) {
    lua_pushlightuserdata(L, &wantsObject);
    return lua_yield(L, 1);
  }
  Options options;
  options.policy = file.policy;
  options.policy.functions = options.policy.functions || functionsAllowed();
  if (lua_istable(L, 2)) readOptions(L, 2, "readObject", options);
  file.policy = options.policy;
  if (options.load.cpu) file.reader.setCpuOnly(true);
  lua_settop(L, 1);
  try {
    readValue(L, file, 1);
  } catch (const Error&) {
    if (!file.file.isQuiet() || !file.file.isOpen()) throw;
    lua_settop(L, 1);
    lua_pushnil(L);  // the error flag says why; half an object would say nothing
  }
  return 1;
}

int writeObject(lua_State* L) {
  LuaFile& file = checkFile(L, 1, "writeObject");
  const std::string name = lua_isnoneornil(L, 3) ? "<?>" : checkString(L, 3, "writeObject");
  const bool hook = lua_isfunction(L, 4);
  lua_settop(L, 4);
  if (canSuspend(L, file)) {
    lua_pushlightuserdata(L, &wantsObject);
    lua_pushvalue(L, 2);
    hook ? lua_pushvalue(L, 4) : lua_pushnil(L);
    return lua_yield(L, 3);
  }
  writeValue(L, file, 1, 2, name, hook ? 4 : 0);
  return 0;
}

int isWritableObject(lua_State* L) {
  checkFile(L, 1, "isWritableObject");
  const int tag = tagOf(L, 2);
  if (tag < 0) return 0;
  return lua_pushinteger(L, tag), 1;
}

void setSerializeFunctions(lua_State* L) {
  constexpr Function kFunctions[] = {
      {"save", protect<save>},
      {"load", protect<load>},
      {"serialize", protect<serialize>},
      {"deserialize", protect<deserialize>},
      {"serializeToStorage", protect<serializeToStorage>},
      {"deserializeFromStorage", protect<deserializeFromStorage>},
      {"readPayload", protect<readPayload>},
      {"writePayload", protect<writePayload>},
      {"setClasses", setClasses},
  };
  setFunctions(L, kFunctions);
}

}  // namespace cresset::lua
