//===- TemporaryFolder.cpp - A folder for the time of a run ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/TemporaryFolder.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cerrno>
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace coro {

static constexpr StringLiteral Prefix = "coro-tidy-";

static void removeStale() {
  SmallString<128> Folder;
  sys::path::system_temp_directory(/*ErasedOnReboot=*/true, Folder);
  std::error_code Error;
  for (sys::fs::directory_iterator It(Folder, Error), End; It != End && !Error;
       It.increment(Error)) {
    StringRef Name = sys::path::filename(It->path());
    pid_t Owner;
    // Anybody may make a link of that name in a folder that all share.
    struct stat Status;
    if (::lstat(It->path().c_str(), &Status) || !S_ISDIR(Status.st_mode) ||
        Status.st_uid != ::geteuid())
      continue;
    if (Name.consume_front(Prefix) &&
        !Name.split('-').first.getAsInteger(10, Owner) &&
        ::kill(Owner, 0) != 0 && errno == ESRCH)
      sys::fs::remove_directories(It->path());
  }
}

TemporaryFolder::TemporaryFolder() {
  removeStale();
  if (sys::fs::createUniqueDirectory(Prefix + Twine(::getpid()), Path))
    Path.clear();
}

TemporaryFolder::~TemporaryFolder() {
  if (!Path.empty())
    sys::fs::remove_directories(Path);
}

} // namespace coro
