// The Lua module `cresset.lineedit`. libedit offers readline's interface: functions and variables are looked
// up by these names when the first prompt needs them.
#include "lua/lineedit.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using Completer = char** (*)(const char* word, int start, int end);
using GetCharacter = int (*)(std::FILE*);

struct Library {
  char* (*readline)(const char* prompt) = nullptr;
  int (*addHistory)(const char* line) = nullptr;
  Completer* completer = nullptr;              // rl_attempted_completion_function
  GetCharacter* getCharacter = nullptr;        // rl_getc_function
  const char** basicWordBreaks = nullptr;      // rl_basic_word_break_characters
  const char** completerWordBreaks = nullptr;  // rl_completer_word_break_characters
  char** line = nullptr;                       // rl_line_buffer
  int* appendCharacter = nullptr;              // rl_completion_append_character
  int* completionOver = nullptr;               // rl_attempted_completion_over
  int* catchSignals = nullptr;                 // rl_catch_signals; older libraries lack it
  bool loaded = false;
};

Library library;
lua_State* completerState = nullptr;  // the state that reads a line, for the completer
int completerReference = LUA_NOREF;
volatile std::sig_atomic_t interrupted = 0;

void onInterrupt(int) { interrupted = 1; }

// Reads a byte of standard input; -1 at its end and after Ctrl-C, other signals do not count.
int readByte() {
  unsigned char byte = 0;
  for (;;) {
    if (interrupted) return -1;
    const ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count == 1) return byte;
    if (count == 0 || errno != EINTR) return -1;
  }
}

// libedit takes what this returns for a wide character, so that UTF-8 is decoded here.
int readCharacter(std::FILE*) {
  const int first = readByte();
  if (first < 0xC0) return first;
  const int following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  int character = first & (0x3F >> following);
  for (int i = 0; i < following; ++i) {
    const int next = readByte();
    if (next < 0) return -1;
    character = character << 6 | (next & 0x3F);
  }
  return character;
}

// Length of what all the strings of the array on top of the stack begin with.
size_t commonLength(lua_State* L, int count) {
  lua_rawgeti(L, -1, 1);
  const char* first = lua_tostring(L, -1);  // the array keeps it alive
  lua_pop(L, 1);
  size_t common = first ? std::strlen(first) : 0;
  for (int i = 2; i <= count; ++i) {
    lua_rawgeti(L, -1, i);
    const char* text = lua_tostring(L, -1);
    size_t same = 0;
    while (text && same < common && text[same] == first[same]) ++same;
    common = same;
    lua_pop(L, 1);
  }
  return common;
}

// Turns the array on top of the stack into readline's form: the common beginning, the strings, null; all
// malloc'ed.
char** matchesOf(lua_State* L, int count) {
  if (count == 0) return nullptr;
  auto** matches = static_cast<char**>(std::calloc(static_cast<size_t>(count) + 2, sizeof(char*)));
  if (matches == nullptr) return nullptr;
  const size_t common = commonLength(L, count);
  lua_rawgeti(L, -1, 1);
  const char* first = lua_tostring(L, -1);
  matches[0] = strndup(first ? first : "", common);
  lua_pop(L, 1);
  if (count == 1) return matches;  // a single match stands alone
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, -1, i);
    const char* text = lua_tostring(L, -1);
    matches[i] = strdup(text ? text : "");
    lua_pop(L, 1);
  }
  return matches;
}

char** complete(const char* word, int, int end) {
  *library.completionOver = 1;  // or libedit falls back to file names
  lua_State* L = completerState;
  if (L == nullptr || completerReference == LUA_NOREF) return nullptr;
  const int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, completerReference);
  lua_pushstring(L, word);
  const size_t length = std::strlen(*library.line);
  const size_t cursor = end < 0 ? 0 : static_cast<size_t>(end);
  lua_pushlstring(L, *library.line, cursor < length ? cursor : length);
  char** matches = nullptr;
  // An error in the completer must not cross libedit's frames. There is nothing to tell the user in mid-line.
  if (lua_pcall(L, 2, 1, 0) == 0 && lua_istable(L, -1))
    matches = matchesOf(L, static_cast<int>(lua_objlen(L, -1)));
  lua_settop(L, top);
  return matches;
}

template <class T> bool find(void* handle, const char* name, T& symbol) {
  symbol = reinterpret_cast<T>(dlsym(handle, name));
  return symbol != nullptr;
}

const char* load() {
  void* handle = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return dlerror();
  Library found;
  const bool complete = find(handle, "readline", found.readline) &&
                        find(handle, "add_history", found.addHistory) &&
                        find(handle, "rl_attempted_completion_function", found.completer) &&
                        find(handle, "rl_getc_function", found.getCharacter) &&
                        find(handle, "rl_basic_word_break_characters", found.basicWordBreaks) &&
                        find(handle, "rl_completer_word_break_characters", found.completerWordBreaks) &&
                        find(handle, "rl_line_buffer", found.line) &&
                        find(handle, "rl_completion_append_character", found.appendCharacter) &&
                        find(handle, "rl_attempted_completion_over", found.completionOver);
  if (!complete) return "libedit.so.2 lacks readline's interface";
  find(handle, "rl_catch_signals", found.catchSignals);
  found.loaded = true;
  library = found;
  return nullptr;
}

int open(lua_State* L) {
  if (!library.loaded) {
    if (const char* message = load()) {
      lua_pushnil(L);
      lua_pushstring(L, message);
      return 2;
    }
    std::setlocale(LC_CTYPE, "");  // libedit writes wide characters in the user's encoding
    static const char kWordBreaks[] = " \t\n\"'`@$><=;|&{}(),+-*/#^%~!?";
    *library.basicWordBreaks = kWordBreaks;
    *library.completerWordBreaks = kWordBreaks;
    *library.appendCharacter = '\0';
    *library.completer = complete;
    *library.getCharacter = readCharacter;
    if (library.catchSignals != nullptr) *library.catchSignals = 0;
  }
  lua_pushboolean(L, 1);
  return 1;
}

int readLine(lua_State* L) {
  const char* prompt = luaL_checkstring(L, 1);
  if (!library.loaded) return luaL_error(L, "cresset.lineedit: call open() first");
  // Without SA_RESTART, so that Ctrl-C ends the read.
  struct sigaction mine = {};
  struct sigaction previous = {};
  mine.sa_handler = onInterrupt;
  sigemptyset(&mine.sa_mask);
  interrupted = 0;
  completerState = L;
  std::fflush(stdout);
  sigaction(SIGINT, &mine, &previous);
  char* line = library.readline(prompt);
  sigaction(SIGINT, &previous, nullptr);
  completerState = nullptr;
  if (interrupted) {
    std::free(line);
    std::fputs("^C\n", stdout);
    lua_pushboolean(L, 0);
  } else if (line == nullptr) {
    lua_pushnil(L);
  } else {
    lua_pushstring(L, line);
    std::free(line);
  }
  return 1;
}

int addHistory(lua_State* L) {
  const char* line = luaL_checkstring(L, 1);
  if (!library.loaded) return luaL_error(L, "cresset.lineedit: call open() first");
  library.addHistory(line);
  return 0;
}

int setCompleter(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  luaL_unref(L, LUA_REGISTRYINDEX, completerReference);
  completerReference = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace

extern "C" int luaopen_cresset_lineedit(lua_State* L) {
  lua_newtable(L);
  lua_pushcfunction(L, open);
  lua_setfield(L, -2, "open");
  lua_pushcfunction(L, readLine);
  lua_setfield(L, -2, "readline");
  lua_pushcfunction(L, addHistory);
  lua_setfield(L, -2, "addHistory");
  lua_pushcfunction(L, setCompleter);
  lua_setfield(L, -2, "setCompleter");
  return 1;
}
