# cresset_embed_lua(<target> ROOT <dir> [PREFIX <name>] FILES <file>...)
#
# Compiles Lua files to bytecode, with debug information, and adds them to <target>. Files are given relative to ROOT;
# their path is their module's name, below PREFIX: torch/CmdLine.lua is torch.CmdLine and torch/init.lua is torch.
# Call it once for a target. C++ reaches the modules through lua/embedded.h:
#   CRESSET_DECLARE_EMBEDDED(<target>)  ->  cresset::lua::embedded_<target>()
# Errors inside show the chunk name cresset/<prefix>/<file>, by which a traceback tells our frames from the user's.
function(cresset_embed_lua target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOT;PREFIX" "FILES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_ROOT OR NOT arg_FILES)
    message(FATAL_ERROR "cresset_embed_lua(${target}): expected ROOT <dir> [PREFIX <name>] FILES <file>...")
  endif()
  cmake_path(ABSOLUTE_PATH arg_ROOT BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  set(sources "${arg_FILES}")
  list(TRANSFORM sources PREPEND "${arg_ROOT}/")
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cpp")
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed.lua")
  add_custom_command(
    OUTPUT "${generated}"
    COMMAND "${CRESSET_LUAJIT_PROGRAM}" "${script}" "${generated}" "${target}" "${arg_ROOT}" "${arg_PREFIX}"
            ${arg_FILES}
    DEPENDS ${sources} "${script}" ${CRESSET_LUAJIT_DEPENDS}
    COMMENT "Compiling the Lua modules of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE "${generated}")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
endfunction()
