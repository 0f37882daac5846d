# What `cmake --install` lays down besides the products, and the package made of it.
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" "${CMAKE_SOURCE_DIR}/README.md" "${CMAKE_SOURCE_DIR}/CHANGELOG.md"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs/checks" "${CMAKE_SOURCE_DIR}/docs/concepts" "${CMAKE_SOURCE_DIR}/docs/guides"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING PATTERN "*.md")
install(FILES "${CMAKE_SOURCE_DIR}/include/coro_tidy/annotations.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/coro_tidy")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/integrations/bazel" DESTINATION "${CMAKE_INSTALL_DATADIR}/coro-tidy" USE_SOURCE_PERMISSIONS)

# find_package(coro-tidy) for those who use it.
include(CMakePackageConfigHelpers)
set(_config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/coro-tidy")
configure_package_config_file("${CMAKE_SOURCE_DIR}/integrations/cmake/coro-tidyConfig.cmake.in"
  "${CMAKE_BINARY_DIR}/coro-tidyConfig.cmake" INSTALL_DESTINATION "${_config_folder}"
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/coro-tidyConfigVersion.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${CMAKE_BINARY_DIR}/coro-tidyConfig.cmake" "${CMAKE_BINARY_DIR}/coro-tidyConfigVersion.cmake"
        DESTINATION "${_config_folder}")

# What Debian wants of a package: its licence, history, and pages for man, compressed without a time in them.
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/packaging")
configure_file("${CMAKE_SOURCE_DIR}/packaging/debian/changelog.in" "${CMAKE_BINARY_DIR}/packaging/changelog" @ONLY)
configure_file("${CMAKE_SOURCE_DIR}/packaging/debian/lintian-overrides.in" "${CMAKE_BINARY_DIR}/packaging/lintian-overrides" @ONLY)
find_program(CORO_GZIP gzip REQUIRED)
if(TARGET coro-clangd)
  execute_process(COMMAND "${CORO_GZIP}" -9nc "${CMAKE_SOURCE_DIR}/packaging/coro-clangd.1" OUTPUT_FILE "${CMAKE_BINARY_DIR}/packaging/coro-clangd.1.gz")
  install(FILES "${CMAKE_BINARY_DIR}/packaging/coro-clangd.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endif()
execute_process(COMMAND "${CORO_GZIP}" -9nc "${CMAKE_BINARY_DIR}/packaging/changelog" OUTPUT_FILE "${CMAKE_BINARY_DIR}/packaging/changelog.gz")
set(_name "coro-tidy-${CORO_LLVM_MAJOR}")
install(FILES "${CMAKE_BINARY_DIR}/packaging/changelog.gz" "${CMAKE_SOURCE_DIR}/packaging/debian/copyright"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${_name}")
install(FILES "${CMAKE_BINARY_DIR}/packaging/lintian-overrides" DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides" RENAME "${_name}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME "${_name}")
set(CPACK_PACKAGE_CONTACT "coro-tidy maintainers <maintainers@coro-tidy.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds bugs in C++20 coroutines (for LLVM ${CORO_LLVM_MAJOR})")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A linter that follows the control flow of coroutines over their suspensions,
and calls over files: tasks that nothing awaits, references that dangle after
a suspension, locks held over one, calls that block the thread, cleanup that a
cancellation leaves out.

It contains the program coro-tidy, a module for clang-tidy, and where LLVM's
release allows it coro-clangd, a language server for editors.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
# The tarball is unpacked anywhere: bin/, lib/ and share/ stand in its folder.
set(CPACK_PACKAGE_FILE_NAME "${_name}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/packaging/cpack-config.cmake")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The module is loaded by name, and no library that others link to.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS OFF)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# The headers that belong to the compiler (stddef.h and the like).
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libclang-common-${CORO_LLVM_MAJOR}-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang-tidy-${CORO_LLVM_MAJOR}")
# Both packages bring a program `coro-tidy`.
set(CPACK_DEBIAN_PACKAGE_PROVIDES "coro-tidy")
set(CPACK_DEBIAN_PACKAGE_CONFLICTS "coro-tidy")
set(CPACK_STRIP_FILES ON)
include(CPack)
