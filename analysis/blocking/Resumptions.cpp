//===- Resumptions.cpp - Calls that run somebody else's code --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Resumptions.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// How far a resumption may be from the function that holds the lock.
static constexpr unsigned MaxPath = 3;

static llvm::StringRef resumes(const CallExpr *Call, const Models &Known) {
  const FunctionModel *Model = Known.callee(Call);
  return Model ? llvm::StringRef(Model->Resumes) : llvm::StringRef();
}

/// Is what \p Call resumes a generator, which hands a value back here and runs
/// no code of others?
static bool isGenerator(const CallExpr *Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
  const auto *Handle =
      Method ? dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent())
             : nullptr;
  if (!Handle || Handle->getTemplateArgs().size() == 0 ||
      Handle->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return false;
  return findMethod(
      Handle->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl(),
      "yield_value");
}

void Resumptions::take(const FunctionDecl *Function, const Expr *Object,
                       const Expr *Where) {
  // Nobody but the object's maker and its end: no other code runs then.
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return;
  LockPath Path = lockPath(Object);
  if (!Path.empty() && Path.back())
    Takers[Path.back()].push_back({Function, Where});
}

void Resumptions::collect(const FunctionDecl *Function) {
  Stmt *Body = Function->getBody();
  if (const auto *Coroutine = dyn_cast<CoroutineBodyStmt>(Body))
    Body = Coroutine->getBody();
  Facts F;
  forEachStatement(Body, [&](const Stmt *S) {
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      const GuardType *Guard = Types.guard(Construct->getType());
      if (Guard && !Guard->Contains)
        for (const Expr *Argument : Construct->arguments())
          if (Types.mutex(Argument->getType()) != MutexKind::None)
            take(Function, Argument, Construct);
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      for (const LockOperation &Operation : Types.operations(Call))
        if (Operation.Effect == LockEffect::Acquire)
          take(Function, Operation.Object, Call);
      if (!resumes(Call, U.models()).empty())
        F.Resumes.push_back(Call);
      else if (const FunctionDecl *Callee = Call->getDirectCallee();
               Callee && !U.coroutine(Callee))
        F.Calls.push_back(Call);
    }
  });
  Bodies[Function->getCanonicalDecl()] = std::move(F);
}

void Resumptions::findPaths() {
  for (const FunctionDecl *Function : U.functions())
    if (const Facts &F = Bodies[Function->getCanonicalDecl()];
        !F.Resumes.empty())
      Paths[Function->getCanonicalDecl()] = {F.Resumes.front()};
  // One call more in each round, so that the shortest path comes first and
  // does not depend on where the search began.
  for (unsigned Length = 1; Length < MaxPath; ++Length) {
    decltype(Paths) Longer;
    for (const FunctionDecl *Function : U.functions()) {
      Function = Function->getCanonicalDecl();
      if (Paths.count(Function))
        continue;
      for (const CallExpr *Call : Bodies[Function].Calls)
        if (const auto *Rest = pathFrom(Call->getDirectCallee())) {
          std::vector<const CallExpr *> Path{Call};
          llvm::append_range(Path, *Rest);
          Longer[Function] = std::move(Path);
          break;
        }
    }
    if (Longer.empty())
      return;
    for (auto &[Function, Path] : Longer)
      Paths[Function] = std::move(Path);
  }
}

const std::vector<const CallExpr *> *
Resumptions::pathFrom(const FunctionDecl *Function) const {
  auto It = Paths.find(Function->getCanonicalDecl());
  return It == Paths.end() ? nullptr : &It->second;
}

void Resumptions::look(const FunctionDecl *Function, const CallExpr *Call,
                       std::vector<const CallExpr *> Path) {
  const LockState *State = U.shared<LockStates>().of(Function);
  if (!State)
    return;
  const CallExpr *Last = Path.empty() ? Call : Path.back();
  for (const HeldLock &Held : State->heldAt(Call)) {
    if (Held.What->Kind != MutexKind::Thread || Held.What->Recursive)
      continue;
    llvm::SmallVector<LockPath, 2> Mutexes(Held.What->Mutexes.begin(),
                                           Held.What->Mutexes.end());
    if (!Held.What->Path.empty())
      Mutexes.push_back(Held.What->Path);
    for (const LockPath &Mutex : Mutexes) {
      if (Mutex.empty() || !Mutex.back())
        continue;
      // A local lock is nobody else's.
      if (const auto *Variable = dyn_cast<VarDecl>(Mutex.back());
          Variable && Variable->hasLocalStorage())
        continue;
      LockedResumption R;
      for (const auto &[Taker, Where] : Takers.lookup(Mutex.back()))
        if (Taker->getCanonicalDecl() != Function->getCanonicalDecl() &&
            llvm::none_of(Path, [&, T = Taker](const CallExpr *Step) {
              return Step->getDirectCallee() &&
                     Step->getDirectCallee()->getCanonicalDecl() ==
                         T->getCanonicalDecl();
            })) {
          R.Taker = Taker;
          R.TakenAgain = Where;
          break;
        }
      if (!R.Taker)
        continue;
      R.In = Function;
      R.Call = Call;
      R.Path = Path;
      R.Coroutine = resumes(Last, U.models()) == "coroutine";
      R.Held = Held;
      R.Sure = Held.Sure;
      if (!R.Coroutine)
        R.Sure = std::min(R.Sure, Confidence::Medium);
      if (R.Coroutine && isGenerator(Last))
        R.Sure = Confidence::Low;
      Found.push_back(std::move(R));
      break;
    }
  }
}

Resumptions::Resumptions(Unit &U) : U(U), Types(U.shared<LockTypes>()) {
  for (const FunctionDecl *Function : U.functions())
    collect(Function);
  if (Takers.empty())
    return;
  findPaths();
  for (const FunctionDecl *Function : U.functions()) {
    const Facts &F = Bodies[Function->getCanonicalDecl()];
    for (const CallExpr *Call : F.Resumes)
      look(Function, Call, {});
    for (const CallExpr *Call : F.Calls)
      if (const auto *Path = pathFrom(Call->getDirectCallee()))
        look(Function, Call, *Path);
  }
}

} // namespace coro
