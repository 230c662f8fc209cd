# Installation and packages: one relocatable tree of bin/ lib/ include/cresset/ share/cresset/, which holds the shared
# libraries it needs (component `bundle`), and the CMake package `Cresset` for C++ users.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Cresset")
foreach(component tensor nn optim)
  set(target cresset_${component})
  if(NOT TARGET ${target})
    continue()
  endif()
  # Users write #include "nn/linear/Linear.h", as the sources do.
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${component} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cresset>)
  target_compile_features(${target} INTERFACE cxx_std_20)
  install(TARGETS ${target} EXPORT CressetTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${component}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/cresset"
          FILES_MATCHING PATTERN "*.h" PATTERN "*.def" PATTERN cpu EXCLUDE PATTERN cuda EXCLUDE)
endforeach()

if(TARGET cresset_tensor)
  install(EXPORT CressetTargets NAMESPACE cresset:: DESTINATION "${package_dir}")
  configure_package_config_file(cmake/CressetConfig.cmake.in "${PROJECT_BINARY_DIR}/CressetConfig.cmake"
                                INSTALL_DESTINATION "${package_dir}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/CressetConfigVersion.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/CressetConfig.cmake" "${PROJECT_BINARY_DIR}/CressetConfigVersion.cmake"
          DESTINATION "${package_dir}")
endif()
install(FILES LICENSE README.md DESTINATION share/doc/cresset OPTIONAL)

# A tree of rocks, as LuaRocks lays it out; th looks into it by its place beside its own folder.
file(REAL_PATH "${CRESSET_LFS_MODULE}" lfs_file)  # the link's target has another name
install(DIRECTORY "${CRESSET_PENLIGHT_DIR}/pl" DESTINATION share/lua/5.1 FILES_MATCHING PATTERN "*.lua")
install(FILES "${lfs_file}" DESTINATION lib/lua/5.1 RENAME lfs.so)
foreach(package IN ITEMS lua-penlight lua-filesystem)
  install(FILES "/usr/share/doc/${package}/copyright" DESTINATION share/doc/cresset/bundled RENAME ${package}.txt
          OPTIONAL)
endforeach()

# After everything else, for it looks at what was installed. The libraries that are loaded while running are named
# here; those that are linked are found.
set(bundle_loaded "${CRESSET_OPENBLAS_LIBRARY}" "${CRESSET_DNNL_LIBRARY}" "${CRESSET_EDIT_LIBRARY}")
install(CODE "set(loaded \"${bundle_loaded}\")" COMPONENT bundle)
install(SCRIPT cmake/bundle.cmake COMPONENT bundle)
# Of those that are compiled in there is no file to find, but their licences ask to be passed on.
foreach(package libhwy-dev libkissfft-dev nlohmann-json3-dev)
  install(FILES "/usr/share/doc/${package}/copyright" DESTINATION share/doc/cresset/bundled RENAME ${package}.txt
          COMPONENT bundle OPTIONAL)
endforeach()
if(CRESSET_LUAJIT_LICENCE)
  install(FILES "${CRESSET_LUAJIT_LICENCE}" DESTINATION share/doc/cresset/bundled RENAME luajit.txt COMPONENT bundle)
endif()

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME cresset)
set(CPACK_PACKAGE_FILE_NAME "cresset-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES TRUE)
set(CPACK_THREADS 0)
set(CPACK_VERBATIM_VARIABLES TRUE)
include(CPack)
