//===- Module.cpp - The clang-tidy module ---------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Compat.h"
#include "checks/CheckList.h"
#include CORO_CLANG_TIDY_MODULE_HEADER
#include "checks/Registration.inc"
#include "clang/Basic/Version.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace clang;

namespace coro {

/// A module that was built for another LLVM than the clang-tidy it is loaded
/// into may register, be listed, and then report nothing: stop instead. Runs
/// before every other initialiser of the module, and uses nothing of LLVM but
/// its version, since anything else may be missing (cmake/weaken-undefined.py).
__attribute__((constructor(101))) static void requireMatchingHost() {
  std::string Host = getClangFullVersion();
  const char *Version = std::strstr(Host.c_str(), "version ");
  int Major = Version ? std::atoi(Version + std::strlen("version ")) : 0;
  if (Major == LLVM_VERSION_MAJOR)
    return;
  std::fprintf(stderr,
               "error: this coro-tidy module was built for LLVM %d, but it was "
               "loaded into %s\n",
               LLVM_VERSION_MAJOR, Host.c_str());
  if (Major)
    std::fprintf(stderr,
                 "Load libcoro-tidy-%d.so (package coro-tidy-%d) into this "
                 "clang-tidy, or run clang-tidy-%d with this module.\n",
                 Major, Major, LLVM_VERSION_MAJOR);
  std::_Exit(1);
}

class CoroModule : public tidy::ClangTidyModule {
public:
  void addCheckFactories(tidy::ClangTidyCheckFactories &Factories) override {
#define CORO_CHECK(Class, Id, Family, Level, Cost, Summary)                    \
  Factories.registerCheck<Class>(Id);
#include "checks/CheckList.def"
#undef CORO_CHECK
  }
};

static tidy::ClangTidyModuleRegistry::Add<CoroModule>
    Registration("coro-module", "Finds bugs in C++20 coroutines.");

} // namespace coro

/// Lets the products that link the module statically keep this object.
volatile int CoroTidyModuleAnchorSource = 0; // NOLINT: a linker anchor
