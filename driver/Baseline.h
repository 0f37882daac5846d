//===- Baseline.h - Findings that are known already -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A baseline lists what a project has decided to live with for now. Entries
// are keyed on check, file, enclosing function and the tokens of the statement,
// so that they survive code that moves or is formatted anew; the same statement
// in one function counts as often as it is listed.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_BASELINE_H
#define CORO_DRIVER_BASELINE_H

#include "driver/Finding.h"
#include "driver/SourceText.h"
#include "llvm/Support/Error.h"
#include <map>

namespace coro {

class Baseline {
public:
  /// An empty baseline that is kept in \p File. Paths in it are relative to
  /// its folder; those of findings to \p Root.
  Baseline(llvm::StringRef File, llvm::StringRef Root);

  static llvm::Expected<Baseline> read(llvm::StringRef File,
                                       llvm::StringRef Root);

  void add(llvm::ArrayRef<Finding> Findings, SourceTexts &Sources);

  /// Written for review: one entry a line, sorted.
  std::string text() const;

  /// Takes those it lists out of \p Findings and returns them. What is left in
  /// it afterwards is stale.
  std::vector<Finding> remove(std::vector<Finding> &Findings,
                              SourceTexts &Sources);

  /// Prints its entries, a line each, at most \p Most.
  void list(llvm::raw_ostream &OS, unsigned Most) const;

  /// Takes out \p Stale, what remove() left.
  void prune(const Baseline &Stale);

  unsigned size() const;

private:
  /// Of the form of the file.
  static constexpr int Version = 2;

  struct Key {
    std::string File, Check, Function, Statement;
    bool operator<(const Key &O) const {
      return std::tie(File, Check, Function, Statement) <
             std::tie(O.File, O.Check, O.Function, O.Statement);
    }
  };
  Key keyOf(const Finding &F, SourceTexts &Sources) const;

  std::string Folder, Root;
  std::map<Key, unsigned> Entries;
};

} // namespace coro

#endif // CORO_DRIVER_BASELINE_H
