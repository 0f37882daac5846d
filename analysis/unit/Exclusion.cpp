//===- Exclusion.cpp - Locks of coroutines held over a suspension ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/Exclusion.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/LockTypes.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/CharInfo.h"

using namespace clang;

namespace coro {

/// The words that a name is made of, in lower case: those of `co_scoped_lock`,
/// of `getUnits` and of `RWLock`.
static llvm::SmallVector<std::string, 4> wordsOf(llvm::StringRef Name) {
  llvm::SmallVector<std::string, 4> Words;
  bool Begins = true;
  for (size_t I = 0; I < Name.size(); ++I) {
    if (Name[I] == '_') {
      Begins = true;
      continue;
    }
    bool Upper = isUppercase(Name[I]);
    if (Upper && I > 0)
      Begins |= isLowercase(Name[I - 1]) ||
                (I + 1 < Name.size() && isLowercase(Name[I + 1]));
    if (Begins)
      Words.emplace_back();
    Begins = false;
    Words.back() += toLowercase(Name[I]);
  }
  return Words;
}

/// Do people call a lock, or taking it, that? Whole words are compared: what is
/// unlocked, blocked or a clock is no lock.
static bool soundsLikeLock(llvm::StringRef Name) {
  return llvm::any_of(wordsOf(Name), [](llvm::StringRef Word) {
    if (Word.ends_with("lock"))
      return !Word.ends_with("block") && !Word.ends_with("clock") &&
             !Word.ends_with("unlock");
    return Word == "locked" || Word == "locker" || Word.ends_with("mutex") ||
           Word.starts_with("semaphore") || Word == "units" ||
           Word.starts_with("permit") || Word.starts_with("exclusi");
  });
}

/// Do people call a function so that is to be called with a lock held?
static bool soundsLocked(llvm::StringRef Name) {
  llvm::SmallVector<std::string, 4> Words = wordsOf(Name);
  for (size_t I = 0; I < Words.size(); ++I)
    if (Words[I] == "locked" ||
        (Words[I] == "lock" && I > 0 && Words[I - 1] == "with"))
      return true;
  return false;
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

/// Does awaiting \p Call take a lock, by the type of what it is called on, or
/// else by the names?
static bool takesLock(const CallExpr *Call, LockTypes &Types) {
  if (!Call)
    return false;
  // sem.wait(1), mutex.get()
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const auto *Record = Member->getRecordDecl())
      if (Types.mutex(Member->getObjectType()) == MutexKind::Coroutine ||
          soundsLikeLock(nameOf(Record)))
        return !soundsLikeRelease(
            nameOf(dyn_cast_or_null<NamedDecl>(Call->getCalleeDecl())));
  return soundsLikeLock(
      nameOf(dyn_cast_or_null<NamedDecl>(Call->getCalleeDecl())));
}

/// Is an object of \p Record a lock that is held, by its shape or its name?
static bool isGuard(const CXXRecordDecl *Record, LockTypes &Types,
                    ASTContext &AST) {
  if (!Record || !Record->hasDefinition() || Record->hasTrivialDestructor())
    return false;
  const GuardType *Guard =
      Types.guard(AST.getTypeDeclType(static_cast<const TypeDecl *>(Record)));
  return (Guard && Guard->Mutex == MutexKind::Coroutine) ||
         soundsLikeLock(nameOf(Record));
}

namespace {
struct LockStatements {
  std::vector<const DeclStmt *> Guards;
  std::vector<const Expr *> Awaits;
  std::vector<const Stmt *> Releases;
};
} // namespace

static LockStatements findLocks(const Stmt *Body, LockTypes &Types,
                                ASTContext &AST) {
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
          if (Call && (takesLock(Call, Types) || isGuard(Record, Types, AST)))
            Found.Guards.push_back(Statement);
        }
    } else if (const auto *Await = dyn_cast<CoawaitExpr>(S)) {
      if (takesLock(awaitedCall(Await), Types))
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
  LockTypes &Types = U.shared<LockTypes>();
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (const auto *Record =
            Parameter->getType().getNonReferenceType()->getAsCXXRecordDecl())
      if (isGuard(Record, Types, U.ast()) &&
          Types.mutex(Parameter->getType()) == MutexKind::None)
        if (llvm::StringRef Name = nameOf(Record);
            !Name.ends_with_insensitive("mutex") &&
            !Name.ends_with_insensitive("semaphore"))
          Whole();
  // A name is a promise of the callers; where they are seen, they tell.
  if (soundsLocked(nameOf(Function)) && U.callers(Function).empty())
    Whole();
  LockStatements Locks = findLocks(F->body(), Types, U.ast());
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
