# Run at installation: copies the shared libraries that the installed files need into lib/, under the names by which
# they are asked for, and their packages' licences into share/doc. `loaded` lists those opened while running.
# Left out: glibc, which is the system's, and CUDA's libraries, which come with its driver and toolkit.
set(prefix "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
set(system_libraries
  "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv|util|nsl|mvec|anl|BrokenLocale|thread_db)\\.so"
  "^libcu" "^libnv" "^libcresset" "^lib[atl]san\\.so" "^libubsan\\.so")

file(GLOB programs "${prefix}/bin/*")
file(GLOB_RECURSE libraries "${prefix}/lib/*.so" "${prefix}/lib/*.so.*")
list(FILTER libraries EXCLUDE REGEX "/lib(openblas|dnnl|edit)[^/]*$")
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES ${programs}
  LIBRARIES ${libraries} ${loaded}
  RESOLVED_DEPENDENCIES_VAR needed
  UNRESOLVED_DEPENDENCIES_VAR missing
  CONFLICTING_DEPENDENCIES_PREFIX conflicting
  PRE_EXCLUDE_REGEXES ${system_libraries})
if(missing)
  message(FATAL_ERROR "bundle: not found: ${missing}")
endif()

find_program(objdump objdump REQUIRED)
find_program(dpkg_query dpkg-query)
foreach(library IN LISTS loaded needed)
  file(REAL_PATH "${library}" file)
  cmake_path(IS_PREFIX prefix "${file}" NORMALIZE is_ours)
  if(is_ours)
    continue()
  endif()
  execute_process(COMMAND "${objdump}" -p "${file}" OUTPUT_VARIABLE header COMMAND_ERROR_IS_FATAL ANY)
  if(NOT header MATCHES "SONAME +([^\n ]+)")
    message(FATAL_ERROR "bundle: ${file} has no SONAME")
  endif()
  set(name "${CMAKE_MATCH_1}")
  message(STATUS "Bundling: ${name}")
  file(COPY_FILE "${file}" "${prefix}/lib/${name}" ONLY_IF_DIFFERENT)
  if(NOT dpkg_query)
    continue()
  endif()
  # dpkg may know a file by its path from before /lib was merged into /usr/lib.
  string(REGEX REPLACE "^/usr/lib/" "/lib/" unmerged "${file}")
  execute_process(COMMAND "${dpkg_query}" -S "${file}" "${unmerged}" OUTPUT_VARIABLE owner ERROR_QUIET)
  if(owner MATCHES "^([^:]+):")
    set(package "${CMAKE_MATCH_1}")
    file(MAKE_DIRECTORY "${prefix}/share/doc/cresset/bundled")
    file(COPY_FILE "/usr/share/doc/${package}/copyright" "${prefix}/share/doc/cresset/bundled/${package}.txt")
  endif()
endforeach()
