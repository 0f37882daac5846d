//===- FunctionNames.h - Which function a place is in ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_FUNCTIONNAMES_H
#define CORO_DRIVER_FUNCTIONNAMES_H

#include "clang/AST/ASTConsumer.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include <string>
#include <vector>

namespace clang {
class Decl;
class NamedDecl;
class SourceManager;
} // namespace clang

namespace coro {

/// The functions and variables that the traversal scope of a unit defines, by
/// place. What is nested in one (lambdas, local classes) belongs to it.
class FunctionNames {
public:
  /// Reads \p AST. Costs a walk over its declarations, not over bodies.
  void collect(clang::ASTContext &AST);

  /// Calls files what \p NameOf makes of the file manager's paths.
  void
  renameFiles(llvm::function_ref<std::string(llvm::StringRef Path)> NameOf);

  /// The qualified name of the function at \p Offset of \p File; empty if there
  /// is none.
  llvm::StringRef at(llvm::StringRef File, unsigned Offset) const;

private:
  struct Range {
    unsigned Begin, End;
    std::string Name;
  };
  void visit(const clang::Decl *D, const clang::SourceManager &Sources);
  void note(const clang::NamedDecl *D, const clang::SourceManager &Sources);

  llvm::StringMap<std::vector<Range>> Files;
};

} // namespace coro

#endif // CORO_DRIVER_FUNCTIONNAMES_H
