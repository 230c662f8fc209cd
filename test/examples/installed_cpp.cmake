# Installs a build into a temporary prefix, builds examples/cpp against it with find_package, makes a network with the
# installed th, and runs the program on it. It must link no Lua.
# Takes build, source, work, compiler and generator.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed (${result}): ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(prefix "${work}/prefix")
file(REMOVE_RECURSE "${work}")
run("${CMAKE_COMMAND}" --install "${build}" --prefix "${prefix}")
run("${CMAKE_COMMAND}" -S "${source}" -B "${work}/build" -G "${generator}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${compiler}")
run("${CMAKE_COMMAND}" --build "${work}/build")
run("${prefix}/bin/th" "${source}/make_net.lua" "${work}/xor.t7")
run("${work}/build/predict" "${work}/xor.t7")
message(STATUS "${output}")
if(NOT output MATCHES "nn.Sequential" OR NOT output MATCHES "after training")
  message(FATAL_ERROR "the program printed something else")
endif()

run(ldd "${work}/build/predict")
if(output MATCHES "[Ll]ua")
  message(FATAL_ERROR "the program links Lua:\n${output}")
endif()
if(NOT output MATCHES "${prefix}/lib/libcresset_nn")
  message(FATAL_ERROR "the program runs on other libraries than the installed ones:\n${output}")
endif()
file(REMOVE_RECURSE "${work}")  # some 90 MB
