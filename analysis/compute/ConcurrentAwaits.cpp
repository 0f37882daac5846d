//===- ConcurrentAwaits.cpp - Awaits that need not wait for each other ----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/ConcurrentAwaits.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Mutation.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/Executor.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

/// One statement `T x = co_await call(…);`.
struct Candidate {
  const Stmt *Statement = nullptr;
  const CoawaitExpr *Await = nullptr;
  const VarDecl *Result = nullptr;
  /// What the call reads, and what it may change or use exclusively.
  llvm::SmallVector<const ValueDecl *, 4> Reads, Holds;
  bool OnThis = false;
};

class Finder {
public:
  Finder(const Coroutine &C, Unit &U, const Flow &F) : C(C), U(U), F(F) {}

  std::vector<ConcurrentGroup> run() {
    walk(F.body(), [&](const Stmt *S) {
      if (const auto *Block = dyn_cast<CompoundStmt>(S))
        scan(Block);
      return WalkInto::Children;
    });
    return std::move(Found);
  }

private:
  void scan(const CompoundStmt *Block) {
    std::vector<Candidate> Group;
    auto Close = [&] {
      if (Group.size() > 1) {
        ConcurrentGroup One;
        One.In = &C;
        for (const Candidate &Part : Group) {
          One.Awaits.push_back(Part.Await);
          if (Part.OnThis)
            One.Sure = Confidence::Low;
        }
        Found.push_back(std::move(One));
      }
      Group.clear();
    };
    for (const Stmt *S : Block->body()) {
      std::optional<Candidate> Next = candidate(S);
      if (!Next) {
        Close();
        continue;
      }
      if (llvm::any_of(Group, [&](const Candidate &Before) {
            return needs(*Next, Before);
          }))
        Close();
      Group.push_back(std::move(*Next));
    }
    Close();
  }

  std::optional<Candidate> candidate(const Stmt *S) {
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    const auto *Variable = Declaration && Declaration->isSingleDecl()
                               ? dyn_cast<VarDecl>(Declaration->getSingleDecl())
                               : nullptr;
    if (!Variable || !Variable->getInit() || S->getBeginLoc().isMacroID())
      return std::nullopt;
    const auto *Await = dyn_cast<CoawaitExpr>(
        Variable->getInit()->IgnoreUnlessSpelledInSource());
    if (!Await || !U.shared<Suspensions>().maySuspend(Await) ||
        U.shared<ExecutorRoles>().moves(Await))
      return std::nullopt;
    const Expr *Operand = Await->getOperand()->IgnoreUnlessSpelledInSource();
    const auto *Call = dyn_cast<CallExpr>(Operand);
    if (!Call || containsSuspension(Call))
      return std::nullopt;
    // A lock or a permit is taken for what follows.
    if (const TypeModel *Model = U.models().type(Variable->getType()))
      if (Model->LockGuard || Model->CoroutineAware || Model->IoObject)
        return std::nullopt;
    if (Variable->getType()->isReferenceType())
      return std::nullopt;
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return std::nullopt;
    // A pause is there for its own sake, and a select or a join is one already.
    if (const FunctionModel *Model = U.models().callee(Call))
      if (Model->Pause != PauseKind::None || Model->Select ||
          Model->Task != TaskUse::None || Model->Transfer)
        return std::nullopt;
    const TaskType *Task = U.taskType(Operand->getType());
    if (!Task || !Task->IsTask)
      return std::nullopt;
    Candidate Result;
    Result.Statement = S;
    Result.Await = Await;
    Result.Result = Variable;
    note(Call, Callee, Result);
    return Result;
  }

  void note(const CallExpr *Call, const FunctionDecl *Callee,
            Candidate &Result) {
    walk(Call, [&](const Stmt *S) {
      if (isa<CXXThisExpr>(S))
        Result.OnThis = true;
      if (const auto *Reference = dyn_cast<DeclRefExpr>(S)) {
        if (isa<VarDecl, BindingDecl>(Reference->getDecl()))
          Result.Reads.push_back(Reference->getDecl());
      } else if (const auto *Member = dyn_cast<MemberExpr>(S)) {
        if (isa<FieldDecl>(Member->getMemberDecl()) &&
            isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
          Result.Reads.push_back(cast<ValueDecl>(Member->getMemberDecl()));
      }
      return WalkInto::Children;
    });
    // The object that a member works on, and what it gets by reference or
    // pointer without const.
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (const Expr *Object = objectOf(Call))
      if (!Method || !Method->isConst())
        if (const ValueDecl *Base = baseOf(Object))
          Result.Holds.push_back(Base);
    llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
    for (unsigned I = 0; I < Arguments.size() && I < Callee->getNumParams();
         ++I) {
      QualType Type = Callee->getParamDecl(I)->getType();
      QualType Pointee = Type->getPointeeType();
      bool Shared = !Pointee.isNull() && !Pointee.isConstQualified() &&
                    !Type->isRValueReferenceType();
      // Owners and views by value lead to an object that both may change.
      const TypeModel *Model = U.models().type(Type);
      Shared |= Model && !Model->Pointer.empty() && Model->Pointer != "view";
      if (Shared)
        if (const ValueDecl *Base = baseOf(Arguments[I]))
          Result.Holds.push_back(Base);
    }
    for (const Expr *Argument : Arguments)
      for (const ValueDecl *Read : Result.Reads)
        if (changes(Argument, Read, F, U.ast()))
          Result.Holds.push_back(Read);
  }

  static bool needs(const Candidate &Later, const Candidate &Before) {
    if (llvm::is_contained(Later.Reads, Before.Result))
      return true;
    auto Meets = [](llvm::ArrayRef<const ValueDecl *> A,
                    llvm::ArrayRef<const ValueDecl *> B) {
      return llvm::any_of(
          A, [&](const ValueDecl *D) { return llvm::is_contained(B, D); });
    };
    return Meets(Later.Holds, Before.Reads) ||
           Meets(Later.Holds, Before.Holds) || Meets(Later.Reads, Before.Holds);
  }

  const Coroutine &C;
  Unit &U;
  const Flow &F;
  std::vector<ConcurrentGroup> Found;
};

} // namespace

std::vector<ConcurrentGroup> findConcurrentAwaits(const Coroutine &C, Unit &U) {
  const Flow *F = U.flow(C.Function);
  if (!F || F->suspensions().size() < 2)
    return {};
  return Finder(C, U, *F).run();
}

} // namespace coro
