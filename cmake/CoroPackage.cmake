# What `cmake --install` lays down besides the products, and the package made of it.
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" "${CMAKE_SOURCE_DIR}/README.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME "coro-tidy-${CORO_LLVM_MAJOR}")
set(CPACK_PACKAGE_CONTACT "coro-tidy maintainers <maintainers@coro-tidy.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Finds bugs in C++20 coroutines (for LLVM ${CORO_LLVM_MAJOR})")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang-tidy-${CORO_LLVM_MAJOR}")
set(CPACK_STRIP_FILES ON)
include(CPack)
