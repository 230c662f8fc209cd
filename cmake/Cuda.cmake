# Finds the CUDA toolkit on PATH and where it usually stands. Sets CRESSET_WITH_CUDA; then the CUDA language and the
# CUDA:: targets are there. CRESSET_CUDA=AUTO does without when there is no nvcc, ON makes that an error.
set(CRESSET_WITH_CUDA FALSE)
if(NOT CRESSET_CUDA MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "CRESSET_CUDA: expected AUTO, ON or OFF, got ${CRESSET_CUDA}")
endif()
if(CRESSET_CUDA STREQUAL "OFF")
  return()
endif()

if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
  file(GLOB toolkits LIST_DIRECTORIES TRUE /usr/local/cuda-*)
  list(SORT toolkits COMPARE NATURAL ORDER DESCENDING)
  find_program(CRESSET_NVCC nvcc
               HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda ${toolkits} /opt/cuda PATH_SUFFIXES bin)
  mark_as_advanced(CRESSET_NVCC)
  if(CRESSET_NVCC)
    set(CMAKE_CUDA_COMPILER "${CRESSET_NVCC}")
  elseif(CRESSET_CUDA STREQUAL "ON")
    message(FATAL_ERROR "CRESSET_CUDA=ON: no nvcc on PATH, in CUDA_HOME or in /usr/local/cuda*")
  else()
    message(STATUS "CUDA: no nvcc found, the plugin is not built")
    return()
  endif()
endif()

# One architecture: three cost 2.6 times the build time. A number without suffix also includes the code (PTX) that
# newer GPUs compile for themselves, so 90 runs on Hopper and all after it. A package for more machines is built with
# -DCRESSET_CUDA_ARCHITECTURES="75-real;80-real;90".
set(architectures "${CRESSET_CUDA_ARCHITECTURES}")
if(NOT architectures)
  execute_process(COMMAND nvidia-smi --query-gpu=compute_cap --format=csv,noheader
                  OUTPUT_VARIABLE capability ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0 AND capability MATCHES "^([0-9]+)\\.([0-9]+)")
    set(architectures "${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
  else()
    set(architectures 90)
  endif()
endif()
set(CMAKE_CUDA_ARCHITECTURES "${architectures}")
enable_language(CUDA)
if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know yet that nvcc 12 has C++20
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
endif()
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
find_package(CUDAToolkit REQUIRED)
set(CRESSET_WITH_CUDA TRUE)
message(STATUS "CUDA: ${CMAKE_CUDA_COMPILER} ${CMAKE_CUDA_COMPILER_VERSION}, architectures ${architectures}")
