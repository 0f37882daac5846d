//===- UserCode.cpp - Whose code a file is --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UserCode.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace coro;

/// Where CMake's FetchContent, vcpkg, Conan, Bazel, Meson and people put the
/// libraries that a project uses.
static constexpr StringLiteral UsualNames[] = {
    "third_party", "third-party",     "thirdparty",   "3rdparty",   "3rd_party",
    "_deps",       "vcpkg_installed", "vcpkg",        ".conan",     ".conan2",
    "external",    "vendor",          "node_modules", "subprojects"};

ExternalCode::ExternalCode(std::vector<std::string> More) {
  Names.assign(std::begin(UsualNames), std::end(UsualNames));
  for (std::string &One : More) {
    SmallString<128> Folder(StringRef(One).rtrim('/'));
    sys::path::remove_dots(Folder);
    (sys::path::is_absolute(Folder) ? Paths : Names)
        .push_back(Folder.str().str());
  }
}

bool ExternalCode::contains(StringRef File, StringRef Base) const {
  if (any_of(Paths, [&](StringRef Folder) {
        StringRef Rest = File;
        return Rest.consume_front(Folder) && Rest.starts_with("/");
      }))
    return true;
  StringRef Folder = sys::path::parent_path(File);
  auto At = sys::path::begin(Folder), End = sys::path::end(Folder);
  auto Shared = sys::path::begin(Base), SharedEnd = sys::path::end(Base);
  while (At != End && Shared != SharedEnd && *At == *Shared) {
    ++At;
    ++Shared;
  }
  for (; At != End; ++At)
    if (is_contained(Names, *At))
      return true;
  return any_of(Names, [&](StringRef Name) {
    return Name.contains('/') &&
           (Folder + "/").str().find(("/" + Name + "/").str()) !=
               std::string::npos;
  });
}

std::string ExternalCode::identity() const {
  return join(Names, "\n") + "\n\n" + join(Paths, "\n");
}
