//===- BorrowEvidence.cpp - How sure is it that a borrow goes stale? ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/BorrowEvidence.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "analysis/lifetime/NewObjects.h"
#include "analysis/lifetime/RunOrder.h"
#include "analysis/unit/Exclusion.h"
#include "analysis/unit/TestMacros.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace coro {

BorrowEvidence::BorrowEvidence(Unit &U)
    : U(U), Where(U.shared<Origins>()), Operations(U.shared<Invalidation>()),
      Order(U.shared<RunOrder>()), Locks(U.shared<Exclusion>()) {}

/// Has the coroutine waited, before it suspends at \p S, until a scope of
/// started tasks has been left by all? Then nobody who entered it changes
/// anything any more.
static bool isAfterJoin(const StaleUse &S, Unit &U) {
  const Flow *F = U.flow(S.In->Function);
  auto Contains = [&](const Stmt *Outer) {
    for (const Stmt *At = S.Suspension; At; At = F->parent(At))
      if (At == Outer)
        return true;
    return false;
  };
  return F && llvm::any_of(F->suspensions(), [&](const auto *Await) {
           const auto *Call = dyn_cast_or_null<CallExpr>(
               Await->getOperand()
                   ? Await->getOperand()->IgnoreUnlessSpelledInSource()
                   : nullptr);
           const FunctionModel *Model =
               Call ? U.models().callee(Call) : nullptr;
           return Model && Model->Scope == ScopeUse::Joins &&
                  Await != S.Suspension && F->reaches(Await, S.Suspension) &&
                  Contains(F->parent(F->enclosingStatement(Await)));
         });
}

static bool isConstant(const Expr *E, Unit &U) {
  return !E->isValueDependent() && E->isEvaluatable(U.ast());
}

/// The member of *this to which \p S gives a constant, or which it closes by
/// the models; null for others.
static const FieldDecl *shutBy(const Stmt *S, Unit &U) {
  const Expr *To = nullptr;
  if (const auto *Assignment = dyn_cast<BinaryOperator>(S)) {
    if (Assignment->getOpcode() == BO_Assign &&
        isConstant(Assignment->getRHS(), U))
      To = Assignment->getLHS();
  } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
    if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2 &&
        isConstant(Call->getArg(1), U))
      To = Call->getArg(0); // an atomic
  } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
    const FunctionModel *Model = U.models().function(Call->getMethodDecl());
    if ((Model && Model->Closes == "this") ||
        (Call->getType()->isVoidType() && Call->getNumArgs() > 0 &&
         Call->getArg(0)->getType()->isBooleanType() &&
         isConstant(Call->getArg(0), U)))
      To = Call->getImplicitObjectArgument(); // close(), store(true)
  }
  return To ? fieldOfThis(To) : nullptr;
}

/// Does \p E go through the local \p Borrow?
static bool goesThrough(const Expr *E, const VarDecl *Borrow) {
  return contains(E, [&](const Stmt *Part) {
    const auto *Mention = dyn_cast<DeclRefExpr>(Part);
    return Mention && Origins::variableOf(Mention->getDecl()) == Borrow;
  });
}

/// The member of the borrowed element that \p S changes: `element.users++`.
static const FieldDecl *changedIn(const Stmt *S, const VarDecl *Borrow) {
  const Expr *To = nullptr;
  if (const auto *Step = dyn_cast<UnaryOperator>(S);
      Step && Step->isIncrementDecrementOp())
    To = Step->getSubExpr();
  else if (const auto *Assignment = dyn_cast<BinaryOperator>(S);
           Assignment && Assignment->isAssignmentOp())
    To = Assignment->getLHS();
  else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S);
           Call &&
           (Call->isAssignmentOp() || Call->getOperator() == OO_PlusPlus ||
            Call->getOperator() == OO_MinusMinus))
    To = Call->getArg(0); // an atomic
  const auto *Member =
      To ? dyn_cast<MemberExpr>(To->IgnoreParenImpCasts()) : nullptr;
  return Member && goesThrough(Member->getBase(), Borrow)
             ? dyn_cast<FieldDecl>(Member->getMemberDecl())
             : nullptr;
}

/// Has the coroutine, before it suspends at \p S, entered a scope of started
/// tasks that is a part of the borrowed element, and does it not leave that
/// before it goes on? Who removes the element has to close the scope first.
static bool keepsScopeOpen(const StaleUse &S, Unit &U) {
  const Flow *F = U.flow(S.In->Function);
  return F && S.Variable && contains(F->body(), [&](const Stmt *At) {
           const auto *Call = dyn_cast<CallExpr>(At);
           const FunctionModel *Model =
               Call ? U.models().callee(Call) : nullptr;
           const Expr *Scope = Model && Model->Scope == ScopeUse::Enters
                                   ? objectOf(Call)
                                   : nullptr;
           if (!Scope || !F->reaches(Call, S.Suspension) ||
               F->reaches(S.Suspension, Call))
             return false;
           // enter(), or a holder that is kept
           return (Call->getType()->isVoidType() ||
                   isa_and_nonnull<DeclStmt>(F->enclosingStatement(Call))) &&
                  goesThrough(Scope, S.Variable);
         });
}

/// Is \p Function what somebody else calls back: an override that nobody here
/// calls?
static bool isCallback(const FunctionDecl *Function, Unit &U) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method && Method->size_overridden_methods() != 0 &&
         U.callers(Function).empty();
}

/// Has the coroutine, before it suspends at \p S, shut out all who could change
/// the container: set a member that each of them looks at, its own or one of
/// the element, closed it, or given its object to a call that takes it off a
/// list of those who are called back?
static bool areShutOut(const StaleUse &S, Unit &U) {
  const Flow *F = U.flow(S.In->Function);
  if (!F || S.By.empty())
    return false;
  llvm::SmallPtrSet<const FieldDecl *, 4> Shut;
  bool TakenOff = false;
  walk(F->body(), [&](const Stmt *At) {
    const auto *Call = dyn_cast<CallExpr>(At);
    bool GivesObject =
        Call && llvm::any_of(Call->arguments(), [](const Expr *Argument) {
          return isa<CXXThisExpr>(Argument->IgnoreParenImpCasts());
        });
    const FieldDecl *Field = shutBy(At, U);
    if (!Field && S.Variable)
      Field = changedIn(At, S.Variable);
    if ((Field || GivesObject) && F->reaches(At, S.Suspension) &&
        !F->reaches(S.Suspension, At)) {
      TakenOff |= GivesObject;
      if (Field)
        Shut.insert(Field->getCanonicalDecl());
    }
    return WalkInto::Children;
  });
  if (Shut.empty() && !TakenOff)
    return false;
  return llvm::all_of(S.By, [&](const Invalidator &One) {
    bool Looks = TakenOff && One.In && isCallback(One.In, U);
    if (!Looks && One.Named && One.In)
      for (const FunctionDecl *Function : {One.Named, One.In})
        Looks |= contains(Function->getBody(), [&](const Stmt *At) {
          const auto *Member = dyn_cast<MemberExpr>(At);
          const auto *Field =
              Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
          return Field && Shut.contains(Field->getCanonicalDecl());
        });
    return Looks;
  });
}

/// Does a known caller pass \p Function an object that is no local of it?
bool BorrowEvidence::isGivenShared(const FunctionDecl *Function) {
  return llvm::any_of(U.callers(Function), [&](const CallSite &Site) {
    const auto *Call = dyn_cast<CallExpr>(Site.Call);
    return Call && llvm::any_of(Call->arguments(), [&](const Expr *Argument) {
             Referents Found = Argument->getType()->isPointerType()
                                   ? Where.target(Argument)
                                   : Where.place(Argument);
             return llvm::any_of(Found, [](const Referent &R) {
               return R.Root != Storage::Frame && R.Root != Storage::Temporary;
             });
           });
  });
}

/// Has the coroutine, before it takes what \p S borrows, awaited the object
/// that this is a part of, and are those who may end it tasks of that object?
/// Then they have run.
static bool haveRun(const StaleUse &S, Unit &U) {
  const Flow *F = U.flow(S.In->Function);
  const auto *Field = dyn_cast_or_null<FieldDecl>(S.Taken.Holder);
  const auto *Class =
      Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
  if (!F || !Class || S.By.empty() || !S.Taken.Root || !S.Taken.Where)
    return false;
  auto Mentions = [&](const Stmt *At) {
    const auto *Reference = dyn_cast<DeclRefExpr>(At);
    return Reference && Reference->getDecl() == S.Taken.Root;
  };
  if (llvm::none_of(F->suspensions(), [&](const auto *Await) {
        return Await != S.Suspension && F->reaches(Await, S.Taken.Where) &&
               contains(Await->getOperand(), Mentions);
      }))
    return false;
  return llvm::all_of(S.By, [&](const Invalidator &One) {
    return llvm::any_of(Class->methods(), [&](const CXXMethodDecl *Method) {
      return One.Beyond
                 ? U.index().key(Method) == One.Beyond->In &&
                       U.taskType(Method->getReturnType())
                 : One.In->getCanonicalDecl() == Method->getCanonicalDecl() &&
                       U.coroutine(One.In);
    });
  });
}

/// Is \p Closure, a coroutine lambda, made when the function around it has done
/// with \p One?
static bool isMadeAfter(const FunctionDecl *Closure, const Invalidator &One,
                        Unit &U) {
  const Flow *F = U.flow(One.In);
  while (const LambdaExpr *Lambda = U.lambda(Closure)) {
    Closure = U.enclosingFunction(Lambda);
    if (!Closure || !F)
      return false;
    if (Closure->getCanonicalDecl() == One.In->getCanonicalDecl())
      return F->point(Lambda) && !F->reaches(Lambda, One.Operation);
  }
  return false;
}

/// Is \p Holder a member of the object of \p Function, which may not change it?
/// Coroutines like that mostly belong to values, of which each owner has a copy
/// of its own.
static bool isOfConstObject(const ValueDecl *Holder,
                            const FunctionDecl *Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  const auto *Field = dyn_cast<FieldDecl>(Holder);
  return Method && Method->isConst() && !Method->getParent()->isLambda() &&
         Field && !Field->isMutable();
}

/// Is the call awaited where it stands?
static bool isAwaitedAtOnce(const CallSite &Site, Unit &U) {
  const Flow *F = U.flow(Site.Caller);
  if (!F)
    return false;
  for (const Stmt *Up = F->semanticParent(Site.Call); Up && isa<Expr>(Up);
       Up = F->semanticParent(Up))
    if (isa<CoawaitExpr>(Up))
      return true;
  return false;
}

/// Does only \p Function call the coroutine of \p S, with the owner of what is
/// borrowed, and await it where it stands? Then the two take turns.
static bool takesTurnsWith(const FunctionDecl *Function, const StaleUse &S,
                           Unit &U) {
  auto Written = [](const FunctionDecl *F) {
    const FunctionDecl *Pattern = F->getTemplateInstantiationPattern();
    return (Pattern ? Pattern : F)->getCanonicalDecl();
  };
  llvm::ArrayRef<CallSite> Sites = U.callers(S.In->Function);
  return S.Taken.In == Storage::Shared &&
         isa_and_nonnull<ParmVarDecl>(S.Taken.Root) && !Sites.empty() &&
         !U.index().callers(S.In->Function) &&
         llvm::all_of(Sites, [&](const CallSite &Site) {
           return Written(Site.Caller) == Written(Function) &&
                  isAwaitedAtOnce(Site, U);
         });
}

/// Is \p One a part of the set-up before \p Coroutine?
static bool isSetUpOf(const Invalidator &One, const FunctionDecl *Coroutine,
                      RunOrder &Order) {
  return Order.runsOnce(One.In) &&
         Order.isReachedBehind(Coroutine, One.Operation, One.In);
}

/// Takes the operations on \p Holder into account that another function than
/// the coroutine (and \p Caller, which is suspended in its call) does.
Confidence BorrowEvidence::collect(StaleUse &S, const ValueDecl *Holder,
                                   const FunctionDecl *Caller) {
  const FunctionDecl *Self = S.In->Function;
  const bool OfConstObject =
      !Caller && S.Taken.In == Storage::Self && isOfConstObject(Holder, Self);
  const bool InTest = isInTest(Self, U.ast());
  const ValueDecl *Within =
      Holder == S.Taken.Holder ? Where.outermost(S.Taken.Within) : nullptr;
  Confidence Sure = Confidence::Low;
  for (const Invalidator &One : Operations.of(Holder, S.How)) {
    // What a test does with objects of its own says nothing about others.
    if (!InTest && isInTest(One.In, U.ast()))
      continue;
    if (One.In->getCanonicalDecl() == Self->getCanonicalDecl() ||
        (Caller && One.In->getCanonicalDecl() == Caller->getCanonicalDecl()) ||
        One.Named->getCanonicalDecl() == Self->getCanonicalDecl()) {
      // Another run of the same coroutine can do it.
      Sure = std::max(Sure, Confidence::Medium);
      continue;
    }
    if (OfConstObject || Order.runsOnlyFor(One.In, Self) ||
        isMadeAfter(Self, One, U) || Operations.isOnlyFilling(One, Holder) ||
        takesTurnsWith(One.In, S, U) || Operations.isSetUp(One) ||
        Operations.isInOtherContainer(One, Within) ||
        (S.Taken.In == Storage::Self && One.Where == Storage::Self &&
         (Order.areInOneRun(One.In, Self) || isSetUpOf(One, Self, Order)))) {
      Sure = std::max(Sure, Confidence::Medium);
      continue;
    }
    // What it was passed may be any object of that class.
    if (S.Taken.In == Storage::Self && One.Where == Storage::Parameter &&
        !isGivenShared(One.In)) {
      Sure = std::max(Sure, Confidence::Medium);
      continue;
    }
    S.By.push_back(One);
    Sure = Confidence::High;
  }
  if (Sure == Confidence::High)
    return Sure;
  for (const Invalidator &One : Operations.elsewhere(Holder, S.How)) {
    if (OfConstObject || Operations.runsOnlyFor(*One.Beyond, Self) ||
        Operations.isOnlyFilling(One, Holder) || Operations.isSetUp(One) ||
        Operations.isInOtherContainer(One, Within)) {
      Sure = std::max(Sure, Confidence::Medium);
      continue;
    }
    S.By.push_back(One);
    Sure = Confidence::High;
  }
  return Sure;
}

Confidence BorrowEvidence::weighElement(StaleUse &S) {
  Confidence Sure = collect(S, S.Taken.Holder, nullptr);
  // An object that it is a part of can be assigned as a whole.
  if (Sure != Confidence::High)
    for (const ValueDecl *Around : S.Taken.Around) {
      StaleUse Whole = S;
      Whole.How = Tie::Removal;
      Sure = std::max(Sure, collect(Whole, Around, nullptr));
      S.By = std::move(Whole.By);
    }
  if (Sure == Confidence::High && S.Taken.In == Storage::Self &&
      isLocalOfEveryCaller(S.In->Function))
    return Confidence::Low;
  const auto *Owner = dyn_cast_or_null<VarDecl>(S.Taken.Root);
  const Flow *F = U.flow(S.In->Function);
  if (Sure == Confidence::High && S.Taken.In == Storage::Shared && Owner && F &&
      isNotYetShared(Owner, *F, S.Suspension, Where.types()))
    return Confidence::Medium;
  return Sure;
}

/// Is the object of the member function \p Function a local of each function
/// that calls it, and waits for it? Such an object is not shared, as far as
/// can be seen.
bool BorrowEvidence::isLocalOfEveryCaller(const FunctionDecl *Function) {
  llvm::ArrayRef<CallSite> Sites = U.callers(Function);
  const IndexedCallers *Others = U.index().callers(Function);
  if (Others && !(Others->Facts & CallerSummary::ObjectInFrame))
    return false;
  return (!Sites.empty() || Others) &&
         llvm::all_of(Sites, [&](const CallSite &Site) {
           const auto *Call = dyn_cast<CXXMemberCallExpr>(Site.Call);
           if (!Call || !Call->getImplicitObjectArgument() ||
               !isAwaitedAtOnce(Site, U))
             return false;
           const Expr *Object = Call->getImplicitObjectArgument();
           Referents Found = Object->getType()->isPointerType()
                                 ? Where.target(Object)
                                 : Where.place(Object);
           return !Found.empty() && llvm::all_of(Found, [](const Referent &R) {
             return R.Root == Storage::Frame;
           });
         });
}

/// The container came as a parameter: what each visible caller passes decides.
Confidence BorrowEvidence::weighParameter(StaleUse &S) {
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(S.Taken.Root);
  if (!Parameter)
    return Confidence::Low;
  unsigned Index = Parameter->getFunctionScopeIndex();
  Confidence Sure = Confidence::Low;
  // A member of an object that somebody passed: others may have that, too.
  if (S.Taken.Holder != Parameter->getCanonicalDecl() && S.Taken.Holder &&
      isa<FieldDecl>(S.Taken.Holder)) {
    StaleUse Any = S;
    if (collect(Any, S.Taken.Holder, nullptr) == Confidence::High &&
        U.callers(S.In->Function).empty()) {
      S.By = std::move(Any.By);
      Sure = Confidence::Medium;
    }
  }
  for (const CallSite &Site : U.callers(S.In->Function)) {
    const Expr *Argument = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(Site.Call)) {
      unsigned First =
          isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(S.In->Function)
              ? 1
              : 0;
      if (First + Index < Call->getNumArgs())
        Argument = Call->getArg(First + Index);
    }
    if (!Argument)
      continue;
    Referents Found = Parameter->getType()->isReferenceType()
                          ? Where.place(Argument)
                          : Where.target(Argument);
    for (const Referent &R : Found) {
      if (R.Root != Storage::Self && R.Root != Storage::Global)
        continue;
      bool Whole = S.Taken.Holder == Parameter->getCanonicalDecl();
      const ValueDecl *Holder = Whole ? R.Last : S.Taken.Holder;
      if (!Holder ||
          (R.Root == Storage::Self && isLocalOfEveryCaller(Site.Caller)))
        continue;
      Confidence One =
          collect(S, cast<ValueDecl>(Holder->getCanonicalDecl()), Site.Caller);
      // With the project in view, nobody calls it, on whatever object.
      if (R.Root == Storage::Self &&
          (isOfConstObject(Holder, Site.Caller) ||
           (U.index() && U.callers(Site.Caller).empty() &&
            !U.index().callers(Site.Caller))))
        One = std::min(One, Confidence::Medium);
      if (One == Confidence::High && !S.PassedAt)
        S.PassedAt = Site.Call;
      Sure = std::max(Sure, One);
    }
  }
  return Sure;
}

/// A function returned an owner, which is gone. If it is seen to return a
/// copy of one that nobody replaces, that one keeps the object.
Confidence BorrowEvidence::weighTemporaryOwner(StaleUse &S) {
  const Expr *Made = S.Taken.Where;
  // `*f()`, `f()->x`, `f().get()`: the call whose result is the owner.
  const CallExpr *Producer = nullptr;
  for (const Expr *At = Made; At;) {
    At = At->IgnoreUnlessSpelledInSource();
    const Expr *Next = nullptr;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(At))
      Next = Operator->getArg(0);
    else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(At)) {
      if (Where.types().ownership(Call->getType()) != Ownership::None)
        Producer = Call;
      else
        Next = Call->getImplicitObjectArgument();
    } else if (const auto *Call = dyn_cast<CallExpr>(At)) {
      Producer = Call;
    }
    At = Next;
  }
  if (!Producer)
    return Confidence::High;
  const FunctionDecl *Callee = Producer->getDirectCallee();
  if (!Callee)
    return Confidence::Medium;
  // X::instance(): made once, kept for good.
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Method->isStatic() && Method->getNumParams() == 0)
    return Confidence::Low;
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition) || Definition->isDependentContext() ||
      isa<CoroutineBodyStmt>(Definition->getBody()) ||
      !U.isUserCode(Definition->getLocation()))
    return Confidence::High;
  Confidence Sure = Confidence::Low;
  for (const Expr *Value : returnedValues(Definition)) {
    // A copy of an owner is made from it.
    const Expr *Source = Value->IgnoreImplicit();
    if (const auto *Copy = dyn_cast<CXXConstructExpr>(Source);
        Copy && Copy->getNumArgs() == 1)
      Source = Copy->getArg(0);
    if (!Source->isGLValue())
      return Confidence::Medium;
    for (const Referent &R : Where.place(Source)) {
      if (!R.Last || (R.Root != Storage::Self && R.Root != Storage::Global &&
                      R.Root != Storage::Parameter))
        continue;
      Sure =
          std::max(Sure, collect(S, cast<ValueDecl>(R.Last->getCanonicalDecl()),
                                 nullptr));
    }
  }
  return Sure;
}

void BorrowEvidence::weigh(StaleUse &S) {
  switch (S.Taken.What) {
  case Loan::Temporary:
    S.Sure = Confidence::High;
    return;
  case Loan::ThreadLocal:
    S.Sure = Confidence::High;
    break;
  case Loan::TemporaryOwner:
    S.Sure = weighTemporaryOwner(S);
    break;
  case Loan::Element:
  case Loan::Pointee:
    switch (S.Taken.In) {
    case Storage::Self:
    case Storage::Global:
    case Storage::Shared:
      S.Sure = weighElement(S);
      break;
    case Storage::Parameter:
      S.Sure = weighParameter(S);
      break;
    default:
      S.Sure = Confidence::Low;
    }
  }
  // What removes elements says more than what only moves them.
  if (!S.By.empty())
    std::iter_swap(S.By.begin(),
                   llvm::min_element(S.By, [](const auto &A, const auto &B) {
                     return A.Effect < B.Effect;
                   }));
  if (S.Taken.What == Loan::ThreadLocal)
    return;
  if (S.Sure == Confidence::High &&
      (isa<CoyieldExpr>(S.Suspension) || isAfterJoin(S, U) ||
       areShutOut(S, U) || haveRun(S, U) || keepsScopeOpen(S, U)))
    S.Sure = Confidence::Medium;
  const IndexedCallers *Others = U.index().callers(S.In->Function);
  if (Others && U.callers(S.In->Function).empty() &&
      (Others->Facts & CallerSummary::LockHeld))
    S.Sure = Confidence::Low;
  if (Locks.heldAt(S.In->Function, S.Suspension))
    S.Sure = Confidence::Low;
}

} // namespace coro
