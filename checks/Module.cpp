//===- Module.cpp - The clang-tidy module
//-----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Compat.h"
#include "checks/CheckList.h"
#include CORO_CLANG_TIDY_MODULE_HEADER
#include "checks/Registration.inc"
#include "clang/Basic/Version.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace clang;

namespace coro {

/// A module that was built for another LLVM than the clang-tidy it is loaded
/// into may register, be listed, and then report nothing: stop instead.
static void requireMatchingHost() {
  std::string Host = getClangFullVersion();
  llvm::StringRef Version(Host);
  size_t At = Version.find("version ");
  unsigned Major = 0;
  if (At == llvm::StringRef::npos ||
      Version.substr(At + 8).split('.').first.getAsInteger(10, Major) ||
      Major == LLVM_VERSION_MAJOR)
    return;
  llvm::errs() << "error: this coro-tidy module was built for LLVM "
               << LLVM_VERSION_MAJOR << ", but it was loaded into " << Host
               << ".\nUse libcoro-tidy-" << Major << ".so (package coro-tidy-"
               << Major << ") with this clang-tidy, or run clang-tidy-"
               << LLVM_VERSION_MAJOR << ".\n";
  llvm::errs().flush();
  std::_Exit(1);
}

class CoroModule : public tidy::ClangTidyModule {
public:
  void addCheckFactories(tidy::ClangTidyCheckFactories &Factories) override {
    requireMatchingHost();
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
