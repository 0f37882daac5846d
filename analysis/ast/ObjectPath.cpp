//===- ObjectPath.cpp - Which object an expression names ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/ObjectPath.h"
#include "analysis/ast/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

/// How long a path may get before it is cut off and no longer exact.
static constexpr unsigned MaxMembers = 6;

static const Expr *handedOn(const CallExpr *Call) {
  if (Call->isCallToStdMove())
    return Call->getArg(0);
  if (const FunctionDecl *Callee = Call->getDirectCallee();
      Callee && Call->getNumArgs() == 1)
    switch (Callee->getBuiltinID()) {
    case Builtin::BImove:
    case Builtin::BIforward:
    case Builtin::BIas_const:
    case Builtin::BIaddressof:
    case Builtin::BI__addressof:
      return Call->getArg(0);
    default:
      break;
    }
  return nullptr;
}

const Expr *stripTransfers(const Expr *E) {
  while (E) {
    const Expr *Before = E;
    E = E->IgnoreParenCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Temporary->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
      E = Default->getExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct && Construct->getNumArgs() >= 1 &&
             Construct->getConstructor()->isCopyOrMoveConstructor())
      E = Construct->getArg(0);
    else if (const auto *Call = dyn_cast<CallExpr>(E))
      if (const Expr *Argument = handedOn(Call))
        E = Argument;
    if (E == Before)
      return E;
  }
  return E;
}

bool isMove(const Expr *E) {
  while (E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Temporary->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct && Construct->getNumArgs() == 1)
      E = Construct->getArg(0);
    else
      break;
  }
  if (const auto *Call = dyn_cast_or_null<CallExpr>(E))
    return handedOn(Call) && Call->isXValue();
  return false;
}

bool isAssigned(const VarDecl *Variable) {
  const auto *Function = dyn_cast<FunctionDecl>(Variable->getDeclContext());
  const Stmt *Body = Function ? Function->getBody() : nullptr;
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Ref && Ref->getDecl() == Variable;
  };
  return contains(Body, [&](const Stmt *S) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(S))
      return Binary->isAssignmentOp() && Names(Binary->getLHS());
    if (const auto *Unary = dyn_cast<UnaryOperator>(S))
      return (Unary->isIncrementDecrementOp() ||
              Unary->getOpcode() == UO_AddrOf) &&
             Names(Unary->getSubExpr());
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S))
      return Operator->isAssignmentOp() && Operator->getNumArgs() > 0 &&
             Names(Operator->getArg(0));
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S)) {
      // reset(), swap() of a smart pointer.
      const CXXMethodDecl *Method = Member->getMethodDecl();
      return Method && !Method->isConst() &&
             Names(Member->getImplicitObjectArgument());
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return llvm::any_of(Lambda->captures(), [&](const LambdaCapture &C) {
        return C.getCaptureKind() == LCK_ByRef &&
               C.getCapturedVar() == Variable;
      });
    return false;
  });
}

static ObjectPath resolve(const Expr *E, unsigned Depth);

/// The member that a pointer-like class is dereferenced with, or null.
static const CXXMethodDecl *arrowOf(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return nullptr;
  for (const Decl *Member : Record->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
      Member = Template->getTemplatedDecl();
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Member);
        Method && Method->getOverloadedOperator() == OO_Arrow)
      return Method;
  }
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const CXXMethodDecl *Arrow = arrowOf(Base.getType()))
      return Arrow;
  return nullptr;
}

/// A pointer, or a class whose copies point to the same object: constness of
/// the pointer says nothing on what it points to, other than in an optional.
static bool isPointerLike(QualType Type) {
  if (Type->isPointerType())
    return true;
  const CXXMethodDecl *Arrow = arrowOf(Type);
  return Arrow && Arrow->isConst() && Arrow->getReturnType()->isPointerType() &&
         !Arrow->getReturnType()->getPointeeType().isConstQualified();
}

static ObjectPath member(ObjectPath Base, const NamedDecl *Member) {
  if (!Base || Base.Members.size() >= MaxMembers || !Base.Exact) {
    Base.Exact = false;
    return Base;
  }
  Base.Members.push_back(Member->getNameAsString() +
                         (isa<FunctionDecl>(Member) ? "()" : ""));
  return Base;
}

static ObjectPath variable(const ValueDecl *Declaration, unsigned Depth) {
  ObjectPath Path;
  if (const auto *Binding = dyn_cast<BindingDecl>(Declaration)) {
    // Of an aggregate it is a member; of anything tuple-like a new object.
    if (Binding->getHoldingVar() || !Binding->getBinding())
      return Path;
    return resolve(Binding->getBinding(), Depth + 1);
  }
  const auto *Variable = dyn_cast<VarDecl>(Declaration);
  if (!Variable)
    return Path;
  if (Variable->getType()->isReferenceType() && !isa<ParmVarDecl>(Variable) &&
      Variable->hasInit() && !Variable->isCXXForRangeDecl()) {
    ObjectPath Bound = resolve(Variable->getInit(), Depth + 1);
    if (Bound)
      return Bound;
  }
  // A pointer that is set once stands for what it points to: &socket_, a copy
  // of another pointer, a pointer to this object.
  if (Variable->isLocalVarDecl() && Variable->hasInit() &&
      !Variable->getType()->isReferenceType() &&
      isPointerLike(Variable->getType()) && !isMove(Variable->getInit()) &&
      (Variable->getType().isConstQualified() || !isAssigned(Variable))) {
    ObjectPath Target = resolve(Variable->getInit(), Depth + 1);
    if (Target && Target.Exact)
      return Target;
  }
  Path.Root = PathRoot::Variable;
  Path.Variable = cast<ValueDecl>(Variable->getCanonicalDecl());
  return Path;
}

/// What a getter returns: the whole of its body is `return member;`.
static const Expr *returnedMember(const CXXMethodDecl *Method) {
  if (Method->isVirtual())
    return nullptr;
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Method->getBody());
  if (!Body || Body->size() != 1)
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_front());
  return Return ? Return->getRetValue() : nullptr;
}

/// A member of a class template for the classes derived from it that returns a
/// pointer-like object for the derived class: a pointer to *this that keeps it.
static bool returnsItself(const CXXMethodDecl *Method) {
  const auto *Of =
      dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent());
  if (!Of || Of->getTemplateArgs().size() == 0 ||
      Of->getTemplateArgs()[0].getKind() != TemplateArgument::Type ||
      Method->getNumParams() != 0)
    return false;
  const CXXRecordDecl *Derived =
      Of->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
  const CXXMethodDecl *Arrow = arrowOf(Method->getReturnType());
  if (!Derived || !Derived->hasDefinition() || !Arrow ||
      !Derived->isDerivedFrom(Of))
    return false;
  return Arrow->getReturnType()->getPointeeCXXRecordDecl() &&
         Arrow->getReturnType()
                 ->getPointeeCXXRecordDecl()
                 ->getCanonicalDecl() == Derived->getCanonicalDecl();
}

static ObjectPath resolve(const Expr *E, unsigned Depth) {
  ObjectPath Nothing;
  E = stripTransfers(E);
  if (!E || Depth > 24)
    return Nothing;
  if (isa<CXXThisExpr>(E)) {
    ObjectPath Path;
    Path.Root = PathRoot::This;
    return Path;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return variable(Ref->getDecl(), Depth);
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return resolve(Opaque->getSourceExpr(), Depth + 1);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_AddrOf || Unary->getOpcode() == UO_Deref)
      return resolve(Unary->getSubExpr(), Depth + 1);
    return Nothing;
  }
  if (const auto *Access = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Access->getMemberDecl()))
      return variable(Static, Depth);
    if (!isa<FieldDecl>(Access->getMemberDecl()))
      return Nothing;
    return member(resolve(Access->getBase(), Depth + 1),
                  Access->getMemberDecl());
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    ObjectPath Path = resolve(Subscript->getBase(), Depth + 1);
    Path.Exact = false;
    return Path;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    OverloadedOperatorKind Kind = Operator->getOperator();
    if ((Kind == OO_Star || Kind == OO_Arrow) && Operator->getNumArgs() == 1)
      return resolve(Operator->getArg(0), Depth + 1);
    if (Operator->getNumArgs() == 0 || !E->isGLValue())
      return Nothing;
    ObjectPath Path = resolve(Operator->getArg(0), Depth + 1);
    Path.Exact = false;
    return Path;
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (Method && returnsItself(Method))
      return resolve(Call->getImplicitObjectArgument(), Depth + 1);
    if (!Method || (!E->isGLValue() && !E->getType()->isPointerType()))
      return Nothing;
    ObjectPath Path = resolve(Call->getImplicitObjectArgument(), Depth + 1);
    // What get() of a smart pointer returns is what the pointer stands for.
    const CXXMethodDecl *Arrow = nullptr;
    if (Call->getNumArgs() == 0 && E->getType()->isPointerType())
      for (const Decl *Member : Method->getParent()->decls())
        if (const auto *Other = dyn_cast<CXXMethodDecl>(Member))
          if (Other->getOverloadedOperator() == OO_Arrow &&
              Other->getReturnType().getCanonicalType() ==
                  Method->getReturnType().getCanonicalType())
            Arrow = Other;
    if (Arrow)
      return Path;
    if (Call->getNumArgs() == 0) {
      if (const Expr *Member = returnedMember(Method); Member && Path) {
        ObjectPath Inside = resolve(Member, Depth + 1);
        if (Inside.Root == PathRoot::This && Inside.Exact &&
            Path.Members.size() + Inside.Members.size() <= MaxMembers) {
          Path.Members.append(Inside.Members.begin(), Inside.Members.end());
          return Path;
        }
      }
      return member(std::move(Path), Method);
    }
    Path.Exact = false;
    return Path;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    // f(object) that returns a reference: something inside the object.
    if (!E->isGLValue() || Call->getNumArgs() != 1)
      return Nothing;
    ObjectPath Path = resolve(Call->getArg(0), Depth + 1);
    Path.Exact = false;
    return Path;
  }
  // A view of an object, such as reference_wrapper(x): made from it alone.
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      Construct && Construct->getNumArgs() == 1) {
    ObjectPath Path = resolve(Construct->getArg(0), Depth + 1);
    Path.Exact = false;
    return Path;
  }
  return Nothing;
}

ObjectPath resolveObject(const Expr *E) { return resolve(E, 0); }

bool ObjectPath::same(const ObjectPath &Other) const {
  return Root != PathRoot::None && Root == Other.Root &&
         Variable == Other.Variable && Exact && Other.Exact &&
         Members == Other.Members;
}

bool ObjectPath::overlaps(const ObjectPath &Other) const {
  if (Root == PathRoot::None || Root != Other.Root ||
      Variable != Other.Variable)
    return false;
  size_t Common = std::min(Members.size(), Other.Members.size());
  for (size_t I = 0; I < Common; ++I)
    if (Members[I] != Other.Members[I])
      return false;
  return true;
}

bool ObjectPath::isOwnedBy(const FunctionDecl *Function) const {
  if (Root != PathRoot::Variable)
    return false;
  const auto *Local = dyn_cast<VarDecl>(Variable);
  if (!Local || !Local->hasLocalStorage() ||
      Local->getType()->isReferenceType() || Local->getType()->isPointerType())
    return false;
  // What a smart pointer points to lives elsewhere.
  if (const CXXRecordDecl *Record = Local->getType()->getAsCXXRecordDecl();
      Record && Record->hasDefinition() && !Members.empty())
    for (const CXXMethodDecl *Method : Record->methods())
      if (Method->getOverloadedOperator() == OO_Arrow)
        return false;
  const DeclContext *Context = Local->getDeclContext();
  return isa<FunctionDecl>(Context) &&
         cast<FunctionDecl>(Context)->getCanonicalDecl() ==
             Function->getCanonicalDecl();
}

std::string ObjectPath::text() const {
  std::string Text = "'";
  if (Root == PathRoot::Variable)
    Text += Variable->getNameAsString();
  else if (Members.empty())
    Text += "*this";
  for (const std::string &Member : Members) {
    if (Text.size() > 1)
      Text += '.';
    Text += Member;
  }
  return Text + "'";
}

} // namespace coro
