//===- SingleShot.cpp - Tasks that are used after they were used up -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/await/SingleShot.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/unit/TestMacros.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace coro {

class SingleShot::Body {
public:
  Body(SingleShot &All, Unit &U, const FunctionDecl *Function)
      : All(All), U(U), Function(Function), Tree(writtenBody(Function)) {}

  void run() {
    for (const ParmVarDecl *Parameter : Function->parameters())
      track(Parameter);
    for (const Stmt *S : Tree.all())
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(D);
              Variable && Variable->hasLocalStorage() &&
              !Variable->getType()->isReferenceType())
            track(Variable, Declaration);
    if (Steps.empty())
      return;
    if (const Flow *F = U.flow(Function))
      follow(*F);
  }

private:
  struct Step {
    unsigned Variable = 0;
    bool Resets = false; ///< it is, or may be, good again after this
    bool Uses = false;   ///< must not find it used up
    bool UsesUp = false;
    bool Surely = true; ///< false: a call that may leave it alone
    TaskStep Kind = TaskStep::Await;
    const Expr *At = nullptr;    ///< it has happened when this is complete
    const Expr *Shown = nullptr; ///< what a person should look at; none: At
    const Expr *shown() const { return Shown ? Shown : At; }
  };

  void track(const VarDecl *Variable, const Stmt *Declaration = nullptr) {
    if (isa<DecompositionDecl>(Variable) || Variable->isInvalidDecl())
      return;
    QualType Type = Variable->getType();
    // An lvalue reference is somebody else's variable.
    if (Type->isLValueReferenceType())
      return;
    const TaskType *Task = U.taskType(Type);
    if (!Task || !Task->SingleShot)
      return;
    llvm::SmallVector<Step, 4> Mine;
    for (const DeclRefExpr *Name : Tree.mentions(Variable)) {
      std::optional<Step> S = classify(Name, *Task);
      if (!S)
        return; // it has another name from here on
      S->Variable = Variables.size();
      Mine.push_back(*S);
    }
    if (llvm::none_of(Mine, [](const Step &S) { return S.UsesUp; }))
      return;
    if (Declaration)
      Mine.push_back({static_cast<unsigned>(Variables.size()), true, false,
                      false, true, TaskStep::Await, nullptr, nullptr});
    Declarations.push_back(Declaration);
    Variables.push_back({Variable, Task});
    Steps.insert(Steps.end(), Mine.begin(), Mine.end());
  }

  static Step reset(const Expr *At) {
    return {0, true, false, false, true, TaskStep::Await, At};
  }
  static Step usesUp(TaskStep Kind, const Expr *At, bool Surely = true) {
    return {0, false, true, true, Surely, Kind, At};
  }

  /// What naming the variable at \p Name does to it; nothing if that makes an
  /// alias, after which its state is not known any more.
  std::optional<Step> classify(const DeclRefExpr *Name, const TaskType &Type) {
    const Stmt *At = Name;
    bool Moved = false;
    while (true) {
      const Stmt *Parent = Tree.parent(At);
      if (!Parent)
        return std::nullopt;
      if (Tree.isDiscardedIn(At, Parent))
        return Step{0, false, false, false, true, TaskStep::Await, Name};
      if (isa<ParenExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr,
              FullExpr>(Parent)) {
        At = Parent;
        continue;
      }
      if (const auto *Cast = dyn_cast<CastExpr>(Parent)) {
        if (Cast->getCastKind() != CK_NoOp &&
            Cast->getCastKind() != CK_UncheckedDerivedToBase)
          return reset(Name);
        Moved |= Cast->isXValue();
        At = Parent;
        continue;
      }
      if (isa<CoawaitExpr>(Parent)) {
        Step S = usesUp(TaskStep::Await, cast<Expr>(Parent));
        S.UsesUp = Moved || Type.AwaitsRvalueOnly || Type.ResumesBlindly ||
                   (Type.Model && Type.Model->SingleShot);
        return S;
      }
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
        if (!Moved)
          return std::nullopt; // a wrapper around a reference
        if (Construct->getConstructor()->isMoveConstructor() &&
            !isa_and_nonnull<CoawaitExpr>(Tree.parent(Construct)))
          return usesUp(TaskStep::Move, Construct);
        if (Construct->getConstructor()->isMoveConstructor()) {
          At = Parent;
          continue;
        }
        return usesUp(TaskStep::Move, Construct, takes(Construct, Name));
      }
      if (isa<InitListExpr>(Parent)) {
        At = Parent;
        continue;
      }
      if (isa<MemberExpr>(Parent)) {
        const auto *Call =
            dyn_cast_or_null<CXXMemberCallExpr>(Tree.parent(Parent));
        if (Call && Moved &&
            Call->getMethodDecl()->getRefQualifier() == RQ_RValue)
          return usesUp(TaskStep::Consume, Call);
        // It may be looked at, refilled, reset.
        return reset(Call ? static_cast<const Expr *>(Call) : Name);
      }
      if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
        if (Call->isCallToStdMove()) {
          Moved = true;
          At = Parent;
          continue;
        }
        if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Call);
            Assign && Assign->getOperator() == OO_Equal &&
            Assign->getNumArgs() == 2) {
          if (Assign->getArg(0) == At)
            return reset(Assign);
          return Moved ? usesUp(TaskStep::Move, Assign) : reset(Assign);
        }
        if (Moved) {
          Step S = usesUp(TaskStep::Move, Call, takes(Call, Name));
          S.Shown = cast<Expr>(At);
          return S;
        }
        // By reference it could be given a new value, or be kept.
        return std::nullopt;
      }
      // `return t;` moves, and nothing comes after it on that path.
      if (isa<ReturnStmt, CoreturnStmt>(Parent))
        return usesUp(TaskStep::Move, Name);
      return std::nullopt;
    }
  }

  /// Does \p Call surely take what it is given as an rvalue reference? What
  /// hands back another awaitable, what a model says takes tasks, and
  /// containers of such objects do; others may look at it first, as
  /// `try_push(std::move(t))`.
  bool takes(const Expr *Call, const DeclRefExpr *Name) {
    if (U.taskType(Call->getType()))
      return true;
    const FunctionDecl *Callee = nullptr;
    if (const auto *Plain = dyn_cast<CallExpr>(Call))
      Callee = Plain->getDirectCallee();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
      Callee = Construct->getConstructor();
    if (!Callee)
      return false;
    if (const FunctionModel *Model = U.models().callee(Call);
        Model && Model->Task != TaskUse::None)
      return true;
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    const auto *Spec =
        Method ? dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent())
               : nullptr;
    return Spec && !Method->getReturnType()->isBooleanType() &&
           llvm::any_of(Spec->getTemplateArgs().asArray(),
                        [&](const TemplateArgument &Argument) {
                          return Argument.getKind() == TemplateArgument::Type &&
                                 U.ast().hasSameUnqualifiedType(
                                     Argument.getAsType(), Name->getType());
                        });
  }

  //===------------------------------ flow --------------------------------===//

  struct State {
    llvm::BitVector May;  ///< steps that may have used up their variable
    llvm::BitVector Must; ///< variables that are used up on every path
    bool join(const State &Other) {
      bool Changed = Other.May.test(May);
      May |= Other.May;
      llvm::BitVector Before = Must;
      Must &= Other.Must;
      return Changed || Before != Must;
    }
  };

  struct Analysis {
    Body &B;
    State entry() {
      return {llvm::BitVector(B.Steps.size()),
              llvm::BitVector(B.Variables.size())};
    }
    void transfer(State &S, const CFGElement &Element, const CFGBlock &) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        return;
      auto It = B.StepsAt.find(Statement->getStmt());
      if (It == B.StepsAt.end())
        return;
      for (unsigned Index : It->second)
        B.apply(S, Index);
    }
  };

  void apply(State &S, unsigned Index) {
    const Step &This = Steps[Index];
    if (Report && This.Uses)
      report(S, Index);
    if (This.Resets || This.UsesUp) {
      for (unsigned Other : S.May.set_bits())
        if (Steps[Other].Variable == This.Variable)
          S.May.reset(Other);
      S.Must.reset(This.Variable);
    }
    if (This.UsesUp) {
      S.May.set(Index);
      S.Must.set(This.Variable);
    }
  }

  void follow(const Flow &F) {
    for (auto [Index, S] : llvm::enumerate(Steps)) {
      // The step happens where its expression is complete, if the flow has
      // that; or where what is around it is.
      const Stmt *At =
          S.At ? static_cast<const Stmt *>(S.At) : Declarations[S.Variable];
      while (At && !F.point(At))
        At = Tree.parent(At);
      if (!At)
        continue;
      // CFG may have split a declaration: take the statement that it runs.
      FlowPoint Point = F.point(At);
      auto Element = *std::next(Point.Block->begin(), Point.Index);
      if (auto Statement = Element.getAs<CFGStmt>())
        StepsAt[Statement->getStmt()].push_back(Index);
    }
    Analysis A{*this};
    FlowStates<State> States = runForward<State>(F.cfg(), A);
    if (!States.Complete)
      return;
    Report = true;
    for (const CFGBlock *Block : F.cfg()) {
      if (!Block || !States.Blocks[Block->getBlockID()])
        continue;
      State S = *States.Blocks[Block->getBlockID()];
      for (const CFGElement &Element : *Block)
        A.transfer(S, Element, *Block);
    }
  }

  void report(const State &S, unsigned Index) {
    const Step &This = Steps[Index];
    std::optional<unsigned> First;
    for (unsigned Other : S.May.set_bits())
      if (Steps[Other].Variable == This.Variable &&
          (!First || *First == Index || (Other != Index && Other < *First)))
        First = Other;
    if (!First)
      return;
    SecondUse Use;
    Use.Variable = Variables[This.Variable].first;
    Use.Type = Variables[This.Variable].second;
    Use.First = Steps[*First].Kind;
    Use.Second = This.Kind;
    Use.FirstUse = Steps[*First].shown();
    Use.Use = This.shown();
    Use.InLoop = *First == Index;
    bool Sure = *First == Index ? isUnconditionalInLoop(This.At)
                                : S.Must.test(This.Variable);
    if (!Sure || !Steps[*First].Surely || !This.Surely)
      Use.Sure = Confidence::Medium;
    if (isTriedByMacro(U, Function, This.At))
      Use.Sure = Confidence::Low;
    All.Found.push_back(Use);
  }

  /// Does each round of the loop around \p S pass it?
  bool isUnconditionalInLoop(const Stmt *S) const {
    for (const Stmt *At = Tree.parent(S); At; At = Tree.parent(At)) {
      if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(At))
        return true;
      if (isa<IfStmt, SwitchStmt, AbstractConditionalOperator, CXXCatchStmt,
              CXXTryStmt>(At))
        return false;
      if (const auto *Operator = dyn_cast<BinaryOperator>(At);
          Operator && Operator->isLogicalOp())
        return false;
    }
    return false; // a goto
  }

  SingleShot &All;
  Unit &U;
  const FunctionDecl *Function;
  EvaluatedTree Tree;
  std::vector<std::pair<const VarDecl *, const TaskType *>> Variables;
  std::vector<const Stmt *> Declarations;
  std::vector<Step> Steps;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<unsigned, 2>> StepsAt;
  bool Report = false;
};

SingleShot::SingleShot(Unit &U) {
  for (const FunctionDecl *Function : U.functions())
    Body(*this, U, Function).run();
}

} // namespace coro
