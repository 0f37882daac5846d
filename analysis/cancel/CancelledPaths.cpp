//===- CancelledPaths.cpp - What a cancelled coroutine does next ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/CancelledPaths.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace coro {

const CancellationModel *cancellationOf(const Coroutine &C) {
  const LibraryModel *Library = C.Task ? C.Task->Library : nullptr;
  return Library && Library->Cancellation ? &*Library->Cancellation : nullptr;
}

bool changesCancellation(Unit &U, const Flow &F) {
  return contains(F.body(), [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionModel *Row = Call ? U.models().callee(Call) : nullptr;
    return Row && Row->ChangesCancellation;
  });
}

const CXXRecordDecl *findClass(ASTContext &AST, llvm::StringRef QualifiedName) {
  const DeclContext *Scope = AST.getTranslationUnitDecl();
  while (true) {
    auto [First, Rest] = QualifiedName.split("::");
    const NamedDecl *Found = nullptr;
    for (const NamedDecl *One :
         Scope->lookup(DeclarationName(&AST.Idents.get(First))))
      if (isa<NamespaceDecl, NamespaceAliasDecl, TypeDecl>(One))
        Found = One;
    if (!Found)
      return nullptr;
    if (Rest.empty()) {
      const auto *Type = dyn_cast<TypeDecl>(Found);
      const CXXRecordDecl *Record = nullptr;
      if (const auto *Alias = dyn_cast_or_null<TypedefNameDecl>(Type))
        Record = Alias->getUnderlyingType()->getAsCXXRecordDecl();
      else
        Record = dyn_cast_or_null<CXXRecordDecl>(Type);
      return Record ? Record->getCanonicalDecl() : nullptr;
    }
    if (const auto *Alias = dyn_cast<NamespaceAliasDecl>(Found))
      Found = Alias->getNamespace();
    Scope = dyn_cast<DeclContext>(Found);
    if (!Scope)
      return nullptr;
    QualifiedName = Rest;
  }
}

CancelledPaths::CancelledPaths(Unit &U, const Flow &F,
                               const CancellationModel &How)
    : U(U), F(F) {
  for (const std::string &Name : How.Exceptions)
    if (const CXXRecordDecl *Class = findClass(U.ast(), Name)) {
      Caught.insert(Class->getCanonicalDecl());
      if (Class->hasDefinition())
        Class->getDefinition()->forallBases([&](const CXXRecordDecl *Base) {
          Caught.insert(Base->getCanonicalDecl());
          return true;
        });
    }
  for (const CFGBlock *Block : F.cfg())
    if (Block)
      if (const auto *Handler =
              dyn_cast_or_null<CXXCatchStmt>(Block->getLabel()))
        Entry[Handler] = Block;
}

bool CancelledPaths::catches(const CXXCatchStmt *Handler) const {
  QualType Type = Handler->getCaughtType();
  if (Type.isNull())
    return true; // catch (...)
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Record && Caught.contains(Record->getCanonicalDecl());
}

const CXXCatchStmt *CancelledPaths::handler(const Stmt *At) const {
  for (const Stmt *Below = At, *Up = F.parent(At); Up;
       Below = Up, Up = F.parent(Up))
    if (const auto *Try = dyn_cast<CXXTryStmt>(Up);
        Try && Below == Try->getTryBlock())
      for (unsigned I = 0; I < Try->getNumHandlers(); ++I)
        if (catches(Try->getHandler(I)))
          return Try->getHandler(I);
  return nullptr;
}

bool CancelledPaths::canEnd(
    const CXXCatchStmt *Handler,
    llvm::SmallVectorImpl<const CoroutineSuspendExpr *> &Failing) {
  const CoroutineSuspendExpr *Uncaught = nullptr;
  return follow(Handler, Failing, Uncaught);
}

const CoroutineSuspendExpr *
CancelledPaths::firstUncaught(const CXXCatchStmt *Handler) {
  llvm::SmallVector<const CoroutineSuspendExpr *, 8> Failing;
  const CoroutineSuspendExpr *Uncaught = nullptr;
  follow(Handler, Failing, Uncaught);
  return Uncaught;
}

bool CancelledPaths::follow(
    const CXXCatchStmt *Handler,
    llvm::SmallVectorImpl<const CoroutineSuspendExpr *> &Failing,
    const CoroutineSuspendExpr *&Uncaught) {
  const Suspensions &Suspending = U.shared<Suspensions>();
  llvm::BitVector Seen(F.cfg().getNumBlockIDs());
  llvm::SmallVector<const CFGBlock *, 32> Work;
  auto Push = [&](const CFGBlock *Block) {
    if (Seen.test(Block->getBlockID()))
      return;
    Seen.set(Block->getBlockID());
    Work.push_back(Block);
  };
  // What is thrown at S goes on in a handler. \returns false if it leaves.
  auto Throw = [&](const Stmt *S) {
    const CXXCatchStmt *Next = handler(S);
    const CFGBlock *Block = Next ? Entry.lookup(Next) : nullptr;
    if (Block)
      Push(Block);
    return Block != nullptr;
  };
  const CFGBlock *Start = Entry.lookup(Handler);
  if (!Start)
    return true;
  Push(Start);
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    if (Block == &F.cfg().getExit())
      return true;
    bool Thrown = false;
    for (const CFGElement &Element : *Block) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      const Stmt *S = Statement->getStmt();
      if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(S)) {
        if (!Suspending.maySuspend(Await))
          continue;
        if (!Throw(Await)) {
          Uncaught = Await;
          return true;
        }
        if (!llvm::is_contained(Failing, Await))
          Failing.push_back(Await);
        Thrown = true;
        break;
      }
      if (const auto *Rethrow = dyn_cast<CXXThrowExpr>(S)) {
        // Another exception than the one that was caught may go anywhere.
        if (Rethrow->getSubExpr() || !Throw(Rethrow))
          return true;
        Thrown = true;
        break;
      }
    }
    if (Thrown)
      continue;
    bool Goes = false;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock()) {
        Push(Successor);
        Goes = true;
      }
    if (!Goes)
      return true; // a call that does not return
  }
  return false;
}

} // namespace coro
