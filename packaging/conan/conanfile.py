"""A Conan 2 recipe of the program, for `tool_requires`; built from the sources beside it, with the LLVM of the system."""
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class CoroTidy(ConanFile):
    name = "coro-tidy"
    version = "0.1.0"
    package_type = "application"
    description = "Finds bugs in C++20 coroutines"
    license = "Apache-2.0 WITH LLVM-exception"
    url = homepage = "https://github.com/coro-tidy/coro-tidy"
    topics = ("c++20", "coroutines", "linter", "clang-tidy")
    settings = "os", "arch", "compiler", "build_type"
    options = {"llvm": ["19", "22"]}
    default_options = {"llvm": "22"}

    def export_sources(self):
        # The recipe stands two folders below the sources.
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ["CMakeLists.txt", "LICENSE", "*.md", "analysis/*", "checks/*", "cmake/*", "docs/*", "driver/*", "editor/*",
                        "include/*", "integrations/*", "models/*", "packaging/*"]:
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["CORO_LLVM_MAJOR"] = str(self.options.llvm)
        toolchain.cache_variables["CORO_BUILD_TESTS"] = False
        toolchain.cache_variables["CORO_BUILD_CLANGD"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_id(self):
        # Nothing is linked against it.
        del self.info.settings.compiler
        del self.info.settings.build_type

    def package_info(self):
        self.cpp_info.libdirs = []
        self.cpp_info.includedirs = ["include"]
        self.buildenv_info.prepend_path("PATH", os.path.join(self.package_folder, "bin"))
