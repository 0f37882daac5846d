//===- ObjectPath.cpp - Which object an expression names ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ObjectPath.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
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

static ObjectPath resolve(const Expr *E, unsigned Depth);

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
  Path.Root = PathRoot::Variable;
  Path.Variable = cast<ValueDecl>(Variable->getCanonicalDecl());
  return Path;
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
    if (Call->getNumArgs() == 0)
      return member(std::move(Path), Method);
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
