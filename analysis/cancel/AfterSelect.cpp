//===- AfterSelect.cpp - What happens where a branch lost -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/AfterSelect.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/Walk.h"
#include "analysis/cancel/SelectResult.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

namespace {

/// Where a path stands with respect to one branch of one select.
struct Pending {
  enum : unsigned {
    MayHaveLost = 1, ///< the select is over, and nobody asked who won
    HasLost = 2,     ///< a test says that another branch won
    Doubtful = 4,    ///< something happened that may have settled the matter
    SetAnew = 8,     ///< the timer was set from now on
  };
  unsigned Bits = 0;
  /// Flags that were set since, with their constant: `done = true`.
  llvm::SmallVector<std::pair<const ValueDecl *, int64_t>, 2> Flags;
  bool Merged = false; ///< Flags is not complete any more
  /// Tests of the result that were not understood, and the one way that every
  /// path here has taken at them. Where both ways lead, the test is no matter.
  llvm::SmallVector<std::pair<const CFGBlock *, unsigned>, 2> Asked;

  void ask(const CFGBlock *At, unsigned Way) {
    llvm::erase_if(Asked, [&](const auto &One) { return One.first == At; });
    Asked.push_back({At, Way});
  }

  bool join(const Pending &Other) {
    if (!Other.Bits)
      return false;
    if (!Bits) {
      *this = Other;
      return true;
    }
    unsigned Before = Bits;
    bool WasMerged = Merged;
    size_t WasAsked = Asked.size();
    llvm::erase_if(Asked, [&](const auto &Way) {
      return !llvm::is_contained(Other.Asked, Way);
    });
    Bits |= Other.Bits;
    Merged |= Other.Merged;
    if (Flags != Other.Flags) {
      size_t Count = Flags.size();
      llvm::erase_if(Flags, [&](const auto &Flag) {
        return !llvm::is_contained(Other.Flags, Flag);
      });
      if (Flags.size() != Count)
        Merged = true;
      return Bits != Before || Merged != WasMerged || Flags.size() != Count ||
             Asked.size() != WasAsked;
    }
    return Bits != Before || Merged != WasMerged || Asked.size() != WasAsked;
  }
};

/// \p E as a variable or field that can serve as a flag.
const ValueDecl *flag(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl();
  if (const auto *Member = dyn_cast<MemberExpr>(E);
      Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
    return Member->getMemberDecl();
  return nullptr;
}

bool mentionsFlag(const Stmt *S, const ValueDecl *Flag) {
  if (!S)
    return false;
  if (const auto *E = dyn_cast<Expr>(S); E && flag(E) == Flag)
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return mentionsFlag(Child, Flag);
  });
}

/// The data flow.
class AfterSelect {
public:
  AfterSelect(Unit &U, const Flow &F, const SelectSite &Site,
              const LosingBranch &Loser)
      : U(U), Guarantees(U.shared<Cancellations>()), F(F), Site(Site),
        Branch(Loser.Branch), Wins(Loser.Wins), Object(Loser.Object),
        Again(Loser.Again), Timer(Loser.Timer),
        Tests(U.ast(), Site.Await, Site.Branches.size()) {
    Tests.findVariables(F);
    for (const VarDecl *Error : errorVariables(Site.Operations[Branch]))
      Tests.addError(Error, Branch);
  }

  Pending entry() { return {}; }

  void transfer(Pending &State, const CFGElement &Element, const CFGBlock &) {
    if (auto Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (isObject(Dtor->getVarDecl()))
        State = {};
      return;
    }
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const Stmt *S = Statement->getStmt();
    if (S == Site.Await) {
      if (State.Bits)
        back(State);
      State = {};
      State.Bits = Pending::MayHaveLost;
      return;
    }
    if (!State.Bits)
      return;
    Paths.Possible.insert(S);
    if (State.Bits & Pending::HasLost)
      Paths.Known.insert(S);
    if (isa<CoreturnStmt>(S)) {
      if (!Paths.Returns || sure(State) > Paths.ReturnSure)
        Paths.ReturnSure = sure(State);
      Paths.Returns = true;
      return;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : Declaration->decls()) {
        const auto *Variable = dyn_cast<VarDecl>(One);
        if (isObject(Variable))
          State = {};
        else if (Variable && Variable->hasInit() &&
                 Timer.Root == PathRoot::Variable &&
                 Timer.Variable == Variable->getCanonicalDecl())
          set(State, stripTransfers(Variable->getInit()));
      }
      return;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      moved(State, Construct->arguments());
      passed(State, Construct->arguments());
      return;
    }
    if (const auto *Assignment = dyn_cast<BinaryOperator>(S);
        Assignment && Assignment->getOpcode() == BO_Assign) {
      if (covers(resolveObject(Assignment->getLHS())))
        State = {};
      else
        setFlag(State, Assignment->getLHS(), Assignment->getRHS());
      return;
    }
    if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
      if (resolveObject(Delete->getArgument()).overlaps(Object))
        State = {};
      return;
    }
    if (const auto *Call = dyn_cast<CallExpr>(S))
      atCall(State, Call);
  }

  void edge(Pending &State, const CFGBlock &From, unsigned Successor) {
    if (!State.Bits)
      return;
    const Stmt *Terminator = From.getTerminatorStmt();
    if (!Terminator)
      return;
    if (const auto *Switch = dyn_cast<SwitchStmt>(Terminator)) {
      auto Says = Tests.atSwitch(*Switch, From, Successor);
      for (Verdict One : Says)
        if (State.Bits)
          settle(State, One);
      if (Says.empty() && Tests.mentionsResult(Switch->getCond()))
        State.Bits |= Pending::Doubtful;
      return;
    }
    const Expr *Condition = From.getLastCondition();
    // With temporaries to destroy, the condition is not what stands last.
    if (!Condition)
      Condition = dyn_cast_or_null<Expr>(From.getTerminatorCondition());
    if (!Condition || From.succ_size() != 2)
      return;
    bool True = Successor == 0;
    // A flag that was set on this path decides which way it goes.
    for (const auto &[Flag, Value] : State.Flags) {
      const Expr *Bare = stripTransfers(Condition);
      bool Inverted = false;
      while (const auto *Not = dyn_cast<UnaryOperator>(Bare)) {
        if (Not->getOpcode() != UO_LNot)
          break;
        Inverted = !Inverted;
        Bare = stripTransfers(Not->getSubExpr());
      }
      if (flag(Bare) == Flag) {
        if (((Value != 0) != Inverted) != True)
          State = {};
        return;
      }
    }
    Verdict Says = Tests.whenTrue(Condition);
    if (Says.What == Verdict::Nothing) {
      bool Depends = llvm::any_of(State.Flags, [&](const auto &Flag) {
        return mentionsFlag(Condition, Flag.first);
      });
      // The result has a say that was not understood, or so has a flag.
      if (Depends || (State.Merged && mentionsAnyFlag(Condition)))
        State.Bits |= Pending::Doubtful;
      else if (Tests.mentionsResult(Condition))
        State.ask(&From, Successor);
      return;
    }
    settle(State, True ? Says : Says.inverted());
  }

  LosingPaths result(bool Complete) {
    Paths.Complete = Complete;
    return std::move(Paths);
  }

private:
  bool isObject(const VarDecl *Variable) const {
    return Variable && Object.Root == PathRoot::Variable &&
           Object.Variable == Variable->getCanonicalDecl();
  }

  /// Is \p Path the object or something that it is a part of?
  bool covers(const ObjectPath &Path) const {
    return Path.Exact && Path.overlaps(Object) &&
           Path.Members.size() <= Object.Members.size();
  }

  void settle(Pending &State, Verdict Says) {
    bool Won = Says.What == Verdict::Won && Says.Branch == Branch;
    if (Says.What == Verdict::NotWon && Site.Branches.size() == 2)
      Won = Says.Branch != Branch;
    bool Lost = (Says.What == Verdict::Won && Says.Branch != Branch) ||
                (Says.What == Verdict::NotWon && Says.Branch == Branch);
    if (Wins)
      std::swap(Won, Lost);
    if (Won) {
      State = {};
      return;
    }
    // That one of several others did not win says nothing on this one.
    if (Lost)
      State.Bits = (State.Bits & ~Pending::MayHaveLost) | Pending::HasLost;
  }

  bool mentionsAnyFlag(const Stmt *S) const {
    return llvm::any_of(
        EverSet, [&](const ValueDecl *Flag) { return mentionsFlag(S, Flag); });
  }

  void setFlag(Pending &State, const Expr *Left, const Expr *Right) {
    const ValueDecl *Flag = flag(Left);
    if (!Flag)
      return;
    llvm::erase_if(State.Flags,
                   [&](const auto &One) { return One.first == Flag; });
    Expr::EvalResult Value;
    if (Right->isValueDependent() ||
        !Right->getType()->isIntegralOrEnumerationType() ||
        !Right->EvaluateAsInt(Value, U.ast()))
      return;
    EverSet.insert(Flag);
    State.Flags.push_back({Flag, Value.Val.getInt().getExtValue()});
    llvm::sort(State.Flags);
  }

  template <typename Range> void moved(Pending &State, Range &&Arguments) {
    for (const Expr *Argument : Arguments)
      if (State.Bits && isMove(Argument) && covers(resolveObject(Argument))) {
        // Moved from into the select again.
        if (isInSelect(Argument))
          back(State);
        State = {};
      }
  }

  /// The result handed to somebody who may look at it.
  template <typename Range> void passed(Pending &State, Range &&Arguments) {
    if (State.Bits)
      for (const Expr *Argument : Arguments)
        if (const auto *Ref =
                dyn_cast_or_null<DeclRefExpr>(stripTransfers(Argument)))
          if (Tests.declaresResult(Ref->getDecl()))
            State.Bits |= Pending::Doubtful;
  }

  void atCall(Pending &State, const CallExpr *Call) {
    Verdict Says = Tests.whenEvaluated(Call);
    if (Says.What != Verdict::Nothing)
      return settle(State, Says);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        Operator && Operator->getOperator() == OO_Equal &&
        covers(resolveObject(Operator->getArg(0)))) {
      State = {};
      return;
    }
    if (Timer)
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
          Member &&
          resolveObject(Member->getImplicitObjectArgument()).same(Timer))
        set(State, Call);
    if (!Tests.isMadeFromResult(Call))
      passed(State, Call->arguments());
    if (!Object)
      return;
    bool Used = false, Closed = false, Unclear = false;
    for (const CallUse &Use : Guarantees.uses(Call)) {
      if (!Use.Object.overlaps(Object))
        continue;
      if (Use.Use == ObjectUse::Closes)
        Closed = true;
      else if (Use.Use == ObjectUse::Unknown)
        Unclear = true;
      else if (Use.Use == Again && Use.Object.same(Object))
        Used = true;
    }
    moved(State, Call->arguments());
    if (!State.Bits)
      return;
    // A function that takes from the object and closes it: which comes first
    // is not known.
    if (Closed) {
      State = {};
      return;
    }
    if (Used)
      found(State, Call);
    if (Unclear)
      State.Bits |= Pending::Doubtful;
  }

  static Confidence sure(const Pending &State) {
    return State.Bits & Pending::Doubtful || !State.Asked.empty()
               ? Confidence::Medium
               : Confidence::High;
  }

  void found(Pending &State, const CallExpr *Call) {
    // The handler skips what is left of the try block.
    if (Site.Throws && !isInSelect(Call) && isInTryBlock(Call))
      return;
    if (!Paths.UsedAgain || sure(State) > Paths.Sure) {
      Paths.UsedAgain = true;
      Paths.Use = Call->getSourceRange();
      Paths.NextRound = isInSelect(Call);
      Paths.Sure = sure(State);
      Paths.Unasked = State.Bits & Pending::MayHaveLost;
    }
    // One use is enough for this path.
    State = {};
  }

  void back(const Pending &State) {
    if (!Paths.ComesBack || sure(State) > Paths.BackSure) {
      Paths.ComesBack = true;
      Paths.BackSure = sure(State);
    }
    Paths.BackUnasked |= (State.Bits & Pending::MayHaveLost) != 0;
    if (State.Bits & Pending::SetAnew)
      Paths.SetAnew = true;
  }

  /// The timer is set by \p Call.
  void set(Pending &State, const Expr *Call) {
    if (!setsFromNow(U.models(), Call))
      return;
    State.Bits |= Pending::SetAnew;
    Paths.Setting = Call->getSourceRange();
  }

  bool isInTryBlock(const Stmt *S) const {
    for (; S; S = F.parent(S))
      if (Site.Try && S == Site.Try->getTryBlock())
        return true;
    return false;
  }

  bool isInSelect(const Stmt *S) const {
    for (; S; S = F.parent(S))
      if (S == Site.Call)
        return true;
    return false;
  }

  Unit &U;
  Cancellations &Guarantees;
  const Flow &F;
  const SelectSite &Site;
  unsigned Branch;
  bool Wins;
  ObjectPath Object;
  ObjectUse Again;
  ObjectPath Timer;
  ResultTests Tests;
  llvm::SmallPtrSet<const ValueDecl *, 4> EverSet;
  LosingPaths Paths;
};

} // namespace

LosingPaths followLoser(Unit &U, const Flow &F, const SelectSite &Site,
                        const LosingBranch &Loser) {
  AfterSelect Analysis(U, F, Site, Loser);
  FlowStates<Pending> States = runForward<Pending>(F.cfg(), Analysis);
  return Analysis.result(States.Complete);
}

//===----------------------------------------------------------------------===//
// Timers
//===----------------------------------------------------------------------===//

/// A point in time, by the shape of the standard's: it knows its clock.
static bool isPointInTime(QualType Type) {
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  return llvm::any_of(Record->decls(), [](const Decl *Member) {
    const auto *Name = dyn_cast<TypedefNameDecl>(Member);
    return Name && Name->getIdentifier() && Name->getName() == "clock";
  });
}

bool asksClock(const Expr *E, unsigned Depth) {
  bool Asks = false;
  walk(E, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CallExpr>(S);
        Call && Call->getNumArgs() == 0 && isPointInTime(Call->getType()) &&
        !isa<CXXMemberCallExpr>(Call))
      Asks = true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
          Variable && Variable->isLocalVarDecl() && Variable->hasInit() &&
          Depth < 4)
        Asks |= asksClock(Variable->getInit(), Depth + 1);
    return WalkInto::Children;
  });
  return Asks;
}

bool isFixedLength(const Expr *Time) {
  if (isPointInTime(Time->getType()))
    return false;
  bool Fixed = true;
  walk(Time, [&](const Stmt *S) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (Variable && Variable->isLocalVarDecl() &&
          !Variable->getType().isConstQualified())
        Fixed &= Variable->hasInit() && !isAssigned(Variable) &&
                 isFixedLength(Variable->getInit());
    } else if (const auto *Call = dyn_cast<CallExpr>(S);
               Call && !isa<CXXOperatorCallExpr, UserDefinedLiteral>(Call)) {
      // What a function answers may be what is left of a deadline.
      Fixed &=
          Call->getDirectCallee() && Call->getDirectCallee()->isConstexpr();
    }
    return WalkInto::Children;
  });
  return Fixed;
}

bool setsFromNow(const Models &Known, const Expr *Call) {
  const FunctionDecl *Callee = nullptr;
  llvm::SmallVector<const Expr *, 4> Arguments;
  if (const auto *Function = dyn_cast<CallExpr>(Call)) {
    Callee = Function->getDirectCallee();
    Arguments.append(Function->arg_begin(), Function->arg_end());
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call)) {
    Callee = Construct->getConstructor();
    Arguments.append(Construct->arg_begin(), Construct->arg_end());
  }
  const FunctionModel *Model = Known.function(Callee);
  if (!Model || !Model->SetsTimer)
    return false;
  unsigned Index = *Model->SetsTimer;
  if (Index >= Arguments.size() || isa<CXXDefaultArgExpr>(Arguments[Index]))
    return false;
  const Expr *Time = Arguments[Index];
  return isPointInTime(Time->getType()) ? asksClock(Time) : isFixedLength(Time);
}

} // namespace coro
