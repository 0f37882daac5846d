//===- Select.cpp - Awaits that end with the first of several -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Select.h"
#include "analysis/Dataflow.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// Tests of a select's result
//===----------------------------------------------------------------------===//

namespace {

/// What a condition says about who won.
struct Verdict {
  enum Kind { Nothing, Won, NotWon } What = Nothing;
  unsigned Branch = 0;
  static Verdict won(uint64_t Branch) {
    return {Won, static_cast<unsigned>(Branch)};
  }
  Verdict inverted() const {
    return {What == Won ? NotWon : What == NotWon ? Won : Nothing, Branch};
  }
};

/// Understands the ways in which people ask a select's result who won. They
/// are recognised by what they are made of, not by name: an integer made from
/// the result alone and compared with a constant is the index of the winner; a
/// pointer or bool made from it with an index or type as template argument
/// tells whether that alternative is there.
class ResultTests {
public:
  ResultTests(const ASTContext &AST, const CoroutineSuspendExpr *Await,
              unsigned Branches)
      : AST(AST), Await(Await), Branches(Branches) {}

  void addVariable(const ValueDecl *Variable) { Variables.insert(Variable); }
  bool isVariable(const ValueDecl *Variable) const {
    return Variables.contains(Variable);
  }
  bool isKept() const { return !Variables.empty(); }

  /// Is \p S made from the result (and constants) alone?
  bool isMadeFromResult(const Stmt *S) const {
    bool Found = false;
    return onlyResult(S, Found, 0) && Found;
  }

  bool mentionsResult(const Stmt *S, unsigned Depth = 0) const {
    if (!S)
      return false;
    if (S == Await)
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return declaresResult(Ref->getDecl()) ||
             (Variable && Variable->isLocalVarDecl() && Variable->hasInit() &&
              Depth < 4 && mentionsResult(Variable->getInit(), Depth + 1));
    }
    return llvm::any_of(S->children(), [&](const Stmt *Child) {
      return mentionsResult(Child, Depth);
    });
  }

  bool declaresResult(const ValueDecl *Declaration) const {
    if (const auto *Binding = dyn_cast<BindingDecl>(Declaration))
      return Variables.contains(cast<ValueDecl>(Binding->getDecomposedDecl()));
    return Variables.contains(Declaration);
  }

  /// What does \p Condition say when it is true?
  Verdict whenTrue(const Expr *Condition, unsigned Depth = 0) const {
    Condition = Condition ? stripTransfers(Condition) : nullptr;
    if (!Condition || Depth > 8)
      return {};
    if (const auto *Not = dyn_cast<UnaryOperator>(Condition);
        Not && Not->getOpcode() == UO_LNot)
      return whenTrue(Not->getSubExpr(), Depth + 1).inverted();
    if (const auto *Compare = dyn_cast<BinaryOperator>(Condition);
        Compare && Compare->isEqualityOp()) {
      Verdict Result = equals(Compare->getLHS(), Compare->getRHS(), Depth);
      if (Result.What == Verdict::Nothing)
        Result = equals(Compare->getRHS(), Compare->getLHS(), Depth);
      return Compare->getOpcode() == BO_EQ ? Result : Result.inverted();
    }
    // A bool or pointer that was made from the result before.
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (Variable && !declaresResult(Variable) && Variable->hasInit() &&
          Variable->isLocalVarDecl())
        return whenTrue(Variable->getInit(), Depth + 1);
    }
    if (!isMadeFromResult(Condition))
      return {};
    if (const auto *Call = dyn_cast<CallExpr>(Condition))
      if (Call->getType()->isBooleanType() || Call->getType()->isPointerType())
        return alternative(Call);
    // `if (result.index())`
    if (isIndex(Condition))
      return Verdict::won(0).inverted();
    return {};
  }

  /// Does evaluating \p Call take an alternative out, so that it throws when
  /// another one won?
  Verdict whenEvaluated(const CallExpr *Call) const {
    if (!Call->isGLValue() || Call->getNumArgs() != 1 ||
        !isMadeFromResult(Call->getArg(0)))
      return {};
    return alternative(Call);
  }

  /// The number of the winner that a case label of `switch (index)` names.
  std::optional<uint64_t> caseOf(const Expr *Condition,
                                 const CaseStmt *Case) const {
    Condition = stripTransfers(Condition);
    if (!isMadeFromResult(Condition) || Case->getRHS())
      return std::nullopt;
    return constant(Case->getLHS());
  }

  bool isIndex(const Expr *E) const {
    QualType Type = E->getType().getNonReferenceType();
    return Type->isIntegerType() && !Type->isBooleanType() &&
           isMadeFromResult(E);
  }

private:
  bool onlyResult(const Stmt *S, bool &Found, unsigned Depth) const {
    if (!S)
      return true;
    if (S == Await) {
      Found = true;
      return true;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      const ValueDecl *Declaration = Ref->getDecl();
      if (isa<FunctionDecl, EnumConstantDecl>(Declaration))
        return true;
      if (declaresResult(Declaration)) {
        Found = true;
        return true;
      }
      const auto *Variable = dyn_cast<VarDecl>(Declaration);
      if (!Variable || !Variable->hasInit() || Depth > 4)
        return false;
      if (Variable->isConstexpr())
        return true;
      return Variable->isLocalVarDecl() &&
             onlyResult(Variable->getInit(), Found, Depth + 1);
    }
    if (isa<CXXThisExpr, CoroutineSuspendExpr, LambdaExpr>(S))
      return false;
    // What a user's function makes of a result is its own business.
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Callee = Call->getDirectCallee();
          !Callee ||
          !AST.getSourceManager().isInSystemHeader(Callee->getLocation()))
        return false;
    return llvm::all_of(S->children(), [&](const Stmt *Child) {
      return onlyResult(Child, Found, Depth);
    });
  }

  std::optional<uint64_t> constant(const Expr *E) const {
    Expr::EvalResult Result;
    if (E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() ||
        !E->EvaluateAsInt(Result, AST))
      return std::nullopt;
    return Result.Val.getInt().getExtValue();
  }

  Verdict equals(const Expr *Index, const Expr *Constant,
                 unsigned Depth) const {
    std::optional<uint64_t> Value = constant(Constant);
    if (isIndex(stripTransfers(Index))) {
      if (Value && *Value < Branches)
        return Verdict::won(*Value);
      return {};
    }
    // pointer != nullptr
    if (Index->IgnoreParenImpCasts()->getType()->isPointerType() &&
        Constant->isNullPointerConstant(const_cast<ASTContext &>(AST),
                                        Expr::NPC_ValueDependentIsNotNull))
      return whenTrue(Index, Depth + 1).inverted();
    // flag == true
    if (Value && Index->IgnoreParenImpCasts()->getType()->isBooleanType()) {
      Verdict Result = whenTrue(Index, Depth + 1);
      return *Value ? Result : Result.inverted();
    }
    return {};
  }

  /// The alternative that a function's template arguments name: f<1>(result),
  /// f<Timeout>(result).
  Verdict alternative(const CallExpr *Call) const {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const TemplateArgumentList *Arguments =
        Callee ? Callee->getTemplateSpecializationArgs() : nullptr;
    if (!Arguments || Arguments->size() == 0)
      return {};
    const TemplateArgument &First = Arguments->get(0);
    if (First.getKind() == TemplateArgument::Integral) {
      uint64_t Index = First.getAsIntegral().getZExtValue();
      return Index < Branches ? Verdict::won(Index) : Verdict();
    }
    if (First.getKind() != TemplateArgument::Type)
      return {};
    const auto *Result = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        Await->getType().getNonReferenceType()->getAsCXXRecordDecl());
    if (!Result || Result->getTemplateArgs().size() == 0)
      return {};
    llvm::SmallVector<TemplateArgument, 4> Alternatives;
    for (const TemplateArgument &One : Result->getTemplateArgs().asArray())
      if (One.getKind() == TemplateArgument::Pack)
        Alternatives.append(One.pack_begin(), One.pack_end());
      else
        Alternatives.push_back(One);
    std::optional<unsigned> Found;
    for (unsigned I = 0; I < Alternatives.size(); ++I)
      if (Alternatives[I].getKind() == TemplateArgument::Type &&
          Alternatives[I].getAsType().getCanonicalType() ==
              First.getAsType().getCanonicalType()) {
        if (Found)
          return {};
        Found = I;
      }
    if (!Found || *Found >= Branches)
      return {};
    return Verdict::won(*Found);
  }

  const ASTContext &AST;
  const CoroutineSuspendExpr *Await;
  unsigned Branches;
  llvm::SmallPtrSet<const ValueDecl *, 4> Variables;
};

/// Where a path stands with respect to one branch of one select.
struct Pending {
  enum : unsigned {
    MayHaveLost = 1, ///< the select is over, and nobody asked who won
    HasLost = 2,     ///< a test says that another branch won
    Doubtful = 4,    ///< something happened that may have settled the matter
  };
  unsigned Bits = 0;
  /// Flags that were set since, with their constant: `done = true`.
  llvm::SmallVector<std::pair<const ValueDecl *, int64_t>, 2> Flags;
  bool Merged = false; ///< Flags is not complete any more

  bool join(const Pending &Other) {
    if (!Other.Bits)
      return false;
    if (!Bits) {
      *this = Other;
      return true;
    }
    unsigned Before = Bits;
    bool WasMerged = Merged;
    Bits |= Other.Bits;
    Merged |= Other.Merged;
    if (Flags != Other.Flags) {
      size_t Count = Flags.size();
      llvm::erase_if(Flags, [&](const auto &Flag) {
        return !llvm::is_contained(Other.Flags, Flag);
      });
      if (Flags.size() != Count)
        Merged = true;
      return Bits != Before || Merged != WasMerged || Flags.size() != Count;
    }
    return Bits != Before || Merged != WasMerged;
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

} // namespace

//===----------------------------------------------------------------------===//
// What happens after a select
//===----------------------------------------------------------------------===//

/// Follows one branch's object from the select on.
class Selects::AfterSelect {
public:
  AfterSelect(Unit &U, Cancellations &Guarantees, const Flow &F,
              const SelectSite &Site, unsigned Branch, const ObjectPath &Object,
              Payload Data, const ObjectPath &Buffer)
      : U(U), Guarantees(Guarantees), F(F), Site(Site), Branch(Branch),
        Object(Object), Data(Data), Buffer(Buffer),
        Tests(U.ast(), Site.Await, Site.Branches.size()) {
    findResult();
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
      State = {};
      State.Bits = Pending::MayHaveLost;
      return;
    }
    if (!State.Bits)
      return;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : Declaration->decls())
        if (isObject(dyn_cast<VarDecl>(One)))
          State = {};
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
      atSwitch(State, *Switch, From, Successor);
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
      if (Depends || Tests.mentionsResult(Condition) ||
          (State.Merged && mentionsAnyFlag(Condition)))
        State.Bits |= Pending::Doubtful;
      return;
    }
    settle(State, True ? Says : Says.inverted());
  }

  /// The first use in the order of the source, the surest before others.
  std::optional<SelectFinding> finding() const { return Found; }

private:
  void findResult() {
    const Stmt *S = Site.Await;
    while (const Stmt *Parent = F.semanticParent(S)) {
      if (const auto *Declaration = dyn_cast<DeclStmt>(Parent)) {
        for (const Decl *One : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(One);
              Variable && Variable->hasInit() &&
              stripTransfers(Variable->getInit()) == Site.Await)
            Tests.addVariable(Variable);
        return;
      }
      if (const auto *Assignment = dyn_cast<CXXOperatorCallExpr>(Parent)) {
        if (Assignment->getOperator() == OO_Equal)
          if (ObjectPath Path = resolveObject(Assignment->getArg(0));
              Path && Path.Members.empty() && Path.Variable)
            Tests.addVariable(Path.Variable);
        return;
      }
      if (!isa<CXXConstructExpr>(Parent))
        return;
      S = Parent;
    }
  }

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
    if (Won) {
      State = {};
      return;
    }
    bool Lost = (Says.What == Verdict::Won && Says.Branch != Branch) ||
                (Says.What == Verdict::NotWon && Says.Branch == Branch);
    // That one of several others did not win says nothing on this one.
    if (Lost)
      State.Bits = (State.Bits & Pending::Doubtful) | Pending::HasLost;
  }

  void atSwitch(Pending &State, const SwitchStmt &Switch, const CFGBlock &From,
                unsigned Successor) {
    const CFGBlock *Next = (From.succ_begin() + Successor)->getReachableBlock();
    const Stmt *Label = Next ? Next->getLabel() : nullptr;
    if (const auto *Case = dyn_cast_or_null<CaseStmt>(Label)) {
      if (auto Winner = Tests.caseOf(Switch.getCond(), Case);
          Winner && *Winner < Site.Branches.size())
        return settle(State, Verdict::won(*Winner));
    } else if (Tests.isIndex(stripTransfers(Switch.getCond()))) {
      // default, or past the switch: none of those that are listed.
      for (const SwitchCase *One = Switch.getSwitchCaseList(); One;
           One = One->getNextSwitchCase())
        if (const auto *Other = dyn_cast<CaseStmt>(One))
          if (auto Winner = Tests.caseOf(Switch.getCond(), Other);
              Winner && *Winner < Site.Branches.size()) {
            settle(State, Verdict::won(*Winner).inverted());
            if (!State.Bits)
              return;
          }
      return;
    }
    if (Tests.mentionsResult(Switch.getCond()))
      State.Bits |= Pending::Doubtful;
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
      if (isMove(Argument) && covers(resolveObject(Argument)))
        State = {};
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
    if (!Tests.isMadeFromResult(Call))
      passed(State, Call->arguments());
    ObjectUse Again =
        Data == Payload::Commits ? ObjectUse::Puts : ObjectUse::Takes;
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

  void found(Pending &State, const CallExpr *Call) {
    SelectFinding F;
    F.Site = &Site;
    F.Branch = Branch;
    F.Object = Object;
    F.UsedAgain = Call->getSourceRange();
    F.NextRound = isInSelect(Call);
    F.Sure =
        State.Bits & Pending::Doubtful ? Confidence::Medium : Confidence::High;
    if (!Found || F.Sure > Found->Sure)
      Found = F;
    // One use is enough for this path.
    State = {};
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
  ObjectPath Object;
  Payload Data;
  ObjectPath Buffer;
  ResultTests Tests;
  llvm::SmallPtrSet<const ValueDecl *, 4> EverSet;
  std::optional<SelectFinding> Found;
};

//===----------------------------------------------------------------------===//
// All selects of a unit
//===----------------------------------------------------------------------===//

static void flatten(const Models &Known, const CallExpr *Call,
                    const FunctionModel *Model, SelectSite &Site) {
  auto IsBranch = [&](unsigned Index) {
    const std::vector<int> &Listed = Model->Select->Branches;
    return Listed.empty() || llvm::is_contained(Listed, int(Index));
  };
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    if (!IsBranch(I))
      continue;
    const Expr *Argument = stripTransfers(Call->getArg(I));
    if (const auto *Inner = dyn_cast<CallExpr>(Argument))
      if (const FunctionModel *Other = Known.function(Inner->getDirectCallee());
          Other && Other == Model && isa<CXXOperatorCallExpr>(Inner)) {
        flatten(Known, Inner, Model, Site);
        continue;
      }
    Site.Branches.push_back(Call->getArg(I));
  }
}

Selects::Selects(Unit &U) : U(U), Guarantees(U.shared<Cancellations>()) {
  for (const Coroutine *C : U.coroutines())
    if (const Flow *F = U.flow(C->Function))
      collect(C->Function, *F);
}

void Selects::collect(const FunctionDecl *Function, const Flow &F) {
  for (const CoroutineSuspendExpr *Await : F.suspensions()) {
    if (!isa<CoawaitExpr>(Await))
      continue;
    const Expr *Operand = stripTransfers(Await->getOperand());
    const auto *Call = dyn_cast_or_null<CallExpr>(Operand);
    if (!Call)
      continue;
    const FunctionModel *Model = U.models().function(Call->getDirectCallee());
    if (!Model || !Model->Select)
      continue;
    auto Site = std::make_unique<SelectSite>();
    Site->Function = Function;
    Site->Call = Call;
    Site->Await = Await;
    Site->Model = Model;
    flatten(U.models(), Call, Model, *Site);
    for (const Expr *Branch : Site->Branches)
      Site->Operations.push_back(Guarantees.describe(Branch));
    judge(*Site, F);
    Sites.push_back(std::move(Site));
  }
}

/// Can something end the select while \p Branch is still busy?
static Confidence canLose(const SelectSite &Site, unsigned Branch) {
  if (Site.Model->Select->Deadline)
    return Confidence::High;
  Confidence Sure = Confidence::Low;
  for (unsigned I = 0; I < Site.Operations.size(); ++I) {
    if (I == Branch)
      continue;
    const AwaitedOperation &Other = Site.Operations[I];
    if (!Other.MayReturn)
      continue;
    // A coroutine of which nothing is known may be an endless loop.
    bool Known = Other.Cancel != Guarantee::Unknown;
    Sure = std::max(Sure, Known ? Confidence::High : Confidence::Medium);
  }
  return Sure;
}

/// Does awaiting \p Awaitable give more than an error? A message without
/// content is a signal, and whoever waits for one usually looks at a state.
static bool carriesValue(QualType Awaitable) {
  const CXXMethodDecl *Resume = findMethod(
      Awaitable.getNonReferenceType()->getAsCXXRecordDecl(), "await_resume");
  if (!Resume)
    return true;
  QualType Result = Resume->getReturnType().getNonReferenceType();
  if (Result->isVoidType())
    return false;
  const auto *Tuple = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Result->getAsCXXRecordDecl());
  // tuple<error>
  return !Tuple || Tuple->getTemplateArgs().size() != 1 ||
         Tuple->getTemplateArgs()[0].getKind() != TemplateArgument::Pack ||
         Tuple->getTemplateArgs()[0].pack_size() != 1;
}

void Selects::judge(const SelectSite &Site, const Flow &F) {
  for (unsigned I = 0; I < Site.Operations.size(); ++I) {
    const AwaitedOperation &Op = Site.Operations[I];
    Confidence Sure = canLose(Site, I);
    std::optional<SelectReason> Reason;
    ObjectPath Object = Op.Object;
    Payload Data = Op.Data;
    if (Op.How == Loss::Progress) {
      Reason = Op.Cancel == Guarantee::Partial
                   ? SelectReason::PartialProgress
                   : SelectReason::TerminalThenReused;
    } else if (Op.How == Loss::InFrame) {
      Reason = SelectReason::PayloadInFrame;
    } else if (Site.Model->Select->DropsResults && Op.ReturnsMessage &&
               carriesValue(Site.Branches[I]->getType())) {
      Reason = SelectReason::DiscardedResult;
      Object = Op.From;
      Data = Payload::Consumes;
    } else if (Site.Model->Select->DropsResults && Op.SingleShot &&
               Data == Payload::Consumes) {
      // It needs a coincidence, and what is lost is often sent again.
      Reason = SelectReason::DiscardedResult;
      Sure = Confidence::Low;
    }
    if (!Reason || !Object || !Object.Exact)
      continue;
    AfterSelect Analysis(U, Guarantees, F, Site, I, Object, Data, Op.Buffer);
    FlowStates<Pending> States = runForward<Pending>(F.cfg(), Analysis);
    std::optional<SelectFinding> Found = Analysis.finding();
    if (!States.Complete || !Found)
      continue;
    Found->Reason = *Reason;
    Found->Sure = std::min(Found->Sure, Sure);
    Findings.push_back(*Found);
  }
}

} // namespace coro
