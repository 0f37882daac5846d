//===- Effects.cpp - What a function may block on -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Effects.h"
#include "analysis/ast/Branch.h"
#include "analysis/ast/Walk.h"
#include "analysis/blocking/BlockingLeaf.h"
#include "analysis/blocking/EffectSolver.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace coro {

/// Longer chains tell a reader nothing, and bound the notes.
static constexpr unsigned MaxChain = 32;

/// A call in a body, and whose effects it has.
struct Effects::Edge {
  Invocation At;
  /// It blocks itself; Targets is then empty.
  std::optional<Witness> Leaf;
  /// All of them have to block: the overriders of a virtual function.
  llvm::SmallVector<Node *, 1> Targets;
  /// The virtual function, when any overrider may be meant.
  const CXXMethodDecl *Virtual = nullptr;
  Confidence Cap = Confidence::High;
  /// The target is the callable that Through is given as this parameter; it
  /// counts if Through calls it.
  Node *Through = nullptr;
  unsigned Parameter = 0;

  std::optional<Witness> leaf(unsigned Kind) const {
    return Leaf && static_cast<unsigned>(Leaf->Kind) == Kind ? Leaf
                                                             : std::nullopt;
  }
  Witness extend(unsigned Kind, const Node &Target, const Witness &Theirs,
                 Confidence Sure) const;
};

struct Effects::Node {
  using FactType = Witness;
  using EdgeType = Edge;

  const FunctionDecl *Function = nullptr; ///< canonical; null for a foreign one
  /// What the index says, when there is no body.
  const IndexedFunction *Beyond = nullptr;
  bool Scanned = false;
  bool Solved = false;
  FunctionEffects Summary;
  uint64_t CallsItself = 0;
  std::vector<Edge> Edges;
  /// The parameter that is handed on, to whom, as which.
  struct Pass {
    unsigned Mine;
    Node *To;
    unsigned Theirs;
  };
  llvm::SmallVector<Pass, 1> Passes;
  llvm::SmallVector<std::pair<Node *, unsigned>, 4> Callers;

  auto &facts() { return Summary.Blocks; }
  uint64_t &parameters() { return Summary.CallsParameter; }
};

Witness Effects::Edge::extend(unsigned Kind, const Node &Target,
                              const Witness &Theirs, Confidence Sure) const {
  Witness W;
  W.Kind = static_cast<BlockingKind>(Kind);
  W.Sure = Sure;
  W.Length = Theirs.Length + 1;
  W.At = At;
  W.Next = Target.Function;
  W.Beyond = Target.Beyond;
  W.Model = Theirs.Model;
  return W;
}

Effects::Effects(Unit &U) : U(U) {}
Effects::~Effects() = default;

Effects::Node *Effects::node(const FunctionDecl *Function) {
  Function = Function->getCanonicalDecl();
  std::unique_ptr<Node> &Slot = Nodes[Function];
  if (!Slot) {
    Slot = std::make_unique<Node>();
    Slot->Function = Function;
  }
  return Slot.get();
}

Effects::Node *Effects::node(llvm::StringRef Key) {
  std::unique_ptr<Node> &Slot = Foreign[Key];
  if (!Slot) {
    Slot = std::make_unique<Node>();
    Slot->Scanned = Slot->Solved = true;
    learn(*Slot, U.index().effects(Key));
  }
  return Slot.get();
}

/// Takes over what the index knows about a function without a body.
void Effects::learn(Node &N, const IndexedFunction *Known) {
  if (!Known)
    return;
  N.Beyond = Known;
  N.Summary.CallsParameter = Known->CallsParameter;
  for (const IndexedStep &Step : Known->Blocks) {
    Witness W;
    W.Kind = Step.Kind;
    W.Sure = Step.Sure;
    W.Length = Step.Length;
    N.Summary.Blocks[static_cast<unsigned>(Step.Kind)] = W;
  }
}

const LibraryModel *Effects::libraryOf(const FunctionDecl *Function) {
  auto [It, New] = Libraries.try_emplace(Function->getCanonicalDecl());
  if (New)
    It->second = U.models().libraryOf(Function);
  return It->second;
}

bool Effects::isOpaque(const FunctionDecl *Callee, const FunctionDecl *Caller) {
  if (!U.isUserCode(Callee->getLocation()))
    return true;
  // A library's model says what its functions do; its insides are full of
  // descriptors that it made non-blocking itself.
  const LibraryModel *Library = libraryOf(Callee);
  return Library && Library != libraryOf(Caller);
}

bool Effects::isBarrier(const FunctionDecl *Callee) {
  return Callee->isNoReturn() || isDeclaredNonblocking(Callee, U);
}

llvm::ArrayRef<const FunctionDecl *>
Effects::overriders(const CXXMethodDecl *Method) {
  if (!OverridersKnown) {
    OverridersKnown = true;
    for (const FunctionDecl *Function : U.functions())
      if (const auto *Override = dyn_cast<CXXMethodDecl>(Function)) {
        // Everything that it overrides, at any distance.
        llvm::SmallVector<const CXXMethodDecl *, 4> Work(
            Override->begin_overridden_methods(),
            Override->end_overridden_methods());
        llvm::SmallPtrSet<const CXXMethodDecl *, 4> Seen;
        while (!Work.empty()) {
          const CXXMethodDecl *Base = Work.pop_back_val()->getCanonicalDecl();
          if (!Seen.insert(Base).second)
            continue;
          Overriders[Base].push_back(Override);
          Work.append(Base->begin_overridden_methods(),
                      Base->end_overridden_methods());
        }
      }
  }
  auto It = Overriders.find(Method->getCanonicalDecl());
  if (It == Overriders.end())
    return {};
  return It->second;
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

/// The parameter of \p Function that \p E is, or nothing.
static std::optional<unsigned> parameterIndex(const Expr *E,
                                              const FunctionDecl *Function) {
  const auto *Reference = dyn_cast<DeclRefExpr>(origin(E));
  const auto *Parameter =
      Reference ? dyn_cast<ParmVarDecl>(Reference->getDecl()) : nullptr;
  if (!Parameter || Parameter->getFunctionScopeDepth() != 0 ||
      Parameter->getFunctionScopeIndex() >= 64 ||
      Parameter->getFunctionScopeIndex() >= Function->getNumParams() ||
      Function->getParamDecl(Parameter->getFunctionScopeIndex()) != Parameter)
    return std::nullopt;
  return Parameter->getFunctionScopeIndex();
}

static Witness witness(const BlockingLeaf &Leaf, const Invocation &At) {
  Witness W;
  W.Kind = Leaf.Kind;
  W.Sure = Leaf.Sure;
  W.At = At;
  W.Model = Leaf.Model;
  return W;
}

void Effects::scan(Node &N) {
  N.Scanned = true;
  const FunctionDecl *Function = nullptr;
  if (!N.Function->hasBody(Function)) {
    // The implicit destructor of a class that nobody destroyed yet.
    const auto *Destructor = dyn_cast<CXXDestructorDecl>(N.Function);
    if (!Destructor || Destructor->isUserProvided()) {
      learn(N, U.index().effects(N.Function));
      return;
    }
    auto Destroy = [&](QualType Type, SourceLocation Where) {
      const CXXRecordDecl *Record =
          U.ast().getBaseElementType(Type)->getAsCXXRecordDecl();
      if (!Record || !Record->hasDefinition() ||
          Record->hasTrivialDestructor() || !Record->getDestructor())
        return;
      Edge E;
      E.At = {Invocation::Destroy,
              Record->getDestructor(),
              nullptr,
              nullptr,
              Where,
              {}};
      if (const FunctionModel *Row = U.models().function(E.At.Callee);
          Row && Row->Blocks) {
        E.Leaf = witness(BlockingLeaf(*Row->Blocks), E.At);
      } else if (isOpaque(E.At.Callee, N.Function)) {
        return;
      } else {
        E.Targets.push_back(node(E.At.Callee));
      }
      N.Edges.push_back(std::move(E));
    };
    for (const FieldDecl *Field : Destructor->getParent()->fields())
      Destroy(Field->getType(), Field->getLocation());
    for (const CXXBaseSpecifier &Base : Destructor->getParent()->bases())
      Destroy(Base.getType(), Base.getBeginLoc());
    return;
  }
  const Flow *F = U.flow(Function);
  if (!F)
    return;
  const std::vector<Invocation> All = invocations(*F);
  for (const Invocation &I : All) {
    if (!I.Callee) {
      if (const auto *Call = dyn_cast_or_null<CallExpr>(I.Expression))
        if (auto Index = parameterIndex(Call->getCallee(), Function))
          N.Summary.CallsParameter |= uint64_t(1) << *Index;
      continue;
    }
    if (isBarrier(I.Callee))
      continue;
    if (std::optional<BlockingLeaf> Leaf = blockingLeaf(I, *F, All, U)) {
      Edge E;
      E.At = I;
      E.Leaf = witness(*Leaf, I);
      N.Edges.push_back(std::move(E));
      continue;
    }
    const FunctionModel *Row = rowOf(I, U);
    if (Row && (Row->Blocks || Row->Nonblocking))
      continue;
    bool Opaque = isOpaque(I.Callee, Function);
    bool RunsHere = Row && Row->Callable == CallableUse::RunsHere;

    if (Opaque && I.Expression && I.Callee->getOverloadedOperator() == OO_Call)
      if (const Expr *Object = objectOf(I.Expression))
        if (auto Index = parameterIndex(Object, Function))
          N.Summary.CallsParameter |= uint64_t(1) << *Index;

    if (I.How != Invocation::Destroy && I.Expression && (RunsHere || !Opaque)) {
      unsigned Index = 0;
      for (const Expr *Argument : argumentsOf(I.Expression)) {
        unsigned Theirs = Index++;
        if (Theirs >= 64)
          break;
        if (auto Mine = parameterIndex(Argument, Function)) {
          if (RunsHere)
            N.Summary.CallsParameter |= uint64_t(1) << *Mine;
          else
            N.Passes.push_back({*Mine, node(I.Callee), Theirs});
          continue;
        }
        if (isa<CXXDefaultArgExpr>(Argument))
          continue;
        const FunctionDecl *Target = callableOf(Argument);
        if (!Target || U.coroutine(Target) || isOpaque(Target, Function))
          continue;
        Edge E;
        E.At = I;
        E.Targets.push_back(node(Target));
        if (!RunsHere) {
          E.Through = node(I.Callee);
          E.Parameter = Theirs;
        }
        N.Edges.push_back(std::move(E));
      }
    }
    if (Opaque || U.coroutine(I.Callee))
      continue;

    Edge E;
    E.At = I;
    const auto *Method = dyn_cast<CXXMethodDecl>(I.Callee);
    const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(I.Expression);
    const auto *Member =
        Call ? dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens())
             : nullptr;
    if (Method && Member && Method->isVirtual() && !Member->hasQualifier()) {
      if (const CXXMethodDecl *Only =
              const_cast<CXXMethodDecl *>(Method)->getDevirtualizedMethod(
                  Member->getBase(), false)) {
        E.Targets.push_back(node(Only));
      } else {
        scanVirtual(Method, E);
      }
    } else {
      E.Targets.push_back(node(I.Callee));
    }
    if (!E.Targets.empty() || E.Virtual)
      N.Edges.push_back(std::move(E));
  }
}

/// Any overrider may be meant; with too many, or none in sight, nobody knows.
void Effects::scanVirtual(const CXXMethodDecl *Method, Edge &E) {
  E.Virtual = Method;
  llvm::SmallVector<Node *, MaxOverriders> Known;
  llvm::StringSet<> Here;
  const IndexedOverriders *Project = U.index().overriders(Method);
  for (const FunctionDecl *Override : overriders(Method)) {
    if (Project)
      Here.insert(U.index().key(Override));
    if (!U.coroutine(Override))
      Known.push_back(node(Override));
  }
  if (Project)
    for (const std::string &Key : Project->Keys)
      if (!Here.contains(Key))
        Known.push_back(node(Key));
  if (Known.empty() || Known.size() > MaxOverriders ||
      (Project && Project->Many))
    return;
  if (!Method->isPureVirtual())
    Known.push_back(node(Method));
  E.Targets.assign(Known.begin(), Known.end());
  // Other units may have more overriders of what a header declares.
  if (!Project && !U.ast().getSourceManager().isInMainFile(
                      Method->getParent()->getLocation()))
    E.Cap = Confidence::Medium;
}

void Effects::require(const FunctionDecl *Function) {
  Node *Root = node(Function);
  if (Root->Scanned)
    return;
  std::vector<Node *> New;
  llvm::SmallVector<Node *, 32> Work{Root};
  while (!Work.empty()) {
    Node *N = Work.pop_back_val();
    if (N->Scanned)
      continue;
    scan(*N);
    N->CallsItself = N->Beyond ? 0 : N->Summary.CallsParameter;
    New.push_back(N);
    for (const Edge &E : N->Edges) {
      Work.append(E.Targets.begin(), E.Targets.end());
      if (E.Through)
        Work.push_back(E.Through);
    }
    for (const Node::Pass &Pass : N->Passes)
      Work.push_back(Pass.To);
  }
  EffectSolver<Node>::solveParameters(New);
  EffectSolver<Node>::solveBlocking(New, BlockingKindCount);
}

const FunctionEffects &Effects::of(const FunctionDecl *Function) {
  if (!Function)
    return Nothing;
  require(Function);
  return node(Function)->Summary;
}

/// Has what \p I deals with been awaited: the local that is destroyed, or what
/// came out of an await and is handed on? What waits for it then finds it done.
static bool dealsWithAwaited(const Invocation &I, const Flow &F) {
  auto IsAwaited = [&](const VarDecl *Variable) {
    return llvm::any_of(F.suspensions(), [&](const auto *Await) {
      const auto *Plain = dyn_cast<CoawaitExpr>(Await);
      const auto *Named =
          Plain ? dyn_cast<DeclRefExpr>(origin(
                      Plain->getOperand()->IgnoreUnlessSpelledInSource()))
                : nullptr;
      return Named && Named->getDecl() == Variable &&
             F.reaches(F.point(Await), I.Point);
    });
  };
  if (I.How == Invocation::Destroy)
    return I.Variable && IsAwaited(I.Variable);
  if (!I.Expression)
    return false;
  return llvm::any_of(argumentsOf(I.Expression), [&](const Expr *Argument) {
    const Expr *Value = origin(Argument)->IgnoreUnlessSpelledInSource();
    const auto *Named = dyn_cast<DeclRefExpr>(Value);
    if (const auto *Variable =
            Named ? dyn_cast<VarDecl>(Named->getDecl()) : nullptr)
      Value = Variable->isLocalVarDecl() && Variable->getInit()
                  ? origin(Variable->getInit())->IgnoreUnlessSpelledInSource()
                  : nullptr;
    return isa_and_nonnull<CoawaitExpr>(Value);
  });
}

std::vector<Witness> Effects::blockingCalls(const FunctionDecl *Function) {
  require(Function);
  std::vector<Witness> All;
  const Flow *F = U.flow(Function);
  for (const Edge &E : node(Function)->Edges)
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (std::optional<Witness> W = EffectSolver<Node>::evaluate(E, Kind)) {
        if (W->Kind == BlockingKind::Wait && F && W->Length > 1 &&
            dealsWithAwaited(W->At, *F))
          W->Sure = std::min(W->Sure, Confidence::Medium);
        All.push_back(*W);
      }
  return All;
}

std::vector<Witness> Effects::chain(const Witness &First) {
  std::vector<Witness> Steps{First};
  while (Steps.back().Next && !Steps.back().Beyond && Steps.size() < MaxChain) {
    const std::optional<Witness> &Next =
        of(Steps.back().Next).Blocks[static_cast<unsigned>(First.Kind)];
    if (!Next)
      break;
    Steps.push_back(*Next);
  }
  return Steps;
}

/// Is \p Call reached on some of the ways through \p F only, by a condition on
/// a flag or number of *this? That a member is there at all, as a pointer is
/// until it is moved from, is the ordinary case.
static bool dependsOnMember(const Invocation &Call, const Flow &F) {
  auto Asks = [](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    return Member && fieldOfThis(Member) &&
           Member->getType()->isIntegralOrEnumerationType();
  };
  return llvm::any_of(F.cfg(), [&](const CFGBlock *Block) {
    const Stmt *Condition = Block->getTerminatorCondition();
    return Condition && Block != Call.Point.Block &&
           contains(Condition, Asks) && wayTo(Call.Point, *Block, F);
  });
}

bool Effects::dependsOnState(llvm::ArrayRef<Witness> Chain) {
  if (Chain.front().At.How != Invocation::Destroy)
    return false;
  for (size_t I = 1; I < Chain.size(); ++I) {
    // As long as it is about the object, its bases and members.
    const Invocation &At = Chain[I].At;
    const Flow *F = U.flow(Chain[I - 1].Next);
    if (!F)
      return false;
    if (dependsOnMember(At, *F))
      return true;
    const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(At.Expression);
    if (At.How != Invocation::Destroy &&
        !(Call &&
          isa<CXXThisExpr>(
              Call->getImplicitObjectArgument()->IgnoreParenImpCasts())))
      return false;
  }
  return false;
}

bool Effects::dependsOnThread(llvm::ArrayRef<Witness> Chain) {
  for (size_t I = 1; I < Chain.size(); ++I)
    if (const Flow *F = U.flow(Chain[I - 1].Next);
        F && coro::dependsOnThread(Chain[I].At, *F, U))
      return true;
  return false;
}

BlockingChain Effects::explain(const Witness &First) {
  BlockingChain Chain;
  std::string Caller;
  std::vector<Witness> Here = chain(First);
  for (const Witness &W : Here) {
    ChainStep Step;
    Step.Where = W.At.Where;
    Step.How = W.At.How;
    Step.Caller = Caller;
    Step.Callee = describe(W.At, U.ast());
    const FunctionDecl *Named = W.At.Callee;
    if (Named)
      Step.Names.push_back(modelName(Named));
    if (W.Next) {
      Caller = quoted(W.Next);
      Step.Names.push_back(modelName(W.Next));
    } else if (W.Beyond) {
      Caller = W.Beyond->Shown;
      Step.Names.push_back(W.Beyond->Name);
    }
    if ((W.Next || W.Beyond) &&
        (!W.Next || !Named ||
         W.Next->getCanonicalDecl() != Named->getCanonicalDecl())) {
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Named);
      bool Lambda = false;
      if (const auto *Next = dyn_cast_or_null<CXXMethodDecl>(W.Next))
        Lambda = Next->getParent()->isLambda();
      bool Overrides = Method && Method->isVirtual() && !Lambda &&
                       (!W.Next || isa<CXXMethodDecl>(W.Next));
      Step.Leads = Overrides ? CallRelation::Overrider : CallRelation::Callable;
      Step.Next = Caller;
    }
    Chain.Steps.push_back(std::move(Step));
  }
  Chain.Conditional = dependsOnState(Here) || dependsOnThread(Here);
  const Witness &Last = Here.back();
  if (Last.Model) {
    Chain.Reason = Last.Model->Reason;
    Chain.Replacement = Last.Model->Replacement;
  } else {
    Chain.Reason = AnnotatedReason.str();
    Chain.Annotated = true;
  }
  const IndexedFunction *At = Last.Beyond;
  Chain.Whole = !At;
  // Each step is shorter than the one before, in an index that is right.
  for (unsigned Left = First.Length; At && Left > 0; --Left) {
    auto Found = llvm::find_if(
        At->Blocks, [&](const auto &S) { return S.Kind == First.Kind; });
    if (Found == At->Blocks.end())
      break;
    ChainStep Step;
    Step.Elsewhere = Found->At.Where;
    Step.How = Found->At.How;
    Step.Caller = At->Shown;
    Step.Callee = Found->At.Shown;
    Step.Names.push_back(Found->At.Name);
    At = Found->Next.empty() ? nullptr : U.index().effects(Found->Next);
    if (At) {
      Step.Names.push_back(At->Name);
      if (Found->Leads != CallRelation::Direct) {
        Step.Leads = Found->Leads;
        Step.Next = At->Shown;
      }
    }
    if (Found->End) {
      Chain.Reason = Found->End->Reason;
      Chain.Annotated = Chain.Reason == AnnotatedReason;
      Chain.Replacement = {Found->End->Replacement.begin(),
                           Found->End->Replacement.end()};
      Chain.Whole = true;
    }
    // The end is told, however long the way.
    if (Chain.Steps.size() < MaxChain || Found->End)
      Chain.Steps.push_back(std::move(Step));
  }
  return Chain;
}

std::vector<EffectCall> Effects::calls(const FunctionDecl *Function) {
  require(Function);
  std::vector<EffectCall> All;
  for (const Edge &E : node(Function)->Edges) {
    EffectCall Call;
    Call.At = E.At;
    Call.Leaf = E.Leaf;
    Call.Virtual = E.Virtual;
    // Who overrides is for all units to say.
    if (!E.Virtual)
      for (const Node *Target : E.Targets)
        Call.Targets.push_back(Target->Function);
    else if (!E.Virtual->isPureVirtual())
      Call.Targets.push_back(E.Virtual);
    if (E.Through) {
      Call.Through = E.Through->Function;
      Call.Parameter = E.Parameter;
    }
    All.push_back(std::move(Call));
  }
  return All;
}

uint64_t Effects::callsItself(const FunctionDecl *Function) {
  require(Function);
  return node(Function)->CallsItself;
}

std::vector<EffectPass> Effects::passes(const FunctionDecl *Function) {
  require(Function);
  std::vector<EffectPass> All;
  for (const Node::Pass &Pass : node(Function)->Passes)
    All.push_back({Pass.Mine, Pass.To->Function, Pass.Theirs});
  return All;
}

} // namespace coro
