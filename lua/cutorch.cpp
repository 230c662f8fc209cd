#include "lua/cutorch.h"

#include <vector>

#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/Generator.h"
#include "tensor/cuda/plugin.h"

namespace cresset::lua {
namespace {

using cuda::plugin;

int pushInteger(lua_State* L, int64_t value) {
  lua_pushnumber(L, static_cast<double>(value));
  return 1;
}

/// A device at index i, or the current one when there is none.
int deviceAt(lua_State* L, int i, const char* function) {
  if (lua_isnoneornil(L, i)) return plugin().device();
  const int64_t device = checkInteger(L, i, function);
  // The plugin knows which exist.
  return device >= 1 && device <= 1 << 16 ? static_cast<int>(device) - 1 : -1;
}

int streamAt(lua_State* L, int i, const char* function) {
  const int64_t stream = checkInteger(L, i, function);
  return stream >= 0 && stream <= 1 << 20 ? static_cast<int>(stream) : -1;
}

// Memory

/// Runs on a coroutine of its own: the one that ran out of memory may be in the middle of anything.
void collectGarbage(void* L) { lua_gc(static_cast<lua_State*>(L), LUA_GCCOLLECT, 0); }

const char kCollectorKey = 0;

/// `setHeapTracking(on)`: whether garbage is collected when the device has no memory left.
int setHeapTracking(lua_State* L) {
  if (!lua_toboolean(L, 1)) return plugin().setCollector(nullptr, nullptr), 0;
  lua_pushlightuserdata(L, const_cast<char*>(&kCollectorKey));
  lua_State* collector = lua_newthread(L);
  lua_rawset(L, LUA_REGISTRYINDEX);
  plugin().setCollector(collectGarbage, collector);
  return 0;
}

int load(lua_State* L) {
  plugin();
  lua_settop(L, 0);
  lua_pushboolean(L, true);
  return setHeapTracking(L);
}

int memory(lua_State* L) {
  const cuda::Memory m = plugin().memory(deviceAt(L, 1, "getMemoryUsage"));
  pushInteger(L, m.free);
  pushInteger(L, m.total);
  return 2;
}

// Devices

int deviceCount(lua_State* L) { return pushInteger(L, plugin().deviceCount()); }
int device(lua_State* L) { return pushInteger(L, plugin().device() + 1); }
int setDevice(lua_State* L) {
  const double wanted = checkNumber(L, 1, "setDevice");
  const int chosen = deviceAt(L, 1, "setDevice");
  if (chosen < 0 || chosen >= plugin().deviceCount())
    fail("setDevice", {text(wanted), " is not a device: invalid device ordinal, there are ",
                       text(int64_t{plugin().deviceCount()})});
  plugin().setDevice(chosen);
  return 0;
}
int synchronize(lua_State*) { return plugin().synchronize(), 0; }
int driverVersion(lua_State* L) { return pushInteger(L, plugin().driverVersion()); }
int runtimeVersion(lua_State* L) { return pushInteger(L, plugin().runtimeVersion()); }

int properties(lua_State* L) {
  const cuda::Properties p = plugin().properties(deviceAt(L, 1, "getDeviceProperties"));
  lua_newtable(L);
  push(L, p.name);
  lua_setfield(L, -2, "name");
  for (const cuda::Property& property : p.numbers) {
    lua_pushnumber(L, property.value);
    lua_setfield(L, -2, property.name);
  }
  return 1;
}

/// The device of a CUDA tensor or storage; 0 without memory.
int deviceOf(lua_State* L) {
  const TensorImpl* tensor = toTensor(L, 1);
  const StorageImpl* storage = tensor ? tensor->storage : toStorage(L, 1);
  if (!tensor && !storage)
    fail("getDevice", {"argument 1: expected torch.Cuda*Tensor or storage, got ", kindName(L, 1)});
  if (!storage || !storage->data || storage->type.device != Device::CUDA) return pushInteger(L, 0);
  return pushInteger(L, plugin().deviceOf(storage->data) + 1);
}

// Random numbers

/// `manualSeed(seed [, device])`
int manualSeed(lua_State* L) {
  const uint64_t seed = checkSeed(L, 1, "manualSeed");
  plugin().manualSeed(deviceAt(L, 2, "manualSeed"), seed);
  return 0;
}

/// A seed from the operating system that a Lua number holds exactly.
int randomSeed(lua_State* L) {
  Generator g;
  const uint64_t high = g.random() >> 5, low = g.random() >> 6;
  return pushInteger(L, static_cast<int64_t>(high << 26 | low));
}

int initialSeed(lua_State* L) {
  return lua_pushnumber(L, static_cast<double>(plugin().initialSeed(plugin().device()))), 1;
}

int rngState(lua_State* L) {
  const Tensor bytes(kByte, {cuda::kRngStateBytes});
  plugin().rngState(plugin().device(), bytes.data<uint8_t>());
  return push(L, bytes), 1;
}

int setRngState(lua_State* L) {
  const Tensor bytes = checkTensor(L, 1, "setRNGState");
  if (bytes.type() != kByte || bytes.nElement() != cuda::kRngStateBytes)
    fail("setRNGState", {"RNG state is wrong size: expected torch.ByteTensor [", text(cuda::kRngStateBytes),
                         "], got ", describe(bytes)});
  plugin().setRngState(plugin().device(), bytes.contiguous().data<uint8_t>());
  return 0;
}

// Streams

int reserveStreams(lua_State* L) {
  const int64_t count = checkInteger(L, 1, "reserveStreams");
  if (count < 0 || count > 4096)
    fail("reserveStreams", {"argument 1: expected 0 to 4096 streams, got ", text(count)});
  return plugin().reserveStreams(static_cast<int>(count)), 0;
}
int streamCount(lua_State* L) { return pushInteger(L, plugin().streamCount()); }
int stream(lua_State* L) { return pushInteger(L, plugin().stream()); }
int setStream(lua_State* L) { return plugin().setStream(streamAt(L, 1, "setStream")), 0; }
int synchronizeStream(lua_State* L) {
  return plugin().synchronizeStream(streamAt(L, 1, "streamSynchronize")), 0;
}

/// `streamWaitFor(stream, {others})`
int streamWaitFor(lua_State* L) {
  const int waiting = streamAt(L, 1, "streamWaitFor");
  if (!lua_istable(L, 2)) fail("streamWaitFor", {"expecting array of device streams, got ", kindName(L, 2)});
  std::vector<int> others;
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, 2)); ++i) {
    lua_rawgeti(L, 2, i);
    if (!lua_isnumber(L, -1))
      fail("streamWaitFor", {"array of stream ids must contain numeric ids, got ", kindName(L, -1)});
    others.push_back(streamAt(L, -1, "streamWaitFor"));
    lua_pop(L, 1);
  }
  return plugin().waitForStreams(waiting, others), 0;
}

int streamHandle(lua_State* L) { return lua_pushlightuserdata(L, plugin().streamHandle()), 1; }

int open(lua_State* L) {
  const Function functions[] = {{"load", protect<load>},
                                {"setHeapTracking", protect<setHeapTracking>},
                                {"getMemoryUsage", protect<memory>},
                                {"getDeviceCount", protect<deviceCount>},
                                {"getDevice", protect<device>},
                                {"setDevice", protect<setDevice>},
                                {"synchronize", protect<synchronize>},
                                {"getDriverVersion", protect<driverVersion>},
                                {"getRuntimeVersion", protect<runtimeVersion>},
                                {"getDeviceProperties", protect<properties>},
                                {"deviceOf", protect<deviceOf>},
                                {"manualSeed", protect<manualSeed>},
                                {"randomSeed", protect<randomSeed>},
                                {"initialSeed", protect<initialSeed>},
                                {"getRNGState", protect<rngState>},
                                {"setRNGState", protect<setRngState>},
                                {"reserveStreams", protect<reserveStreams>},
                                {"getNumStreams", protect<streamCount>},
                                {"getStream", protect<stream>},
                                {"setStream", protect<setStream>},
                                {"streamSynchronize", protect<synchronizeStream>},
                                {"streamWaitFor", protect<streamWaitFor>},
                                {"streamHandle", protect<streamHandle>}};
  lua_newtable(L);
  setFunctions(L, functions);
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_cutorch(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
