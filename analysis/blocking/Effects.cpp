//===- Effects.cpp - What a function may block on -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/Effects.h"
#include "analysis/ast/Branch.h"
#include "analysis/ast/Walk.h"
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

/// The variable whose member gave \p Variable its value in \p Body: a promise
/// for its future. Null when there is none, or more than one.
static const ValueDecl *sourceOf(const ValueDecl *Variable, const Stmt *Body) {
  const ValueDecl *Found = nullptr;
  unsigned Values = 0;
  auto From = [&](const Expr *Value) {
    ++Values;
    for (Value = Value ? origin(Value) : nullptr; Value;) {
      // future(promise.get_future())
      const auto *Construct = dyn_cast<CXXConstructExpr>(Value);
      if (!Construct || Construct->getNumArgs() == 0)
        break;
      Value = origin(Construct->getArg(0));
    }
    if (const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(Value))
      Found = baseOf(Call->getImplicitObjectArgument());
  };
  walk(Body, [&](const Stmt *S) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *One = dyn_cast<VarDecl>(D);
            One == Variable && One->getInit())
          From(One->getInit());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 &&
          baseOf(Operator->getArg(0)) == Variable)
        From(Operator->getArg(1));
    }
    return WalkInto::Children;
  });
  // A default construction comes before the assignment.
  return Found && Values <= 2 ? Found : nullptr;
}

/// Do the functions of \p U that mention the descriptor which \p Call is given,
/// a member or global, show with one of \p Names what it is?
static bool isMentionedWith(const Expr *Call,
                            const std::vector<std::string> &Names,
                            const Unit &U) {
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  const ValueDecl *Descriptor =
      Arguments.empty() ? nullptr : baseOf(Arguments.front());
  const auto *Variable = dyn_cast_or_null<VarDecl>(Descriptor);
  if (!isa_and_nonnull<FieldDecl>(Descriptor) &&
      !(Variable && Variable->hasGlobalStorage()))
    return false;
  return llvm::any_of(U.functions(), [&](const FunctionDecl *Function) {
    auto Mentions = [&](const Stmt *S) {
      if (const auto *Member = dyn_cast<MemberExpr>(S))
        return Member->getMemberDecl() == Descriptor;
      const auto *Reference = dyn_cast<DeclRefExpr>(S);
      return Reference && Reference->getDecl() == Descriptor;
    };
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->getMember() == Descriptor &&
            mentions(Init->getInit(), Names, U.ast()))
          return true;
    return contains(Function->getBody(), Mentions) &&
           mentions(Function->getBody(), Names, U.ast());
  });
}

/// Is the descriptor that \p Call is given a parameter of \p Function, and does
/// one that calls it, or what that calls, show with one of \p Names what it is?
static bool isMentionedByCaller(const Expr *Call,
                                const std::vector<std::string> &Names,
                                const FunctionDecl *Function, Unit &U) {
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  if (Arguments.empty() ||
      !isa_and_nonnull<ParmVarDecl>(baseOf(Arguments.front())))
    return false;
  return llvm::any_of(U.callers(Function), [&](const CallSite &Site) {
    const Stmt *Body = Site.Caller->getBody();
    return mentions(Body, Names, U.ast()) || contains(Body, [&](const Stmt *S) {
             const auto *Other = dyn_cast<CallExpr>(S);
             const FunctionDecl *Callee =
                 Other ? Other->getDirectCallee() : nullptr;
             const FunctionDecl *Definition = nullptr;
             return Callee && Callee->hasBody(Definition) &&
                    U.isUserCode(Definition->getLocation()) &&
                    mentions(Definition->getBody(), Names, U.ast());
           });
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
  // A future answers at once when its promise was fulfilled.
  const ValueDecl *Source = sourceOf(Base, F.body());
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
          Tested &&
          (baseOf(Tested) == Base || (Source && baseOf(Tested) == Source)))
        return true;
  return false;
}

/// Is the closure \p Lambda a part of the value that \p Variable gets?
static bool goesInto(const LambdaExpr *Lambda, const ValueDecl *Variable,
                     const Flow &F) {
  for (const Stmt *At = F.parent(Lambda); At && !isa<CompoundStmt>(At);
       At = F.parent(At)) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(At))
      return llvm::is_contained(Declaration->decls(), Variable);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(At);
        Operator && Operator->getOperator() == OO_Equal)
      return baseOf(Operator->getArg(0)) == Variable;
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At);
        Call && baseOf(Call->getImplicitObjectArgument()) == Variable)
      return true; // threads.emplace_back([…] {…})
  }
  return false;
}

/// Can the other thread have told the coroutine before \p I that it is done?
/// It can when there is a suspension since its closure was made, and both know
/// the same object: `std::thread t([&e] { …; e.set(); }); co_await e;
/// t.join()`.
static bool mayBeTold(const Invocation &I, const Flow &F) {
  const Expr *Object = I.Expression ? objectOf(I.Expression) : nullptr;
  const ValueDecl *Base = Object ? baseOf(Object) : nullptr;
  if (!Base || F.suspensions().empty())
    return false;
  const ValueDecl *Source = sourceOf(Base, F.body());
  return contains(F.body(), [&](const Stmt *At) {
    const auto *Lambda = dyn_cast<LambdaExpr>(At);
    if (!Lambda)
      return false;
    llvm::SmallPtrSet<const ValueDecl *, 8> Known;
    bool KnowsThis = false;
    for (const LambdaCapture &Capture : Lambda->captures()) {
      KnowsThis |= Capture.capturesThis();
      if (!Capture.capturesVariable())
        continue;
      const ValueDecl *Captured = Capture.getCapturedVar();
      Known.insert(Captured);
      if (const auto *Made = dyn_cast<VarDecl>(Captured);
          Made && Made->isInitCapture())
        walk(Made->getInit(), [&](const Stmt *Part) {
          KnowsThis |= isa<CXXThisExpr>(Part);
          if (const auto *Reference = dyn_cast<DeclRefExpr>(Part))
            Known.insert(Reference->getDecl());
          return WalkInto::Children;
        });
    }
    // The closure is what the thread runs, or has the future's promise.
    bool Mine = Known.erase(Base);
    if (Source)
      Mine |= Known.erase(Source);
    Mine |= goesInto(Lambda, Base, F);
    return Mine && llvm::any_of(F.suspensions(), [&](const auto *Await) {
             return F.reaches(F.point(Lambda), F.point(Await)) &&
                    F.reaches(F.point(Await), I.Point) &&
                    contains(Await->getOperand(), [&](const Stmt *Part) {
                      const auto *Reference = dyn_cast<DeclRefExpr>(Part);
                      return (KnowsThis && isa<CXXThisExpr>(Part)) ||
                             (Reference &&
                              Known.contains(Reference->getDecl()));
                    });
           });
  });
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
        (mentions(F.body(), Model.UnlessMentioned, U.ast()) ||
         (I.Expression &&
          (isMentionedWith(I.Expression, Model.UnlessMentioned, U) ||
           isMentionedByCaller(I.Expression, Model.UnlessMentioned, Function,
                               U)))))
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
    if (Model->Kind == BlockingKind::Wait && mayBeTold(I, F))
      W.Sure = std::min(W.Sure, Confidence::Medium);
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
        E.Leaf.emplace();
        E.Leaf->Kind = Row->Blocks->Kind;
        E.Leaf->Sure = confidence(*Row->Blocks);
        E.Leaf->At = E.At;
        E.Leaf->Model = &*Row->Blocks;
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
  Chain.OnState = dependsOnState(Here);
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
