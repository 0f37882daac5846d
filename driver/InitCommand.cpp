//===- InitCommand.cpp - coro-tidy init -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace coro {

namespace {
struct InitialFile {
  StringLiteral Name;
  StringLiteral Text;
};
} // namespace

static constexpr InitialFile Files[] = {
    {".clang-tidy",
     R"(# coro-tidy explain CHECK tells what a check means and what its options are.
Checks: 'coro-*'
)"},
    {".clangd", R"(Diagnostics:
  ClangTidy:
    # clangd leaves out checks that it has not measured; these are quick.
    FastCheckFilter: None
)"},
    {".pre-commit-config.yaml", R"(repos:
  - repo: local
    hooks:
      - id: coro-tidy
        name: coro-tidy
        entry: coro-tidy check --staged
        language: system
        types_or: [c++]
        pass_filenames: false
)"},
    {".github/workflows/coro-tidy.yml", R"(name: coro-tidy
on: [pull_request]
jobs:
  coro-tidy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - run: cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
      # Looks at the lines of the pull request. coro-tidy must be in the PATH,
      # or 'package' the address of its Debian package: docs/guides/ci.md
      - uses: coro-tidy/coro-tidy/integrations/github@v)" CORO_VERSION "\n"}};

ExitCode runInit() {
  ExitCode Result = Clean;
  for (const InitialFile &File : Files) {
    (void)sys::fs::create_directories(sys::path::parent_path(File.Name),
                                      /*IgnoreExisting=*/true,
                                      sys::fs::all_all);
    std::error_code EC;
    // CD_CreateNew: nobody's file is overwritten, whoever makes it meanwhile.
    raw_fd_ostream OS(File.Name, EC, sys::fs::CD_CreateNew);
    if (EC == std::errc::file_exists) {
      outs() << "exists   " << File.Name << '\n';
    } else if (EC) {
      printError("cannot write '" + File.Name + "': " + EC.message());
      Result = Failed;
    } else {
      OS << File.Text;
      outs() << "written  " << File.Name << '\n';
    }
  }
  if (Result == Clean)
    outs() << "next     look at them, and run 'coro-tidy doctor'\n";
  return Result;
}

} // namespace coro
