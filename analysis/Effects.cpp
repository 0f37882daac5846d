//===- Effects.cpp - What a function may block on -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Effects.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include <queue>

using namespace clang;

namespace coro {

/// More overriders than this and nobody knows which one it will be.
static constexpr unsigned MaxOverriders = 4;
/// Longer chains tell a reader nothing, and bound the notes.
static constexpr unsigned MaxChain = 32;

/// A call in a body, and whose effects it has.
struct Effects::Edge {
  Invocation At;
  /// It blocks itself; Targets is then empty.
  std::optional<Witness> Leaf;
  /// All of them have to block: the overriders of a virtual function.
  llvm::SmallVector<Node *, 1> Targets;
  Confidence Cap = Confidence::High;
  /// The target is the callable that Through is given as this parameter; it
  /// counts if Through calls it.
  Node *Through = nullptr;
  unsigned Parameter = 0;
};

struct Effects::Node {
  const FunctionDecl *Function = nullptr; ///< canonical
  bool Scanned = false;
  bool Solved = false;
  FunctionEffects Summary;
  std::vector<Edge> Edges;
  /// The parameter that is handed on, to whom, as which.
  struct Pass {
    unsigned Mine;
    Node *To;
    unsigned Theirs;
  };
  llvm::SmallVector<Pass, 1> Passes;
  llvm::SmallVector<std::pair<Node *, unsigned>, 4> Callers;
};

/// Better is smaller: a sure witness first, then a short one.
static unsigned cost(const Witness &W) {
  return (static_cast<unsigned>(Confidence::High) -
          static_cast<unsigned>(W.Sure)) *
             1'000'000u +
         std::min(W.Length, 999'999u);
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

static bool hasEffect(const FunctionDecl *Function,
                      clang::FunctionEffect::Kind Kind) {
  for (const auto &Effect : Function->getFunctionEffects())
    if (Effect.Effect.kind() == Kind && !Effect.Cond.getCondition())
      return true;
  return false;
}

bool Effects::isBarrier(const FunctionDecl *Callee) {
  return Callee->isNoReturn() || U.isAnnotated(Callee, "nonblocking") ||
         hasEffect(Callee, clang::FunctionEffect::Kind::NonBlocking);
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
// Calls that block by themselves
//===----------------------------------------------------------------------===//

/// Is one of \p Names written, as a macro or an enumerator, below \p S?
static bool mentions(const Stmt *S, llvm::ArrayRef<std::string> Names,
                     const ASTContext &AST) {
  if (!S)
    return false;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    if (const auto *Enumerator =
            dyn_cast<EnumConstantDecl>(Reference->getDecl()))
      if (llvm::is_contained(Names, Enumerator->getName()))
        return true;
  if (isa<IntegerLiteral>(S)) {
    const SourceManager &SM = AST.getSourceManager();
    for (SourceLocation At = S->getBeginLoc(); At.isMacroID();
         At = SM.getImmediateMacroCallerLoc(At))
      if (llvm::is_contained(
              Names, Lexer::getImmediateMacroName(At, SM, AST.getLangOpts())))
        return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return mentions(Child, Names, AST);
  });
}

/// Does \p Accept hold for a reference to \p Variable below \p S? Looks into
/// lambdas, too.
static bool anyReference(const Stmt *S, const VarDecl *Variable,
                         llvm::function_ref<bool(const DeclRefExpr *)> Accept) {
  if (!S)
    return false;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S);
      Reference && Reference->getDecl() == Variable && Accept(Reference))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return anyReference(Child, Variable, Accept);
  });
}

bool Effects::isReady(const BlockingModel &Model, const Invocation &I,
                      const Flow &F, llvm::ArrayRef<Invocation> All) const {
  if (Model.Ready.empty() || !I.Expression)
    return false;
  const Expr *Object = objectOf(I.Expression);
  if (!Object && !argumentsOf(I.Expression).empty())
    Object = argumentsOf(I.Expression).front();
  if (!Object)
    return false;
  bool Awaited = llvm::is_contained(Model.Ready, "co_await");
  if (Awaited && containsAwait(Object))
    return true;
  const ValueDecl *Base = baseOf(Object);
  if (!Base)
    return false;
  if (const auto *Variable = dyn_cast<VarDecl>(Base); Variable && Awaited) {
    if (containsAwait(Variable->getInit()))
      return true;
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      if (anyReference(Await, Variable,
                       [](const DeclRefExpr *) { return true; }) &&
          F.reaches(F.point(Await), I.Point))
        return true;
  }
  for (const Invocation &Test : All)
    if (Test.Callee && Test.Callee->getIdentifier() && Test.Expression &&
        llvm::is_contained(Model.Ready, Test.Callee->getName()) &&
        Test.Expression != I.Expression && F.reaches(Test.Point, I.Point))
      if (const Expr *Tested = objectOf(Test.Expression);
          Tested && baseOf(Tested) == Base)
        return true;
  return false;
}

bool Effects::isReleased(const BlockingModel &Model, const VarDecl *Variable,
                         const Flow &F) const {
  return anyReference(F.body(), Variable, [&](const DeclRefExpr *Reference) {
    const Stmt *Parent = F.semanticParent(Reference);
    if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
      return Member->getMemberDecl()->getIdentifier() &&
             llvm::is_contained(Model.ReleasedBy,
                                Member->getMemberDecl()->getName());
    // Given away: moved, returned, or handed to something that may.
    return isa_and_nonnull<CallExpr, CXXConstructExpr, ReturnStmt, CoreturnStmt,
                           LambdaExpr>(Parent) ||
           !Parent;
  });
}

std::optional<Witness> Effects::leaf(const Invocation &I, const Flow &F,
                                     llvm::ArrayRef<Invocation> All) {
  const FunctionDecl *Function = F.function();
  const FunctionModel *Row = I.Expression && I.How != Invocation::Destroy
                                 ? U.models().callee(I.Expression)
                                 : U.models().function(I.Callee);
  Witness W;
  W.At = I;
  auto Blocks = [&](const BlockingModel &Model) {
    if (I.How != Invocation::Destroy && I.Expression &&
        !mayBlock(Model, I.Expression, Function))
      return false;
    if (!Model.UnlessMentioned.empty() &&
        mentions(F.body(), Model.UnlessMentioned, U.ast()))
      return false;
    if (I.Variable && isReleased(Model, I.Variable, F))
      return false;
    // `std::jthread(work).detach();`
    if (I.How == Invocation::Destroy && I.Expression) {
      const Stmt *User = F.semanticParent(I.Expression);
      while (isa_and_nonnull<ExplicitCastExpr>(User))
        User = F.semanticParent(User);
      if (const auto *Member = dyn_cast_or_null<MemberExpr>(User);
          Member && Member->getMemberDecl()->getIdentifier() &&
          llvm::is_contained(Model.ReleasedBy,
                             Member->getMemberDecl()->getName()))
        return false;
    }
    return !isReady(Model, I, F, All);
  };
  const BlockingModel *Model = nullptr;
  if (Row && Row->Blocks && Blocks(*Row->Blocks)) {
    Model = &*Row->Blocks;
  } else if (Row && Row->ResultBlocks && I.How == Invocation::Call) {
    // The object that it returns waits when it dies: dropped at once, or kept
    // in a local that nobody ever looks at.
    const Stmt *Parent = F.semanticParent(I.Expression);
    bool Dropped = !Parent || isa<CompoundStmt>(Parent);
    if (const auto *Cast = dyn_cast_or_null<CStyleCastExpr>(Parent))
      Dropped = Cast->getType()->isVoidType();
    if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Parent))
      if (Declaration->isSingleDecl())
        if (const auto *Variable =
                dyn_cast<VarDecl>(Declaration->getSingleDecl()))
          Dropped = !Variable->isStaticLocal() &&
                    !anyReference(F.body(), Variable,
                                  [](const DeclRefExpr *) { return true; });
    if (Dropped && Blocks(*Row->ResultBlocks))
      Model = &*Row->ResultBlocks;
  }
  if (Model) {
    W.Kind = Model->Kind;
    W.Sure = confidence(*Model);
    W.Model = Model;
    return W;
  }
  if (!Row && (U.isAnnotated(I.Callee, "blocking") ||
               hasEffect(I.Callee, clang::FunctionEffect::Kind::Blocking))) {
    W.Kind = BlockingKind::Wait;
    return W;
  }
  return std::nullopt;
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

void Effects::scan(Node &N) {
  N.Scanned = true;
  const FunctionDecl *Function = nullptr;
  if (!N.Function->hasBody(Function)) {
    // The implicit destructor of a class that nobody destroyed yet.
    const auto *Destructor = dyn_cast<CXXDestructorDecl>(N.Function);
    if (!Destructor || Destructor->isUserProvided())
      return;
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
        E.Leaf = Witness{
            Row->Blocks->Kind, confidence(*Row->Blocks), 1, E.At, nullptr,
            &*Row->Blocks};
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
    if (std::optional<Witness> W = leaf(I, *F, All)) {
      Edge E;
      E.At = I;
      E.Leaf = W;
      N.Edges.push_back(std::move(E));
      continue;
    }
    const FunctionModel *Row = I.Expression && I.How != Invocation::Destroy
                                   ? U.models().callee(I.Expression)
                                   : U.models().function(I.Callee);
    if (Row && (Row->Blocks || Row->Nonblocking))
      continue;
    bool Opaque = isOpaque(I.Callee, Function);
    bool RunsHere = Row && Row->Callable == CallableUse::RunsHere;
    bool HasBody = !Opaque && I.Callee->hasBody();

    if (Opaque && I.Expression && I.Callee->getOverloadedOperator() == OO_Call)
      if (const Expr *Object = objectOf(I.Expression))
        if (auto Index = parameterIndex(Object, Function))
          N.Summary.CallsParameter |= uint64_t(1) << *Index;

    if (I.How != Invocation::Destroy && I.Expression && (RunsHere || HasBody)) {
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
        llvm::ArrayRef<const FunctionDecl *> Known = overriders(Method);
        if (Known.empty() || Known.size() > MaxOverriders)
          continue;
        if (!Method->isPureVirtual())
          E.Targets.push_back(node(Method));
        for (const FunctionDecl *Override : Known)
          if (!U.coroutine(Override))
            E.Targets.push_back(node(Override));
        // Other units may have more overriders of what a header declares.
        if (!U.ast().getSourceManager().isInMainFile(
                Method->getParent()->getLocation()))
          E.Cap = Confidence::Medium;
      }
    } else {
      E.Targets.push_back(node(I.Callee));
    }
    if (!E.Targets.empty())
      N.Edges.push_back(std::move(E));
  }
}

void Effects::solveParameters(llvm::ArrayRef<Node *> New) {
  // Bits only ever get set: this ends after at most 64 rounds for each function
  // of a cycle, and after two where there is none.
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Node *N : New)
      for (const Node::Pass &Pass : N->Passes)
        if (Pass.To->Summary.CallsParameter >> Pass.Theirs & 1) {
          uint64_t Bit = uint64_t(1) << Pass.Mine;
          Changed |= !(N->Summary.CallsParameter & Bit);
          N->Summary.CallsParameter |= Bit;
        }
  }
}

std::optional<Witness> Effects::evaluate(const Edge &E, unsigned Kind) const {
  if (E.Leaf)
    return static_cast<unsigned>(E.Leaf->Kind) == Kind ? E.Leaf : std::nullopt;
  if (E.Through && !(E.Through->Summary.CallsParameter >> E.Parameter & 1))
    return std::nullopt;
  std::optional<Witness> Best;
  Confidence Sure = E.Cap;
  for (const Node *Target : E.Targets) {
    const std::optional<Witness> &Theirs = Target->Summary.Blocks[Kind];
    if (!Theirs)
      return std::nullopt;
    Sure = std::min(Sure, Theirs->Sure);
    if (!Best || cost(*Theirs) < cost(*Best)) {
      Best = Theirs;
      Best->Next = Target->Function;
    }
  }
  if (!Best)
    return std::nullopt;
  Witness W;
  W.Kind = static_cast<BlockingKind>(Kind);
  W.Sure = Sure;
  W.Length = Best->Length + 1;
  W.At = E.At;
  W.Next = Best->Next;
  W.Model = Best->Model;
  return W;
}

void Effects::solveBlocking(llvm::ArrayRef<Node *> New) {
  struct Candidate {
    unsigned Cost;
    unsigned Order; ///< of discovery: makes ties the same in every run
    Node *N;
    Witness W;
    bool operator<(const Candidate &Other) const {
      return std::tie(Cost, Order) > std::tie(Other.Cost, Other.Order);
    }
  };
  std::priority_queue<Candidate> Queue;
  unsigned Order = 0;
  auto Consider = [&](Node *N, const Edge &E, unsigned Kind) {
    if (N->Summary.Blocks[Kind])
      return;
    if (std::optional<Witness> W = evaluate(E, Kind))
      Queue.push({cost(*W), Order++, N, *W});
  };
  for (Node *N : New)
    for (unsigned I = 0; I < N->Edges.size(); ++I)
      for (Node *Target : N->Edges[I].Targets)
        if (!Target->Solved)
          Target->Callers.push_back({N, I});
  for (Node *N : New)
    for (const Edge &E : N->Edges)
      for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
        Consider(N, E, Kind);
  while (!Queue.empty()) {
    Candidate Top = Queue.top();
    Queue.pop();
    unsigned Kind = static_cast<unsigned>(Top.W.Kind);
    std::optional<Witness> &Slot = Top.N->Summary.Blocks[Kind];
    if (Slot)
      continue;
    Slot = Top.W;
    for (auto [Caller, Index] : Top.N->Callers)
      Consider(Caller, Caller->Edges[Index], Kind);
  }
  for (Node *N : New) {
    N->Solved = true;
    N->Callers.clear();
  }
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
    New.push_back(N);
    for (const Edge &E : N->Edges) {
      Work.append(E.Targets.begin(), E.Targets.end());
      if (E.Through)
        Work.push_back(E.Through);
    }
    for (const Node::Pass &Pass : N->Passes)
      Work.push_back(Pass.To);
  }
  solveParameters(New);
  solveBlocking(New);
}

const FunctionEffects &Effects::of(const FunctionDecl *Function) {
  if (!Function)
    return Nothing;
  require(Function);
  return node(Function)->Summary;
}

std::vector<Witness> Effects::blockingCalls(const FunctionDecl *Function) {
  require(Function);
  std::vector<Witness> All;
  for (const Edge &E : node(Function)->Edges)
    for (unsigned Kind = 0; Kind < BlockingKindCount; ++Kind)
      if (std::optional<Witness> W = evaluate(E, Kind))
        All.push_back(*W);
  return All;
}

std::vector<Witness> Effects::chain(const Witness &First) {
  std::vector<Witness> Steps{First};
  while (Steps.back().Next && Steps.size() < MaxChain) {
    const std::optional<Witness> &Next =
        of(Steps.back().Next).Blocks[static_cast<unsigned>(First.Kind)];
    if (!Next)
      break;
    Steps.push_back(*Next);
  }
  return Steps;
}

} // namespace coro
