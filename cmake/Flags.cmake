# cresset::warnings: what all of our own targets are compiled and linked with. Link it PRIVATE.
add_library(cresset_warnings INTERFACE)
add_library(cresset::warnings ALIAS cresset_warnings)
target_compile_options(cresset_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:C,CXX>:-Wall;-Wextra;-Werror;-Wvla>
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual;-Wextra-semi>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wshadow=local>
  # GCC 12 warns of overlapping copies inside its own std::string concatenation (GCC bug 105651).
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
  # sqrt and friends become instructions, and vectorise, when nobody asks them for errno.
  $<$<COMPILE_LANGUAGE:CXX>:-fno-math-errno>
  # Calls inside a library may be inlined: nobody replaces our functions from outside.
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-semantic-interposition>
  $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra>)
# DT_RPATH and not DT_RUNPATH: only the former is also searched for the libraries of our libraries, such as the
# libgfortran of a bundled OpenBLAS.
target_link_options(cresset_warnings INTERFACE LINKER:--disable-new-dtags)

if(CRESSET_SANITIZE)
  if(NOT CRESSET_SANITIZE MATCHES "^(address|undefined|address,undefined|thread)$")
    message(FATAL_ERROR "CRESSET_SANITIZE: expected address, undefined, address,undefined or thread, "
                        "got ${CRESSET_SANITIZE}")
  endif()
  set(flags -fsanitize=${CRESSET_SANITIZE} -fno-omit-frame-pointer)
  if(CRESSET_SANITIZE MATCHES undefined)
    # A finding ends the program: as a mere line on stderr, no test would fail for it.
    list(APPEND flags -fno-sanitize-recover=undefined)
  endif()
  target_compile_options(cresset_warnings INTERFACE
    "$<$<COMPILE_LANGUAGE:C,CXX>:${flags}>"
    # Instrumented code confuses GCC's flow analysis: it warns of variables that are set on every path.
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
  target_link_options(cresset_warnings INTERFACE ${flags})
endif()
