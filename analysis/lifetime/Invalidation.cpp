//===- Invalidation.cpp - Who ends the life of what is borrowed -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/Invalidation.h"
#include "analysis/ast/Branch.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/EmptyTest.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/index/Index.h"
#include "analysis/lifetime/NewObjects.h"
#include "analysis/lifetime/RunOrder.h"
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

Invalidation::Invalidation(Unit &U) : U(U), Order(U.shared<RunOrder>()) {
  Origins &Where = U.shared<Origins>();
  for (const FunctionDecl *Function : U.functions()) {
    if (RunOrder::isConstruction(Function))
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
            const Flow *F = U.flow(Function);
            if (fillsOnly(Operation, Holder, Function, U) ||
                (F &&
                 (R.Root == Storage::Shared || R.Root == Storage::Parameter) &&
                 isOnNewObject(Operation, *F, Where.types())))
              continue;
            Invalidator One{Operation, Function, Effect,
                            R.Root,    Named,    Where.outermost(R.within())};
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
    if (!Order.runsOnlyFor(One.In, Coroutine))
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
           return Top == Self ||
                  (Function && Order.runsOnlyFor(Function, Coroutine));
         });
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
    return Definition->getBody() &&
           !contains(Definition->getBody(), [&](const Stmt *S) {
             const auto *Member = dyn_cast<MemberExpr>(S);
             return Member && Member->getMemberDecl() == Field;
           });
  });
}

/// Is \p Variable known by one name wherever it is used?
static bool isMemberOrGlobal(const ValueDecl *Variable) {
  const auto *Var = dyn_cast_or_null<VarDecl>(Variable);
  return isa_and_nonnull<FieldDecl>(Variable) ||
         (Var && Var->hasGlobalStorage());
}

std::vector<const ValueDecl *>
Invalidation::containersOf(const Invalidator &One) {
  if (isMemberOrGlobal(One.Within))
    return {One.Within};
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(One.Within);
  if (!Parameter || Parameter->getDeclContext() != One.In)
    return {};
  Origins &Where = U.shared<Origins>();
  std::vector<const ValueDecl *> Found;
  unsigned Index = Parameter->getFunctionScopeIndex();
  for (const CallSite &Site : U.callers(One.In)) {
    const auto *Call = dyn_cast<CallExpr>(Site.Call);
    if (!Call || Index >= argumentsOf(Call).size())
      return {};
    const Expr *Argument = argumentsOf(Call)[Index];
    for (const Referent &R : Argument->getType()->isPointerType()
                                 ? Where.target(Argument)
                                 : Where.place(Argument)) {
      if (!isMemberOrGlobal(R.Last))
        return {};
      Found.push_back(cast<ValueDecl>(R.Last->getCanonicalDecl()));
    }
  }
  return Found;
}

bool Invalidation::isInOtherContainer(const Invalidator &One,
                                      const ValueDecl *Within) {
  if (!isMemberOrGlobal(Within))
    return false;
  if (One.Beyond)
    return !One.Beyond->Within.empty() &&
           !llvm::is_contained(One.Beyond->Within, U.index().holder(Within));
  std::vector<const ValueDecl *> Containers = containersOf(One);
  return !Containers.empty() && !llvm::is_contained(Containers, Within);
}

bool Invalidation::isSetUp(const Invalidator &One) {
  IndexView &Project = U.index();
  if (One.Beyond)
    return One.Beyond->OfSelf && !One.Beyond->Tops.empty() &&
           llvm::all_of(One.Beyond->Tops, [&](const std::string &Top) {
             return Top == One.Beyond->In && Project.isCalledOnNewObjects(Top);
           });
  const auto *Method = dyn_cast<CXXMethodDecl>(One.In);
  if (!Method || One.Where != Storage::Self || Method->isVirtual() ||
      Method->getParent()->isLambda())
    return false;
  if (Project && Method->isExternallyVisible())
    return Project.isCalledOnNewObjects(Project.key(Method));
  llvm::SmallVector<CallSite, 4> Uses = Order.usesOf(Method);
  return !Uses.empty() && llvm::all_of(Uses, [&](const CallSite &Use) {
    const Flow *F = U.flow(Use.Caller);
    return F && isCallOnNewObject(Use.Call, *F, U.shared<Origins>().types());
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
    return Alone && isFirst(One, Holder) && Order.runsOnce(One.In);
  return Alone && One.Beyond->First && !One.Beyond->Tops.empty() &&
         !All.count(Holder) &&
         llvm::all_of(One.Beyond->Tops, [&](const std::string &Top) {
           return U.index().runsOnce(Top);
         });
}

} // namespace coro
