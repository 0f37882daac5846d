//===- ScopeLife.cpp - Scopes that a returned task has left ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ScopeLife.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Can anything but the coroutine's own body throw in this call or beside it?
static bool throwsOutside(const Stmt *S, const CallExpr *Task) {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(S); Call && Call != Task)
    return true;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    if (!Construct->getConstructor()->isTrivial() &&
        !Construct->getConstructor()->isMoveConstructor())
      return true;
  if (isa<CXXThrowExpr, CXXNewExpr>(S))
    return true;
  for (const Stmt *Child : S->children())
    if (throwsOutside(Child, Task))
      return true;
  return false;
}

static const VarDecl *guardIn(const CompoundStmt *Block, const Stmt *Before,
                              Unit &U) {
  for (const Stmt *S : Block->body()) {
    if (S == Before)
      return nullptr;
    if (const auto *Declared = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declared->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          if (const TypeModel *Model = U.models().type(Variable->getType());
              Model && Model->LockGuard && !Model->CoroutineAware)
            return Variable;
  }
  return nullptr;
}

std::vector<UselessScope> uselessScopes(Unit &U) {
  std::vector<UselessScope> Found;
  for (const TaskLives::Made &Made : U.shared<TaskLives>().all()) {
    if (Made.Life.What != Fate::Returned || U.coroutine(Made.Caller))
      continue;
    const Coroutine *Callee = U.coroutine(Made.Callee);
    const Flow *F = U.flow(Made.Caller);
    if (!Callee || !Callee->Task || !Callee->Task->isLazy() || !F)
      continue;
    const Stmt *Inner = Made.Life.Where;
    for (const Stmt *At = F->parent(Inner); At;
         Inner = At, At = F->parent(At)) {
      if (const auto *Block = dyn_cast<CompoundStmt>(At)) {
        if (const VarDecl *Guard = guardIn(Block, Inner, U)) {
          // The guard may have served what stands before the call.
          const Stmt *Previous = nullptr;
          for (const Stmt *S : Block->body()) {
            if (S == Inner)
              break;
            Previous = S;
          }
          const auto *Declared = dyn_cast_or_null<DeclStmt>(Previous);
          bool JustTaken =
              Declared && llvm::is_contained(Declared->decls(), Guard);
          Found.push_back({Made.Call, Guard, Guard->getSourceRange(),
                           JustTaken && Inner == Made.Life.Where
                               ? Confidence::High
                               : Confidence::Medium});
          break;
        }
      } else if (const auto *Try = dyn_cast<CXXTryStmt>(At)) {
        if (Inner != Try->getTryBlock())
          continue;
        Found.push_back({Made.Call, nullptr,
                         Try->getHandler(0)->getSourceRange().getBegin(),
                         throwsOutside(Try->getTryBlock(), Made.Call)
                             ? Confidence::Low
                             : Confidence::High});
        break;
      }
    }
  }
  return Found;
}

} // namespace coro
