//===- StaleState.cpp - Decisions that a suspension has overtaken ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/StaleState.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/EmptyTest.h"
#include "analysis/unit/Exclusion.h"
#include "analysis/unit/Suspensions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace clang;

namespace coro {

namespace {

/// Something that was seen of shared state.
struct Sight {
  StaleShape Shape;
  ObjectPath Object;
  std::optional<llvm::FoldingSetNodeID> Key; ///< for Missing
  const Expr *Where = nullptr;
  /// The local that holds what was read; null when it is part of an expression.
  const VarDecl *Held = nullptr;
  const CoroutineSuspendExpr *Await = nullptr; ///< the first that made it stale
};

/// Which sights are fresh, and which are stale.
struct Freshness {
  llvm::SmallBitVector Fresh, Stale;
  bool join(const Freshness &Other) {
    Freshness Before = *this;
    Fresh |= Other.Fresh;
    Stale |= Other.Stale;
    return Fresh != Before.Fresh || Stale != Before.Stale;
  }
};

class Analysis {
public:
  Analysis(Unit &U, const Coroutine &C, const Flow &F)
      : U(U), F(F), Function(C.Function), Suspending(U.shared<Suspensions>()) {
    for (const CFGBlock *Block : F.cfg())
      if (Block)
        collect(*Block);
  }

  bool empty() const { return Sights.empty(); }
  std::vector<StaleState> take() { return std::move(Found); }

  Freshness entry() const {
    Freshness None;
    None.Fresh.resize(Sights.size());
    None.Stale.resize(Sights.size());
    return None;
  }

  void transfer(Freshness &State, const CFGElement &Element, const CFGBlock &) {
    auto Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const Stmt *S = Statement->getStmt();
    if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(S)) {
      suspend(State, Await);
      return;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (unsigned I = 0; I < Sights.size(); ++I)
        if (Sights[I].Held &&
            llvm::is_contained(Declaration->decls(), Sights[I].Held)) {
          State.Stale.reset(I);
          State.Fresh.set(I);
        }
      return;
    }
    const auto *E = dyn_cast<Expr>(S);
    if (!E)
      return;
    if (auto It = ReadAt.find(E); It != ReadAt.end()) {
      // A new look; what earlier ones saw does not matter any more.
      look(State, Sights[It->second].Object);
      State.Fresh.set(It->second);
      return;
    }
    if (const Expr *Written = writtenBy(E)) {
      write(State, E, Written);
      return;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      call(State, Call);
      return;
    }
    if (isRead(E))
      look(State, resolveObject(E));
  }

  void edge(Freshness &State, const CFGBlock &From, unsigned Successor) {
    auto It = Tests.find(&From);
    if (It == Tests.end())
      return;
    const auto &[Index, Value] = It->second;
    State.Stale.reset(Index);
    State.Fresh.reset(Index);
    if ((Successor == 0) == Value)
      State.Fresh.set(Index);
  }

private:
  //===--------------------------------------------------------------------===//
  // Sights
  //===--------------------------------------------------------------------===//

  /// Is \p Path state that others can reach?
  bool isShared(const ObjectPath &Path) const {
    if (!Path || !Path.Exact || Path.isOwnedBy(Function))
      return false;
    if (Path.Root == PathRoot::This)
      return !Path.Members.empty();
    const auto *Variable = dyn_cast<VarDecl>(Path.Variable);
    if (!Variable || Variable->getType().isConstQualified())
      return false;
    // The pointer itself is the frame's.
    return !Path.Members.empty() || !Variable->hasLocalStorage() ||
           Variable->getType()->isReferenceType() ||
           Variable->getDeclContext() !=
               static_cast<const DeclContext *>(Function);
  }

  std::optional<llvm::FoldingSetNodeID> profile(const Expr *Key) const {
    if (!Key)
      return std::nullopt;
    llvm::FoldingSetNodeID ID;
    stripTransfers(Key)->Profile(ID, U.ast(), /*Canonical=*/true);
    return ID;
  }

  void collect(const CFGBlock &Block) {
    if (const Expr *Condition = conditionOf(Block)) {
      EmptyTest Says = emptyTest(Condition);
      ObjectPath Path =
          Says.What == EmptyTest::Empty || Says.What == EmptyTest::Missing
              ? resolveObject(Says.Object)
              : ObjectPath();
      if (isShared(Path) && !isClaim(Block)) {
        Tests[&Block] = {static_cast<unsigned>(Sights.size()), Says.When};
        Sights.push_back({Says.What == EmptyTest::Empty ? StaleShape::Empty
                                                        : StaleShape::Missing,
                          Path, profile(Says.Key), Condition, nullptr});
      }
    }
    for (const CFGElement &Element : Block) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      if (const auto *Declaration = dyn_cast<DeclStmt>(Statement->getStmt()))
        for (const Decl *One : Declaration->decls())
          if (const auto *Variable = dyn_cast<VarDecl>(One);
              Variable && Variable->hasInit() && isScalarRead(Variable))
            Sights.push_back({StaleShape::Read,
                              resolveObject(Variable->getInit()), std::nullopt,
                              Variable->getInit(), Variable});
      const auto *Assignment = dyn_cast<BinaryOperator>(Statement->getStmt());
      if (Assignment && Assignment->getOpcode() == BO_Assign)
        collectReads(Assignment->getRHS(), resolveObject(Assignment->getLHS()));
    }
  }

  /// A local number that is what shared state was: `auto n = count_;`.
  bool isScalarRead(const VarDecl *Variable) const {
    return Variable->hasLocalStorage() &&
           Variable->getType()->isArithmeticType() &&
           !Variable->getType()->isBooleanType() &&
           isRead(Variable->getInit()->IgnoreParens()) &&
           isShared(resolveObject(Variable->getInit()));
  }

  /// The reads of \p Object in what it is assigned.
  void collectReads(const Expr *Value, const ObjectPath &Object) {
    if (!isShared(Object) || !Value->getType()->isArithmeticType())
      return;
    llvm::SmallVector<const Stmt *, 16> Work{Value};
    while (!Work.empty()) {
      const Stmt *S = Work.pop_back_val();
      if (!S || isa<LambdaExpr, CoroutineSuspendExpr>(S))
        continue;
      if (const auto *E = dyn_cast<Expr>(S);
          E && isRead(E) && resolveObject(E).same(Object)) {
        ReadAt[E] = Sights.size();
        Sights.push_back({StaleShape::Read, Object, std::nullopt, E, nullptr});
        continue;
      }
      // What decides between two values is in neither.
      if (const auto *Choice = dyn_cast<ConditionalOperator>(S)) {
        Work.push_back(Choice->getTrueExpr());
        Work.push_back(Choice->getFalseExpr());
        continue;
      }
      llvm::append_range(Work, S->children());
    }
  }

  /// Does one way out of \p Block end the program: is it an assertion?
  static bool isClaim(const CFGBlock &Block) {
    return llvm::any_of(Block.succs(), [](const CFGBlock *Next) {
      return Next && Next->hasNoReturnElement();
    });
  }

  static const Expr *conditionOf(const CFGBlock &Block) {
    const Stmt *Terminator = Block.getTerminatorStmt();
    if (!Terminator || isa<SwitchStmt>(Terminator) || Block.succ_size() != 2)
      return nullptr;
    if (const Expr *Last = Block.getLastCondition())
      return Last;
    // With temporaries to destroy, the condition is not what stands last.
    return dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  }

  //===--------------------------------------------------------------------===//
  // What happens on the way
  //===--------------------------------------------------------------------===//

  void suspend(Freshness &State, const CoroutineSuspendExpr *Await) {
    if (State.Fresh.none() || !Suspending.maySuspend(Await))
      return;
    const bool Locked = U.shared<Exclusion>().heldAt(Function, Await);
    for (unsigned I : State.Fresh.set_bits())
      if (!Locked) {
        State.Stale.set(I);
        Sight &One = Sights[I];
        if (!One.Await || F.reaches(Await, One.Await))
          One.Await = Await;
      }
    State.Fresh.reset();
  }

  static bool isRead(const Expr *E) {
    const auto *Cast = dyn_cast<ImplicitCastExpr>(E);
    return Cast && Cast->getCastKind() == CK_LValueToRValue &&
           isa<MemberExpr, DeclRefExpr>(Cast->getSubExpr()->IgnoreParens());
  }

  /// Somebody looks at \p Object: what was seen of it before is no evidence.
  void look(Freshness &State, const ObjectPath &Object) {
    if (!Object)
      return;
    for (unsigned I = 0; I < Sights.size(); ++I)
      if (Sights[I].Object.overlaps(Object) &&
          Object.Members.size() >= Sights[I].Object.Members.size()) {
        // A value that was copied stays what it was.
        if (!Sights[I].Held && State.Stale.test(I))
          State.Stale.reset(I);
      }
  }

  /// The object that \p E, an assignment or increment, writes to.
  static const Expr *writtenBy(const Expr *E) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(E))
      return Binary->isAssignmentOp() ? Binary->getLHS() : nullptr;
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return Unary->isIncrementDecrementOp() ? Unary->getSubExpr() : nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
      if (Operator->isAssignmentOp() && Operator->getNumArgs() == 2)
        return Operator->getArg(0);
    return nullptr;
  }

  /// Shared state is changed while sights are fresh: that may tell others that
  /// somebody is at work.
  void claim(Freshness &State) { State.Fresh.reset(); }

  void write(Freshness &State, const Expr *E, const Expr *Written) {
    // cache_[key] = value
    if (const auto *Element =
            dyn_cast<CXXOperatorCallExpr>(stripTransfers(Written));
        Element && Element->getOperator() == OO_Subscript &&
        Element->getNumArgs() == 2) {
      insert(State, E, resolveObject(Element->getArg(0)), Element->getArg(1));
      return;
    }
    ObjectPath Path = resolveObject(Written);
    if (!isShared(Path)) {
      if (!Path || !Path.isOwnedBy(Function))
        claim(State);
      return;
    }
    const auto *Binary = dyn_cast<BinaryOperator>(E);
    for (unsigned I : State.Stale.set_bits()) {
      const Sight &One = Sights[I];
      if (!One.Object.same(Path))
        continue;
      if (One.Shape == StaleShape::Empty && isSetting(E))
        found(I, E);
      else if (One.Shape == StaleShape::Read && Binary &&
               Binary->getOpcode() == BO_Assign &&
               (One.Held ? mentions(Binary->getRHS(), One.Held)
                         : F.point(One.Where) && isBelow(One.Where, E)))
        found(I, E);
    }
    for (unsigned I = 0; I < Sights.size(); ++I)
      if (Sights[I].Object.overlaps(Path))
        State.Stale.reset(I);
    claim(State);
  }

  /// Does \p E make something out of nothing, as opposed to taking it away?
  static bool isSetting(const Expr *E) {
    const Expr *Value = nullptr;
    if (const auto *Binary = dyn_cast<BinaryOperator>(E))
      Value = Binary->getOpcode() == BO_Assign ? Binary->getRHS() : nullptr;
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
      Value =
          Operator->getOperator() == OO_Equal ? Operator->getArg(1) : nullptr;
    if (!Value || isNullValue(Value))
      return false;
    const auto *Literal =
        dyn_cast<CXXBoolLiteralExpr>(Value->IgnoreParenImpCasts());
    if (Literal)
      return Literal->getValue();
    const auto *List = dyn_cast<InitListExpr>(Value->IgnoreParenImpCasts());
    return !List || List->getNumInits() > 0;
  }

  bool isBelow(const Stmt *S, const Stmt *Top) const {
    for (; S; S = F.parent(S))
      if (S == Top)
        return true;
    return false;
  }

  static bool mentions(const Stmt *S, const VarDecl *Variable) {
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S);
        Ref && Ref->getDecl() == Variable)
      return true;
    return S && llvm::any_of(S->children(), [&](const Stmt *Child) {
             return mentions(Child, Variable);
           });
  }

  /// A value for \p Key is put into \p Object.
  void insert(Freshness &State, const Expr *E, const ObjectPath &Object,
              const Expr *Key) {
    std::optional<llvm::FoldingSetNodeID> ID = profile(Key);
    for (unsigned I : State.Stale.set_bits())
      if (Sights[I].Shape == StaleShape::Missing &&
          Sights[I].Object.same(Object) && Sights[I].Key == ID)
        found(I, E);
    for (unsigned I = 0; I < Sights.size(); ++I)
      if (Sights[I].Object.overlaps(Object))
        State.Stale.reset(I);
    if (!Object || !Object.isOwnedBy(Function))
      claim(State);
  }

  bool isDiscarded(const Expr *E) const {
    const Stmt *Parent = F.semanticParent(E);
    return !Parent || !isa<Expr, DeclStmt, ReturnStmt, CoreturnStmt>(Parent);
  }

  /// Is \p Call what is awaited, or part of how it is awaited? A lazy task has
  /// done nothing yet.
  bool isAwaited(const CallExpr *Call) const {
    const Stmt *Parent = F.semanticParent(Call);
    return isa_and_nonnull<CoroutineSuspendExpr>(Parent);
  }

  void call(Freshness &State, const CallExpr *Call) {
    if (F.parent(Call) == nullptr)
      return; // the await functions that the compiler calls
    const Expr *Object = objectOf(Call);
    const auto *Method =
        dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
    if (Object && Method && !Method->isConst() &&
        !isa<CXXConversionDecl>(Method)) {
      ObjectPath Path = resolveObject(Object);
      llvm::StringRef Name =
          Method->getIdentifier() ? Method->getName() : llvm::StringRef();
      const bool Subscript = Method->getOverloadedOperator() == OO_Subscript;
      if (Subscript) {
        // What is assigned to it is seen as a whole.
        const Stmt *Parent = F.semanticParent(Call);
        if (const auto *Outer = dyn_cast_or_null<Expr>(Parent);
            Outer && writtenBy(Outer) &&
            stripTransfers(writtenBy(Outer)) == Call)
          return;
      }
      // optional.emplace(…), pointer.reset(p)
      if (isShared(Path) && Call->getNumArgs() > 0 &&
          (Name == "emplace" || Name == "reset") &&
          !isNullValue(Call->getArg(0)))
        for (unsigned I : State.Stale.set_bits())
          if (Sights[I].Shape == StaleShape::Empty &&
              Sights[I].Object.same(Path))
            found(I, Call);
      if (isShared(Path) && Call->getNumArgs() > 0 && isDiscarded(Call) &&
          (Name == "emplace" || Name == "insert" || Name == "try_emplace" ||
           Name == "insert_or_assign")) {
        const Expr *Key = stripTransfers(Call->getArg(0));
        // insert({key, value}), insert(std::pair(key, value))
        for (unsigned Depth = 0; Depth < 3 && Name == "insert"; ++Depth) {
          if (const auto *Pair = dyn_cast<CXXConstructExpr>(Key);
              Pair && Pair->getNumArgs() >= 1)
            Key = stripTransfers(Pair->getArg(0));
          else if (const auto *Made = dyn_cast<CallExpr>(Key);
                   Made && Made->getNumArgs() == 2)
            Key = stripTransfers(Made->getArg(0));
        }
        insert(State, Call, Path, Key);
        return;
      }
      for (unsigned I = 0; I < Sights.size(); ++I)
        if (Sights[I].Object.overlaps(Path))
          State.Stale.reset(I);
      // Methods of the same object may leave a mark, unless they are lazy.
      if (!isAwaited(Call) && (!Path || !Path.isOwnedBy(Function)))
        claim(State);
      return;
    }
    if (Object)
      look(State, resolveObject(Object));
    for (const Expr *Argument : Call->arguments())
      if (Argument->isGLValue() && Argument != Object)
        look(State, resolveObject(Argument));
  }

  void found(unsigned Index, const Expr *Write) {
    const Sight &One = Sights[Index];
    if (!One.Await || U.shared<Exclusion>().heldAt(Function, Write))
      return;
    for (const StaleState &Other : Found)
      if (Other.Write == Write && Other.Shape == One.Shape)
        return;
    StaleState S;
    S.Shape = One.Shape;
    S.Object = One.Object;
    S.Seen = One.Where;
    S.Await = One.Await;
    S.Write = Write;
    S.Sure = confidence(One);
    if (One.Shape == StaleShape::Empty && isEndMark(One, Write))
      S.Sure = std::min(S.Sure, Confidence::Medium);
    Found.push_back(std::move(S));
  }

  /// Does \p Write only note that an await has told of an end: in a branch that
  /// some of what was awaited leads to and that leaves, while the other one
  /// goes on and awaits more? Who passed the test waits for more, too, and
  /// there is nothing that would be done once more.
  bool isEndMark(const Sight &One, const Expr *Write) const {
    const auto *Assignment = dyn_cast<BinaryOperator>(Write);
    if (!Assignment ||
        !isa<CXXBoolLiteralExpr>(Assignment->getRHS()->IgnoreParenImpCasts()))
      return false;
    const Stmt *Branch = Write;
    const IfStmt *If = nullptr;
    for (const Stmt *Up = F.parent(Write); Up && !If; Up = F.parent(Up)) {
      If = dyn_cast<IfStmt>(Up);
      if (!If)
        Branch = Up;
    }
    const auto *Body = dyn_cast<CompoundStmt>(Branch);
    const Stmt *Last = Body ? Body->body_back() : nullptr;
    if (const auto *Whole = dyn_cast_or_null<ExprWithCleanups>(Last))
      Last = Whole->getSubExpr();
    if (!If || Branch != If->getThen() || If->getElse() ||
        !isa_and_nonnull<BreakStmt, CoreturnStmt, CXXThrowExpr>(Last) ||
        !F.reaches(One.Await, If->getCond()))
      return false;
    return llvm::any_of(F.suspensions(),
                        [&](const CoroutineSuspendExpr *Await) {
                          return F.reaches(If->getCond(), Await);
                        }) &&
           llvm::none_of(F.suspensions(),
                         [&](const CoroutineSuspendExpr *Await) {
                           return F.reaches(Write, Await);
                         });
  }

  /// Is it likely that another coroutine does the same at the same time?
  Confidence confidence(const Sight &One) {
    const auto *Variable = dyn_cast_or_null<VarDecl>(One.Object.Variable);
    // What was passed by reference may be the caller's alone.
    if (Variable && Variable->hasLocalStorage())
      return Confidence::Medium;
    llvm::ArrayRef<CallSite> Sites = U.callers(Function);
    if (One.Shape == StaleShape::Missing || Sites.empty())
      return Confidence::High;
    // The only caller may be the only coroutine that ever does it.
    const FunctionDecl *First = Sites[0].Caller;
    return llvm::all_of(Sites,
                        [&](const CallSite &S) { return S.Caller == First; })
               ? Confidence::Medium
               : Confidence::High;
  }

  Unit &U;
  const Flow &F;
  const FunctionDecl *Function;
  const Suspensions &Suspending;
  std::vector<Sight> Sights;
  llvm::DenseMap<const CFGBlock *, std::pair<unsigned, bool>> Tests;
  llvm::DenseMap<const Expr *, unsigned> ReadAt;
  std::vector<StaleState> Found;
};

} // namespace

std::vector<StaleState> findStaleState(Unit &U, const Coroutine &C) {
  const Flow *F = U.flow(C.Function);
  if (!F || F->suspensions().empty())
    return {};
  Analysis A(U, C, *F);
  if (A.empty())
    return {};
  FlowStates<Freshness> States = runForward<Freshness>(F->cfg(), A);
  if (!States.Complete)
    return {};
  return A.take();
}

} // namespace coro
