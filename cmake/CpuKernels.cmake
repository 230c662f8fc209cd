# cresset_add_cpu_kernels(<library> <source>...)
#
# Compiles the sources once for each level in CRESSET_ISA_LEVELS into modules libcresset_<library>_cpu_<level>.so,
# which <library> loads at run time (tensor/cpu/modules.h). Only `cresset_fill_<library>` is visible in them: inline
# functions that the compiler emitted for one level must not serve another.
function(cresset_add_cpu_kernels library)
  set(exports "${CMAKE_CURRENT_BINARY_DIR}/cpu_exports.map")
  file(CONFIGURE OUTPUT "${exports}" CONTENT "{ global: cresset_fill_${library}; local: *; };\n")
  foreach(level IN LISTS CRESSET_ISA_LEVELS)
    set(target cresset_${library}_cpu_${level})
    add_library(${target} MODULE ${ARGN})
    target_link_libraries(${target} PRIVATE cresset::${library} cresset::warnings OpenMP::OpenMP_CXX)
    target_include_directories(${target} SYSTEM PRIVATE
                               "${CRESSET_HIGHWAY_INCLUDE_DIR}" "${CRESSET_KISSFFT_INCLUDE_DIR}")
    # Highway wants AES beside AVX2 for its own hashing code, which we do not use.
    target_compile_definitions(${target} PRIVATE HWY_DISABLE_PCLMUL_AES)
    target_compile_options(${target} PRIVATE -march=x86-64-${level} -mtune=generic)
    if(level STREQUAL v4)
      target_compile_options(${target} PRIVATE -mprefer-vector-width=512)
    endif()
    target_link_options(${target} PRIVATE "LINKER:--version-script=${exports}")
    set_target_properties(${target} PROPERTIES LINK_DEPENDS "${exports}")
    install(TARGETS ${target} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endforeach()
endfunction()
