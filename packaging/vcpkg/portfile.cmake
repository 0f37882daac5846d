vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO coro-tidy/coro-tidy
    REF "v${VERSION}"
    # Filled in by the release script.
    SHA512 0
    HEAD_REF main
)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DCORO_LLVM_MAJOR=22
        -DCORO_BUILD_TESTS=OFF
        -DCORO_BUILD_CLANGD=OFF
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/coro-tidy)
vcpkg_copy_tools(TOOL_NAMES coro-tidy AUTO_CLEAN)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
