//===- Exclusion.cpp - Locks of coroutines held over a suspension ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Exclusion.h"
#include "analysis/Unit.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Do people call a lock, or taking it, that?
static bool soundsLikeLock(llvm::StringRef Name) {
  static constexpr llvm::StringLiteral Words[] = {
      "lock", "mutex", "semaphore", "unit", "permit", "acquire", "exclusi",
  };
  std::string Lower = Name.lower();
  llvm::StringRef Text = Lower;
  if (Text.contains("unlock") || Text.contains("block") ||
      Text.contains("clock"))
    return false;
  return llvm::any_of(
      Words, [&](llvm::StringRef Word) { return Text.contains(Word); });
}

static bool soundsLikeRelease(llvm::StringRef Name) {
  std::string Lower = Name.lower();
  llvm::StringRef Text = Lower;
  return Text.contains("unlock") || Text.contains("release") ||
         Text.contains("signal") || Text == "post" || Text == "reset";
}

static llvm::StringRef nameOf(const NamedDecl *Declaration) {
  return Declaration && Declaration->getIdentifier() ? Declaration->getName()
                                                     : llvm::StringRef();
}

/// The call that \p Await waits for, if it has a name.
static const CallExpr *awaitedCall(const Expr *E) {
  const Expr *At = E ? E->IgnoreUnlessSpelledInSource() : nullptr;
  // A guard that is constructed or moved from the result.
  for (unsigned Depth = 0; At && Depth < 4; ++Depth) {
    if (const auto *Await = dyn_cast<CoawaitExpr>(At))
      return dyn_cast<CallExpr>(
          Await->getOperand()->IgnoreUnlessSpelledInSource());
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(At)) {
      if (Construct->getNumArgs() == 0)
        return nullptr;
      At = Construct->getArg(0)->IgnoreUnlessSpelledInSource();
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At)) {
      At = Call->getImplicitObjectArgument()->IgnoreUnlessSpelledInSource();
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

static bool takesLock(const CallExpr *Call) {
  if (!Call)
    return false;
  if (soundsLikeLock(
          nameOf(dyn_cast_or_null<NamedDecl>(Call->getCalleeDecl()))))
    return true;
  // sem.wait(1), mutex.get()
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const auto *Record = Member->getRecordDecl())
      return soundsLikeLock(Record->getName());
  return false;
}

namespace {
struct LockStatements {
  std::vector<const DeclStmt *> Guards;
  std::vector<const Expr *> Awaits;
  std::vector<const Stmt *> Releases;
};
} // namespace

static LockStatements findLocks(const Stmt *Body) {
  LockStatements Found;
  walk(Body, [&](const Stmt *S) {
    if (const auto *Statement = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : Statement->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(One)) {
          const auto *Record = Variable->getType()->getAsCXXRecordDecl();
          if (!Record || !Record->hasDefinition() ||
              Record->hasTrivialDestructor())
            continue;
          const CallExpr *Call = awaitedCall(Variable->getInit());
          if (Call && (takesLock(Call) || soundsLikeLock(nameOf(Record))))
            Found.Guards.push_back(Statement);
        }
    } else if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
      if (takesLock(awaitedCall(Await)))
        Found.Awaits.push_back(Await);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      if (soundsLikeRelease(nameOf(Call->getMethodDecl())))
        Found.Releases.push_back(Call);
    }
    return WalkInto::Children;
  });
  return Found;
}

const std::vector<Exclusion::Held> &
Exclusion::heldIn(const FunctionDecl *Function) {
  auto [It, New] = Known.try_emplace(Function);
  if (!New)
    return It->second;
  std::vector<Held> Found;
  const Flow *F = U.flow(Function);
  if (!F)
    return It->second;
  // A lock that was handed over, or that is taken around the whole body.
  auto Whole = [&] { Found.push_back({nullptr, F->body(), {}}); };
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (const auto *Record =
            Parameter->getType().getNonReferenceType()->getAsCXXRecordDecl())
      if (Record->hasDefinition() && !Record->hasTrivialDestructor() &&
          soundsLikeLock(nameOf(Record)))
        if (llvm::StringRef Name = nameOf(Record);
            !Name.ends_with_insensitive("mutex") &&
            !Name.ends_with_insensitive("semaphore"))
          Whole();
  if (llvm::StringRef Name = nameOf(Function);
      (Name.contains_insensitive("locked") &&
       !Name.contains_insensitive("blocked")) ||
      Name.contains_insensitive("with_lock"))
    Whole();
  LockStatements Locks = findLocks(F->body());
  for (const DeclStmt *Guard : Locks.Guards)
    Found.push_back({Guard, F->parent(Guard), {}});
  for (const Expr *Await : Locks.Awaits) {
    // Its result is dropped: something has to undo it.
    const Stmt *Parent = F->semanticParent(Await);
    if (!Parent || isa<Expr>(Parent) || isa<DeclStmt>(Parent) ||
        Locks.Releases.empty())
      continue;
    Found.push_back({Await, nullptr, Locks.Releases});
  }
  return Known[Function] = std::move(Found);
}

bool Exclusion::heldInFrame(const FunctionDecl *Function, const Stmt *At) {
  const SourceManager &SM = U.ast().getSourceManager();
  auto Before = [&](SourceLocation A, SourceLocation B) {
    return SM.isBeforeInTranslationUnit(A, B);
  };
  SourceLocation Point = At->getBeginLoc();
  for (const Held &One : heldIn(Function)) {
    if (One.From && !Before(One.From->getEndLoc(), Point))
      continue;
    if (One.Scope && (Before(Point, One.Scope->getBeginLoc()) ||
                      Before(One.Scope->getEndLoc(), Point)))
      continue;
    if (llvm::any_of(One.Released, [&](const Stmt *Release) {
          return Before(One.From->getEndLoc(), Release->getBeginLoc()) &&
                 Before(Release->getBeginLoc(), Point);
        }))
      continue;
    return true;
  }
  // A closure that is handed to with_lock(mutex, […] { … }).
  if (const LambdaExpr *Lambda = U.lambda(Function))
    if (const FunctionDecl *Outer = U.enclosingFunction(Lambda))
      if (const Flow *F = U.flow(Outer))
        for (const Stmt *Up = F->parent(Lambda); Up && isa<Expr>(Up);
             Up = F->parent(Up))
          if (const auto *Call = dyn_cast<CallExpr>(Up)) {
            if (soundsLikeLock(
                    nameOf(dyn_cast_or_null<NamedDecl>(Call->getCalleeDecl()))))
              return true;
            break;
          }
  return false;
}

bool Exclusion::heldAround(const FunctionDecl *Function, unsigned Depth) {
  llvm::ArrayRef<CallSite> Sites = U.callers(Function);
  constexpr unsigned MaxDepth = 3;
  return !Sites.empty() && Depth < MaxDepth &&
         llvm::all_of(
             Sites,
             [&](const CallSite &Site) {
               return heldInFrame(Site.Caller, Site.Call) ||
                      (Site.Caller != Function &&
                       heldAround(Site.Caller, Depth + 1));
             });
}

bool Exclusion::heldAt(const FunctionDecl *Function, const Stmt *At) {
  return heldInFrame(Function, At) || heldAround(Function, 0);
}

} // namespace coro
