//===- TaskType.cpp - Classification of task types ------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/unit/TaskType.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace coro {

static const CXXRecordDecl *definitionOf(const CXXRecordDecl *Record) {
  return Record && Record->hasDefinition() ? Record->getDefinition() : nullptr;
}

/// The class that \p Type names; for a dependent specialisation of a class
/// template the template's pattern.
static const CXXRecordDecl *recordOrPattern(QualType Type) {
  if (Type.isNull())
    return nullptr;
  if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl())
    return Record;
  if (const auto *Specialization = Type->getAs<TemplateSpecializationType>())
    if (const auto *Template = dyn_cast_or_null<ClassTemplateDecl>(
            Specialization->getTemplateName().getAsTemplateDecl()))
      return Template->getTemplatedDecl();
  return nullptr;
}

const CXXRecordDecl *templatePattern(const CXXRecordDecl *Record) {
  if (const CXXRecordDecl *Pattern = Record->getTemplateInstantiationPattern())
    return Pattern->getCanonicalDecl();
  if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    return Spec->getSpecializedTemplate()
        ->getTemplatedDecl()
        ->getCanonicalDecl();
  return Record->getCanonicalDecl();
}

template <typename DeclT>
static const DeclT *findMember(const CXXRecordDecl *Record,
                               DeclarationName Name, unsigned Depth = 0) {
  // A specialisation that nothing needed complete yet: its pattern tells.
  if (Record && !Record->hasDefinition())
    Record = templatePattern(Record);
  Record = definitionOf(Record);
  if (!Record || Depth > 8)
    return nullptr;
  for (const NamedDecl *Found : Record->lookup(Name)) {
    Found = Found->getUnderlyingDecl();
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Found))
      Found = Template->getTemplatedDecl();
    if (const auto *Member = dyn_cast<DeclT>(Found))
      return Member;
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const DeclT *Member =
            findMember<DeclT>(recordOrPattern(Base.getType()), Name, Depth + 1))
      return Member;
  return nullptr;
}

const CXXMethodDecl *findMethod(const CXXRecordDecl *Record,
                                llvm::StringRef Name) {
  if (!Record)
    return nullptr;
  ASTContext &AST = Record->getASTContext();
  return findMember<CXXMethodDecl>(Record,
                                   DeclarationName(&AST.Idents.get(Name)));
}

/// All `operator co_await` members of \p Record and its bases.
static void
findCoawaitOperators(const CXXRecordDecl *Record,
                     llvm::SmallVectorImpl<const CXXMethodDecl *> &All,
                     unsigned Depth = 0) {
  Record = definitionOf(Record);
  if (!Record || Depth > 8)
    return;
  DeclarationName Name =
      Record->getASTContext().DeclarationNames.getCXXOperatorName(OO_Coawait);
  for (const NamedDecl *Found : Record->lookup(Name)) {
    Found = Found->getUnderlyingDecl();
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Found))
      Found = Template->getTemplatedDecl();
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Found))
      All.push_back(Method);
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    findCoawaitOperators(recordOrPattern(Base.getType()), All, Depth + 1);
}

/// \p Record and all of its bases.
static void
collectWithBases(const CXXRecordDecl *Record,
                 llvm::SmallSetVector<const CXXRecordDecl *, 4> &All) {
  if (!Record || All.size() > 16 || !All.insert(templatePattern(Record)))
    return;
  if (const CXXRecordDecl *Definition = definitionOf(Record))
    for (const CXXBaseSpecifier &Base : Definition->bases())
      collectWithBases(recordOrPattern(Base.getType()), All);
}

/// Is there a free `operator co_await`, next to \p Record or a base of it, that
/// takes one of these?
static bool hasFreeCoawait(const CXXRecordDecl *Record) {
  DeclarationName Name =
      Record->getASTContext().DeclarationNames.getCXXOperatorName(OO_Coawait);
  llvm::SmallSetVector<const CXXRecordDecl *, 4> Classes;
  collectWithBases(Record, Classes);
  for (const CXXRecordDecl *Class : Classes)
    for (const NamedDecl *Found :
         Class->getEnclosingNamespaceContext()->lookup(Name)) {
      Found = Found->getUnderlyingDecl();
      if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Found))
        Found = Template->getTemplatedDecl();
      const auto *Function = dyn_cast<FunctionDecl>(Found);
      if (!Function || Function->getNumParams() != 1)
        continue;
      const CXXRecordDecl *Taken = recordOrPattern(
          Function->getParamDecl(0)->getType().getNonReferenceType());
      if (Taken && Classes.contains(templatePattern(Taken)))
        return true;
    }
  return false;
}

/// Does \p Awaiter's await_suspend look at the handle that it is given? One
/// that does not leaves the coroutine where it is; one that does may hand it
/// to an executor, which runs it without anybody awaiting it.
static bool usesHandle(const CXXRecordDecl *Awaiter) {
  const FunctionDecl *Suspend = findMethod(Awaiter, "await_suspend");
  const FunctionDecl *Definition = nullptr;
  if (Suspend && !Suspend->hasBody(Definition)) {
    Suspend = Suspend->getTemplateInstantiationPattern();
    if (Suspend)
      Suspend->hasBody(Definition);
  }
  if (!Definition || Definition->getNumParams() == 0)
    return false;
  const ParmVarDecl *Handle = Definition->getParamDecl(0);
  return Handle->isReferenced() || Handle->isUsed(/*CheckUsedAttr=*/false);
}

/// Does awaiting through \p Awaiter resume a coroutine, the task's own, that
/// may have ended: with an await_ready that is constantly false and an
/// await_suspend that hands over to a handle without having asked it?
static bool resumesBlindly(const CXXRecordDecl *Awaiter,
                           const ASTContext &AST) {
  const CXXMethodDecl *Ready = findMethod(Awaiter, "await_ready");
  const FunctionDecl *Suspend = findMethod(Awaiter, "await_suspend");
  if (!Ready || !Suspend || constantResult(Ready, AST) != false)
    return false;
  const FunctionDecl *Definition = nullptr;
  if (!Suspend->hasBody(Definition)) {
    Suspend = Suspend->getTemplateInstantiationPattern();
    if (!Suspend || !Suspend->hasBody(Definition))
      return false;
  }
  // All that it does is to say who waits, and to return a member.
  const auto *Body = dyn_cast<CompoundStmt>(Definition->getBody());
  const auto *Return = Body && !Body->body_empty()
                           ? dyn_cast<ReturnStmt>(Body->body_back())
                           : nullptr;
  if (!Return || !Return->getRetValue() ||
      !isa<MemberExpr, CXXDependentScopeMemberExpr>(
          Return->getRetValue()->IgnoreUnlessSpelledInSource()))
    return false;
  return llvm::none_of(Body->body(), [](const Stmt *S) {
    return isa<IfStmt, SwitchStmt, CXXTryStmt, WhileStmt, ForStmt>(S);
  });
}

/// Can objects of \p Record be copied? Says yes when it is hard to tell.
static bool isCopyable(const CXXRecordDecl *Record, unsigned Depth = 0) {
  const CXXRecordDecl *Definition = definitionOf(Record);
  if (!Definition || Depth > 4)
    return true;
  for (const CXXConstructorDecl *Constructor : Definition->ctors())
    if (Constructor->isCopyConstructor())
      if (!Constructor->isImplicit() || Constructor->isDeleted())
        return !Constructor->isDeleted();
  if (Definition->hasUserDeclaredMoveConstructor() ||
      Definition->hasUserDeclaredMoveAssignment())
    return false;
  for (const CXXBaseSpecifier &Base : Definition->bases())
    if (const CXXRecordDecl *Class = recordOrPattern(Base.getType()))
      if (!isCopyable(Class, Depth + 1))
        return false;
  for (const FieldDecl *Field : Definition->fields())
    if (const CXXRecordDecl *Class = recordOrPattern(Field->getType()))
      if (!isCopyable(Class, Depth + 1))
        return false;
  return true;
}

/// Is the public interface of \p Record nothing but what an await needs?
static bool isOnlyAwaitable(const CXXRecordDecl *Record, unsigned Depth = 0) {
  const CXXRecordDecl *Definition = definitionOf(Record);
  if (!Definition || Depth > 8)
    return false;
  for (const Decl *Member : Definition->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
      Member = Template->getTemplatedDecl();
    const auto *Method = dyn_cast<CXXMethodDecl>(Member);
    if (!Method || Method->isStatic() || Method->getAccess() != AS_public ||
        isa<CXXConstructorDecl, CXXDestructorDecl>(Method) ||
        Method->getOverloadedOperator() == OO_Coawait ||
        Method->getOverloadedOperator() == OO_Equal)
      continue;
    if (!Method->getIdentifier() || !Method->getName().starts_with("await_"))
      return false;
  }
  for (const CXXBaseSpecifier &Base : Definition->bases())
    if (Base.getAccessSpecifier() == AS_public &&
        !isOnlyAwaitable(recordOrPattern(Base.getType()), Depth + 1))
      return false;
  return true;
}

std::optional<bool> constantResult(const FunctionDecl *Function,
                                   const ASTContext &AST) {
  const FunctionDecl *Definition = nullptr;
  if (!Function->hasBody(Definition)) {
    // The member of an instantiated class may not have been instantiated yet:
    // its pattern says the same.
    Function = Function->getTemplateInstantiationPattern();
    if (!Function || !Function->hasBody(Definition))
      return std::nullopt;
  }
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Definition->getBody());
  if (!Body || Body->size() != 1)
    return std::nullopt;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_front());
  if (!Return || !Return->getRetValue() ||
      Return->getRetValue()->isValueDependent())
    return std::nullopt;
  bool Value;
  if (!Return->getRetValue()->EvaluateAsBooleanCondition(Value, AST))
    return std::nullopt;
  return Value;
}

TaskTypes::TaskTypes(ASTContext &AST, const Models &Known)
    : AST(AST), Known(Known) {
  for (const LibraryModel &Library : Known.libraries())
    for (const MarkerModel &Marker : Library.Markers)
      if (Marker.Sender)
        SenderMarkers.push_back(Marker.Member);
}

bool TaskTypes::isMarked(const CXXRecordDecl *Record, unsigned Depth) const {
  Record = definitionOf(Record);
  if (!Record || Depth > 4)
    return false;
  for (const std::string &Member : SenderMarkers)
    if (!Record->lookup(DeclarationName(&AST.Idents.get(Member))).empty())
      return true;
  return llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) {
    return isMarked(recordOrPattern(Base.getType()), Depth + 1);
  });
}

/// Does the class say, in words, that it has to be awaited?
static bool saysAwait(const CXXRecordDecl *Record) {
  const CXXRecordDecl *Definition = definitionOf(Record);
  const auto *Attribute =
      Definition ? Definition->getAttr<WarnUnusedResultAttr>() : nullptr;
  return Attribute && Attribute->getMessage().contains("await");
}

Suspends TaskTypes::suspends(const CXXRecordDecl *Awaiter) const {
  if (const TypeModel *Model = Known.type(Awaiter);
      Model && Model->NeverSuspends)
    return Suspends::Never;
  const CXXMethodDecl *Ready = findMethod(Awaiter, "await_ready");
  if (!Ready)
    return Suspends::Unknown;
  std::optional<bool> Value = constantResult(Ready, AST);
  if (!Value)
    return Suspends::Unknown;
  if (*Value)
    return Suspends::Never;
  const CXXMethodDecl *Suspend = findMethod(Awaiter, "await_suspend");
  return Suspend && Suspend->getReturnType()->isVoidType() ? Suspends::Always
                                                           : Suspends::Unknown;
}

/// The class of the awaiter that \p Await really uses, or null.
static const CXXRecordDecl *awaiterOf(const CoroutineSuspendExpr *Await) {
  const Expr *Ready = Await->getReadyExpr();
  if (!Ready)
    return nullptr;
  // What the compiler writes for an initial suspension is all at one place: "as
  // spelled in the source" would take away the call as well.
  const auto *Call = dyn_cast<CallExpr>(Ready->IgnoreImplicit());
  const auto *Member =
      Call ? dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens()) : nullptr;
  if (!Member)
    return nullptr;
  // The object's own class knows more than the one that declares await_ready,
  // which may be static.
  QualType Object = Member->getBase()->getType();
  if (Member->isArrow())
    Object = Object->getPointeeType();
  return Object.isNull() ? nullptr : Object->getAsCXXRecordDecl();
}

/// What is done with the handle of await_suspend at one mention of it.
enum class HandleUse {
  Harmless, ///< it is asked something, or returned: the coroutine goes on
  Finishes, ///< its coroutine gets its result, comes to its end, or is gone
  Other,    ///< whoever has it then may resume it
};

static HandleUse useOfHandle(const Expr *Mention, const ParentMap &Parents) {
  auto Above = [&](const Stmt *S) {
    S = Parents.getParentIgnoreParenImpCasts(const_cast<Stmt *>(S));
    while (isa_and_nonnull<MaterializeTemporaryExpr, ExprWithCleanups,
                           CXXBindTemporaryExpr>(S))
      S = Parents.getParentIgnoreParenImpCasts(const_cast<Stmt *>(S));
    return S;
  };
  auto NameOf = [](const Stmt *S) {
    const auto *Member = dyn_cast_or_null<MemberExpr>(S);
    const IdentifierInfo *Id =
        Member ? Member->getMemberDecl()->getIdentifier() : nullptr;
    return Id ? Id->getName() : llvm::StringRef();
  };
  const Stmt *User = Above(Mention);
  // A conversion or copy of the handle.
  while (true) {
    if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(User);
        Construct && Construct->getNumArgs() == 1)
      User = Above(User);
    else if (const auto *Member = dyn_cast_or_null<MemberExpr>(User);
             Member && isa<CXXConversionDecl>(Member->getMemberDecl()))
      User = Above(Above(User));
    else
      break;
  }
  if (isa_and_nonnull<ReturnStmt>(User))
    return HandleUse::Harmless;
  // `promise.final_suspend().await_suspend(handle)`
  if (const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(User)) {
    const auto *Final = dyn_cast<CXXMemberCallExpr>(
        Call->getImplicitObjectArgument()->IgnoreImplicit());
    if (NameOf(Call->getCallee()->IgnoreParens()) == "await_suspend" && Final &&
        NameOf(Final->getCallee()->IgnoreParens()) == "final_suspend")
      return HandleUse::Finishes;
    return HandleUse::Other;
  }
  llvm::StringRef Name = NameOf(User);
  if (Name == "destroy")
    return HandleUse::Finishes;
  if (Name == "done")
    return HandleUse::Harmless;
  if (Name != "promise")
    return HandleUse::Other;
  // What the language itself calls on a promise, or a part of it.
  const Stmt *OfPromise = Above(Above(User));
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(OfPromise);
      Member && isa<FieldDecl>(Member->getMemberDecl()))
    return HandleUse::Harmless;
  Name = NameOf(OfPromise);
  if (Name == "return_value" || Name == "return_void" ||
      Name == "unhandled_exception")
    return HandleUse::Finishes;
  return Name == "final_suspend" ? HandleUse::Harmless : HandleUse::Other;
}

/// Can nobody resume a coroutine that \p Suspend has suspended, since it keeps
/// the handle to itself and finishes the coroutine: to hand on an error?
static bool finishesCoroutine(const FunctionDecl *Suspend) {
  const FunctionDecl *Definition = nullptr;
  if (!Suspend->hasBody(Definition) || Definition->getNumParams() != 1)
    return false;
  const ParmVarDecl *Handle = Definition->getParamDecl(0);
  ParentMap Parents(const_cast<Stmt *>(Definition->getBody()));
  bool Finishes = false, Kept = true;
  walk(Definition->getBody(), [&](const Stmt *S) {
    const auto *Mention = dyn_cast<DeclRefExpr>(S);
    if (Mention && Mention->getDecl() == Handle) {
      HandleUse Use = useOfHandle(Mention, Parents);
      Finishes |= Use == HandleUse::Finishes;
      Kept &= Use != HandleUse::Other;
    }
    return Kept ? WalkInto::Children : WalkInto::Stop;
  });
  return Finishes && Kept;
}

Suspends TaskTypes::suspends(const CoroutineSuspendExpr *Await) {
  const CXXRecordDecl *Awaiter = awaiterOf(Await);
  Suspends Known = Awaiter ? suspends(Awaiter) : Suspends::Unknown;
  if (Known != Suspends::Unknown || !isa<CoawaitExpr>(Await) ||
      !Await->getSuspendExpr())
    return Known;
  const FunctionDecl *Suspend = nullptr;
  walk(Await->getSuspendExpr(), [&](const Stmt *S) {
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
    if (Method && Method->getIdentifier() &&
        Method->getName() == "await_suspend")
      Suspend = Method;
    return Suspend ? WalkInto::Stop : WalkInto::Children;
  });
  if (!Suspend)
    return Known;
  auto [It, New] = Finishing.try_emplace(Suspend->getCanonicalDecl(), false);
  if (New)
    It->second = finishesCoroutine(Suspend);
  return It->second ? Suspends::ToEnd : Known;
}

/// The class through which a \p Record is awaited: what its operator co_await
/// returns, or itself; may be null.
static const CXXRecordDecl *awaiterRecord(const CXXRecordDecl *Record) {
  llvm::SmallVector<const CXXMethodDecl *, 4> Operators;
  findCoawaitOperators(Record, Operators);
  return Operators.empty()
             ? Record
             : recordOrPattern(
                   Operators.front()->getReturnType().getNonReferenceType());
}

QualType TaskTypes::awaitResult(const TaskType &Type) const {
  const CXXRecordDecl *Awaiter = awaiterRecord(Type.Record);
  const CXXMethodDecl *Resume = findMethod(Awaiter, "await_resume");
  // What only promises know to await may name the awaiter that they use:
  // `lock_operation<scoped_lock_awaiter>`.
  const auto *Instance = dyn_cast<ClassTemplateSpecializationDecl>(Type.Record);
  if (!Resume && Awaiter == Type.Record && Instance &&
      Instance->getTemplateArgs().size() > 0 &&
      Instance->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    Resume = findMethod(
        Instance->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl(),
        "await_resume");
  if (!Resume || Resume->getReturnType()->isDependentType() ||
      Resume->getReturnType()->getContainedDeducedType())
    return {};
  return Resume->getReturnType();
}

void TaskTypes::learn(const CoroutineBodyStmt *Body, QualType ReturnType) {
  const VarDecl *Promise = Body->getPromiseDecl();
  const CXXRecordDecl *Record =
      ReturnType.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Promise || !Record)
    return;
  Learnt Facts;
  Facts.Promise = Promise->getType()->getAsCXXRecordDecl();
  const Stmt *Initial = Body->getInitSuspendStmt();
  if (const auto *Cleanups = dyn_cast_or_null<ExprWithCleanups>(Initial))
    Initial = Cleanups->getSubExpr();
  if (const auto *Await = dyn_cast_or_null<CoroutineSuspendExpr>(Initial)) {
    switch (suspends(Await)) {
    case Suspends::Never:
      Facts.Start = StartKind::Eager;
      break;
    case Suspends::Always:
      if (!usesHandle(awaiterOf(Await)))
        Facts.Start = StartKind::Lazy;
      break;
    case Suspends::Unknown:
    case Suspends::ToEnd:
      break;
    }
  }
  // The parameters of a coroutine may choose another promise.
  for (const CXXRecordDecl *Key :
       {Record->getCanonicalDecl(), templatePattern(Record)}) {
    auto [It, New] = FromBodies.try_emplace(Key, Facts);
    It->second.Mixed |= It->second.Start != Facts.Start;
  }
}

const CXXRecordDecl *TaskTypes::findPromise(const CXXRecordDecl *Record) const {
  DeclarationName Name(&AST.Idents.get("promise_type"));
  if (const auto *Nested = findMember<TypeDecl>(Record, Name))
    return recordOrPattern(AST.getTypeDeclType(Nested));

  // A specialisation of std::coroutine_traits for this class.
  const ClassTemplateDecl *Traits = nullptr;
  for (const NamedDecl *Std : AST.getTranslationUnitDecl()->lookup(
           DeclarationName(&AST.Idents.get("std"))))
    if (const auto *Space = dyn_cast<NamespaceDecl>(Std))
      for (const NamedDecl *Found :
           Space->lookup(DeclarationName(&AST.Idents.get("coroutine_traits"))))
        if (const auto *Template =
                dyn_cast<ClassTemplateDecl>(Found->getUnderlyingDecl()))
          Traits = Template;
  if (!Traits)
    return nullptr;
  auto IsFor = [&](const ClassTemplateSpecializationDecl *Spec, bool Exact) {
    const TemplateArgumentList &Args = Spec->getTemplateArgs();
    if (Args.size() == 0 || Args[0].getKind() != TemplateArgument::Type)
      return false;
    const CXXRecordDecl *First = recordOrPattern(Args[0].getAsType());
    if (!First)
      return false;
    return Exact ? First->getCanonicalDecl() == Record->getCanonicalDecl()
                 : templatePattern(First) == templatePattern(Record);
  };
  auto PromiseIn = [&](const ClassTemplateSpecializationDecl *Spec)
      -> const CXXRecordDecl * {
    const CXXRecordDecl *Definition = definitionOf(Spec);
    if (!Definition)
      return nullptr;
    for (const NamedDecl *Found : Definition->lookup(Name))
      if (const auto *Type = dyn_cast<TypeDecl>(Found->getUnderlyingDecl()))
        return recordOrPattern(AST.getTypeDeclType(Type));
    return nullptr;
  };
  for (const ClassTemplateSpecializationDecl *Spec :
       const_cast<ClassTemplateDecl *>(Traits)->specializations())
    if (IsFor(Spec, /*Exact=*/true))
      if (const CXXRecordDecl *Promise = PromiseIn(Spec))
        return Promise;
  llvm::SmallVector<ClassTemplatePartialSpecializationDecl *, 8> Partial;
  const_cast<ClassTemplateDecl *>(Traits)->getPartialSpecializations(Partial);
  for (const ClassTemplatePartialSpecializationDecl *Spec : Partial)
    if (IsFor(Spec, /*Exact=*/false))
      if (const CXXRecordDecl *Promise = PromiseIn(Spec))
        return Promise;
  return nullptr;
}

StartKind TaskTypes::startKind(const CXXRecordDecl *Promise) const {
  const CXXMethodDecl *Initial = findMethod(Promise, "initial_suspend");
  if (!Initial)
    return StartKind::Unknown;
  const CXXRecordDecl *Awaiter =
      recordOrPattern(Initial->getReturnType().getNonReferenceType());
  if (!Awaiter) {
    // `auto initial_suspend()` of a template: its return statement tells.
    const FunctionDecl *Definition = nullptr;
    if (Initial->hasBody(Definition))
      if (const auto *Body =
              dyn_cast_or_null<CompoundStmt>(Definition->getBody()))
        if (const auto *Return = Body->body_empty()
                                     ? nullptr
                                     : dyn_cast<ReturnStmt>(Body->body_back()))
          if (const Expr *Value = Return->getRetValue())
            Awaiter = recordOrPattern(Value->getType());
  }
  // `Start initial_suspend()` of a promise that was not instantiated.
  const auto *Parameter =
      Initial->getReturnType()->getAs<TemplateTypeParmType>();
  const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Promise);
  if (!Awaiter && Parameter && Special && Parameter->getDepth() == 0 &&
      Parameter->getIndex() < Special->getTemplateArgs().size()) {
    const TemplateArgument &Given =
        Special->getTemplateArgs()[Parameter->getIndex()];
    if (Given.getKind() == TemplateArgument::Type)
      Awaiter = recordOrPattern(Given.getAsType());
  }
  if (!Awaiter)
    return StartKind::Unknown;
  switch (suspends(Awaiter)) {
  case Suspends::Never:
    return StartKind::Eager;
  case Suspends::Always:
    return usesHandle(Awaiter) ? StartKind::Unknown : StartKind::Lazy;
  case Suspends::Unknown:
  case Suspends::ToEnd:
    return StartKind::Unknown;
  }
  llvm_unreachable("all cases are handled");
}

/// Does the body of \p Function resume a coroutine handle, or give one to a
/// function that may? Looks at the template for what is not instantiated.
static bool setsGoing(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function->hasBody(Definition)) {
    Function = Function->getTemplateInstantiationPattern();
    if (!Function || !Function->hasBody(Definition))
      return false;
  }
  return contains(Definition->getBody(), [](const Stmt *S) {
    DeclarationName Name;
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      Name = Member->getMemberDecl()->getDeclName();
    else if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(S))
      Name = Dependent->getMember();
    if (const IdentifierInfo *Id = Name.getAsIdentifierInfo();
        Id && Id->isStr("resume"))
      return true;
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call || Call->isCallToStdMove())
      return false;
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && Callee->isInStdNamespace())
      return false;
    return llvm::any_of(Call->arguments(), [](const Expr *Argument) {
      const CXXRecordDecl *Class =
          recordOrPattern(Argument->getType().getNonReferenceType());
      return Class && Class->getIdentifier() &&
             Class->getName() == "coroutine_handle" &&
             Class->isInStdNamespace();
    });
  });
}

/// Is a task set going when it is made, or when it is dropped, by its own
/// class?
static bool runsByItself(const CXXRecordDecl *Record,
                         const CXXRecordDecl *Promise) {
  Record = definitionOf(Record);
  if (!Record)
    return false;
  if (llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *C) {
        return !C->isCopyOrMoveConstructor() && setsGoing(C);
      }))
    return true;
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (Destructor && Destructor->isUserProvided() && setsGoing(Destructor))
    return true;
  const CXXMethodDecl *Makes = findMethod(Promise, "get_return_object");
  return Makes && setsGoing(Makes);
}

/// Is \p Record made from another class, which the promise gives, and holds
/// nothing? Then its constructor has done with the task what is to be done.
static bool isMadeOfTask(const CXXRecordDecl *Record,
                         const CXXRecordDecl *Promise) {
  const CXXMethodDecl *Makes = findMethod(Promise, "get_return_object");
  const CXXRecordDecl *Made =
      Makes ? recordOrPattern(Makes->getReturnType()) : nullptr;
  Record = definitionOf(Record);
  return Made && Record && !Record->isDependentType() && Record->isEmpty() &&
         templatePattern(Made) != templatePattern(Record);
}

/// Can a coroutine with that \p Promise return a \p Record: is it what
/// get_return_object gives, or made from that? Others have the promise for its
/// result only: a handle of a task that was started. Says yes when it is hard
/// to tell.
static bool isReturned(const CXXRecordDecl *Record,
                       const CXXRecordDecl *Promise) {
  const CXXMethodDecl *Makes = findMethod(Promise, "get_return_object");
  const CXXRecordDecl *Made =
      Makes ? recordOrPattern(Makes->getReturnType()) : nullptr;
  const CXXRecordDecl *Definition = definitionOf(Record);
  const CXXRecordDecl *MadeDefinition =
      definitionOf(Made) ? definitionOf(Made)
      : Made             ? definitionOf(templatePattern(Made))
                         : nullptr;
  if (!MadeDefinition || !Definition || Made->isInStdNamespace() ||
      templatePattern(Made) == templatePattern(Record))
    return true;
  llvm::SmallSetVector<const CXXRecordDecl *, 4> Bases;
  collectWithBases(Made, Bases);
  if (Bases.contains(templatePattern(Record)))
    return true;
  auto Takes = [&](const FunctionDecl *Constructor) {
    if (Constructor->getNumParams() == 0)
      return false;
    QualType Type =
        Constructor->getParamDecl(0)->getType().getNonReferenceType();
    const CXXRecordDecl *Class = recordOrPattern(Type);
    return Class ? Bases.contains(templatePattern(Class))
                 : Type->isDependentType();
  };
  for (const Decl *Member : Definition->decls()) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(Member);
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(
        Template ? Template->getTemplatedDecl() : Member);
    if (Constructor && Takes(Constructor))
      return true;
  }
  return llvm::any_of(MadeDefinition->decls(), [&](const Decl *Member) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
      Member = Template->getTemplatedDecl();
    const auto *Conversion = dyn_cast<CXXConversionDecl>(Member);
    const CXXRecordDecl *To =
        Conversion ? recordOrPattern(Conversion->getConversionType()) : nullptr;
    return Conversion &&
           (!To || templatePattern(To) == templatePattern(Record));
  });
}

std::unique_ptr<TaskType> TaskTypes::make(const CXXRecordDecl *Record) {
  auto Type = std::make_unique<TaskType>();
  Type->Record = Record;
  Type->Model = Known.type(Record);
  Type->Library = Known.libraryOf(Record);

  auto Exact = FromBodies.find(Record->getCanonicalDecl());
  if (Exact == FromBodies.end())
    Exact = FromBodies.find(templatePattern(Record));
  if (Exact != FromBodies.end()) {
    Type->Promise = Exact->second.Promise;
    Type->Start = Exact->second.Start;
  } else {
    Type->Promise = findPromise(Record);
    if (Type->Promise && !isReturned(Record, Type->Promise))
      Type->Promise = nullptr;
  }
  if (Exact != FromBodies.end() && Exact->second.Mixed)
    Type->Start = StartKind::Unknown;
  else if (Type->Promise && Type->Start == StartKind::Unknown)
    Type->Start = startKind(Type->Promise);
  if (Type->Start == StartKind::Lazy && runsByItself(Record, Type->Promise))
    Type->Start = StartKind::Unknown;
  Type->IsTask = Type->Promise != nullptr;

  llvm::SmallVector<const CXXMethodDecl *, 4> Operators;
  findCoawaitOperators(Record, Operators);
  const CXXMethodDecl *Ready = findMethod(Record, "await_ready");
  Type->IsAwaitable = Ready || !Operators.empty() || hasFreeCoawait(Record);
  Type->AwaitsRvalueOnly =
      !Operators.empty() && llvm::all_of(Operators, [](const auto *Operator) {
        return Operator->getRefQualifier() == RQ_RValue;
      });

  bool IsSender = isMarked(Record);
  Type->MustAwait = IsSender || saysAwait(Record);
  Type->IsAwaitable |= IsSender;

  if (const TypeModel *Model = Type->Model) {
    if (Model->Start != StartKind::Unknown)
      Type->Start = Model->Start;
    if (Model->Task)
      Type->IsTask = Type->IsAwaitable = true;
    // An error code that coroutines return, too, is a result and no work.
    Type->MayDiscard = Model->MayDiscard || Model->ErrorCode;
    Type->SurvivesDrop = Model->SurvivesDrop || Model->MayDiscard;
    Type->Detached = Model->Detached;
  }
  if (!Type->IsTask && !Type->IsAwaitable)
    return nullptr;

  if (const CXXRecordDecl *Definition = definitionOf(Record);
      Definition && !Definition->isDependentType())
    Type->Movable =
        Definition->hasSimpleMoveConstructor() ||
        llvm::any_of(Definition->ctors(),
                     [](const auto *C) {
                       return C->isCopyOrMoveConstructor() && !C->isDeleted();
                     }) ||
        Definition->needsImplicitMoveConstructor() ||
        Definition->needsImplicitCopyConstructor();

  Type->Copyable = isCopyable(Record);
  Type->OnlyAwaitable = isOnlyAwaitable(Record);
  Type->SingleShot = (Type->Model && Type->Model->SingleShot) ||
                     ((Type->IsTask || Type->AwaitsRvalueOnly) &&
                      !Type->Copyable && !(Type->Model && Type->Model->Shared));

  if (Type->IsTask && Type->Start == StartKind::Lazy)
    Type->ResumesBlindly = resumesBlindly(awaiterRecord(Record), AST);

  // Only the promise of the library could make it awaitable all the same
  // (await_transform); a library whose tasks need that has a model.
  if (Type->IsTask && !Type->IsAwaitable) {
    const CXXMethodDecl *Transforms =
        findMethod(Type->Promise, "await_transform");
    // A generator is asked for its values instead; what it transforms is what
    // its own body awaits.
    if (Transforms &&
        (Transforms->isDeleted() || findMethod(Type->Promise, "yield_value")))
      Transforms = nullptr;
    if (isMadeOfTask(Record, Type->Promise))
      Type->Detached = true;
    else if (Transforms)
      Type->IsAwaitable = true;
    else if (Type->Start == StartKind::Eager)
      Type->Detached = true;
  }
  return Type;
}

const TaskType *TaskTypes::classify(QualType Type) {
  if (Type.isNull())
    return nullptr;
  const CXXRecordDecl *Record =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || Record->isLambda())
    return nullptr;
  Record = Record->getCanonicalDecl();
  auto [It, New] = Cache.try_emplace(Record);
  if (New) {
    // make() may classify other types: do not hold on to It.
    auto Made = make(Record);
    return (Cache[Record] = std::move(Made)).get();
  }
  return It->second.get();
}

} // namespace coro
