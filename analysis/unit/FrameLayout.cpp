//===- FrameLayout.cpp - What lives in a coroutine frame ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/FrameLayout.h"
#include "analysis/unit/BorrowTypes.h"
#include "analysis/unit/LockTypes.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {
/// A local with the statement that its scope is.
struct Local {
  const VarDecl *Variable = nullptr;
  const Stmt *Declared = nullptr; ///< null for a parameter
  const Stmt *Scope = nullptr;
  llvm::SmallVector<const Expr *, 4> Uses = {};
};
} // namespace

static bool isWithin(const Stmt *S, const Stmt *Outer, const Flow &F) {
  for (; S; S = F.parent(S))
    if (S == Outer)
      return true;
  return false;
}

/// Is there a path from \p From to \p To that does not pass \p Again?
static bool reachesBefore(const Flow &F, FlowPoint From, FlowPoint To,
                          FlowPoint Again) {
  if (!F.reaches(From, To))
    return false;
  llvm::BitVector Seen(F.cfg().getNumBlockIDs());
  llvm::SmallVector<std::pair<const CFGBlock *, unsigned>, 16> Work = {
      {From.Block, From.Index + 1}};
  while (!Work.empty()) {
    auto [Block, First] = Work.pop_back_val();
    bool Ends = Again.Block == Block && Again.Index >= First;
    if (To.Block == Block && To.Index >= First &&
        (!Ends || To.Index < Again.Index))
      return true;
    if (Ends)
      continue;
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock())
        if (!Seen.test(Successor->getBlockID())) {
          Seen.set(Successor->getBlockID());
          Work.push_back({Successor, 0});
        }
  }
  return false;
}

std::optional<uint64_t> sizeInBytes(QualType Type, const ASTContext &AST) {
  if (Type.isNull() || Type->isDependentType() || Type->isIncompleteType() ||
      Type->isUndeducedType() || Type->isVariablyModifiedType() ||
      Type->isSizelessType())
    return std::nullopt;
  // A class with a member of such a type is invalid, and has no layout.
  if (const RecordDecl *Record =
          AST.getBaseElementType(Type)->getAsRecordDecl())
    if (Record->isInvalidDecl())
      return std::nullopt;
  return AST.getTypeSizeInChars(Type).getQuantity();
}

/// An array of bytes, or a class that is one: std::array<char, 4096>. Whoever
/// wrote it has seen how large it is.
static bool isByteArray(QualType Type, ASTContext &AST) {
  if (const auto *Special = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
          Type->getAsCXXRecordDecl());
      Special && Special->hasDefinition() &&
      llvm::hasSingleElement(Special->fields()) &&
      llvm::any_of(Special->getTemplateArgs().asArray(),
                   [](const TemplateArgument &Argument) {
                     return Argument.getKind() == TemplateArgument::Integral;
                   }))
    Type = (*Special->field_begin())->getType();
  const ConstantArrayType *Array = AST.getAsConstantArrayType(Type);
  return Array && sizeInBytes(Array->getElementType(), AST) == uint64_t(1);
}

/// Is \p L given to an awaited operation, itself or through a view?
static bool isGivenAway(const Local &L, const std::vector<Local> &Locals,
                        llvm::ArrayRef<const CoroutineSuspendExpr *> Awaits,
                        const Flow &F, const BorrowTypes &Borrows) {
  auto InAwait = [&](const Expr *Use) {
    return llvm::any_of(Awaits, [&](const CoroutineSuspendExpr *Await) {
      return isWithin(Use, Await, F);
    });
  };
  if (llvm::any_of(L.Uses, InAwait))
    return true;
  return llvm::any_of(Locals, [&](const Local &View) {
    return View.Declared && Borrows.isBorrow(View.Variable->getType()) &&
           llvm::any_of(View.Uses, InAwait) &&
           llvm::any_of(L.Uses, [&](const Expr *Use) {
             return isWithin(Use, View.Declared, F);
           });
  });
}

static uint64_t sizeOf(const VarDecl *Variable, ASTContext &AST) {
  QualType Type = Variable->getType();
  if (Type->isReferenceType())
    Type = AST.getPointerType(Type.getNonReferenceType());
  return sizeInBytes(Type, AST).value_or(0);
}

std::optional<FrameLayout> layOut(Unit &U, const Coroutine &C,
                                  uint64_t Interesting) {
  const Flow *F = U.flow(C.Function);
  if (!F)
    return std::nullopt;
  std::vector<Local> Locals;
  llvm::DenseMap<const VarDecl *, unsigned> Index;
  auto Add = [&](const VarDecl *Variable, const Stmt *Declared,
                 const Stmt *Scope) {
    if (!Variable->hasLocalStorage() || Variable->isInvalidDecl())
      return;
    Index[Variable] = Locals.size();
    Locals.push_back({Variable, Declared, Scope});
  };
  for (const ParmVarDecl *Parameter : C.Function->parameters())
    Add(Parameter, nullptr, F->body());
  forEachStatement(F->body(), [&](const Stmt *S) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          Add(Variable, Declaration, F->parent(Declaration));
  });
  uint64_t All = 0;
  for (const Local &L : Locals)
    All += sizeOf(L.Variable, U.ast());
  if (All <= Interesting)
    return std::nullopt;

  const Suspensions &Facts = U.shared<Suspensions>();
  llvm::SmallVector<const CoroutineSuspendExpr *, 8> Awaits;
  for (const CoroutineSuspendExpr *Await : F->suspensions())
    if (Facts.maySuspend(Await))
      Awaits.push_back(Await);
  FrameLayout Frame;
  if (Awaits.empty())
    return Frame;
  forEachStatement(F->body(), [&](const Stmt *S) {
    if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl()))
        if (auto It = Index.find(Variable); It != Index.end())
          Locals[It->second].Uses.push_back(Reference);
  });

  const SourceManager &SM = U.ast().getSourceManager();
  struct Piece {
    const Stmt *Scope;
    uint64_t Bytes;
    bool IsIoBuffer;
  };
  std::vector<Piece> Kept;
  for (const Local &L : Locals) {
    uint64_t Bytes = sizeOf(L.Variable, U.ast());
    if (Bytes == 0)
      continue;
    const CXXRecordDecl *Class =
        U.ast().getBaseElementType(L.Variable->getType())->getAsCXXRecordDecl();
    bool Destroys =
        Class && Class->hasDefinition() && !Class->hasTrivialDestructor();
    FlowPoint Declared = L.Declared ? F->point(L.Declared) : FlowPoint();
    const CoroutineSuspendExpr *Across = nullptr;
    for (const CoroutineSuspendExpr *Await : Awaits) {
      // The next round of a loop has a variable of its own: what stands before
      // the declaration is outside the life of the variable.
      if (!isWithin(Await, L.Scope, *F) ||
          (L.Declared && !(F->reaches(L.Declared, Await) &&
                           SM.isBeforeInTranslationUnit(L.Declared->getEndLoc(),
                                                        Await->getBeginLoc()))))
        continue;
      // What the awaited operation was given is in use while it runs.
      bool Used = Destroys || llvm::any_of(L.Uses, [&](const Expr *Use) {
                    return reachesBefore(*F, F->point(Await), F->point(Use),
                                         Declared) ||
                           isWithin(Use, Await, *F);
                  });
      if (Used) {
        Across = Await;
        break;
      }
    }
    if (!Across && L.Declared)
      continue;
    // Parameters are in the frame whatever becomes of them.
    Frame.Slots.push_back(
        {L.Variable, Bytes, Across ? Across : Awaits.front(),
         isByteArray(L.Variable->getType(), U.ast()) &&
             isGivenAway(L, Locals, Awaits, *F, U.shared<BorrowTypes>())});
    Kept.push_back({L.Scope, Bytes, Frame.Slots.back().IsIoBuffer});
  }
  // Along each path of nested scopes.
  for (const Piece &Innermost : Kept) {
    uint64_t Sum = 0, WithoutBuffers = 0;
    for (const Piece &One : Kept)
      if (isWithin(Innermost.Scope, One.Scope, *F)) {
        Sum += One.Bytes;
        WithoutBuffers += One.IsIoBuffer ? 0 : One.Bytes;
      }
    Frame.Bytes = std::max(Frame.Bytes, Sum);
    Frame.BytesWithoutBuffers =
        std::max(Frame.BytesWithoutBuffers, WithoutBuffers);
  }
  llvm::sort(Frame.Slots, [](const FrameSlot &A, const FrameSlot &B) {
    return A.Bytes != B.Bytes
               ? A.Bytes > B.Bytes
               : A.Variable->getLocation() < B.Variable->getLocation();
  });
  return Frame;
}

} // namespace coro
