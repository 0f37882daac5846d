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

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME "coro-tidy-${CORO_LLVM_MAJOR}")
set(CPACK_PACKAGE_CONTACT "coro-tidy maintainers <maintainers@coro-tidy.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Finds bugs in C++20 coroutines (for LLVM ${CORO_LLVM_MAJOR})")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The headers that belong to the compiler (stddef.h and the like).
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libclang-common-${CORO_LLVM_MAJOR}-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang-tidy-${CORO_LLVM_MAJOR}")
# Both packages bring a program `coro-tidy`.
set(CPACK_DEBIAN_PACKAGE_PROVIDES "coro-tidy")
set(CPACK_DEBIAN_PACKAGE_CONFLICTS "coro-tidy")
set(CPACK_STRIP_FILES ON)
include(CPack)
