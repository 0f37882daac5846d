//===- Session.h - What the checks of one run share -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_CHECKS_SESSION_H
#define CORO_CHECKS_SESSION_H

#include "analysis/unit/Unit.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include <memory>
#include <vector>

namespace coro {

/// clang-tidy makes a set of checks for every translation unit; they share the
/// analysis of that unit through one session, which lives as long as one of
/// them does. clangd makes several sets at once on different threads.
class Session {
public:
  /// The session of the checks that are made for \p Context now.
  static std::shared_ptr<Session> of(clang::tidy::ClangTidyContext *Context);

  /// Called with an error in a model file or in the index.
  using ErrorHandler = llvm::function_ref<void(llvm::StringRef)>;

  /// The analysis of \p AST; made by the first check that asks. \p ModelFiles
  /// and \p IndexFile are the options `Models` and `Index`.
  Unit &unit(clang::ASTContext &AST, llvm::StringRef ModelFiles,
             llvm::StringRef IndexFile, ErrorHandler OnError);

  /// Spares \p AST the traversal of clang-tidy, before that begins: no check
  /// looks at what it finds, and as it visits the operand of a co_await twice,
  /// each level of awaits within awaits takes twice the time. The traversal
  /// scope is empty until the analysis is made.
  void spareTraversal(clang::ASTContext &AST);

  /// The unit that was spared, or null.
  clang::ASTContext *spared() const { return Spared; }

  /// To be called when a check is done: says once if the index is damaged.
  void finished(ErrorHandler OnError);

private:
  clang::ASTContext *Current = nullptr, *Spared = nullptr;
  std::vector<clang::Decl *> Scope;
  bool SaidDamaged = false;
  std::unique_ptr<Unit> U;
};

/// The options that all checks have in common, for who asks without a check.
constexpr llvm::StringLiteral ModelsOption = "Models";
constexpr llvm::StringLiteral IndexOption = "Index";

} // namespace coro

#endif // CORO_CHECKS_SESSION_H
