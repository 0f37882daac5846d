//===- Borrows.cpp - Borrows that are used after a suspension -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/Borrows.h"
#include "analysis/ast/Dataflow.h"
#include "analysis/ast/EmptyTest.h"
#include "analysis/ast/Walk.h"
#include "analysis/lifetime/BorrowEvidence.h"
#include "analysis/lifetime/BorrowUses.h"
#include "analysis/lifetime/OwnChanges.h"
#include "analysis/lifetime/Revalidation.h"
#include "analysis/unit/Exclusion.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace coro {

namespace {

/// The state of the pairs: 0 when the variable does not have the loan, 1 when
/// it has and it is fresh. What others do: otherwise 4 + 2 * the number of the
/// suspension since which it is stale, + 1 if no lock of coroutines was held
/// there. What the coroutine itself does: 2 when a suspension was crossed,
/// 4 + 2 * the number of the change that ended it, + 1 if one was crossed.
using Mark = uint16_t;
constexpr Mark Absent = 0, Fresh = 1, Crossed = 2, FirstStale = 4;

struct PairStates {
  std::vector<Mark> Marks;

  static bool isStale(Mark M) { return M >= FirstStale; }
  static Mark merge(Mark A, Mark B) {
    if (!isStale(A) || !isStale(B))
      return std::max(A, B);
    // Keep what was found first, unless the other one tells more.
    return (A & 1) >= (B & 1) ? A : B;
  }
  bool join(const PairStates &Other) {
    bool Changed = false;
    for (size_t I = 0; I < Marks.size(); ++I)
      if (Mark M = merge(Marks[I], Other.Marks[I]); M != Marks[I]) {
        Marks[I] = M;
        Changed = true;
      }
    return Changed;
  }
};

/// One coroutine.
class BorrowFlow {
public:
  BorrowFlow(Unit &U, const Coroutine &C, const Flow &F)
      : U(U), C(C), F(F), Where(U.shared<Origins>()), Again(U, Where),
        Own(U, Where, F) {}

  std::vector<StaleUse> run() {
    number();
    if (Pairs.empty() || Pairs.size() > Borrows::MaxPairs ||
        F.suspensions().size() >= (1u << 14) || Own.size() >= (1u << 14))
      return {};
    Again.watch(Loans);
    collectMentions();
    for (Ender Who : {Ender::Itself, Ender::Others}) {
      By = Who;
      if (Who == Ender::Itself && Own.size() == 0)
        continue;
      FlowStates<PairStates> States = runForward<PairStates>(F.cfg(), *this);
      if (!States.Complete)
        return {};
      gather(States);
    }
    return judge();
  }

  // The analysis, for runForward.
  PairStates entry() { return {std::vector<Mark>(Pairs.size(), Absent)}; }
  void transfer(PairStates &S, const CFGElement &Element, const CFGBlock &) {
    if (auto Statement = Element.getAs<CFGStmt>())
      step(S, Statement->getStmt(), false);
  }
  /// Where an iterator is the end, or a pointer null, there is no borrow.
  void edge(PairStates &S, const CFGBlock &From, unsigned Successor) {
    auto It = EmptyOn.find(&From);
    if (It != EmptyOn.end() && It->second.Successor == Successor)
      for (unsigned P : PairsOf[It->second.Variable])
        S.Marks[P] = Absent;
  }

private:
  /// Of whom a flow tells what they end.
  enum class Ender { Itself, Others };
  struct Pair {
    unsigned Variable;
    unsigned Taken;
    Tie How;
  };
  struct Copy {
    unsigned From;
    Tie Weakest;
  };
  struct Definition {
    unsigned Variable;
    llvm::SmallVector<std::pair<unsigned, Tie>, 2> New;
    llvm::SmallVector<Copy, 2> Copies;
  };
  struct MentionAt {
    const DeclRefExpr *Where;
    unsigned Variable;
    Mention Kind;
  };

  struct EmptyEdge {
    unsigned Variable;
    unsigned Successor;
  };

  unsigned variable(const VarDecl *Variable) {
    auto [It, New] = Variables.insert({Variable, Variables.size()});
    return It->second;
  }
  void define(const Stmt *At, const VarDecl *Variable, const Referents &By);
  void number();
  unsigned addPair(unsigned Variable, unsigned Taken, Tie How);
  void collectMentions();
  std::optional<EmptyEdge> emptyEdge(const Expr *Condition, unsigned Depth = 0);
  bool isOnlyRead(const VarDecl *Variable);
  void step(PairStates &S, const Stmt *At, bool Collect);
  void mention(PairStates &S, const MentionAt &M, bool Collect);
  void leaveLoop(StaleUse &S);
  void change(PairStates &S, unsigned Number);
  bool isBetween(const CoroutineSuspendExpr *Suspension, const StaleUse &S);
  void gather(const FlowStates<PairStates> &States);
  std::vector<StaleUse> judge();

  Unit &U;
  const Coroutine &C;
  const Flow &F;
  Origins &Where;
  Revalidation Again;
  OwnChanges Own;
  std::vector<llvm::SmallVector<unsigned, 2>> EndedBy; ///< pairs, by change
  Ender By = Ender::Others;

  llvm::MapVector<const VarDecl *, unsigned> Variables;
  std::vector<Loan> Loans;
  std::vector<unsigned> DefinitionOf; ///< of each loan
  std::vector<Definition> Definitions;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<unsigned, 1>> DefinitionsAt;
  std::vector<Pair> Pairs;
  std::vector<llvm::SmallVector<unsigned, 2>> PairsOf; ///< by variable
  std::vector<llvm::SmallVector<unsigned, 2>> PairsOfLoan;
  llvm::DenseMap<std::pair<unsigned, unsigned>, unsigned> PairIndex;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<MentionAt, 1>> Mentions;
  llvm::DenseMap<const CoroutineSuspendExpr *, Mark> Marks;
  llvm::DenseMap<const VarDecl *, const CXXForRangeStmt *> LoopOf;
  llvm::DenseMap<const CFGBlock *, EmptyEdge> EmptyOn;
  /// A stale use, and the definition that took its loan.
  struct Candidate {
    StaleUse Use;
    unsigned Definition;
  };
  std::vector<Candidate> Candidates;
};

} // namespace

void BorrowFlow::define(const Stmt *At, const VarDecl *Variable,
                        const Referents &By) {
  Definition D;
  D.Variable = variable(Variable);
  for (const Referent &R : By) {
    for (const auto &[Taken, How] : R.Loans) {
      // Nobody else ends what the frame owns.
      if (Taken.In == Storage::Frame && Own.of(Taken).empty())
        continue;
      D.New.push_back({static_cast<unsigned>(Loans.size()), How});
      Loans.push_back(Taken);
      DefinitionOf.push_back(Definitions.size());
    }
    for (const auto &[From, Weakest] : R.Via)
      D.Copies.push_back({variable(From), Weakest});
  }
  DefinitionsAt[At].push_back(Definitions.size());
  Definitions.push_back(std::move(D));
}

unsigned BorrowFlow::addPair(unsigned Variable, unsigned Taken, Tie How) {
  auto [It, New] = PairIndex.try_emplace(
      {Variable, Taken * 4 + static_cast<unsigned>(How)}, Pairs.size());
  if (New) {
    Pairs.push_back({Variable, Taken, How});
    PairsOf[Variable].push_back(It->second);
    PairsOfLoan[Taken].push_back(It->second);
  }
  return It->second;
}

/// Finds the definitions, the loans that they take, and which variable can
/// come to have which loan.
void BorrowFlow::number() {
  F.forEachStatement([&](const Stmt *S) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(One))
          if (Where.isTracked(Variable) && !Variable->isInvalidDecl())
            define(S, Variable, Where.initial(Variable));
    } else if (const auto *Assignment = dyn_cast<BinaryOperator>(S)) {
      if (Assignment->getOpcode() == BO_Assign)
        if (const auto *To =
                dyn_cast<DeclRefExpr>(Assignment->getLHS()->IgnoreParens());
            To && Where.isTracked(To->getDecl()) &&
            isa<VarDecl>(To->getDecl()) &&
            !To->getDecl()->getType()->isReferenceType())
          define(S, cast<VarDecl>(To->getDecl()),
                 Where.target(Assignment->getRHS()));
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2)
        if (const auto *To =
                dyn_cast<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts());
            To && Where.isTracked(To->getDecl()) &&
            isa<VarDecl>(To->getDecl()) &&
            !To->getDecl()->getType()->isReferenceType())
          define(S, cast<VarDecl>(To->getDecl()),
                 Where.target(Call->getArg(1)));
    }
  });
  PairsOf.resize(Variables.size());
  PairsOfLoan.resize(Loans.size());
  for (const Definition &D : Definitions)
    for (auto [Taken, How] : D.New)
      addPair(D.Variable, Taken, How);
  // Copies hand loans on until nothing is new.
  std::vector<llvm::SmallVector<std::pair<unsigned, Tie>, 2>> CopiesFrom(
      Variables.size());
  for (const Definition &D : Definitions)
    for (const Copy &One : D.Copies)
      CopiesFrom[One.From].push_back({D.Variable, One.Weakest});
  for (unsigned I = 0; I < Pairs.size() && Pairs.size() <= Borrows::MaxPairs;
       ++I)
    for (auto [To, Weakest] : CopiesFrom[Pairs[I].Variable])
      addPair(To, Pairs[I].Taken, std::min(Pairs[I].How, Weakest));
  EndedBy.resize(Own.size());
  for (unsigned P = 0; P < Pairs.size(); ++P)
    for (unsigned Change : Own.of(Loans[Pairs[P].Taken]))
      if (Own[Change].ends(Loans[Pairs[P].Taken], Pairs[P].How, U.ast()))
        EndedBy[Change].push_back(P);
  Exclusion &Locks = U.shared<Exclusion>();
  unsigned Number = 0;
  for (const CoroutineSuspendExpr *Suspension : F.suspensions()) {
    if (U.maySuspend(Suspension))
      Marks[Suspension] =
          FirstStale + 2 * Number + !Locks.heldAt(C.Function, Suspension);
    ++Number;
  }
}

/// Does \p Variable keep the value that it is initialised with?
bool BorrowFlow::isOnlyRead(const VarDecl *Variable) {
  return !F.anyStatement([&](const Stmt *S) {
    const auto *Mention = dyn_cast<DeclRefExpr>(S);
    if (!Mention || Mention->getDecl() != Variable)
      return false;
    const auto *Read = dyn_cast_or_null<ImplicitCastExpr>(F.parent(Mention));
    return !Read || Read->getCastKind() != CK_LValueToRValue;
  });
}

/// If \p Condition tells that a variable refers to nothing, as an iterator that
/// is the end or a null pointer: which, and on which of the two ways out of its
/// block.
std::optional<BorrowFlow::EmptyEdge>
BorrowFlow::emptyEdge(const Expr *Condition, unsigned Depth) {
  EmptyTest Says = Condition ? emptyTest(Condition) : EmptyTest();
  const Expr *Empty = Says.Iterator ? Says.Iterator : Says.Object;
  const auto *Mention = dyn_cast_or_null<DeclRefExpr>(
      Empty ? Empty->IgnoreParenImpCasts() : nullptr);
  const auto *Variable =
      Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
  if (!Variable || (Says.What == EmptyTest::Missing && !Says.Iterator))
    return std::nullopt;
  // A note of an earlier test: `const bool is_new = it == map.end();`
  if (Variable->getType()->isBooleanType()) {
    constexpr unsigned MaxNotes = 4;
    if (Depth > MaxNotes || !Variable->isLocalVarDecl())
      return std::nullopt;
    std::optional<EmptyEdge> Edge = emptyEdge(Variable->getInit(), Depth + 1);
    // Looks at the whole function: few flags are such notes.
    if (!Edge || !isOnlyRead(Variable))
      return std::nullopt;
    if (Says.When)
      Edge->Successor = !Edge->Successor;
    return Edge;
  }
  if (!Where.isTracked(Mention->getDecl()))
    return std::nullopt;
  auto It = Variables.find(Origins::variableOf(Mention->getDecl()));
  if (It == Variables.end())
    return std::nullopt;
  return EmptyEdge{It->second, Says.When ? 0u : 1u};
}

void BorrowFlow::collectMentions() {
  for (const CFGBlock *Block : F.cfg()) {
    if (!Block)
      continue;
    if (Block->succ_size() == 2)
      if (std::optional<EmptyEdge> Edge = emptyEdge(
              dyn_cast_or_null<Expr>(Block->getTerminatorCondition())))
        EmptyOn.try_emplace(Block, *Edge);
    if (const auto *Loop =
            dyn_cast_or_null<CXXForRangeStmt>(Block->getTerminatorStmt()))
      for (const DeclStmt *Hidden : {Loop->getBeginStmt(), Loop->getEndStmt()})
        if (Hidden && Hidden->isSingleDecl())
          LoopOf[cast<VarDecl>(Hidden->getSingleDecl())] = Loop;
    for (const CFGElement &Element : *Block) {
      auto Statement = Element.getAs<CFGStmt>();
      if (!Statement)
        continue;
      const auto *M = dyn_cast<DeclRefExpr>(Statement->getStmt());
      if (!M || !Where.isTracked(M->getDecl()))
        continue;
      auto It = Variables.find(Origins::variableOf(M->getDecl()));
      if (It == Variables.end())
        continue;
      Mention Kind = classifyMention(M, F, Where);
      Mentions[M].push_back({M, It->second, Kind});
      // In `r.n += co_await f()` the right side is evaluated first.
      const Stmt *Top = M;
      for (const Stmt *Up = F.parent(M); Up && isa<Expr>(Up);
           Top = Up, Up = F.parent(Up))
        if (const auto *Compound = dyn_cast<CompoundAssignOperator>(Up))
          if (Compound->getLHS() == Top && Kind == Mention::Uses)
            Mentions[Compound].push_back({M, It->second, Kind});
    }
  }
}

/// A loop over a part of what was stale before it began does not hold its
/// iterator over the suspension: what it goes over is used there.
void BorrowFlow::leaveLoop(StaleUse &S) {
  for (const Stmt *At = S.Loop ? S.Suspension : nullptr; At; At = F.parent(At))
    if (At == S.Loop)
      return;
  if (!S.Loop)
    return;
  walk(S.Loop->getRangeInit(), [&](const Stmt *At) {
    const auto *Mention = dyn_cast<DeclRefExpr>(At);
    if (!Mention || !Where.isTracked(Mention->getDecl()))
      return WalkInto::Children;
    S.Use = Mention;
    S.Variable = Origins::variableOf(Mention->getDecl());
    S.Loop = nullptr;
    return WalkInto::Stop;
  });
}

void BorrowFlow::mention(PairStates &S, const MentionAt &M, bool Collect) {
  switch (M.Kind) {
  case Mention::Nothing:
  case Mention::Copies:
  case Mention::Assigns:
    return;
  case Mention::Escapes:
    for (unsigned P : PairsOf[M.Variable])
      S.Marks[P] = Absent;
    return;
  case Mention::Validates:
    for (unsigned P : PairsOf[M.Variable])
      if (PairStates::isStale(S.Marks[P]))
        S.Marks[P] = Fresh;
    return;
  case Mention::Uses:
    break;
  }
  if (!Collect)
    return;
  for (unsigned P : PairsOf[M.Variable]) {
    if (!PairStates::isStale(S.Marks[P]) ||
        (By == Ender::Itself && !(S.Marks[P] & 1)))
      continue;
    StaleUse Found;
    Found.In = &C;
    Found.Variable = (Variables.begin() + M.Variable)->first;
    Found.Loop = LoopOf.lookup(Found.Variable);
    Found.Use = M.Where;
    Found.Taken = Loans[Pairs[P].Taken];
    Found.How = Pairs[P].How;
    unsigned Number = (S.Marks[P] - FirstStale) / 2;
    if (By == Ender::Others) {
      Found.Suspension = F.suspensions()[Number];
    } else {
      Found.Changed = Own[Number].Operation;
      Found.Effect = Own[Number].Effect;
      Found.Sure = Own[Number].sure();
      auto Crossed = llvm::find_if(F.suspensions(), [&](const auto *One) {
        return isBetween(One, Found);
      });
      if (Crossed == F.suspensions().end())
        continue;
      Found.Suspension = *Crossed;
    }
    leaveLoop(Found);
    Candidates.push_back({Found, DefinitionOf[Pairs[P].Taken]});
  }
}

void BorrowFlow::step(PairStates &S, const Stmt *At, bool Collect) {
  if (auto It = Mentions.find(At); It != Mentions.end())
    for (const MentionAt &M : It->second)
      mention(S, M, Collect);
  if (const auto *Suspension = dyn_cast<CoroutineSuspendExpr>(At)) {
    Mark M = Marks.lookup(Suspension);
    if (M && By == Ender::Itself) {
      for (Mark &State : S.Marks)
        State = State == Fresh               ? Crossed
                : PairStates::isStale(State) ? Mark(State | 1)
                                             : State;
    } else if (M) {
      for (Mark &State : S.Marks)
        if (State == Fresh ||
            (PairStates::isStale(State) && !(State & 1) && (M & 1)))
          State = M;
    }
    return;
  }
  if (By == Ender::Itself)
    if (std::optional<unsigned> Number = Own.at(At))
      change(S, *Number);
  if (isa<CallExpr, BinaryOperator>(At)) {
    Again.forRenewed(At, [&](unsigned Taken) {
      for (unsigned P : PairsOfLoan[Taken])
        if (PairStates::isStale(S.Marks[P]))
          S.Marks[P] = Fresh;
    });
  }
  auto It = DefinitionsAt.find(At);
  if (It == DefinitionsAt.end())
    return;
  for (unsigned Index : It->second) {
    const Definition &D = Definitions[Index];
    llvm::SmallVector<std::pair<unsigned, Mark>, 8> Taken;
    for (const Copy &One : D.Copies)
      for (unsigned P : PairsOf[One.From])
        if (S.Marks[P] != Absent)
          Taken.push_back(
              {PairIndex.lookup(
                   {D.Variable, Pairs[P].Taken * 4 +
                                    static_cast<unsigned>(
                                        std::min(Pairs[P].How, One.Weakest))}),
               S.Marks[P]});
    for (unsigned P : PairsOf[D.Variable])
      S.Marks[P] = Absent;
    for (auto [P, State] : Taken)
      S.Marks[P] = PairStates::merge(S.Marks[P], State);
    for (auto [Loan, How] : D.New) {
      // The frame's own is here only if the frame changes it.
      if (By == Ender::Itself ? Own.of(Loans[Loan]).empty()
                              : Loans[Loan].In == Storage::Frame)
        continue;
      unsigned P =
          PairIndex.lookup({D.Variable, Loan * 4 + static_cast<unsigned>(How)});
      Mark State = Fresh;
      // The awaiter is gone when the await is over.
      if (Loans[Loan].What == Loan::Temporary)
        if (const auto *Await =
                dyn_cast<CoroutineSuspendExpr>(Loans[Loan].Where))
          if (Mark M = Marks.lookup(Await))
            State = M;
      S.Marks[P] = PairStates::merge(S.Marks[P], State);
    }
  }
}

/// The coroutine itself changes what it borrowed from.
void BorrowFlow::change(PairStates &S, unsigned Number) {
  const OwnChange &One = Own[Number];
  auto End = [&](unsigned P) {
    if (Mark &State = S.Marks[P]; State == Fresh || State == Crossed)
      State = FirstStale + 2 * Number + (State == Crossed);
  };
  llvm::for_each(EndedBy[Number], End);
  auto It = Variables.find(One.Iterator);
  if (!One.Iterator || It == Variables.end())
    return;
  for (unsigned At : PairsOf[It->second])
    if (S.Marks[At] != Absent && One.isOf(Loans[Pairs[At].Taken]))
      llvm::for_each(PairsOfLoan[Pairs[At].Taken], End);
}

/// Can \p Suspension be crossed between the look-up and the use?
bool BorrowFlow::isBetween(const CoroutineSuspendExpr *Suspension,
                           const StaleUse &S) {
  return Marks.lookup(Suspension) && F.reaches(S.Taken.Where, Suspension) &&
         F.reaches(Suspension, S.Use);
}

void BorrowFlow::gather(const FlowStates<PairStates> &States) {
  for (const CFGBlock *Block : F.cfg()) {
    if (!Block || !States.Blocks[Block->getBlockID()])
      continue;
    PairStates S = *States.Blocks[Block->getBlockID()];
    for (const CFGElement &Element : *Block)
      if (auto Statement = Element.getAs<CFGStmt>())
        step(S, Statement->getStmt(), true);
  }
}

std::vector<StaleUse> BorrowFlow::judge() {
  std::vector<StaleUse> Out;
  BorrowEvidence Evidence(U);
  const SourceManager &SM = U.ast().getSourceManager();
  llvm::sort(Candidates, [&](const Candidate &A, const Candidate &B) {
    // What the coroutine does itself is surer than what others may do.
    if (!A.Use.Changed != !B.Use.Changed)
      return A.Use.Changed != nullptr;
    // A loop stands for what its body does with the element.
    if (!A.Use.Loop != !B.Use.Loop)
      return A.Use.Loop != nullptr;
    if (A.Use.Use->getBeginLoc() != B.Use.Use->getBeginLoc())
      return SM.isBeforeInTranslationUnit(A.Use.Use->getBeginLoc(),
                                          B.Use.Use->getBeginLoc());
    return A.Use.How > B.Use.How;
  });
  // One report for what was obtained at one place.
  llvm::DenseMap<const Expr *, Confidence> Said;
  llvm::DenseMap<unsigned, Confidence> SaidOf;
  for (Candidate &One : Candidates) {
    auto Before = Said.find(One.Use.Taken.Where);
    auto BeforeOf = SaidOf.find(One.Definition);
    if ((Before != Said.end() && Before->second == Confidence::High) ||
        (BeforeOf != SaidOf.end() && BeforeOf->second == Confidence::High))
      continue;
    if (!One.Use.Changed)
      Evidence.weigh(One.Use);
    if ((Before != Said.end() && Before->second >= One.Use.Sure) ||
        (BeforeOf != SaidOf.end() && BeforeOf->second >= One.Use.Sure))
      continue;
    Said[One.Use.Taken.Where] = One.Use.Sure;
    SaidOf[One.Definition] = One.Use.Sure;
    Out.push_back(std::move(One.Use));
  }
  return Out;
}

Borrows::Borrows(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F || F->suspensions().empty())
      continue;
    std::vector<StaleUse> Here = BorrowFlow(U, *C, *F).run();
    Found.insert(Found.end(), std::make_move_iterator(Here.begin()),
                 std::make_move_iterator(Here.end()));
  }
}

} // namespace coro
