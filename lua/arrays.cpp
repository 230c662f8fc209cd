#include "lua/arrays.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/file/npy.h"
#include "tensor/file/npz.h"
#include "tensor/file/safetensors.h"

namespace cresset::lua {
namespace {

constexpr int64_t kStart = 9;  // bytes that tell the formats apart

void push(lua_State* L, const arrays::NamedTensors& tensors) {
  lua_createtable(L, 0, static_cast<int>(tensors.size()));
  for (const auto& [name, x] : tensors) {
    lua_pushlstring(L, name.data(), name.size());
    lua::push(L, x);
    lua_rawset(L, -3);
  }
}

std::string keyText(lua_State* L, int i) {
  return lua_isnumber(L, i) ? text(lua_tonumber(L, i)) : kindName(L, i);
}

// The pairs of a table whose keys are strings, in the order of the keys. `convert` takes the value on top of
// the stack.
template <class T, class Convert>
std::vector<std::pair<std::string, T>> pairsOf(lua_State* L, int i, const char* function,
                                               const Convert& convert) {
  std::vector<std::pair<std::string, T>> pairs;
  lua_pushnil(L);
  while (lua_next(L, i) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING)
      fail(function, arg(i, "table"), {"expected names as keys, got ", keyText(L, lua_gettop(L) - 1)});
    size_t length = 0;
    const char* name = lua_tolstring(L, -2, &length);
    pairs.emplace_back(std::string(name, length), convert());
    lua_pop(L, 1);
  }
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return pairs;
}

arrays::NamedTensors tensorsAt(lua_State* L, int i, const char* function) {
  if (!lua_istable(L, i))
    fail(function, arg(i, "table"), {"expected a table of tensors by names, got ", kindName(L, i)});
  return pairsOf<Tensor>(L, i, function, [&] {
    TensorImpl* x = toTensor(L, -1);
    if (!x)
      fail(function, arg(i, "table"),
           {"expected tensors, got ", kindName(L, lua_gettop(L)), " at '", lua_tostring(L, -2), "'"});
    return Tensor::share(x);
  });
}

int loadSafetensors(lua_State* L) {
  const safetensors::Content content = safetensors::load(checkString(L, 1, "torch.safetensors.load"));
  push(L, content.tensors);
  lua_createtable(L, 0, static_cast<int>(content.metadata.size()));
  for (const auto& [key, value] : content.metadata) {
    lua_pushlstring(L, key.data(), key.size());
    lua_pushlstring(L, value.data(), value.size());
    lua_rawset(L, -3);
  }
  return 2;
}

int saveSafetensors(lua_State* L) {
  constexpr const char* kName = "torch.safetensors.save";
  const std::string path = checkString(L, 1, kName);
  safetensors::Content content;
  content.tensors = tensorsAt(L, 2, kName);
  if (!lua_isnoneornil(L, 3)) {
    if (!lua_istable(L, 3))
      fail(kName, arg(3, "metadata"), {"expected a table of strings, got ", kindName(L, 3)});
    content.metadata = pairsOf<std::string>(L, 3, kName, [&] {
      if (lua_type(L, -1) != LUA_TSTRING)
        fail(kName, arg(3, "metadata"), {"expected strings, got ", kindName(L, lua_gettop(L))});
      size_t length = 0;
      const char* value = lua_tolstring(L, -1, &length);
      return std::string(value, length);
    });
  }
  safetensors::save(path, content);
  return 0;
}

}  // namespace

bool pushArrays(lua_State* L, DiskFile& file) {
  const std::string_view start = file.peek(kStart);
  if (npy::matches(start)) {
    lua::push(L, npy::read(file));
  } else if (npz::matches(start)) {
    push(L, npz::load(file.path()));
  } else if (safetensors::matches(start)) {
    push(L, safetensors::read(file).tensors);
  } else {
    return false;
  }
  return true;
}

bool saveArrays(lua_State* L, const std::string& path, int i) {
  constexpr const char* kName = "torch.save";
  if (path.ends_with(".npy")) {
    if (!toTensor(L, i)) fail(kName, arg(i, "object"), {"expected a tensor for .npy, got ", kindName(L, i)});
    npy::save(path, checkTensor(L, i, kName));
  } else if (path.ends_with(".npz")) {
    npz::save(path, tensorsAt(L, i, kName));
  } else if (path.ends_with(".safetensors")) {
    safetensors::save(path, {tensorsAt(L, i, kName), {}});
  } else {
    return false;
  }
  return true;
}

void setArrayFunctions(lua_State* L) {
  constexpr Function kFunctions[] = {{"load", protect<loadSafetensors>}, {"save", protect<saveSafetensors>}};
  lua_newtable(L);
  setFunctions(L, kFunctions);
  lua_setfield(L, -2, "safetensors");
}

}  // namespace cresset::lua
