//===- BlockingLeaf.cpp - Calls that block by themselves ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/BlockingLeaf.h"
#include "analysis/ast/Branch.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include <set>

using namespace clang;

namespace coro {

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

/// Does \p Accept hold for the name of a macro or an enumerator below \p S?
static bool anyName(const Stmt *S, const ASTContext &AST,
                    llvm::function_ref<bool(llvm::StringRef)> Accept) {
  if (!S)
    return false;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    if (const auto *Enumerator =
            dyn_cast<EnumConstantDecl>(Reference->getDecl()))
      if (Accept(Enumerator->getName()))
        return true;
  if (isa<IntegerLiteral>(S)) {
    const SourceManager &SM = AST.getSourceManager();
    for (SourceLocation At = S->getBeginLoc(); At.isMacroID();
         At = SM.getImmediateMacroCallerLoc(At))
      if (Accept(Lexer::getImmediateMacroName(At, SM, AST.getLangOpts())))
        return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return anyName(Child, AST, Accept);
  });
}

/// Does the value of \p E tell which thread this is, by the thread's number, or
/// by a variable of which each has its own? \p Deep: also by a function that
/// returns that.
static bool asksThread(const Stmt *E, Unit &U, bool Deep) {
  return contains(E, [&](const Stmt *Part) -> bool {
    if (const auto *Reference = dyn_cast<DeclRefExpr>(Part))
      if (const auto *Variable = dyn_cast<VarDecl>(Reference->getDecl()))
        return Variable->getTLSKind() != VarDecl::TLS_None;
    const auto *Call = dyn_cast<CallExpr>(Part);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      return false;
    if (const FunctionModel *Row = U.models().callee(Call);
        Row && Row->ThreadState)
      return !Row->LastError;
    if (!Deep || !U.isUserCode(Callee->getLocation()))
      return false;
    const FunctionDecl *Definition = nullptr;
    if (Callee->hasBody(Definition))
      return llvm::any_of(returnedValues(Definition), [&](const Expr *Value) {
        return asksThread(Value, U, /*Deep=*/false);
      });
    const TellingSummary *Known = U.index().telling(Callee);
    return Known && llvm::is_contained(Known->Names, AsksThread);
  });
}

bool dependsOnThread(const Invocation &I, const Flow &F, Unit &U) {
  return I.Point && llvm::any_of(F.cfg(), [&](const CFGBlock *Block) {
           const Stmt *Condition = Block->getTerminatorCondition();
           return Condition && Block != I.Point.Block &&
                  wayTo(I.Point, *Block, F) &&
                  asksThread(Condition, U, /*Deep=*/true);
         });
}

std::vector<std::string> tellingNames(const FunctionDecl *Function, Unit &U) {
  std::set<std::string> Found;
  if (llvm::any_of(returnedValues(Function), [&](const Expr *Value) {
        return asksThread(Value, U, /*Deep=*/false);
      }))
    Found.insert(AsksThread.str());
  anyName(Function->getBody(), U.ast(), [&](llvm::StringRef Name) {
    if (U.models().telling().contains(Name))
      Found.insert(Name.str());
    return false;
  });
  return {Found.begin(), Found.end()};
}

/// Is \p Call given nothing but numbers, as what asks about a descriptor, or
/// about an error that an operation had? `set_nonblocking(fd)`, `in_progress()`
static bool takesNumbers(const CallExpr *Call) {
  const Expr *Object = objectOf(Call);
  return (!Object || isa<CXXThisExpr>(Object->IgnoreParenImpCasts())) &&
         llvm::all_of(argumentsOf(Call), [](const Expr *Argument) {
           return Argument->getType()->isIntegralOrEnumerationType();
         });
}

/// Is one of \p Names, which tell how a descriptor behaves, mentioned below
/// \p S, or in a function that is asked there?
static bool mentions(const Stmt *S, const std::vector<std::string> &Names,
                     Unit &U) {
  auto IsOne = [&](llvm::StringRef Name) {
    return llvm::is_contained(Names, Name);
  };
  auto AsksOne = [&](const Stmt *Part) {
    const auto *Call = dyn_cast<CallExpr>(Part);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee || !U.isUserCode(Callee->getLocation()) || !takesNumbers(Call))
      return false;
    const FunctionDecl *Definition = nullptr;
    if (Callee->hasBody(Definition))
      return anyName(Definition->getBody(), U.ast(), IsOne);
    const TellingSummary *Known = U.index().telling(Callee);
    return Known && llvm::any_of(Known->Names, IsOne);
  };
  return anyName(S, U.ast(), IsOne) || contains(S, AsksOne);
}

/// Do the functions of \p U that mention the descriptor which \p Call is given,
/// a member or global, show with one of \p Names what it is?
static bool isMentionedWith(const Expr *Call,
                            const std::vector<std::string> &Names, Unit &U) {
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  const ValueDecl *Descriptor =
      Arguments.empty() ? nullptr : baseOf(Arguments.front());
  const auto *Variable = dyn_cast_or_null<VarDecl>(Descriptor);
  if (!isa_and_nonnull<FieldDecl>(Descriptor) &&
      !(Variable && Variable->hasGlobalStorage()))
    return false;
  return llvm::any_of(U.functions(), [&](const FunctionDecl *Function) {
    const Stmt *Body = Function->getBody();
    bool Knows =
        contains(Body, [&](const Stmt *S) { return namedBy(S) == Descriptor; });
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->getMember() == Descriptor) {
          Knows = true;
          if (mentions(Init->getInit(), Names, U))
            return true;
        }
    return Knows && mentions(Body, Names, U);
  });
}

/// Is the descriptor that \p Call is given a parameter of \p Function, and does
/// one that calls it show with one of \p Names what it is?
static bool isMentionedByCaller(const Expr *Call,
                                const std::vector<std::string> &Names,
                                const FunctionDecl *Function, Unit &U) {
  llvm::ArrayRef<const Expr *> Arguments = argumentsOf(Call);
  if (Arguments.empty() ||
      !isa_and_nonnull<ParmVarDecl>(baseOf(Arguments.front())))
    return false;
  return llvm::any_of(U.callers(Function), [&](const CallSite &Site) {
    return mentions(Site.Caller->getBody(), Names, U);
  });
}

/// Is one of the names that say of a descriptor that it does not block
/// (O_NONBLOCK) mentioned where the one that \p I is given is known?
static bool isMentioned(const BlockingModel &Model, const Invocation &I,
                        const Flow &F, Unit &U) {
  const std::vector<std::string> &Names = Model.UnlessMentioned;
  return mentions(F.body(), Names, U) ||
         (I.Expression &&
          (isMentionedWith(I.Expression, Names, U) ||
           isMentionedByCaller(I.Expression, Names, F.function(), U)));
}

//===----------------------------------------------------------------------===//
// Objects that are waited for
//===----------------------------------------------------------------------===//

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

/// Has what \p I waits for been awaited before, or asked for by one of \p All
/// that tells whether it is there?
static bool isReady(const BlockingModel &Model, const Invocation &I,
                    const Flow &F, llvm::ArrayRef<Invocation> All) {
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
  const ValueDecl *Base = Object ? baseOf(Object) : I.Variable;
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

/// Is \p Member one after which the object does not wait any more: detach()?
static bool isReleaser(const BlockingModel &Model, const MemberExpr &Member) {
  return Member.getMemberDecl()->getIdentifier() &&
         llvm::is_contained(Model.ReleasedBy,
                            Member.getMemberDecl()->getName());
}

/// Is \p Variable detached, joined or given away, so that its destructor does
/// not wait?
static bool isReleased(const BlockingModel &Model, const VarDecl *Variable,
                       const Flow &F) {
  return anyReference(F.body(), Variable, [&](const DeclRefExpr *Reference) {
    const Stmt *Parent = F.semanticParent(Reference);
    if (const auto *Member = dyn_cast_or_null<MemberExpr>(Parent))
      return isReleaser(Model, *Member);
    // Given away: moved, returned, or handed to something that may.
    return isa_and_nonnull<CallExpr, CXXConstructExpr, ReturnStmt, CoreturnStmt,
                           LambdaExpr>(Parent) ||
           !Parent;
  });
}

//===----------------------------------------------------------------------===//
// The call itself
//===----------------------------------------------------------------------===//

const FunctionModel *rowOf(const Invocation &I, const Unit &U) {
  return I.Expression && I.How != Invocation::Destroy
             ? U.models().callee(I.Expression)
             : U.models().function(I.Callee);
}

/// Is the temporary that \p I destroys released where it is made, as in
/// `std::jthread(work).detach();`?
static bool isReleasedAtOnce(const BlockingModel &Model, const Invocation &I,
                             const Flow &F) {
  if (I.How != Invocation::Destroy || !I.Expression)
    return false;
  const Stmt *User = F.semanticParent(I.Expression);
  while (isa_and_nonnull<ExplicitCastExpr>(User))
    User = F.semanticParent(User);
  const auto *Member = dyn_cast_or_null<MemberExpr>(User);
  return Member && isReleaser(Model, *Member);
}

/// Is the object that the call \p I returns dropped at once, or kept in a local
/// that nobody ever looks at?
static bool isResultDropped(const Invocation &I, const Flow &F) {
  const Stmt *Parent = F.semanticParent(I.Expression);
  if (!Parent || isa<CompoundStmt>(Parent))
    return true;
  if (const auto *Cast = dyn_cast<CStyleCastExpr>(Parent))
    return Cast->getType()->isVoidType();
  const auto *Declaration = dyn_cast<DeclStmt>(Parent);
  const auto *Variable = Declaration && Declaration->isSingleDecl()
                             ? dyn_cast<VarDecl>(Declaration->getSingleDecl())
                             : nullptr;
  return Variable && !Variable->isStaticLocal() &&
         !anyReference(F.body(), Variable,
                       [](const DeclRefExpr *) { return true; });
}

/// Can \p I, which \p Model is about, block where it stands?
static bool blocksHere(const BlockingModel &Model, const Invocation &I,
                       const Flow &F, llvm::ArrayRef<Invocation> All, Unit &U) {
  if (I.How != Invocation::Destroy && I.Expression &&
      !mayBlock(Model, I.Expression, F.function()))
    return false;
  if (!Model.UnlessMentioned.empty() && isMentioned(Model, I, F, U))
    return false;
  return !(I.Variable && isReleased(Model, I.Variable, F)) &&
         !isReleasedAtOnce(Model, I, F) && !isReady(Model, I, F, All);
}

static bool hasEffect(const FunctionDecl *Function,
                      clang::FunctionEffect::Kind Kind) {
  for (const auto &Effect : Function->getFunctionEffects())
    if (Effect.Effect.kind() == Kind && !Effect.Cond.getCondition())
      return true;
  return false;
}

bool isDeclaredNonblocking(const FunctionDecl *Callee, const Unit &U) {
  return U.isAnnotated(Callee, "nonblocking") ||
         hasEffect(Callee, clang::FunctionEffect::Kind::NonBlocking);
}

std::optional<BlockingLeaf> blockingLeaf(const Invocation &I, const Flow &F,
                                         llvm::ArrayRef<Invocation> All,
                                         Unit &U) {
  const FunctionModel *Row = rowOf(I, U);
  const BlockingModel *Model = nullptr;
  if (Row && Row->Blocks && blocksHere(*Row->Blocks, I, F, All, U))
    Model = &*Row->Blocks;
  else if (Row && Row->ResultBlocks && I.How == Invocation::Call &&
           isResultDropped(I, F) &&
           blocksHere(*Row->ResultBlocks, I, F, All, U))
    Model = &*Row->ResultBlocks;
  if (Model) {
    BlockingLeaf Leaf(*Model);
    if ((Model->Kind == BlockingKind::Wait && mayBeTold(I, F)) ||
        dependsOnThread(I, F, U))
      Leaf.Sure = std::min(Leaf.Sure, Confidence::Medium);
    return Leaf;
  }
  if (!Row && (U.isAnnotated(I.Callee, "blocking") ||
               hasEffect(I.Callee, clang::FunctionEffect::Kind::Blocking)))
    return BlockingLeaf();
  return std::nullopt;
}

} // namespace coro
