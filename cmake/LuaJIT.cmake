# LuaJIT with Lua 5.2 compatibility and 64-bit collection, as Torch7's own build had: scripts rely on __len and
# __pairs of tables, and on more than 2 GB of Lua memory. Defines
#   cresset::luajit         the library. The program that is to host C rocks links it whole and exports its symbols:
#                             target_link_libraries(th PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,cresset::luajit>)
#                             set_target_properties(th PROPERTIES ENABLE_EXPORTS ON)
#   CRESSET_LUAJIT_PROGRAM  the luajit of the same build, for compiling Lua sources to bytecode
#   CRESSET_LUAJIT_DEPENDS  what a custom command that runs CRESSET_LUAJIT_PROGRAM depends on
#   CRESSET_LUAJIT_JIT_DIR  the folder of its jit/*.lua modules (jit.v, jit.dump, jit.p ...), there after the build
#   CRESSET_LUAJIT_LICENCE  the text of its licence, where LuaJIT becomes part of the program: built from source
# A system LuaJIT is taken when it shows both properties, else scripts/install-deps has put the source into .deps.

set(CRESSET_LUAJIT_SOURCE "$ENV{CRESSET_LUAJIT_SOURCE}" CACHE PATH
    "LuaJIT source tree to build; empty takes a fitting system LuaJIT, then .deps/luajit")

# Sets CRESSET_LUAJIT_SYSTEM_FITS: library and program are there, of one version, and have both properties.
function(cresset_probe_system_luajit)
  set(CRESSET_LUAJIT_SYSTEM_FITS FALSE PARENT_SCOPE)
  find_program(CRESSET_LUAJIT_SYSTEM_PROGRAM luajit)
  find_path(CRESSET_LUAJIT_SYSTEM_INCLUDE luajit.h PATH_SUFFIXES luajit-2.1)
  find_library(CRESSET_LUAJIT_SYSTEM_LIBRARY NAMES luajit-5.1 luajit)
  mark_as_advanced(CRESSET_LUAJIT_SYSTEM_PROGRAM CRESSET_LUAJIT_SYSTEM_INCLUDE CRESSET_LUAJIT_SYSTEM_LIBRARY)
  if(NOT CRESSET_LUAJIT_SYSTEM_PROGRAM OR NOT CRESSET_LUAJIT_SYSTEM_INCLUDE OR NOT CRESSET_LUAJIT_SYSTEM_LIBRARY)
    return()
  endif()

  set(probe "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/luajit_probe")
  try_run(ran compiled "${CMAKE_BINARY_DIR}/luajit_probe" "${probe}.c"
          CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${CRESSET_LUAJIT_SYSTEM_INCLUDE}"
          LINK_LIBRARIES "${CRESSET_LUAJIT_SYSTEM_LIBRARY}" m dl
          ARGS "${probe}.lua"
          RUN_OUTPUT_VARIABLE library_says)
  execute_process(COMMAND "${CRESSET_LUAJIT_SYSTEM_PROGRAM}" "${probe}.lua"
                  RESULT_VARIABLE status OUTPUT_VARIABLE program_says ERROR_QUIET)
  # Equal output means equal versions: bytecode made by the program can then be loaded by the library.
  if(compiled AND ran EQUAL 0 AND status EQUAL 0 AND library_says STREQUAL program_says)
    set(CRESSET_LUAJIT_SYSTEM_FITS TRUE PARENT_SCOPE)
  endif()
endfunction()

if(NOT CRESSET_LUAJIT_SOURCE)
  cresset_probe_system_luajit()
endif()

if(CRESSET_LUAJIT_SYSTEM_FITS)
  message(STATUS "LuaJIT: the system's, ${CRESSET_LUAJIT_SYSTEM_LIBRARY}")
  add_library(cresset::luajit UNKNOWN IMPORTED GLOBAL)
  set_target_properties(cresset::luajit PROPERTIES
    IMPORTED_LOCATION "${CRESSET_LUAJIT_SYSTEM_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CRESSET_LUAJIT_SYSTEM_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "m;dl")
  set(CRESSET_LUAJIT_PROGRAM "${CRESSET_LUAJIT_SYSTEM_PROGRAM}")
  set(CRESSET_LUAJIT_DEPENDS "${CRESSET_LUAJIT_SYSTEM_PROGRAM}")
  execute_process(COMMAND "${CRESSET_LUAJIT_PROGRAM}" -e "print(package.searchpath('jit.bc', package.path))"
                  OUTPUT_VARIABLE jit_bc OUTPUT_STRIP_TRAILING_WHITESPACE)
  cmake_path(GET jit_bc PARENT_PATH CRESSET_LUAJIT_JIT_DIR)
  return()
endif()

set(luajit_source "${CRESSET_LUAJIT_SOURCE}")
if(NOT luajit_source)
  set(luajit_source "${PROJECT_SOURCE_DIR}/.deps/luajit")
endif()
if(NOT EXISTS "${luajit_source}/src/lua.h")
  message(FATAL_ERROR "LuaJIT: no source in ${luajit_source}, and no system LuaJIT with Lua 5.2 compatibility and "
                      "GC64. Run scripts/install-deps, or set CRESSET_LUAJIT_SOURCE to a source tree.")
endif()
message(STATUS "LuaJIT: from source, ${luajit_source}")
set(CRESSET_LUAJIT_LICENCE "${luajit_source}/COPYRIGHT")

# LuaJIT builds inside its own source tree, so a copy is built. It gets the compiler and ccache, but none of our
# flags: LuaJIT's interpreter is assembly and its allocator its own, which the sanitizers do not understand.
set(luajit_build "${CMAKE_BINARY_DIR}/luajit")
set(luajit_library "${luajit_build}/src/libluajit.a")
set(CRESSET_LUAJIT_PROGRAM "${luajit_build}/src/luajit")
set(CRESSET_LUAJIT_JIT_DIR "${luajit_build}/src/jit")
list(JOIN CMAKE_C_COMPILER_LAUNCHER " " luajit_cc)
string(STRIP "${luajit_cc} ${CMAKE_C_COMPILER}" luajit_cc)
find_program(CRESSET_MAKE NAMES gmake make REQUIRED)
mark_as_advanced(CRESSET_MAKE)

add_custom_command(
  OUTPUT "${luajit_library}" "${CRESSET_LUAJIT_PROGRAM}"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${luajit_build}"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${luajit_source}" "${luajit_build}"
  COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${luajit_build}/src/lj_record.c"
          -P "${CMAKE_CURRENT_LIST_DIR}/luajit_changes.cmake"
  # CHECKHOOK: compiled loops notice Ctrl-C. -fPIC: the library may end up inside a shared one. GC64 is the default for
  # x86-64 since 2021, and was not before.
  COMMAND "${CMAKE_COMMAND}" -E env --unset=MAKEFLAGS --unset=CFLAGS --unset=LDFLAGS
          "${CRESSET_MAKE}" -j2 -C "${luajit_build}/src" BUILDMODE=static "CC=${luajit_cc}"
          "XCFLAGS=-Wno-address -fPIC -DLUAJIT_ENABLE_LUA52COMPAT -DLUAJIT_ENABLE_GC64 -DLUAJIT_ENABLE_CHECKHOOK"
          > "${CMAKE_BINARY_DIR}/luajit.log"
  # A build without the two properties must fail here and not in somebody's script.
  COMMAND "${CRESSET_LUAJIT_PROGRAM}" "${CMAKE_CURRENT_LIST_DIR}/luajit_probe.lua" > "${luajit_build}/probe.txt"
  DEPENDS "${luajit_source}/src/lj_arch.h" "${CMAKE_CURRENT_LIST_DIR}/luajit_changes.cmake"
          "${CMAKE_CURRENT_LIST_DIR}/luajit_probe.lua"
  COMMENT "Building LuaJIT"
  VERBATIM)
add_custom_target(cresset_luajit_build DEPENDS "${luajit_library}")

file(MAKE_DIRECTORY "${luajit_build}/src")  # an include directory must exist when targets are declared
add_library(cresset::luajit STATIC IMPORTED GLOBAL)
add_dependencies(cresset::luajit cresset_luajit_build)
set_target_properties(cresset::luajit PROPERTIES
  IMPORTED_LOCATION "${luajit_library}"
  INTERFACE_INCLUDE_DIRECTORIES "${luajit_build}/src"
  INTERFACE_LINK_LIBRARIES "m;dl")
set(CRESSET_LUAJIT_DEPENDS cresset_luajit_build "${CRESSET_LUAJIT_PROGRAM}")
