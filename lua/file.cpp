#include "lua/file.h"

#include "lua/arrays.h"
#include "lua/serialize.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/dispatch.h"
#include "tensor/file/DiskFile.h"
#include "tensor/file/MemoryFile.h"
#include "tensor/file/PipeFile.h"

namespace cresset::lua {

bool LuaFile::inMemory() const { return dynamic_cast<const MemoryFile*>(&file) != nullptr; }

LuaFile::LuaFile(std::unique_ptr<File> theFile)
    : owned(std::move(theFile)), file(*owned), reader(file), writer(file) {}

LuaFile::LuaFile(std::unique_ptr<AtomicFile> theTarget)
    : atomic(std::move(theTarget)), file(atomic->file()), reader(file), writer(file) {}

LuaFile& checkFile(lua_State* L, int i, const char* function) {
  auto* file = toObject<LuaFile>(L, i, ObjectKind::File);
  if (!file) fail(function, {"argument ", text(int64_t{i}), ": expected torch.File, got ", kindName(L, i)});
  return *file;
}

LuaFile& pushFile(lua_State* L, std::unique_ptr<LuaFile> file, const char* className) {
  pushObject(L, file.get(), ObjectKind::File, className);
  LuaFile& pushed = *file.release();
  lua_newtable(L);
  lua_setfenv(L, -2);
  return pushed;
}

namespace {

int collect(lua_State* L) {
  Handle* handle = toHandle(L, 1);
  if (!handle || handle->kind != ObjectKind::File) return 0;
  delete static_cast<LuaFile*>(handle->object);
  handle->object = nullptr;
  handle->magic = 0;
  return 0;
}

int self(lua_State* L) { return lua_settop(L, 1), 1; }

std::string modeAt(lua_State* L, int i, const char* function, const char* otherwise) {
  return lua_isnoneornil(L, i) ? otherwise : checkString(L, i, function);
}

template <class T> int openPath(lua_State* L, const char* className) {
  const std::string path = checkString(L, 1, className);
  const std::string mode = modeAt(L, 2, className, "r");
  const bool quiet = lua_toboolean(L, 3);
  try {
    LuaFile& file = pushFile(L, std::make_unique<LuaFile>(std::make_unique<T>(path, mode)), className);
    file.file.setQuiet(quiet);
  } catch (const Error&) {
    if (!quiet) throw;
    lua_pushnil(L);
  }
  return 1;
}

int newDiskFile(lua_State* L) { return openPath<DiskFile>(L, "torch.DiskFile"); }
int newPipeFile(lua_State* L) { return openPath<PipeFile>(L, "torch.PipeFile"); }

int newMemoryFile(lua_State* L) {
  constexpr const char* kName = "torch.MemoryFile";
  std::unique_ptr<File> file;
  if (toStorage(L, 1)) {
    file = std::make_unique<MemoryFile>(checkStorage(L, 1, kName), modeAt(L, 2, kName, "rw"));
  } else {
    file = std::make_unique<MemoryFile>(modeAt(L, 1, kName, "rw"));
  }
  pushFile(L, std::make_unique<LuaFile>(std::move(file)), kName);
  return 1;
}

int newFile(lua_State*) { fail("torch.File", {"no constructor available"}); }

File& fileOf(lua_State* L, const char* method) { return checkFile(L, 1, method).file; }

template <auto set, bool value> int setMode(lua_State* L) {
  (fileOf(L, "torch.File").*set)(value);
  return self(L);
}

template <auto get> int getMode(lua_State* L) {
  lua_pushboolean(L, (fileOf(L, "torch.File").*get)());
  return 1;
}

int clearError(lua_State* L) { return fileOf(L, "clearError").clearError(), self(L); }

int longSize(lua_State* L) {
  fileOf(L, "longSize").setLongSize(checkInteger(L, 2, "longSize"));
  return self(L);
}

template <ByteOrder order> int setByteOrder(lua_State* L) {
  fileOf(L, "torch.DiskFile").setByteOrder(order);
  return self(L);
}
int setNativeByteOrder(lua_State* L) {
  fileOf(L, "nativeEndianEncoding").setByteOrder(nativeByteOrder());
  return self(L);
}
template <ByteOrder order> int isByteOrder(lua_State* L) {
  return lua_pushboolean(L, nativeByteOrder() == order), 1;
}

int noBuffer(lua_State* L) {
  if (auto* disk = dynamic_cast<DiskFile*>(&fileOf(L, "noBuffer"))) disk->noBuffer();
  return self(L);
}

int referenced(lua_State* L) {
  LuaFile& file = checkFile(L, 1, "referenced");
  const bool on = lua_toboolean(L, 2);
  file.reader.setReferenced(on);
  file.writer.setReferenced(on);
  return self(L);
}
int isReferenced(lua_State* L) {
  return lua_pushboolean(L, checkFile(L, 1, "isReferenced").writer.isReferenced()), 1;
}

// `IntStorage`, as messages name it.
std::string storageName(DType type) { return std::string(typePrefix({type, Device::CPU})) + "Storage"; }

bool isStorageOf(lua_State* L, int i, DType type) {
  const StorageImpl* storage = toStorage(L, i);
  return storage && storage->type == Type{type, Device::CPU};
}

template <class T> int readValues(lua_State* L) {
  constexpr DType kType = dtypeOf<T>;
  const std::string name = std::string("read") + typePrefix({kType, Device::CPU});
  File& file = fileOf(L, name.c_str());
  if (lua_isnoneornil(L, 2)) {
    lua_pushnumber(L, static_cast<double>(file.read<T>()));
  } else if (lua_isnumber(L, 2)) {
    push(L, file.readStorage(kType, checkInteger(L, 2, name.c_str())));
  } else if (isStorageOf(L, 2, kType)) {
    lua_pushnumber(L, static_cast<double>(file.read(checkStorage(L, 2, name.c_str()))));
  } else {
    fail(name, arg(1, "values"),
         {"nothing, number, or ", storageName(kType), " expected, got ", kindName(L, 2)});
  }
  return 1;
}

template <class T> int writeValues(lua_State* L) {
  constexpr DType kType = dtypeOf<T>;
  const std::string name = std::string("write") + typePrefix({kType, Device::CPU});
  File& file = fileOf(L, name.c_str());
  if (lua_isnumber(L, 2)) {
    file.write(fromDouble<T>(lua_tonumber(L, 2)));
    return 0;
  }
  if (!isStorageOf(L, 2, kType))
    fail(name, arg(1, "values"), {"number, or ", storageName(kType), " expected, got ", kindName(L, 2)});
  lua_pushnumber(L, static_cast<double>(file.write(checkStorage(L, 2, name.c_str()))));
  return 1;
}

int readBool(lua_State* L) { return lua_pushboolean(L, fileOf(L, "readBool").readBool()), 1; }
int writeBool(lua_State* L) {
  fileOf(L, "writeBool").writeBool(lua_toboolean(L, 2));
  return 0;
}

int readString(lua_State* L) {
  File& file = fileOf(L, "readString");
  const std::string format = checkString(L, 2, "readString");
  if (!format.starts_with("*l") && !format.starts_with("*a"))
    fail("readString", arg(1, "format"), {"format must be '*a' or '*l', got '", format, "'"});
  return push(L, format[1] == 'l' ? file.readLine() : file.readAll()), 1;
}
int writeString(lua_State* L) {
  File& file = fileOf(L, "writeString");
  return lua_pushnumber(L, static_cast<double>(file.writeString(checkString(L, 2, "writeString")))), 1;
}

int seek(lua_State* L) {
  File& file = fileOf(L, "seek");
  const int64_t position = checkInteger(L, 2, "seek");
  if (position < 1) fail("seek", arg(1, "position"), {"position has to be greater than 0!"});
  file.seek(position - 1);
  return self(L);
}
int seekEnd(lua_State* L) { return fileOf(L, "seekEnd").seekEnd(), self(L); }
int position(lua_State* L) {
  return lua_pushnumber(L, static_cast<double>(fileOf(L, "position").position() + 1)), 1;
}
int synchronize(lua_State* L) { return fileOf(L, "synchronize").synchronize(), self(L); }
int close(lua_State* L) { return fileOf(L, "close").close(), self(L); }

int storage(lua_State* L) {
  auto* memory = dynamic_cast<MemoryFile*>(&fileOf(L, "storage"));
  if (!memory) fail("storage", {"expected torch.MemoryFile, got ", kindName(L, 1)});
  return push(L, memory->storage()), 1;
}

int toText(lua_State* L) { return push(L, fileOf(L, "tostring").toString()), 1; }

constexpr Function kMethods[] = {
    {"binary", protect<setMode<&File::setBinary, true>>},
    {"ascii", protect<setMode<&File::setBinary, false>>},
    {"autoSpacing", protect<setMode<&File::setAutoSpacing, true>>},
    {"noAutoSpacing", protect<setMode<&File::setAutoSpacing, false>>},
    {"quiet", protect<setMode<&File::setQuiet, true>>},
    {"pedantic", protect<setMode<&File::setQuiet, false>>},
    {"isBinary", protect<getMode<&File::isBinary>>},
    {"isAutoSpacing", protect<getMode<&File::isAutoSpacing>>},
    {"isQuiet", protect<getMode<&File::isQuiet>>},
    {"isReadable", protect<getMode<&File::isReadable>>},
    {"isWritable", protect<getMode<&File::isWritable>>},
    {"hasError", protect<getMode<&File::hasError>>},
    {"clearError", protect<clearError>},
    {"referenced", protect<referenced>},
    {"isReferenced", protect<isReferenced>},
    {"readByte", protect<readValues<uint8_t>>},
    {"readChar", protect<readValues<int8_t>>},
    {"readShort", protect<readValues<int16_t>>},
    {"readInt", protect<readValues<int32_t>>},
    {"readLong", protect<readValues<int64_t>>},
    {"readFloat", protect<readValues<float>>},
    {"readDouble", protect<readValues<double>>},
    {"writeByte", protect<writeValues<uint8_t>>},
    {"writeChar", protect<writeValues<int8_t>>},
    {"writeShort", protect<writeValues<int16_t>>},
    {"writeInt", protect<writeValues<int32_t>>},
    {"writeLong", protect<writeValues<int64_t>>},
    {"writeFloat", protect<writeValues<float>>},
    {"writeDouble", protect<writeValues<double>>},
    {"readBool", protect<readBool>},
    {"writeBool", protect<writeBool>},
    {"readString", protect<readString>},
    {"writeString", protect<writeString>},
    {"readObject", protect<readObject>},
    {"writeObject", protect<writeObject>},
    {"isWritableObject", protect<isWritableObject>},
    {"seek", protect<seek>},
    {"seekEnd", protect<seekEnd>},
    {"position", protect<position>},
    {"synchronize", protect<synchronize>},
    {"close", protect<close>},
    {"longSize", protect<longSize>},
    {"__tostring__", protect<toText>},
};

constexpr Function kDiskMethods[] = {
    {"nativeEndianEncoding", protect<setNativeByteOrder>},
    {"littleEndianEncoding", protect<setByteOrder<ByteOrder::Little>>},
    {"bigEndianEncoding", protect<setByteOrder<ByteOrder::Big>>},
    {"isLittleEndianCPU", protect<isByteOrder<ByteOrder::Little>>},
    {"isBigEndianCPU", protect<isByteOrder<ByteOrder::Big>>},
    {"noBuffer", protect<noBuffer>},
};

constexpr Function kMemoryMethods[] = {{"storage", protect<storage>}};

// Sets `classes[name]` of the table on top of the stack to a new metatable.
template <size_t N> void addClass(lua_State* L, const char* name, const Function (&methods)[N]) {
  luaL_newmetatable(L, name);
  setFunctions(L, methods);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_setfield(L, -2, name);
}

int open(lua_State* L) {
  lua_newtable(L);
  constexpr Function kFunctions[] = {
      {"File", protect<newFile>},
      {"DiskFile", protect<newDiskFile>},
      {"PipeFile", protect<newPipeFile>},
      {"MemoryFile", protect<newMemoryFile>},
  };
  setFunctions(L, kFunctions);
  setSerializeFunctions(L);
  setArrayFunctions(L);
  lua_newtable(L);
  addClass(L, "torch.File", kMethods);
  addClass(L, "torch.DiskFile", kDiskMethods);
  addClass(L, "torch.PipeFile", kDiskMethods);
  addClass(L, "torch.MemoryFile", kMemoryMethods);
  lua_setfield(L, -2, "classes");
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_file(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
