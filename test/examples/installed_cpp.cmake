# Installs a build into a temporary prefix, builds examples/cpp against it with find_package, makes a network with the
# installed th, and runs the program on it. It must link no Lua. The C++ program of README.md is built and run too.
# Takes build, source, readme, work, compiler and generator.
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
set(options -G "${generator}" "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${compiler}")
run("${CMAKE_COMMAND}" -S "${source}" -B "${work}/build" ${options})
run("${CMAKE_COMMAND}" --build "${work}/build")
run("${prefix}/bin/th" "${source}/make_net.lua" "${work}/xor.t7")
run("${work}/build/predict" "${work}/xor.t7" "${work}/trained.t7")
message(STATUS "${output}")
if(NOT output MATCHES "nn.Sequential" OR NOT output MATCHES "after training")
  message(FATAL_ERROR "the program printed something else")
endif()

# Lua takes up what C++ trained: the probability of "different" for 1 and 0 is nearly 1.
run("${prefix}/bin/th" -e "require 'nn' print(torch.load('${work}/trained.t7'):forward(torch.Tensor {1, 0}):exp()[2] > 0.9)")
if(NOT output MATCHES "true")
  message(FATAL_ERROR "the trained network is another one in Lua:\n${output}")
endif()

# The packages that came with it are found beside it.
run("${prefix}/bin/th" -e "print(package.searchpath('pl.List', package.path)) print(package.searchpath('lfs', package.cpath))")
if(NOT output MATCHES "${prefix}/share/lua/5.1/pl/List.lua" OR NOT output MATCHES "${prefix}/lib/lua/5.1/lfs.so")
  message(FATAL_ERROR "th finds other packages than the installed ones:\n${output}")
endif()

run(ldd "${work}/build/predict")
if(output MATCHES "lib[^ /]*[Ll]ua")
  message(FATAL_ERROR "the program links Lua:\n${output}")
endif()
if(NOT output MATCHES "${prefix}/lib/libcresset_nn")
  message(FATAL_ERROR "the program runs on other libraries than the installed ones:\n${output}")
endif()

file(READ "${readme}" page)
if(NOT page MATCHES "```cpp\n([^`]*)```\n```cmake\n([^`]*)```")
  message(FATAL_ERROR "README.md has no C++ program any more")
endif()
set(program "${CMAKE_MATCH_1}")
set(lists "${CMAKE_MATCH_2}")
file(WRITE "${work}/readme/program.cpp" "${program}")
file(WRITE "${work}/readme/CMakeLists.txt"
     "cmake_minimum_required(VERSION 3.25)\nproject(Readme LANGUAGES CXX)\n${lists}")
run("${CMAKE_COMMAND}" -S "${work}/readme" -B "${work}/readme/build" ${options})
run("${CMAKE_COMMAND}" --build "${work}/readme/build")
run("${CMAKE_COMMAND}" -E chdir "${work}" "${work}/readme/build/program")
if(NOT output MATCHES "DoubleTensor of size 1x2")
  message(FATAL_ERROR "README.md's program printed something else:\n${output}")
endif()

file(REMOVE_RECURSE "${work}")  # some 90 MB
