//===- Timeouts.cpp - Time limits that stop nothing -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Timeouts.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/Cancellation.h"
#include "analysis/lifetime/ArgumentLife.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

class Finder {
public:
  Finder(Unit &U, const Coroutine &C, const Flow &F) : U(U), C(C), F(F) {}

  std::vector<IneffectiveTimeout> run() {
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      if (const auto *Plain = dyn_cast<CoawaitExpr>(Await))
        walk(Plain->getOperand(), [&](const Stmt *S) {
          // An await in an operand is looked at by itself.
          if (isa<CoroutineSuspendExpr>(S))
            return WalkInto::Skip;
          if (const auto *Call = dyn_cast<CallExpr>(S))
            atCall(Call);
          return WalkInto::Children;
        });
    return std::move(Found);
  }

private:
  const FunctionModel *model(const Expr *Call) const {
    return U.models().callee(Call);
  }

  void atCall(const CallExpr *Call) {
    const FunctionModel *Row = model(Call);
    if (!Row)
      return;
    if (!Row->Uncancellable.empty() && takesToken(Call)) {
      IneffectiveTimeout One;
      One.Limit = One.Operation = One.Stuck = Call;
      Found.push_back(std::move(One));
    }
    if (!Row->Select || isPartOfSelect(Call, Row))
      return;
    llvm::SmallVector<const CallExpr *, 4> Branches;
    collect(Call, Row, Branches);
    const bool Limited =
        Row->Select->Deadline ||
        llvm::any_of(Branches, [&](const CallExpr *B) { return isPause(B); });
    for (const CallExpr *Branch : Branches) {
      if (isPause(Branch))
        continue;
      if (Row->Select->Losers == LoserFate::Abandoned)
        abandoned(Call, Row, Branch);
      else if (Limited)
        unstoppable(Call, Row, Branch);
    }
  }

  bool takesToken(const CallExpr *Call) const {
    return llvm::any_of(argumentsOf(Call), [&](const Expr *Argument) {
      const TypeModel *Type =
          U.models().type(Argument->getType().getNonReferenceType());
      return Type && Type->StopToken && !isa<CXXDefaultArgExpr>(Argument);
    });
  }

  /// `(a || b) || c`: the outermost one is looked at.
  bool isPartOfSelect(const CallExpr *Call, const FunctionModel *Row) const {
    for (const Stmt *Up = F.parent(Call); Up && isa<Expr>(Up);
         Up = F.parent(Up)) {
      if (const auto *Outer = dyn_cast<CallExpr>(Up))
        return isa<CXXOperatorCallExpr>(Outer) && model(Outer) == Row;
      if (isa<CoroutineSuspendExpr, LambdaExpr>(Up))
        break;
    }
    return false;
  }

  void collect(const CallExpr *Call, const FunctionModel *Row,
               llvm::SmallVectorImpl<const CallExpr *> &Branches) const {
    llvm::SmallVector<const Expr *, 4> Operands;
    if (Row->Select->Branches.empty())
      llvm::append_range(Operands, argumentsOf(Call));
    for (const std::string &One : Row->Select->Branches)
      if (const Expr *Operand = modelledArgument(Call, One))
        Operands.push_back(Operand);
    for (const Expr *Operand : Operands) {
      const auto *Branch = dyn_cast<CallExpr>(origin(Operand));
      if (!Branch)
        continue;
      if (isa<CXXOperatorCallExpr>(Branch) && model(Branch) == Row)
        collect(Branch, Row, Branches);
      else
        Branches.push_back(Branch);
    }
  }

  bool isPause(const CallExpr *Branch) const {
    const FunctionModel *Row = model(Branch);
    return Row && Row->Pause != PauseKind::None;
  }

  void unstoppable(const CallExpr *Limit, const FunctionModel *Row,
                   const CallExpr *Branch) {
    IneffectiveTimeout One;
    One.Limit = Limit;
    One.LimitModel = Row;
    One.Operation = Branch;
    const FunctionDecl *Callee = Branch->getDirectCallee();
    if (const Coroutine *Body = U.coroutine(Callee);
        Body && U.shared<Suspensions>().neverSuspends(Callee) &&
        !isVirtual(Callee)) {
      One.Fault = TimeoutFault::NeverSuspends;
      // Where there is nothing to do, a limit is useless, but no harm.
      if (!hasLoop(Callee, 0))
        One.Sure = Confidence::Low;
      Found.push_back(std::move(One));
      return;
    }
    if (findStuck(Branch, One, 0))
      Found.push_back(std::move(One));
  }

  /// Can \p Function be busy for long: is there a loop in it, or in a coroutine
  /// that it calls?
  bool hasLoop(const FunctionDecl *Function, unsigned Depth) {
    constexpr unsigned MaxDepth = 4;
    const Flow *Body = Depth < MaxDepth ? U.flow(Function) : nullptr;
    return Body && contains(Body->body(), [&](const Stmt *S) {
             if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
               return true;
             const auto *Call = dyn_cast<CallExpr>(S);
             const FunctionDecl *Callee =
                 Call ? Call->getDirectCallee() : nullptr;
             return Callee && U.coroutine(Callee) && hasLoop(Callee, Depth + 1);
           });
  }

  static bool isVirtual(const FunctionDecl *Function) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
    return Method && Method->isVirtual();
  }

  /// Finds an operation that cannot be stopped in what \p Call runs.
  bool findStuck(const CallExpr *Call, IneffectiveTimeout &One,
                 unsigned Depth) {
    constexpr unsigned MaxDepth = 4;
    const FunctionModel *Row = model(Call);
    // Many operations look at no token and are over soon: they count where the
    // limit is put around them, and not wherever a coroutine awaits one.
    if (Row && (!Row->Uncancellable.empty() ||
                (Depth == 0 && Row->Operation &&
                 Row->Operation->Cancel == Guarantee::Ignores))) {
      One.Stuck = Call;
      return true;
    }
    // A limit of its own, which is looked at where it stands.
    if ((Row && Row->Select) || Depth == MaxDepth)
      return false;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const Coroutine *Body = U.coroutine(Callee);
    const Flow *Inner = Body && !isVirtual(Callee) ? U.flow(Callee) : nullptr;
    if (!Inner || Body->Function == C.Function)
      return false;
    One.Path.push_back(Call);
    for (const CoroutineSuspendExpr *Await : Inner->suspensions())
      if (const auto *Plain = dyn_cast<CoawaitExpr>(Await))
        if (const auto *Next = dyn_cast<CallExpr>(origin(Plain->getOperand())))
          if (findStuck(Next, One, Depth + 1))
            return true;
    One.Path.pop_back();
    return false;
  }

  /// Does \p Branch go on with something that dies with this frame?
  void abandoned(const CallExpr *Limit, const FunctionModel *Row,
                 const CallExpr *Branch) {
    const FunctionDecl *Callee = Branch->getDirectCallee();
    if (!Callee)
      return;
    IneffectiveTimeout One;
    One.Fault = TimeoutFault::Abandoned;
    One.Limit = Limit;
    One.LimitModel = Row;
    One.Operation = Branch;
    LateUses &Late = U.shared<LateUses>();
    const int Slots = static_cast<int>(Callee->getNumParams());
    for (Slot What = ObjectSlot; What < Slots; ++What) {
      ArgumentLife Life = lifeOfSlot(Branch, What, U.models());
      if (!Life.diesWithFunction() || !Life.Variable)
        continue;
      if (std::optional<LateUse> Use = Late.find(Callee, What)) {
        One.Dying = Life.Variable;
        One.Use = *Use;
        One.Sure = Confidence::High;
        break;
      }
      // A body that is not at hand: most keep what they are given.
      if (!U.coroutine(Callee) && !U.flow(Callee) && !One.Dying &&
          isMutable(Callee, What)) {
        One.Dying = Life.Variable;
        One.Sure = Confidence::Medium;
      }
    }
    if (One.Dying)
      Found.push_back(std::move(One));
  }

  /// Could the callee change what is bound to \p What, so that it matters
  /// whether it still does?
  static bool isMutable(const FunctionDecl *Callee, Slot What) {
    if (What == ObjectSlot) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      return Method && !Method->isStatic() && !Method->isConst() &&
             !isa<CXXConstructorDecl>(Method);
    }
    QualType Type = Callee->getParamDecl(What)->getType();
    return Type->isLValueReferenceType() &&
           !Type->getPointeeType().isConstQualified();
  }

  Unit &U;
  const Coroutine &C;
  const Flow &F;
  std::vector<IneffectiveTimeout> Found;
};

} // namespace

std::vector<IneffectiveTimeout> findIneffectiveTimeouts(Unit &U,
                                                        const Coroutine &C) {
  const Flow *F = U.flow(C.Function);
  if (!F)
    return {};
  return Finder(U, C, *F).run();
}

} // namespace coro
