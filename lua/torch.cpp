#include "lua/torch.h"

#include <memory>

#include "lua/indexing.h"
#include "lua/ops.h"
#include "lua/stack.h"
#include "lua/storage.h"
#include "lua/tensor.h"
#include "tensor/Error.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/modules.h"
#include "tensor/memory.h"
#include "tensor/ops/OpTable.h"

namespace cresset::lua {
namespace {

// Threads and memory

int getNumThreadsOf(lua_State* L) { return lua_pushinteger(L, getNumThreads()), 1; }
int getNumCoresOf(lua_State* L) { return lua_pushinteger(L, getNumCores()), 1; }
int setNumThreadsOf(lua_State* L) {
  const int64_t n = checkInteger(L, 1, "setnumthreads");
  constexpr int64_t kMost = 4096;  // far above any machine's cores: more is a mistake
  if (n < 1 || n > kMost)
    fail("setnumthreads", {"argument 1: expected 1 to ", text(kMost), " threads, got ", text(n)});
  setNumThreads(static_cast<int>(n));
  return 0;
}
int isaLevelOf(lua_State* L) { return lua_pushstring(L, isaLevel()), 1; }
int setHeapTrackingOf(lua_State* L) { return setHeapTracking(lua_toboolean(L, 1)), 0; }
int liveBytesOf(lua_State* L) { return lua_pushnumber(L, static_cast<double>(memory::liveBytes())), 1; }

// Generators

Generator& generatorAt(lua_State* L, int& i) {
  if (Generator* g = toGenerator(L, i)) return ++i, *g;
  return defaultGenerator();
}

int newGenerator(lua_State* L) {
  auto generator = std::make_unique<Generator>();
  pushObject(L, generator.get(), ObjectKind::Generator, "torch.Generator");
  (void)generator.release();
  return 1;
}

int collectGenerator(lua_State* L) {
  Handle* handle = toHandle(L, 1);
  if (handle && handle->kind == ObjectKind::Generator && handle->object != &defaultGenerator())
    delete static_cast<Generator*>(handle->object);
  if (handle) handle->magic = 0;
  return 0;
}

int manualSeed(lua_State* L) {
  int i = 1;
  Generator& g = generatorAt(L, i);
  g.manualSeed(checkSeed(L, i, "manualSeed"));
  return 0;
}

int seed(lua_State* L) {
  int i = 1;
  return lua_pushnumber(L, static_cast<double>(generatorAt(L, i).seed())), 1;
}

int initialSeed(lua_State* L) {
  int i = 1;
  return lua_pushnumber(L, static_cast<double>(generatorAt(L, i).initialSeed())), 1;
}

int getRngState(lua_State* L) {
  int i = 1;
  const Generator& g = generatorAt(L, i);
  const Tensor state = lua_isnoneornil(L, i) ? Tensor(kByte) : checkTensor(L, i, "getRNGState");
  if (state.type() != kByte) fail("getRNGState", {"expected torch.ByteTensor, got ", describe(state)});
  const Tensor bytes(kByte, {Generator::kStateBytes});
  std::copy_n(reinterpret_cast<const uint8_t*>(&g.state()), Generator::kStateBytes, bytes.data<uint8_t>());
  state.resize(bytes.sizes()).copy(bytes);
  return push(L, state), 1;
}

int setRngState(lua_State* L) {
  int i = 1;
  Generator& g = generatorAt(L, i);
  const Tensor bytes = checkTensor(L, i, "setRNGState");
  if (bytes.type() != kByte || bytes.nElement() != Generator::kStateBytes)
    fail("setRNGState", {"RNG state is wrong size: expected torch.ByteTensor [5048], got ", describe(bytes)});
  if (!bytes.isContiguous()) fail("setRNGState", {"RNG state must be contiguous"});
  Generator::State state;
  std::copy_n(bytes.data<uint8_t>(), Generator::kStateBytes, reinterpret_cast<uint8_t*>(&state));
  g.setState(state);
  return lua_pushvalue(L, i), 1;
}

// Types

int setDefaultType(lua_State* L) {
  Type type;
  const std::string name = checkString(L, 1, "setdefaulttensortype");
  if (!parseTensorType(name, type)) throw Error(name + " is not a string describing a torch object");
  setDefaultTensorType(type);
  return 0;
}

int getDefaultType(lua_State* L) { return lua_pushstring(L, tensorTypeName(defaultTensorType())), 1; }

/// The address that identifies an object: the C++ object's for Torch userdata, Lua's own otherwise.
int pointer(lua_State* L) {
  const Handle* handle = toHandle(L, 1);
  const void* address = handle ? handle->object : lua_topointer(L, 1);
  if (lua_isstring(L, 1)) address = lua_tostring(L, 1);  // numbers too, as texts
  if (!address) fail("torch.pointer", {"argument 1: expected an object, got ", kindName(L, 1)});
  return lua_pushnumber(L, static_cast<double>(reinterpret_cast<uintptr_t>(address))), 1;
}

int isEqual(lua_State* L) {
  const Handle *a = toHandle(L, 1), *b = toHandle(L, 2);
  return lua_pushboolean(L,
                         (a && b && a->object == b->object) || (lua_istable(L, 1) && lua_rawequal(L, 1, 2))),
         1;
}

/// pushudata(address, className, metatable): a userdata for the object at that address, of which it takes
/// over one reference.
int pushUserdata(lua_State* L) {
  const auto address = reinterpret_cast<void*>(static_cast<uintptr_t>(checkNumber(L, 1, "torch.pushudata")));
  const std::string name = checkString(L, 2, "torch.pushudata");
  if (!address) fail("torch.pushudata", {"argument 1: expected an address, got a null pointer"});
  Type type;
  if (parseTensorType(name, type)) {
    auto* impl = static_cast<TensorImpl*>(address);
    if (impl->type != type)
      fail("torch.pushudata", {"argument 1: expected a ", name, ", got a ", tensorTypeName(impl->type)});
    return push(L, Tensor::adopt(impl)), 1;
  }
  if (parseStorageType(name, type)) {
    auto* impl = static_cast<StorageImpl*>(address);
    if (impl->type != type)
      fail("torch.pushudata", {"argument 1: expected a ", name, ", got a ", storageTypeName(impl->type)});
    return push(L, Storage::adopt(impl)), 1;
  }
  constexpr std::pair<const char*, ObjectKind> kKinds[] = {{"torch.Allocator", ObjectKind::Allocator},
                                                           {"torch.Generator", ObjectKind::Generator},
                                                           {"tds.Hash", ObjectKind::Hash},
                                                           {"tds.Vec", ObjectKind::Vec},
                                                           {"tds.AtomicCounter", ObjectKind::Counter}};
  ObjectKind kind = ObjectKind::Other;
  for (const auto& [className, kindOfClass] : kKinds)
    if (name == className) kind = kindOfClass;
  if (name == "torch.DiskFile" || name == "torch.PipeFile" || name == "torch.MemoryFile")
    fail("torch.pushudata", {"argument 2: files have no address, got ", name});
  *static_cast<Handle*>(lua_newuserdata(L, sizeof(Handle))) = {address, kind, kMagic};
  lua_pushvalue(L, 3);
  lua_setmetatable(L, -2);
  return 1;
}

int getEnvironment(lua_State* L) {
  if (!lua_isfunction(L, 1) && !lua_isuserdata(L, 1))
    fail("torch.getenv", {"argument 1: expected function or userdata, got ", kindName(L, 1)});
  return lua_getfenv(L, 1), 1;
}
int setEnvironment(lua_State* L) {
  if ((!lua_isfunction(L, 1) && !lua_isuserdata(L, 1)) || !lua_istable(L, 2))
    fail("torch.setenv",
         {"expected function or userdata and table, got ", kindName(L, 1), " and ", kindName(L, 2)});
  lua_settop(L, 2);
  lua_setfenv(L, 1);
  return 0;
}

int interpretedIndexing(lua_State* L) { return pushInterpretedIndexing(L, 1), 2; }

int opsJson(lua_State* L) { return push(L, opTableJson()), 1; }

void pushFunctions(lua_State* L) {
  lua_newtable(L);
  setOpFunctions(L);
  const Function functions[] = {
      {"getnumthreads", protect<getNumThreadsOf>},
      {"setnumthreads", protect<setNumThreadsOf>},
      {"getnumcores", protect<getNumCoresOf>},
      {"manualSeed", protect<manualSeed>},
      {"seed", protect<seed>},
      {"initialSeed", protect<initialSeed>},
      {"getRNGState", protect<getRngState>},
      {"setRNGState", protect<setRngState>},
      {"setdefaulttensortype", protect<setDefaultType>},
      {"getdefaulttensortype", protect<getDefaultType>},
      {"pointer", protect<pointer>},
      {"isequal", protect<isEqual>},
      {"getenv", protect<getEnvironment>},
      {"setenv", protect<setEnvironment>},
  };
  setFunctions(L, functions);
}

void pushType(lua_State* L, Type type) {
  constexpr const char* kElements[kDTypes] = {"unsigned char", "char",   "short", "int",   "long",
                                              "THHalf",        "THHalf", "float", "double"};
  lua_newtable(L);
  lua_pushstring(L, tensorTypeName(type));
  lua_setfield(L, -2, "tensor");
  lua_pushstring(L, storageTypeName(type));
  lua_setfield(L, -2, "storage");
  lua_pushstring(L, typePrefix(type));
  lua_setfield(L, -2, "prefix");
  lua_pushstring(L, kElements[static_cast<int>(type.dtype)]);
  lua_setfield(L, -2, "element");
  lua_pushstring(L, type.device == Device::CPU ? "cpu" : "cuda");
  lua_setfield(L, -2, "device");
  lua_pushinteger(L, typeCode(type));
  lua_setfield(L, -2, "code");
}

/// makeClasses(code): the metatables of a type's tensors and storages, and their constructors.
int makeClasses(lua_State* L) {
  const Type type = typeFromCode(static_cast<int>(lua_tointeger(L, 1)));
  lua_settop(L, 0);
  lua_newtable(L);
  setTensorMethods(L, type);
  setOpMethods(L, type);
  lua_pushvalue(L, -1);
  setTensorClass(L, type);
  lua_newtable(L);
  setStorageMethods(L, type);
  lua_pushvalue(L, -1);
  setStorageClass(L, type);
  pushTensorConstructor(L, type);
  pushStorageConstructor(L, type);
  return 4;
}

int setClassMaker(lua_State* L) {
  lua_settop(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, kClassMaker);
  return 0;
}

int open(lua_State* L) {
  // References are given back on the main thread: the coroutine that took one may be gone by then.
  lua_pushlightuserdata(L, L);
  lua_setfield(L, LUA_REGISTRYINDEX, "cresset.main");
  lua_newtable(L);
  lua_newtable(L);
  for (int code = 0; code < 2 * kDTypes; ++code) {
    pushType(L, typeFromCode(code));
    lua_rawseti(L, -2, code + 1);
  }
  lua_setfield(L, -2, "types");
  pushFunctions(L);
  lua_setfield(L, -2, "functions");
  luaL_newmetatable(L, "torch.Generator");
  lua_pushcfunction(L, collectGenerator);
  lua_setfield(L, -2, "__gc");
  lua_setfield(L, -2, "generatorClass");
  const Function functions[] = {
      {"newGenerator", protect<newGenerator>}, {"help", opHelp},
      {"opsJson", protect<opsJson>},           {"interpretedIndexing", interpretedIndexing},
      {"isaLevel", protect<isaLevelOf>},       {"liveBytes", protect<liveBytesOf>},
      {"setHeapTracking", setHeapTrackingOf},  {"pushUserdata", protect<pushUserdata>},
      {"makeClasses", protect<makeClasses>},   {"setClassMaker", setClassMaker}};
  setFunctions(L, functions);
  pushObject(L, &defaultGenerator(), ObjectKind::Generator, "torch.Generator");
  lua_setfield(L, -2, "defaultGenerator");
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_torch(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
