//===- IndexDemand.h - Which unparsed units the index needs ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A unit that holds no finding of its own may have what a finding elsewhere
// depends on: the body of a function that a coroutine calls, an overrider, an
// operation that ends a borrow. Whoever writes one of these names it: so of the
// units that were not parsed those are needed whose files have a name that was
// asked for. (Names that macros put together are not seen.)
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_INDEXDEMAND_H
#define CORO_DRIVER_INDEXDEMAND_H

#include "analysis/index/Index.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace coro {

class IndexDemand {
public:
  /// Paths in keys are relative to \p Root.
  explicit IndexDemand(llvm::StringRef Root) : Root(Root) {}

  /// The index was asked for \p Key.
  void add(Facet What, llvm::StringRef Key);

  /// Keys of functions that were asked for. Adding to them what those lead to
  /// is up to the caller, with add().
  const llvm::StringSet<> &functions() const { return Functions; }

  /// May a unit with the files \p Files of the user, of which \p Own are those
  /// that no parsed unit includes, have something to say?
  bool needs(llvm::ArrayRef<std::string> Files,
             llvm::ArrayRef<std::string> Own);

private:
  bool mentions(llvm::StringRef File, const llvm::StringSet<> &Words);
  const llvm::StringSet<> &wordsOf(llvm::StringRef File);

  std::string Root;
  llvm::StringSet<> Functions;
  /// Identifiers that a definition has, whichever file it is in.
  llvm::StringSet<> Names;
  /// Of members and variables, by the file that declares them.
  llvm::StringMap<llvm::StringSet<>> Holders;
  /// The files that declare classes: an object ends without being named.
  llvm::StringSet<> Classes;
  llvm::StringMap<llvm::StringSet<>> Read; ///< the identifiers of files
};

/// The identifiers one of which a definition of the function with the key \p
/// Key, a USR, contains.
std::vector<std::string> namesInKey(llvm::StringRef Key);

} // namespace coro

#endif // CORO_DRIVER_INDEXDEMAND_H
