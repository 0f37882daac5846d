//===- UserCodeConsumer.cpp - Keeps a parse to the user's code ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UserCodeConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace llvm;

namespace coro {

std::string pathOf(FileEntryRef File) {
  StringRef Real = File.getFileEntry().tryGetRealPathName();
  return (Real.empty() ? File.getName() : Real).str();
}

UserCodeConsumer::UserCodeConsumer(const SourceManager &Sources,
                                   const ExternalCode &External)
    : Sources(Sources), External(External) {
  if (auto Main = Sources.getFileEntryRefForID(Sources.getMainFileID()))
    Base = sys::path::parent_path(pathOf(*Main)).str();
}

/// The functions that tell what a task type is and whether an await suspends.
static constexpr llvm::StringLiteral CoroutineFunctions[] = {
    "await_ready",     "await_suspend", "await_resume",      "await_transform",
    "initial_suspend", "final_suspend", "get_return_object", "yield_value"};

static bool isPartOfCoroutines(const Decl *D) {
  const FunctionDecl *Function = D->getAsFunction();
  if (!Function)
    return false;
  DeclarationName Name = Function->getDeclName();
  if (Name.getCXXOverloadedOperator() == OO_Coawait)
    return true;
  const IdentifierInfo *Id = Name.getAsIdentifierInfo();
  return Id && is_contained(CoroutineFunctions, Id->getName());
}

// clang itself keeps the bodies that the language needs: those of constexpr
// functions, with deduced return types, of lambdas.
bool UserCodeConsumer::shouldSkipFunctionBody(Decl *D) {
  return isExternal(D->getLocation()) && !isPartOfCoroutines(D);
}

void UserCodeConsumer::HandleTranslationUnit(ASTContext &AST) {
  std::vector<Decl *> Scope;
  for (Decl *D : AST.getTranslationUnitDecl()->noload_decls())
    if (!D->isFromASTFile() && D->getLocation().isValid() &&
        !isExternal(D->getLocation()))
      Scope.push_back(D);
  AST.setTraversalScope(Scope);
}

bool UserCodeConsumer::isExternal(SourceLocation Location) {
  Location = Sources.getExpansionLoc(Location);
  FileID File = Sources.getFileID(Location);
  auto [It, IsNew] = Known.try_emplace(File, false);
  if (IsNew) {
    auto Entry = Sources.getFileEntryRefForID(File);
    It->second = Sources.isInSystemHeader(Location) ||
                 (Entry && External.contains(pathOf(*Entry), Base));
  }
  return It->second;
}

} // namespace coro
