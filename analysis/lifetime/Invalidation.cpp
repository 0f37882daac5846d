//===- Invalidation.cpp - Who ends the life of what is borrowed -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/Invalidation.h"
#include "analysis/ast/Branch.h"
#include "analysis/ast/EmptyTest.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Calls \p Found for everything in \p Body that changes an object: the
/// operation, the object (or a pointer to it), and what it does to borrows.
static void findOperations(
    const Stmt *Body, const Unit &U, const BorrowTypes &Types,
    llvm::function_ref<void(const Expr *, const Expr *, Tie)> Found) {
  walk(Body, [&](const Stmt *S) {
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      const Expr *Object = Call->getImplicitObjectArgument();
      if (!Method || !Object || Method->isConst())
        return WalkInto::Children;
      QualType Type = Object->IgnoreParenImpCasts()->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      if (const ContainerFacts *Facts = Types.container(Type)) {
        if (std::optional<Tie> Effect =
                Facts->effect(Method->getNameAsString()))
          Found(Call, Object, *Effect);
      } else if (Types.ownership(Type) != Ownership::None &&
                 !isa<CXXConversionDecl>(Method) &&
                 !Method->getReturnType()->isReferenceType()) {
        // reset, release, swap
        Found(Call, Object, Tie::Removal);
      }
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->getNumArgs() == 0)
        return WalkInto::Children;
      // Operators are often members of a base that has no model.
      const Expr *Object = Call->getArg(0)->IgnoreParenImpCasts();
      if (Call->getOperator() == OO_Equal) {
        Found(Call, Object, Tie::Removal);
      } else if (const ContainerFacts *Facts =
                     Types.container(Object->getType())) {
        std::string Name =
            std::string("operator") + getOperatorSpelling(Call->getOperator());
        if (std::optional<Tie> Effect = Facts->effect(Name))
          Found(Call, Object, *Effect);
      }
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const FunctionModel *Model = U.models().callee(Call))
        for (int Index : Model->RemovesFrom)
          if (Index < static_cast<int>(Call->getNumArgs()))
            Found(Call, Call->getArg(Index), Tie::Removal);
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      // Moving out leaves nothing: the elements are somebody else's now.
      if (Construct->getConstructor()->isMoveConstructor() &&
          Construct->getNumArgs() >= 1 &&
          (Types.container(Construct->getType()) ||
           Types.ownership(Construct->getType()) != Ownership::None))
        Found(Construct, Construct->getArg(0), Tie::Removal);
    }
    return WalkInto::Children;
  });
}

/// Does the static \p Method hide one of a base class from a library? Then it
/// is a hook: the library calls it when it sets up the class as a whole, or
/// clears it away, and nobody uses objects of the class meanwhile.
static bool isHookOfClass(const CXXMethodDecl *Method) {
  const CXXRecordDecl *Class = Method->getParent();
  if (!Method->isStatic() || !Method->getIdentifier() ||
      !Class->hasDefinition() || Class->hasAnyDependentBases())
    return false;
  const SourceManager &SM = Method->getASTContext().getSourceManager();
  bool Hides = false;
  Class->forallBases([&](const CXXRecordDecl *Base) {
    if (SM.isInSystemHeader(SM.getExpansionLoc(Base->getLocation())))
      for (const NamedDecl *Member : Base->lookup(Method->getDeclName()))
        if (const auto *Hidden = dyn_cast<CXXMethodDecl>(Member))
          Hides |= Hidden->isStatic();
    return true;
  });
  return Hides;
}

bool Invalidation::isConstruction(const FunctionDecl *Function) {
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return true;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function))
    return Method->isMoveAssignmentOperator() ||
           Method->isCopyAssignmentOperator() || isHookOfClass(Method);
  return Function->isMain();
}

/// The class of which a container of \p Type owns objects: its elements, mapped
/// values, or what they alone own.
static const CXXRecordDecl *ownedClass(QualType Type, const BorrowTypes &Types,
                                       const Unit &U, unsigned Depth = 0) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || Depth > 3)
    return nullptr;
  if (Depth > 0 && U.isUserCode(Record->getLocation()))
    return Record->getCanonicalDecl();
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Special ||
      (!Types.container(Type) && Types.ownership(Type) != Ownership::Unique &&
       !(Depth > 0 && !Types.held(Type).empty())))
    return nullptr;
  // The mapped values of a map come behind its keys.
  unsigned Size = Types.container(Type) ? 2 : 4;
  const CXXRecordDecl *Found = nullptr;
  for (const TemplateArgument &Argument :
       Special->getTemplateArgs().asArray().take_front(Size))
    if (Argument.getKind() == TemplateArgument::Type)
      if (const CXXRecordDecl *One =
              ownedClass(Argument.getAsType(), Types, U, Depth + 1))
        Found = One;
  return Found;
}

/// Does the member call \p Operation of a container destroy elements, as
/// opposed to giving them to somebody?
static bool destroys(const Expr *Operation, const BorrowTypes &Types) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Operation);
  if (!Call || !(Call->getType()->isVoidType() ||
                 Call->getType()->isIntegralOrEnumerationType() ||
                 Types.isIterator(Call->getType())))
    return false;
  QualType Object = Call->getImplicitObjectArgument()->getType();
  return llvm::none_of(Call->arguments(), [&](const Expr *Argument) {
    return Argument->getType()->getAsCXXRecordDecl() ==
           Object->getAsCXXRecordDecl();
  });
}

/// Does \p Function come to \p Operation only where \p Holder has no value yet?
/// What then gets one was nobody's to borrow from.
static bool fillsOnly(const Expr *Operation, const ValueDecl *Holder,
                      const FunctionDecl *Function, Unit &U) {
  const Flow *F = U.flow(Function);
  FlowPoint At = F ? F->point(Operation) : FlowPoint();
  return At && llvm::any_of(F->cfg(), [&](const CFGBlock *Block) {
           const auto *Condition =
               dyn_cast_or_null<Expr>(Block->getTerminatorCondition());
           EmptyTest Says = Condition ? emptyTest(Condition) : EmptyTest();
           return Says.What == EmptyTest::Empty &&
                  baseOf(Says.Object) == Holder &&
                  wayTo(At, *Block, *F) == Says.When;
         });
}

Invalidation::Invalidation(Unit &U) : U(U) {
  Origins &Where = U.shared<Origins>();
  for (const FunctionDecl *Function : U.functions()) {
    if (isConstruction(Function))
      continue;
    const FunctionDecl *Named = Function;
    while (const LambdaExpr *Lambda = U.lambda(Named)) {
      const FunctionDecl *Outer = U.enclosingFunction(Lambda);
      if (!Outer)
        break;
      Named = Outer;
    }
    findOperations(
        writtenBody(Function), U, Where.types(),
        [&](const Expr *Operation, const Expr *Object, Tie Effect) {
          for (const Referent &R : Object->getType()->isPointerType()
                                       ? Where.target(Object)
                                       : Where.place(Object)) {
            // What the frame owns, or has just made, is nobody else's.
            if (!R.Last || R.Root == Storage::Frame ||
                R.Root == Storage::Temporary)
              continue;
            const auto *Holder = cast<ValueDecl>(R.Last->getCanonicalDecl());
            if (fillsOnly(Operation, Holder, Function, U))
              continue;
            Invalidator One{Operation, Function, Effect, R.Root, Named};
            All[Holder].push_back(One);
            // Who awaits first may have awaited the end of what it destroys.
            if (Effect == Tie::Removal && !U.coroutine(Function) &&
                !U.lambda(Function) && destroys(Operation, Where.types()))
              if (const CXXRecordDecl *Class =
                      ownedClass(R.Last->getType().getNonReferenceType(),
                                 Where.types(), U))
                Ends[Class].push_back(One);
          }
        });
  }
}

std::vector<Invalidator> Invalidation::of(const ValueDecl *Holder,
                                          Tie How) const {
  std::vector<Invalidator> Found;
  auto It = All.find(Holder);
  if (It != All.end())
    for (const Invalidator &One : It->second)
      if (One.Effect <= How)
        Found.push_back(One);
  return Found;
}

std::string Invalidator::shown() const {
  return Beyond ? Beyond->Shown : quoted(Named);
}

bool Invalidator::replaces() const {
  return Beyond ? Beyond->Replaces
                : isa<CXXOperatorCallExpr, CXXConstructExpr>(Operation);
}

ReportNote Invalidator::note(Unit &U, std::string Message,
                             SourceRange Otherwise) const {
  if (Beyond)
    return coro::elsewhere(U, Beyond->Where, std::move(Message), Otherwise);
  return {Operation->getSourceRange(), std::move(Message)};
}

std::optional<Invalidator>
Invalidation::enderOf(const CXXRecordDecl *Class,
                      const FunctionDecl *Coroutine) {
  for (const Invalidator &One : Ends.lookup(Class->getCanonicalDecl()))
    if (!runsOnlyFor(One.In, Coroutine))
      return One;
  if (const IndexedInvalidators *Known = U.index().invalidators(Class)) {
    collectKeys();
    for (const InvalidatorSummary &One : Known->All)
      if (!Mine.contains(One.In) && !runsOnlyFor(One, Coroutine)) {
        Invalidator I;
        I.Beyond = &One;
        return I;
      }
  }
  return std::nullopt;
}

void Invalidation::forEach(
    llvm::function_ref<void(const NamedDecl *, const Invalidator &)> Do) const {
  for (const auto &[Holder, Operations] : All)
    for (const Invalidator &One : Operations)
      Do(Holder, One);
  for (const auto &[Class, Operations] : Ends)
    for (const Invalidator &One : Operations)
      Do(Class, One);
}

void Invalidation::collectKeys() {
  if (!Mine.empty())
    return;
  IndexView &Project = U.index();
  for (const FunctionDecl *Function : U.functions()) {
    Mine.try_emplace(Project.key(Function), Function);
    walk(Function->getBody(), [&](const Stmt *S) {
      const FunctionDecl *Callee = nullptr;
      if (const auto *Call = dyn_cast<CallExpr>(S))
        Callee = Call->getDirectCallee();
      if (Callee && U.isUserCode(Callee->getLocation()))
        Called.try_emplace(Project.key(Callee), Callee);
      return WalkInto::Children;
    });
  }
}

std::vector<Invalidator> Invalidation::elsewhere(const ValueDecl *Holder,
                                                 Tie How) {
  std::vector<Invalidator> Found;
  const IndexedInvalidators *Known = U.index().invalidators(Holder);
  if (!Known)
    return Found;
  collectKeys();
  for (const InvalidatorSummary &One : Known->All) {
    // What this unit contains is known better from its tree.
    if (One.Effect > How || Mine.contains(One.In))
      continue;
    Invalidator I;
    I.Effect = One.Effect;
    I.Beyond = &One;
    Found.push_back(I);
  }
  return Found;
}

bool Invalidation::runsOnlyFor(const InvalidatorSummary &Operation,
                               const FunctionDecl *Coroutine) {
  collectKeys();
  std::string Self = U.index().key(Coroutine);
  return !Operation.Tops.empty() &&
         llvm::all_of(Operation.Tops, [&](const std::string &Top) {
           const FunctionDecl *Function = Called.lookup(Top);
           return Top == Self || (Function && runsOnlyFor(Function, Coroutine));
         });
}

bool Invalidation::runsOnlyFor(const FunctionDecl *Function,
                               const FunctionDecl *Coroutine) {
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  while (!Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val();
    if (At->getCanonicalDecl() == Coroutine->getCanonicalDecl())
      continue;
    if (!Seen.insert(At->getCanonicalDecl()).second)
      continue;
    if (Seen.size() > MaxFunctions)
      return false;
    if (isConstruction(At) && At != Function)
      continue;
    llvm::ArrayRef<CallSite> Sites = U.callers(At);
    if (Sites.empty())
      return false;
    for (const CallSite &Site : Sites) {
      // A coroutine that a constructor or main() calls runs on by itself.
      if (isConstruction(Site.Caller) && U.coroutine(At))
        return false;
      Work.push_back(Site.Caller);
    }
  }
  return true;
}

/// Is \p Site, a call of \p Callee, a part of the run of its caller: on the
/// object of that, and ended when the caller goes on? A task that is given to
/// something else together with others may run beside them.
static bool isPartOfCaller(const CallSite &Site, const FunctionDecl *Callee,
                           Unit &U) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Site.Call);
  const Flow *F = U.flow(Site.Caller);
  if (!Call || !F ||
      !isa<CXXThisExpr>(
          Call->getImplicitObjectArgument()->IgnoreParenImpCasts()))
    return false;
  if (!U.coroutine(Callee) && !U.taskType(Call->getType()))
    return true;
  for (const Stmt *Up = F->semanticParent(Call); Up;
       Up = F->semanticParent(Up)) {
    if (isa<CoawaitExpr>(Up))
      return true;
    // A plain function hands on the task that it was given.
    if (isa<ReturnStmt>(Up))
      return !U.coroutine(Site.Caller);
    // timeout(step(), 1s), but not all(step(), other())
    const auto *Around = dyn_cast<CallExpr>(Up);
    const bool Several =
        Around && llvm::count_if(Around->arguments(), [&](const Expr *One) {
                    return U.taskType(One->getType());
                  }) > 1;
    if (!isa<Expr>(Up) || isa<BinaryOperator, LambdaExpr, InitListExpr>(Up) ||
        Several)
      return false;
  }
  return false;
}

/// The function with which each run of \p Function begins, as far as calls are
/// known and are parts of their callers; null if there are several.
const FunctionDecl *Invalidation::runOf(const FunctionDecl *Function) {
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  const FunctionDecl *Top = nullptr;
  while (!Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val()->getCanonicalDecl();
    if (!Seen.insert(At).second)
      continue;
    if (Seen.size() > MaxFunctions)
      return nullptr;
    llvm::ArrayRef<CallSite> Sites = U.callers(At);
    size_t Parts = llvm::count_if(Sites, [&](const CallSite &Site) {
      return isPartOfCaller(Site, At, U);
    });
    if (Parts == 0) {
      if (Top && Top != At)
        return nullptr;
      Top = At;
      continue;
    }
    if (Parts != Sites.size() || U.index().callers(At))
      return nullptr;
    for (const CallSite &Site : Sites)
      Work.push_back(Site.Caller);
  }
  return Top;
}

bool Invalidation::areInOneRun(const FunctionDecl *One,
                               const FunctionDecl *Other) {
  const FunctionDecl *Top = runOf(One);
  return Top && Top == runOf(Other);
}

llvm::SmallVector<CallSite, 4>
Invalidation::usesOf(const FunctionDecl *Function) {
  if (!NamedKnown) {
    NamedKnown = true;
    for (const FunctionDecl *In : U.functions()) {
      llvm::SmallPtrSet<const Stmt *, 16> Called;
      walk(In->getBody(), [&](const Stmt *S) {
        if (const auto *Call = dyn_cast<CallExpr>(S))
          Called.insert(Call->getCallee()->IgnoreParenImpCasts());
        const auto *Mention = dyn_cast<DeclRefExpr>(S);
        if (Mention && !Called.contains(S))
          if (const auto *Other = dyn_cast<FunctionDecl>(Mention->getDecl()))
            Named[Other->getCanonicalDecl()].push_back({Mention, In});
        return WalkInto::Children;
      });
    }
  }
  llvm::SmallVector<CallSite, 4> All(U.callers(Function));
  llvm::append_range(All, Named.lookup(Function->getCanonicalDecl()));
  return All;
}

/// Do all ways to \p Function begin in the function of \p One, behind that?
bool Invalidation::isReachedBehind(const FunctionDecl *Function,
                                   const Invalidator &One) {
  const Flow *F = U.flow(One.In);
  llvm::SmallPtrSet<const FunctionDecl *, 8> Seen;
  llvm::SmallVector<const FunctionDecl *, 8> Work{Function};
  constexpr unsigned MaxFunctions = 64;
  while (F && !Work.empty()) {
    const FunctionDecl *At = Work.pop_back_val()->getCanonicalDecl();
    if (!Seen.insert(At).second)
      continue;
    llvm::SmallVector<CallSite, 4> Uses;
    if (const LambdaExpr *Lambda = U.lambda(At)) {
      if (const FunctionDecl *Outer = U.enclosingFunction(Lambda))
        Uses.push_back({Lambda, Outer});
    } else {
      Uses = usesOf(At);
    }
    const auto *Method = dyn_cast<CXXMethodDecl>(At);
    if (Uses.empty() || Seen.size() > MaxFunctions ||
        (Method && Method->isVirtual()) || U.index().callers(At))
      return false;
    for (const CallSite &Use : Uses) {
      if (Use.Caller->getCanonicalDecl() != One.In->getCanonicalDecl())
        Work.push_back(Use.Caller);
      else if (!F->point(Use.Call) || F->reaches(Use.Call, One.Operation))
        return false;
    }
  }
  return F;
}

/// Does the program come to \p Function once for each object: from main() or a
/// constructor, by calls that are in no loop and the only ones?
bool Invalidation::runsOnce(const FunctionDecl *Function) {
  constexpr unsigned MaxCalls = 8;
  for (unsigned Calls = 0; Calls < MaxCalls; ++Calls) {
    if (Function->isMain() || isa<CXXConstructorDecl>(Function))
      return true;
    CallSite Only;
    if (const LambdaExpr *Lambda = U.lambda(Function)) {
      // Who else is given one may call it again and again.
      Only = {Lambda, U.enclosingFunction(Lambda)};
      if (!Only.Caller || !Only.Caller->isMain())
        return false;
    } else {
      const auto *Method = dyn_cast<CXXMethodDecl>(Function);
      llvm::SmallVector<CallSite, 4> Uses = usesOf(Function);
      const IndexedCallers *Others = U.index().callers(Function);
      if (Method && Method->isVirtual())
        return false;
      if (Others)
        return Uses.empty() && Others->Count == 1 &&
               (Others->Facts & CallerSummary::OnceInMain);
      if (Uses.empty() && Function->isExternallyVisible())
        return U.index().runsOnce(U.index().key(Function));
      if (Uses.size() != 1)
        return false;
      Only = Uses.front();
    }
    const Flow *F = U.flow(Only.Caller);
    if (!F || F->isInLoop(Only.Call))
      return false;
    Function = Only.Caller;
  }
  return false;
}

bool Invalidation::isSetUpOf(const Invalidator &One,
                             const FunctionDecl *Coroutine) {
  return runsOnce(One.In) && isReachedBehind(Coroutine, One);
}

/// Does \p Value, an initialiser, leave nothing in what it makes?
static bool isEmptyValue(const Expr *Value) {
  Value = Value->IgnoreImplicit();
  if (const auto *Made = dyn_cast<CXXConstructExpr>(Value))
    return Made->getNumArgs() == 0 ||
           (Made->getNumArgs() == 1 && isNullValue(Made->getArg(0)));
  const auto *List = dyn_cast<InitListExpr>(Value);
  return isNullValue(Value) || (List && List->getNumInits() == 0);
}

/// Is the member \p Field empty when the object has been constructed?
static bool isEmptyAtFirst(const FieldDecl *Field) {
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Class || !Class->hasDefinition() ||
      (Field->hasInClassInitializer() &&
       (!Field->getInClassInitializer() ||
        !isEmptyValue(Field->getInClassInitializer()))))
    return false;
  return llvm::all_of(Class->ctors(), [&](const CXXConstructorDecl *One) {
    const FunctionDecl *Definition = nullptr;
    if (One->isDeleted() || One->isImplicit() || One->isDefaulted() ||
        One->isCopyOrMoveConstructor())
      return true;
    if (!One->hasBody(Definition))
      return false;
    for (const CXXCtorInitializer *Init :
         cast<CXXConstructorDecl>(Definition)->inits())
      if (Init->isWritten() && Init->getMember() == Field &&
          !isEmptyValue(Init->getInit()))
        return false;
    return !contains(Definition->getBody(), [&](const Stmt *S) {
      const auto *Member = dyn_cast<MemberExpr>(S);
      return Member && Member->getMemberDecl() == Field;
    });
  });
}

bool Invalidation::isFirst(const Invalidator &One,
                           const ValueDecl *Holder) const {
  auto It = All.find(Holder);
  const auto *Field = dyn_cast<FieldDecl>(Holder);
  const Flow *F = U.flow(One.In);
  return It != All.end() && It->second.size() == 1 && Field && F &&
         One.Where == Storage::Self && F->point(One.Operation) &&
         !F->isInLoop(One.Operation) && isEmptyAtFirst(Field);
}

bool Invalidation::isOnlyFilling(const Invalidator &One,
                                 const ValueDecl *Holder) {
  const IndexedInvalidators *Known = U.index().invalidators(Holder);
  const bool Alone = !Known || Known->All.size() <= 1;
  if (!One.Beyond)
    return Alone && isFirst(One, Holder) && runsOnce(One.In);
  return Alone && One.Beyond->First && !One.Beyond->Tops.empty() &&
         !All.count(Holder) &&
         llvm::all_of(One.Beyond->Tops, [&](const std::string &Top) {
           return U.index().runsOnce(Top);
         });
}

} // namespace coro
