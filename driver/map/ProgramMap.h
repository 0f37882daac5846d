//===- ProgramMap.h - The map of a program --------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The one model behind all forms of the map. Its JSON form is documented in
// docs/guides/the-map.md; the page is that JSON with something to draw it.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_MAP_PROGRAMMAP_H
#define CORO_DRIVER_MAP_PROGRAMMAP_H

#include "analysis/compute/Portrait.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace coro {

llvm::json::Value toJSON(const HotSpot &Spot);
llvm::json::Value toJSON(const FunctionPortrait &Picture);
bool fromJSON(const llvm::json::Value &V, HotSpot &Spot, llvm::json::Path Path);
bool fromJSON(const llvm::json::Value &V, FunctionPortrait &Picture,
              llvm::json::Path Path);

class ProgramMap {
public:
  /// Statements in coroutines.
  struct Totals {
    unsigned Coroutines = 0, Statements = 0, Io = 0, Separable = 0;
    /// The number to follow: Separable of Statements, in percent.
    double share() const {
      return Statements ? 100.0 * Separable / Statements : 0;
    }
  };

  /// \p Root is the folder that paths are shown from.
  explicit ProgramMap(std::string Root) : Root(std::move(Root)) {}

  /// Adds what one unit showed. A function that several units see, in a
  /// header, is kept once.
  void add(std::vector<FunctionPortrait> Pictures);

  /// Sorts by file and line; after it nothing may be added.
  void finish();

  Totals totals() const;
  llvm::json::Value json() const;
  void writeText(llvm::raw_ostream &OS) const;
  /// One page that needs nothing but itself.
  void writeHtml(llvm::raw_ostream &OS) const;

  unsigned Units = 0, Failed = 0;

private:
  std::string displayed(llvm::StringRef File) const;

  std::string Root;
  std::vector<FunctionPortrait> Functions;
  llvm::StringMap<unsigned> Known; ///< of an Id, the index in Functions
};

} // namespace coro

#endif // CORO_DRIVER_MAP_PROGRAMMAP_H
