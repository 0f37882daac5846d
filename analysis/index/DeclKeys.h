//===- DeclKeys.h - Names that mean the same in every unit ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_INDEX_DECLKEYS_H
#define CORO_ANALYSIS_INDEX_DECLKEYS_H

#include "analysis/index/Summary.h"
#include "llvm/ADT/StringMap.h"

namespace clang {
class NamedDecl;
class SourceManager;
} // namespace clang

namespace coro {

/// The keys and places of one unit. A key is clang's USR; what no other unit
/// can name (static functions, lambdas, local classes) has the path of the
/// unit before it.
class DeclKeys {
public:
  /// Paths are relative to \p Root, an absolute path without symbolic links.
  DeclKeys(std::string Root, const clang::SourceManager &SM);

  std::string key(const clang::NamedDecl *Declaration) const;
  /// The key of a class, data member or variable with static storage, with the
  /// place of its declaration: programs of one project may have classes of one
  /// name. Empty when only this unit can name it.
  std::string holder(const clang::NamedDecl *Declaration) const;
  SourcePlace place(clang::SourceLocation Location) const;
  /// The main file's path.
  const std::string &unit() const { return Main; }

private:
  std::string fileName(clang::FileID File) const;

  std::string Root;
  const clang::SourceManager &SM;
  mutable llvm::DenseMap<clang::FileID, std::string> Files;
  std::string Main; ///< found with Files
};

/// \p Path, absolute, as it is kept on disk: seen from \p Root, unless they
/// have nothing in common.
std::string relativePath(llvm::StringRef Path, llvm::StringRef Root);

/// The location of \p Place in the files of this process; reads the file
/// when it is not yet part of \p SM. Invalid when there is no such file.
clang::SourceLocation locate(const SourcePlace &Place, llvm::StringRef Root,
                             clang::SourceManager &SM);

} // namespace coro

#endif // CORO_ANALYSIS_INDEX_DECLKEYS_H
