//===- UnitCache.h - Results of units that did not change -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Two files a unit. One is named after its key (tool, command, options) and
// lists the inputs of its last analysis; the other is named after the key and
// the contents of all of these, and holds the result. So a result is found
// again when contents come back, as they do with a change of branches.
//
// Files appear whole, by renaming, and carry a digest of themselves: several
// runs may share a cache, any of them may be killed, and what a broken disk or
// an interrupted write left is dropped and done again. The folder is kept below
// a size by LLVM's cache pruning, the longest unused going first.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_UNITCACHE_H
#define CORO_DRIVER_UNITCACHE_H

#include "driver/Inputs.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace coro {

class UnitCache {
public:
  /// Caches in \p Folder, which is made when something is stored; one with an
  /// empty folder holds nothing.
  explicit UnitCache(std::string Folder = {}) : Folder(std::move(Folder)) {}

  /// Where a user's cache is: $CORO_TIDY_CACHE_DIR, which when empty turns it
  /// off, else coro-tidy in the usual place. Empty if there is none.
  static std::string defaultFolder();

  bool isOn() const { return !Folder.empty(); }
  llvm::StringRef folder() const { return Folder; }

  /// What identifies this program with its libraries: any change of its code
  /// changes it.
  static std::string toolIdentity();

  /// The key that \p Words make, whatever they contain.
  static Digest key(llvm::ArrayRef<std::string> Words);

  /// The result that was stored under \p Key with the inputs as they are now.
  /// Adds those inputs to \p Inputs if it is not null.
  std::optional<std::string> find(const Digest &Key, InputStates &Now,
                                  InputMap *Inputs = nullptr);

  /// The inputs that were noted when something was last stored under \p Key,
  /// whatever they are now.
  std::optional<InputMap> inputs(const Digest &Key);

  /// Errors are those of the file system; nothing is half written.
  llvm::Error store(const Digest &Key, const InputMap &Inputs,
                    llvm::StringRef Result);

  /// Removes the longest unused while there is too much; looks at most every
  /// 20 minutes.
  void prune();

  struct Statistics {
    unsigned Results = 0;
    uint64_t Bytes = 0;
    uint64_t Limit = 0;
  };
  Statistics statistics() const;

  /// Removes all that is in it, and returns how many files could not be.
  unsigned clear();

private:
  std::string path(const Digest &Name, llvm::StringRef Suffix) const;
  std::optional<std::string> read(llvm::StringRef File);
  llvm::Error write(llvm::StringRef File, llvm::StringRef Payload);

  std::string Folder;
};

} // namespace coro

#endif // CORO_DRIVER_UNITCACHE_H
