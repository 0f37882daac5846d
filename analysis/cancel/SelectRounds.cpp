//===- SelectRounds.cpp - Selects that begin anew in each round -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/SelectRounds.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/AfterSelect.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

using Statements = llvm::SmallPtrSet<const Stmt *, 32>;

/// What a stretch of code does to objects.
class Touched {
public:
  struct Change {
    ObjectPath Object;
    QualType Type;
    bool Anew; ///< it is assigned, whatever it was before
  };

  explicit Touched(const Statements &All) {
    for (const Stmt *S : All)
      touch(S, 0);
  }

  bool changes(const ObjectPath &Path) const {
    return llvm::any_of(Changes, [&](const Change &One) {
      return One.Object.overlaps(Path) &&
             One.Object.Members.size() >= Path.Members.size();
    });
  }
  bool assigns(const ObjectPath &Path) const {
    return llvm::any_of(Changes, [&](const Change &One) {
      return One.Anew && One.Object.overlaps(Path);
    });
  }
  bool looksAt(const ObjectPath &Path) const {
    return llvm::any_of(
        Looks, [&](const ObjectPath &One) { return One.overlaps(Path); });
  }
  llvm::ArrayRef<Change> changes() const { return Changes; }

private:
  void change(const Expr *E, bool Anew) {
    if (ObjectPath Path = resolveObject(E))
      Changes.push_back({Path, stripTransfers(E)->getType(), Anew});
  }
  void look(const Expr *E) {
    if (ObjectPath Path = resolveObject(E))
      Looks.push_back(Path);
  }

  /// Adds what evaluating \p S itself, without what is below it, touches.
  void touch(const Stmt *S, unsigned Depth) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
      if (Binary->isAssignmentOp()) {
        change(Binary->getLHS(), Binary->getOpcode() == BO_Assign);
      } else if (Binary->isComparisonOp()) {
        look(Binary->getLHS());
        look(Binary->getRHS());
      }
      return;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        change(Unary->getSubExpr(), false);
      return;
    }
    const FunctionDecl *Callee = nullptr;
    llvm::SmallVector<const Expr *, 4> Arguments;
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      Callee = Construct->getConstructor();
      Arguments.append(Construct->arg_begin(), Construct->arg_end());
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      Callee = Call->getDirectCallee();
      Arguments.append(Call->arg_begin(), Call->arg_end());
      const Expr *Object = modelledArgument(Call, "this");
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
      if (Object && Method && !Method->isStatic()) {
        if (isa<CXXOperatorCallExpr>(Call))
          Arguments.erase(Arguments.begin());
        if (Method->isConst())
          look(Object);
        else
          change(Object, Method->getOverloadedOperator() == OO_Equal);
        // One call deep, of this object's own functions.
        if (Depth == 0 && isa<CXXThisExpr>(Object->IgnoreParenImpCasts()))
          if (const Stmt *Body = writtenBody(Method))
            walk(Body, [&](const Stmt *Inner) {
              touch(Inner, Depth + 1);
              return WalkInto::Children;
            });
      }
    }
    for (unsigned I = 0; I < Arguments.size(); ++I) {
      QualType Type = Callee && I < Callee->getNumParams()
                          ? Callee->getParamDecl(I)->getType()
                          : QualType();
      bool Mutable = !Type.isNull() && Type->isReferenceType() &&
                     !Type->getPointeeType().isConstQualified();
      if (Mutable || isMove(Arguments[I]))
        change(Arguments[I], false);
    }
  }

  llvm::SmallVector<Change, 8> Changes;
  llvm::SmallVector<ObjectPath, 8> Looks;
};

/// What is evaluated on the paths on which one branch is known to have won, and
/// on no others.
Statements onlyWhen(llvm::ArrayRef<const LosingPaths *> LostThere,
                    const LosingPaths &MayBeLostHere) {
  Statements Result;
  if (LostThere.empty())
    return Result;
  for (const Stmt *S : LostThere.front()->Known)
    if (!MayBeLostHere.Possible.contains(S) &&
        llvm::all_of(LostThere, [&](const LosingPaths *One) {
          return One->Known.contains(S);
        }))
      Result.insert(S);
  return Result;
}

PauseKind pauseOf(const Models &Known, const AwaitedOperation &Op) {
  const FunctionModel *Model = Known.function(Op.Callee);
  return Model ? Model->Pause : PauseKind::None;
}

class Rounds {
public:
  Rounds(Unit &U, const Flow &F, const SelectSite &Site, unsigned Branch,
         std::vector<SelectFinding> &Findings)
      : U(U), F(F), Site(Site), Branch(Branch), Findings(Findings),
        Op(Site.Operations[Branch]) {}

  void judge() {
    if (!F.isInLoop(Site.Await))
      return;
    if (pauseOf(U.models(), Op) != PauseKind::None)
      return timer();
    if (Op.Queues)
      return queue();
    const bool Abandoned = Site.Model->Select->Losers == LoserFate::Abandoned;
    if (Op.MayReturn && Op.Callee && Op.Cancel != Guarantee::Unknown &&
        (Op.Composed || (Abandoned && !Op.WaitsOnly)))
      restarted();
  }

private:
  LosingPaths follow(unsigned Loser, const ObjectPath &Timer = {}) {
    LosingBranch What;
    What.Branch = Loser;
    What.Timer = Timer;
    return followLoser(U, F, Site, What);
  }

  /// Follows all branches but this one. False if one runs out of budget.
  bool followOthers() {
    for (unsigned I = 0; I < Site.Operations.size(); ++I) {
      if (I == Branch)
        continue;
      Others.push_back(std::make_unique<LosingPaths>(follow(I)));
      if (!Others.back()->Complete)
        return false;
      LostThere.push_back(Others.back().get());
    }
    return !Others.empty();
  }

  SelectFinding &add(SelectReason Reason, Confidence Sure) {
    SelectFinding Found;
    Found.Site = &Site;
    Found.Branch = Branch;
    Found.Reason = Reason;
    Found.Object = Op.Object;
    Found.Sure = Sure;
    Findings.push_back(std::move(Found));
    return Findings.back();
  }

  void queue() {
    LosingPaths Lost = follow(Branch);
    if (Lost.Complete && Lost.ComesBack)
      add(SelectReason::QueuePosition, Confidence::Low);
  }

  void timer() {
    auto IsTraffic = [&](const AwaitedOperation &Other) {
      return pauseOf(U.models(), Other) == PauseKind::None && Other.MayReturn &&
             Other.Callee;
    };
    if (llvm::none_of(Site.Operations, IsTraffic))
      return;
    const bool IsSleep = pauseOf(U.models(), Op) == PauseKind::Time;
    LosingPaths Lost = follow(Branch, IsSleep ? ObjectPath() : Op.Object);
    if (!Lost.Complete || !Lost.ComesBack ||
        (IsSleep ? !sleepsFor() : !Lost.SetAnew))
      return;
    if (!followOthers())
      return;
    Statements Ticks = onlyWhen(LostThere, Lost), Traffic;
    for (const Stmt *S : Lost.Known)
      if (llvm::none_of(LostThere, [&](const LosingPaths *Other) {
            return Other->Possible.contains(S);
          }))
        Traffic.insert(S);
    // Who looks at the clock on the busy path knows what he does.
    if (Ticks.empty() || llvm::any_of(Traffic, asksForTime))
      return;
    const SourceRange Setting =
        IsSleep ? Op.Call->getSourceRange() : Lost.Setting;
    if (llvm::none_of(LostThere, [](const LosingPaths *Other) {
          return Other->ComesBack;
        })) {
      deadline(Traffic, Setting);
      return;
    }
    const Touched Busy(Traffic), Tick(Ticks);
    if (llvm::none_of(Tick.changes(), [&](const Touched::Change &One) {
          return isOutside(One.Object);
        }))
      return;
    // Idle work is done by the same shape. It is sure to be missed if one path
    // gathers, without ever asking how much, what the other takes away.
    Confidence Sure = Confidence::Low;
    for (const Touched::Change &One : Busy.changes())
      if (One.Object.Exact && isOutside(One.Object) && gathers(One.Type) &&
          Tick.changes(One.Object) && !Busy.assigns(One.Object) &&
          !Busy.looksAt(One.Object))
        Sure = Confidence::High;
    SelectFinding &Found = add(SelectReason::TimerRestarted, Sure);
    Found.Steps.push_back({Setting, "it is set anew here in each round"});
  }

  /// Is an object neither that of a branch nor the select's result?
  bool isOutside(const ObjectPath &Path) const {
    if (Path.Root == PathRoot::This && Path.Members.empty())
      return false;
    for (const AwaitedOperation &One : Site.Operations)
      if (One.Object.overlaps(Path) || One.From.overlaps(Path) ||
          One.To.overlaps(Path) || One.Buffer.overlaps(Path))
        return false;
    const ValueDecl *Result = resultVariable(F, Site.Await);
    return !Result || Path.Variable != Result;
  }

  /// A sum or a container.
  bool gathers(QualType Type) const {
    if (Type->isArithmeticType())
      return !Type->isBooleanType();
    const TypeModel *Model = U.models().type(Type);
    return Model && Model->Container;
  }

  static bool asksForTime(const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    return Call && asksClock(Call);
  }

  /// Does the operand sleep for the same time in each round?
  bool sleepsFor() const {
    return llvm::all_of(Op.Call->arguments(), [](const Expr *Argument) {
      return isa<CXXDefaultArgExpr>(Argument) || isFixedLength(Argument);
    });
  }

  /// The timer ends the loop, and so does a result that takes several rounds:
  /// the time that the caller gave is for all of them.
  void deadline(const Statements &Traffic, SourceRange Setting) {
    bool Returns = llvm::any_of(Traffic, [](const Stmt *S) {
      const auto *Return = dyn_cast<CoreturnStmt>(S);
      return Return && Return->getOperand() &&
             !Return->getOperand()->getType()->isVoidType();
    });
    bool FromCaller = false;
    for (const ParmVarDecl *Parameter : Site.Function->parameters())
      walk(F.body(), [&](const Stmt *S) {
        if (S->getSourceRange() != Setting)
          return WalkInto::Children;
        FromCaller |= contains(S, [&](const Stmt *Inner) {
          const auto *Ref = dyn_cast<DeclRefExpr>(Inner);
          return Ref && Ref->getDecl() == Parameter &&
                 !Parameter->getType()->isReferenceType();
        });
        return WalkInto::Stop;
      });
    if (!Returns || !FromCaller)
      return;
    SelectFinding &Found =
        add(SelectReason::TimerRestarted, Confidence::Medium);
    Found.IsDeadline = true;
    Found.Steps.push_back({Setting, "it is set anew here in each round"});
  }

  void restarted() {
    LosingPaths Lost = follow(Branch);
    if (!Lost.Complete || !Lost.ComesBack)
      return;
    Statements Meanwhile = Lost.Possible;
    walk(Site.Call, [&](const Stmt *S) {
      Meanwhile.erase(S);
      return WalkInto::Children;
    });
    const Touched Between(Meanwhile);
    // What is begun anew with something new is another operation.
    bool WithSomethingNew = contains(Op.Call, [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      if (!E || !isa<DeclRefExpr, MemberExpr>(E))
        return false;
      ObjectPath Path = resolveObject(E);
      return Path && Between.changes(Path) && !isOperand(Path);
    });
    if (WithSomethingNew)
      return;
    bool ByEvent = false;
    for (unsigned I = 0; I < Site.Operations.size(); ++I) {
      const AwaitedOperation &Other = Site.Operations[I];
      ByEvent |= I != Branch &&
                 (Other.Data == Payload::Consumes || Other.ReturnsMessage);
    }
    Confidence Sure = Lost.BackSure;
    // After a timeout the same again is a retry.
    if (!ByEvent)
      Sure = Confidence::Low;
    add(SelectReason::RestartedInLoop, Sure);
  }

  bool isOperand(const ObjectPath &Path) const {
    return llvm::any_of(Site.Operations, [&](const AwaitedOperation &One) {
      return One.Object.overlaps(Path) || One.From.overlaps(Path);
    });
  }

  Unit &U;
  const Flow &F;
  const SelectSite &Site;
  unsigned Branch;
  std::vector<SelectFinding> &Findings;
  const AwaitedOperation &Op;
  std::vector<std::unique_ptr<LosingPaths>> Others;
  llvm::SmallVector<const LosingPaths *, 4> LostThere;
};

} // namespace

void judgeRounds(Unit &U, const Flow &F, const SelectSite &Site,
                 unsigned Branch, std::vector<SelectFinding> &Findings) {
  Rounds(U, F, Site, Branch, Findings).judge();
}

} // namespace coro
