//===- UserCodeConsumer.h - Keeps a parse to the user's code --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_USERCODECONSUMER_H
#define CORO_DRIVER_USERCODECONSUMER_H

#include "driver/UserCode.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include <string>

namespace coro {

/// The path of \p File that tells files apart.
std::string pathOf(clang::FileEntryRef File);

/// Leaves out the function bodies outside of the user's code when the parser
/// asks (FrontendOptions::SkipFunctionBodies), and narrows the traversal of the
/// unit to the declarations of the user's code. It must come before consumers
/// that traverse. What a precompiled header brought stays unread until somebody
/// asks for it.
class UserCodeConsumer : public clang::ASTConsumer {
public:
  UserCodeConsumer(const clang::SourceManager &Sources,
                   const ExternalCode &External);

  bool shouldSkipFunctionBody(clang::Decl *D) override;
  void HandleTranslationUnit(clang::ASTContext &AST) override;

private:
  bool isExternal(clang::SourceLocation Location);

  const clang::SourceManager &Sources;
  const ExternalCode &External;
  std::string Base;
  llvm::DenseMap<clang::FileID, bool> Known;
};

} // namespace coro

#endif // CORO_DRIVER_USERCODECONSUMER_H
