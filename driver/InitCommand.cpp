//===- InitCommand.cpp - coro-tidy init -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Driver.h"
#include "llvm/Config/llvm-config.h"
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

#define AS_TEXT(X) #X
#define AS_TEXT_OF(X) AS_TEXT(X)
static constexpr InitialFile Files[] = {
    {".clang-tidy",
     R"(# coro-tidy explain CHECK tells what a check means and what its options are.
Checks: 'coro-*'
)"},
    {".clangd", R"(Diagnostics:
  ClangTidy:
    # For a clangd that knows these checks, but has not measured them; coro-clangd does not need it.
    FastCheckFilter: Loose
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
    // The package is made for Debian 12.
    {".github/workflows/coro-tidy.yml",
     R"(name: coro-tidy
on: [pull_request]
jobs:
  coro-tidy:
    runs-on: ubuntu-latest
    container: debian:bookworm
    steps:
      - run: apt-get update && apt-get install -y ca-certificates cmake curl g++ git
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - run: cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
      - uses: coro-tidy/coro-tidy/integrations/github@v)" CORO_VERSION R"(
        with:
          package: https://github.com/coro-tidy/coro-tidy/releases/download/v)" CORO_VERSION
     "/coro-tidy-" AS_TEXT_OF(LLVM_VERSION_MAJOR) "_" CORO_VERSION R"(_amd64.deb
)"}};
#undef AS_TEXT_OF
#undef AS_TEXT

ExitCode runInit() {
  ExitCode Result = Clean;
  for (const InitialFile &File : Files) {
    StringRef Folder = sys::path::parent_path(File.Name);
    while (!sys::path::parent_path(Folder).empty())
      Folder = sys::path::parent_path(Folder);
    if (!Folder.empty() &&
        (sys::fs::is_symlink_file(Folder) ||
         sys::fs::is_symlink_file(sys::path::parent_path(File.Name)))) {
      printError("'" + Folder + "' is a link: '" + File.Name +
                 "' is not written");
      Result = Failed;
      continue;
    }
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
