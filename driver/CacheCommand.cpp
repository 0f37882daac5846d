//===- CacheCommand.cpp - coro-tidy cache ---------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/CommandLine.h"
#include "driver/CompileDatabase.h"
#include "driver/Driver.h"
#include "driver/SourceText.h"
#include "driver/UnitCache.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace coro {

ExitCode runCache(ArrayRef<std::string> Action,
                  const std::optional<std::string> &Folder) {
  StringRef What = Action.size() == 1 ? StringRef(Action[0]) : StringRef();
  if (What != "stats" && What != "clear") {
    StringRef Near = nearest(What, {"stats", "clear"});
    printError("say 'coro-tidy cache stats' or 'coro-tidy cache clear'" +
               (What.empty() || Near.empty()
                    ? Twine()
                    : "; did you mean '" + Near + "'?"));
    return Failed;
  }
  SmallString<256> Current;
  sys::fs::current_path(Current);
  UnitCache Cache(Folder ? absolutePath(*Folder, Current)
                         : UnitCache::defaultFolder());
  if (!Cache.isOn()) {
    outs() << "no cache: neither a home folder nor $CORO_TIDY_CACHE_DIR\n";
    return Clean;
  }
  if (What == "clear") {
    if (unsigned Left = Cache.clear()) {
      printError(Twine(Left) + " files in '" + printable(Cache.folder()) +
                 "' could not be removed");
      return Failed;
    }
    return Clean;
  }
  UnitCache::Statistics Known = Cache.statistics();
  auto MiB = [](uint64_t Bytes) {
    return format("%.1f MiB", Bytes / 1048576.0);
  };
  outs() << "folder   " << printable(Cache.folder()) << '\n'
         << "results  " << Known.Results << '\n'
         << "size     " << MiB(Known.Bytes) << " of at most "
         << MiB(Known.Limit) << '\n';
  return Clean;
}

} // namespace coro
