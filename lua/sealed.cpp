#include "lua/sealed.h"

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

// The environment of a sealed function holds what it keeps; C functions use theirs for nothing else.
enum Field { kDump = 1, kForm, kUpvalues, kOrigin, kWhy };

struct OwnDumps {
  std::mutex mutex;
  std::set<std::string, std::less<>> dumps;
};
OwnDumps& ownDumps() {
  static OwnDumps dumps;
  return dumps;
}

int callSealed(lua_State* L) {
  lua_rawgeti(L, LUA_ENVIRONINDEX, kWhy);
  const char* why = lua_tostring(L, -1);
  throw Error(std::string("sealed function: ") + (why ? why : "it came out of a file"));
}

void pushField(lua_State* L, int i, Field field) {
  lua_getfenv(L, i);
  if (lua_istable(L, -1)) {
    lua_rawgeti(L, -1, field);
    lua_remove(L, -2);
  }
}

// An unsigned number of 7 bits a byte, as LuaJIT's dumps have it; false at the end.
bool readUleb(std::string_view& bytes, uint32_t& value) {
  value = 0;
  for (int shift = 0; shift < 32 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

void pushSealed(lua_State* L, t7::Tag form, std::string_view dump, int upvalues, const char* why,
                int origin) {
  for (int i = 0; i < upvalues; ++i) lua_pushnil(L);
  lua_pushcclosure(L, protect<callSealed>, upvalues);
  lua_createtable(L, kWhy, 0);
  lua_pushlstring(L, dump.data(), dump.size());
  lua_rawseti(L, -2, kDump);
  lua_pushinteger(L, static_cast<int>(form));
  lua_rawseti(L, -2, kForm);
  lua_pushvalue(L, origin);
  lua_rawseti(L, -2, kOrigin);
  lua_pushstring(L, why);
  lua_rawseti(L, -2, kWhy);
  lua_setfenv(L, -2);
}

bool isSealed(lua_State* L, int i) { return lua_tocfunction(L, i) == protect<callSealed>; }

std::string sealedDump(lua_State* L, int i) {
  pushField(L, i, kDump);
  size_t size = 0;
  const char* bytes = lua_tolstring(L, -1, &size);
  std::string dump(bytes ? bytes : "", size);
  lua_pop(L, 1);
  return dump;
}

void pushSealedUpvalues(lua_State* L, int i) {
  pushField(L, i, kUpvalues);
  if (lua_istable(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
}

void pushSealedOrigin(lua_State* L, int i) { pushField(L, i, kOrigin); }

t7::Tag sealedForm(lua_State* L, int i) {
  pushField(L, i, kForm);
  const auto form = static_cast<t7::Tag>(lua_tointeger(L, -1));
  lua_pop(L, 1);
  const bool valid = form == t7::Tag::OldestFunction || form == t7::Tag::LegacyFunction;
  return valid ? form : t7::Tag::Function;
}

void setSealedUpvalues(lua_State* L, int i) {
  lua_getfenv(L, i);
  lua_insert(L, -2);
  lua_rawseti(L, -2, kUpvalues);
  lua_pop(L, 1);
}

void rememberDump(const std::string& dump) {
  constexpr size_t kMost = 1000;  // a program that makes functions without end must not keep them all
  OwnDumps& own = ownDumps();
  const std::lock_guard lock(own.mutex);
  if (own.dumps.size() < kMost) own.dumps.insert(dump);
}

bool isOwnDump(std::string_view dump) {
  OwnDumps& own = ownDumps();
  const std::lock_guard lock(own.mutex);
  return own.dumps.contains(dump);
}

int upvaluesOfDump(std::string_view dump) {
  constexpr uint32_t kStripped = 2;
  if (!dump.starts_with("\x1bLJ") || dump.size() < 5) return 0;
  dump.remove_prefix(4);
  uint32_t flags, length;
  if (!readUleb(dump, flags)) return 0;
  if ((flags & kStripped) == 0) {
    if (!readUleb(dump, length) || length > dump.size()) return 0;
    dump.remove_prefix(length);
  }
  // Inner functions come first. Each starts with its flags, parameters, frame size and number of upvalues.
  int upvalues = 0;
  while (readUleb(dump, length) && length >= 4 && length <= dump.size()) {
    upvalues = static_cast<unsigned char>(dump[3]);
    dump.remove_prefix(length);
  }
  return upvalues;
}

}  // namespace cresset::lua
