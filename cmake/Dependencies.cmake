# The libraries that Cresset is built on. doc/dependencies.md has reasons and licences, scripts/install-deps gets them.
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED)

# OpenBLAS in its OpenMP build: with the pthread build, two sets of threads fight for the cores. Debian keeps the
# builds in folders of their own and lets `libopenblas.so.0` point at any of them, so that build is asked for by path.
# Sets CRESSET_OPENBLAS_LIBRARY (the file, to be linked or loaded) and CRESSET_OPENBLAS_INCLUDE_DIR (cblas.h).
find_library(CRESSET_OPENBLAS_LIBRARY openblas
             PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp NO_DEFAULT_PATH)
find_path(CRESSET_OPENBLAS_INCLUDE_DIR cblas.h
          PATHS /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp NO_DEFAULT_PATH)
find_library(CRESSET_OPENBLAS_LIBRARY openblas)
find_path(CRESSET_OPENBLAS_INCLUDE_DIR cblas.h)
mark_as_advanced(CRESSET_OPENBLAS_LIBRARY CRESSET_OPENBLAS_INCLUDE_DIR)
if(NOT CRESSET_OPENBLAS_LIBRARY OR NOT CRESSET_OPENBLAS_INCLUDE_DIR)
  message(FATAL_ERROR "OpenBLAS not found. Run scripts/install-deps, or set CRESSET_OPENBLAS_LIBRARY and "
                      "CRESSET_OPENBLAS_INCLUDE_DIR to its OpenMP build.")
endif()

# oneDNN: dnnl.h and libdnnl. Sets CRESSET_DNNL_LIBRARY and CRESSET_DNNL_INCLUDE_DIR.
find_library(CRESSET_DNNL_LIBRARY dnnl REQUIRED)
find_path(CRESSET_DNNL_INCLUDE_DIR dnnl.h REQUIRED)
mark_as_advanced(CRESSET_DNNL_LIBRARY CRESSET_DNNL_INCLUDE_DIR)

# libzip: zip.h and libzip, for .npz files. Sets CRESSET_ZIP_LIBRARY and CRESSET_ZIP_INCLUDE_DIR.
find_library(CRESSET_ZIP_LIBRARY zip REQUIRED)
find_path(CRESSET_ZIP_INCLUDE_DIR zip.h REQUIRED)
mark_as_advanced(CRESSET_ZIP_LIBRARY CRESSET_ZIP_INCLUDE_DIR)

# libedit, loaded by the first prompt (lua/lineedit.cpp): looked for because packages bring it along. Sets
# CRESSET_EDIT_LIBRARY.
find_library(CRESSET_EDIT_LIBRARY edit REQUIRED)
mark_as_advanced(CRESSET_EDIT_LIBRARY)

# nlohmann/json is headers alone.
find_path(CRESSET_JSON_INCLUDE_DIR nlohmann/json.hpp REQUIRED)
mark_as_advanced(CRESSET_JSON_INCLUDE_DIR)

# Highway is used as headers alone: each of our instruction-set levels instantiates it statically.
find_path(CRESSET_HIGHWAY_INCLUDE_DIR hwy/highway.h REQUIRED)
mark_as_advanced(CRESSET_HIGHWAY_INCLUDE_DIR)

# KISS FFT too: its C++ header is a template, where its library is for float alone.
find_path(CRESSET_KISSFFT_INCLUDE_DIR kissfft/kissfft.hh REQUIRED)
mark_as_advanced(CRESSET_KISSFFT_INCLUDE_DIR)

# Penlight and LuaFileSystem, Lua packages that scripts expect: `th` finds them where Debian has them, and a copy is
# installed with it. CRESSET_PENLIGHT_DIR holds pl/, CRESSET_LFS_MODULE is lfs.so for Lua 5.1.
find_path(CRESSET_PENLIGHT_DIR pl/init.lua PATHS /usr/share/lua/5.1 /usr/local/share/lua/5.1 REQUIRED)
find_file(CRESSET_LFS_MODULE lfs.so
          PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/lua/5.1 /usr/local/lib/lua/5.1 /usr/lib/lua/5.1 REQUIRED)
mark_as_advanced(CRESSET_PENLIGHT_DIR CRESSET_LFS_MODULE)
