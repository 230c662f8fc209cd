// The Lua module `cresset.system`: thin functions over POSIX.
#include "lua/system.h"

#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

namespace {

int failure(lua_State* L, int error) {
  lua_pushnil(L);
  lua_pushstring(L, std::strerror(error));
  lua_pushinteger(L, error);
  return 3;
}

int outcome(lua_State* L, int error) {
  if (error != 0) return failure(L, error);
  lua_pushboolean(L, 1);
  return 1;
}

int kind(lua_State* L) {
  struct stat status = {};
  if (stat(luaL_checkstring(L, 1), &status) != 0) return failure(L, errno);
  lua_pushstring(L, S_ISDIR(status.st_mode) ? "directory" : S_ISREG(status.st_mode) ? "file" : "other");
  return 1;
}

int list(lua_State* L) {
  DIR* directory = opendir(luaL_checkstring(L, 1));
  if (directory == nullptr) return failure(L, errno);
  lua_newtable(L);
  int count = 0;
  while (const dirent* entry = readdir(directory)) {
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++count);
  }
  closedir(directory);
  return 1;
}

// Makes each missing parent in turn by cutting a copy of the path at its slashes.
int makeDirectoriesOf(const char* path) {
  char prefix[PATH_MAX];
  const size_t length = std::strlen(path);
  if (length == 0) return ENOENT;
  if (length >= sizeof prefix) return ENAMETOOLONG;
  std::memcpy(prefix, path, length + 1);
  for (size_t i = 1; i < length; ++i) {
    if (prefix[i] != '/' || prefix[i - 1] == '/') continue;
    if (std::strspn(prefix + i, "/") == length - i) break;  // only slashes follow: that is path itself
    prefix[i] = '\0';
    if (mkdir(prefix, 0777) != 0 && errno != EEXIST) return errno;
    prefix[i] = '/';
  }
  return mkdir(path, 0777) == 0 ? 0 : errno;
}

int makeDirectories(lua_State* L) { return outcome(L, makeDirectoriesOf(luaL_checkstring(L, 1))); }

int removeDirectory(lua_State* L) { return outcome(L, rmdir(luaL_checkstring(L, 1)) == 0 ? 0 : errno); }

// Apart from its binding, so that no object with a destructor lives where Lua may jump.
int removeTreeOf(const char* path) {
  try {
    std::error_code error;
    if (std::filesystem::remove_all(path, error) == 0 && !error) return ENOENT;
    return error.value();
  } catch (const std::exception&) {
    return ENOMEM;
  }
}

int removeTree(lua_State* L) { return outcome(L, removeTreeOf(luaL_checkstring(L, 1))); }

int currentDirectory(lua_State* L) {
  char path[PATH_MAX];
  if (getcwd(path, sizeof path) == nullptr) return failure(L, errno);
  lua_pushstring(L, path);
  return 1;
}

int realPath(lua_State* L) {
  char path[PATH_MAX];
  if (realpath(luaL_checkstring(L, 1), path) == nullptr) return failure(L, errno);
  lua_pushstring(L, path);
  return 1;
}

int executable(lua_State* L) {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length < 0) return failure(L, errno);
  lua_pushlstring(L, path, static_cast<size_t>(length));
  return 1;
}

int isExecutable(lua_State* L) {
  const char* path = luaL_checkstring(L, 1);
  struct stat status = {};
  lua_pushboolean(L, stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0);
  return 1;
}

// Names handed out by temporaryName. The destructor runs at exit, also after os.exit, which skips Lua's
// collector.
class TemporaryFiles {
 public:
  TemporaryFiles() = default;
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;
  ~TemporaryFiles() {
    if (getpid() != owner_) return;  // a forked child leaves its parent's files alone
    for (const std::string& name : names_) unlink(name.c_str());
  }

  /// Creates a file after the template in `name`, which becomes its name. Returns errno.
  int create(char* name) {
    try {
      const std::lock_guard lock(mutex_);  // Lua states in several threads share the list
      const int descriptor = mkstemp(name);
      if (descriptor < 0) return errno;
      close(descriptor);
      names_.emplace_back(name);
      return 0;
    } catch (const std::exception&) {
      unlink(name);
      return ENOMEM;
    }
  }

 private:
  pid_t owner_ = getpid();
  std::mutex mutex_;
  std::vector<std::string> names_;
};

int temporaryName(lua_State* L) {
  static TemporaryFiles files;
  const char* folder = std::getenv("TMPDIR");
  char name[PATH_MAX];
  const int length = std::snprintf(name, sizeof name, "%s/lua_XXXXXX", folder ? folder : "/tmp");
  if (length < 0 || static_cast<size_t>(length) >= sizeof name) return failure(L, ENAMETOOLONG);
  if (const int error = files.create(name)) return failure(L, error);
  lua_pushstring(L, name);
  return 1;
}

int systemName(lua_State* L) {
  utsname name = {};
  if (uname(&name) != 0) return failure(L, errno);
  lua_pushstring(L, name.sysname);
  lua_pushstring(L, name.nodename);
  lua_pushstring(L, name.machine);
  return 3;
}

int pushTime(lua_State* L, clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  lua_pushnumber(L, static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9);
  return 1;
}

int clockTime(lua_State* L) { return pushTime(L, CLOCK_REALTIME); }

int ticks(lua_State* L) { return pushTime(L, CLOCK_MONOTONIC); }

int cpuTimes(lua_State* L) {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  for (const timeval& time : {usage.ru_utime, usage.ru_stime})
    lua_pushnumber(L, static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6);
  return 2;
}

int sleepFor(lua_State* L) {
  const double seconds = luaL_checknumber(L, 1);
  if (!(seconds > 0)) return 0;     // also NaN
  constexpr double kLongest = 1e9;  // seconds; what fits any time_t
  const double whole = std::floor(std::fmin(seconds, kLongest));
  timespec pause = {};
  pause.tv_sec = static_cast<time_t>(whole);
  pause.tv_nsec = static_cast<long>(std::fmin((std::fmin(seconds, kLongest) - whole) * 1e9, 999999999.0));
  nanosleep(&pause, nullptr);
  return 0;
}

// The C stream of a Lua file, or null when it is closed: LuaJIT's file object starts with that pointer.
std::FILE* streamOf(lua_State* L, int argument) {
  return *static_cast<std::FILE**>(luaL_checkudata(L, argument, LUA_FILEHANDLE));
}

int isTerminal(lua_State* L) {
  std::FILE* stream = streamOf(L, 1);
  lua_pushboolean(L, stream != nullptr && isatty(fileno(stream)));
  return 1;
}

int terminalColumns(lua_State* L) {
  std::FILE* stream = streamOf(L, 1);
  winsize size = {};
  if (stream == nullptr) return failure(L, EBADF);
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) return failure(L, errno);
  if (size.ws_col == 0) return failure(L, ENOTTY);  // a terminal that does not know its width
  lua_pushinteger(L, size.ws_col);
  return 1;
}

}  // namespace

extern "C" int luaopen_cresset_system(lua_State* L) {
  static const luaL_Reg functions[] = {
      {"kind", kind},
      {"list", list},
      {"makeDirectories", makeDirectories},
      {"removeDirectory", removeDirectory},
      {"removeTree", removeTree},
      {"currentDirectory", currentDirectory},
      {"realPath", realPath},
      {"executable", executable},
      {"isExecutable", isExecutable},
      {"temporaryName", temporaryName},
      {"uname", systemName},
      {"clock", clockTime},
      {"ticks", ticks},
      {"cpuTimes", cpuTimes},
      {"sleep", sleepFor},
      {"isTerminal", isTerminal},
      {"terminalColumns", terminalColumns},
  };
  lua_newtable(L);
  for (const luaL_Reg& function : functions) {
    lua_pushcfunction(L, function.func);
    lua_setfield(L, -2, function.name);
  }
  return 1;
}
