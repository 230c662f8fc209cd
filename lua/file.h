// torch.DiskFile, torch.MemoryFile and torch.PipeFile in Lua.
#pragma once

#include <lua.hpp>
#include <memory>
#include <unordered_map>

#include "tensor/file/AtomicFile.h"
#include "tensor/file/File.h"
#include "tensor/file/ObjectReader.h"
#include "tensor/file/ObjectWriter.h"

namespace cresset::lua {

/// What torch.load lets a file do.
struct LoadPolicy {
  bool functions = false;      // run foreign bytecode when called; otherwise functions stay sealed
  bool unknownTables = false;  // instances of unknown classes become tables; otherwise an error
};

/// The object behind a file's userdata: the file and what its reader and writer remember of earlier objects.
/// The Lua values that they remember are in the environment table of the userdata.
struct LuaFile {
  explicit LuaFile(std::unique_ptr<File> theFile);
  /// A file for torch.save: it replaces its target on `atomic->commit()`, and is gone without one.
  explicit LuaFile(std::unique_ptr<AtomicFile> theTarget);

  /// Whether it is a MemoryFile: its bytes come from the program.
  bool inMemory() const;

  std::unique_ptr<AtomicFile> atomic;
  std::unique_ptr<File> owned;
  File& file;
  t7::ObjectReader reader;
  t7::ObjectWriter writer;
  LoadPolicy policy;
  lua_State* hook = nullptr;  // the coroutine in which a class reads or writes itself now
  /// Numbers of shared upvalues in the file, by address, or by origin and old number for those of sealed
  /// functions.
  struct Upvalue {
    const void* address;
    double number;
    friend bool operator==(const Upvalue&, const Upvalue&) = default;
  };
  struct UpvalueHash {
    size_t operator()(const Upvalue& u) const {
      return std::hash<const void*>()(u.address) * 31 + std::hash<double>()(u.number);
    }
  };
  std::unordered_map<Upvalue, int, UpvalueHash> upvalues;
};

/// The file at stack index i. Throws Error when something else is there.
LuaFile& checkFile(lua_State* L, int i, const char* function);
/// Pushes a userdata of class `torch.DiskFile`, ... that owns the file.
LuaFile& pushFile(lua_State* L, std::unique_ptr<LuaFile> file, const char* className);

}  // namespace cresset::lua

/// Opens the Lua module `cresset.file`: a table of
///   classes           name -> metatable with methods, for torch.File, DiskFile, MemoryFile, PipeFile
///   File, DiskFile, MemoryFile, PipeFile   constructors; that of File raises an error
///   save, load, serialize, deserialize, ...   see lua/serialize.h
///   safetensors       see lua/arrays.h
extern "C" int luaopen_cresset_file(lua_State* L);
