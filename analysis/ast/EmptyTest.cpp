//===- EmptyTest.cpp - What a condition says about emptiness --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/EmptyTest.h"
#include "analysis/ast/ObjectPath.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

bool isNullValue(const Expr *E) {
  E = stripTransfers(E);
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(E))
    return true;
  // std::nullopt
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const CXXRecordDecl *Record = Ref->getType()->getAsCXXRecordDecl())
      return Record->isEmpty() && Ref->getType().isConstQualified();
  return false;
}

static llvm::StringRef nameOf(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->getIdentifier() ? Callee->getName()
                                           : llvm::StringRef();
}

/// `m.find(k)`, also through a local: the object and the key.
static const CXXMemberCallExpr *lookUp(const Expr *E) {
  E = stripTransfers(E);
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
        Variable && Variable->hasLocalStorage() && Variable->hasInit())
      E = stripTransfers(Variable->getInit());
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
  return Call && nameOf(Call) == "find" && Call->getNumArgs() == 1 ? Call
                                                                   : nullptr;
}

static bool isEnd(const Expr *E) {
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(stripTransfers(E));
  return Call && Call->getNumArgs() == 0 &&
         (nameOf(Call) == "end" || nameOf(Call) == "cend");
}

/// \p A and \p B are compared; \p Equal is the answer if they are the same.
static EmptyTest equality(const Expr *A, const Expr *B, bool Equal) {
  for (auto [Left, Right] : {std::pair(A, B), std::pair(B, A)}) {
    if (isEnd(Right)) {
      if (const CXXMemberCallExpr *Find = lookUp(Left))
        return {EmptyTest::Missing, Equal, Find->getImplicitObjectArgument(),
                Find->getArg(0), Left};
      return {EmptyTest::AtEnd, Equal, Left, nullptr, Left};
    }
    if (isNullValue(Right))
      return {EmptyTest::Empty, Equal, Left};
    if (const auto *Count =
            dyn_cast_or_null<CXXMemberCallExpr>(stripTransfers(Left));
        Count && Count->getNumArgs() == 1 && nameOf(Count) == "count")
      if (const auto *Zero =
              dyn_cast<IntegerLiteral>(Right->IgnoreParenImpCasts());
          Zero && Zero->getValue() == 0)
        return {EmptyTest::Missing, Equal, Count->getImplicitObjectArgument(),
                Count->getArg(0)};
  }
  return {};
}

EmptyTest emptyTest(const Expr *Condition) {
  const Expr *E = stripTransfers(Condition);
  bool Negated = false;
  for (const auto *Not = dyn_cast_or_null<UnaryOperator>(E);
       Not && Not->getOpcode() == UO_LNot;
       Not = dyn_cast_or_null<UnaryOperator>(E)) {
    Negated = !Negated;
    E = stripTransfers(Not->getSubExpr());
  }
  if (!E)
    return {};
  if (const auto *Rewritten = dyn_cast<CXXRewrittenBinaryOperator>(E))
    return equality(Rewritten->getLHS(), Rewritten->getRHS(),
                    (Rewritten->getOperator() == BO_EQ) != Negated);
  if (const auto *Compare = dyn_cast<BinaryOperator>(E)) {
    if (!Compare->isEqualityOp())
      return {};
    return equality(Compare->getLHS(), Compare->getRHS(),
                    (Compare->getOpcode() == BO_EQ) != Negated);
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    if (Operator->getNumArgs() == 2 &&
        (Operator->getOperator() == OO_EqualEqual ||
         Operator->getOperator() == OO_ExclaimEqual))
      return equality(Operator->getArg(0), Operator->getArg(1),
                      (Operator->getOperator() == OO_EqualEqual) != Negated);
    if (Operator->getNumArgs() == 1 && Operator->getOperator() == OO_Exclaim)
      return {EmptyTest::Empty, !Negated, Operator->getArg(0)};
    return {};
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()))
      return {EmptyTest::Empty, Negated, Object};
    if (Call->getNumArgs() == 0 && nameOf(Call) == "has_value")
      return {EmptyTest::Empty, Negated, Object};
    if (Call->getNumArgs() == 1 &&
        (nameOf(Call) == "contains" || nameOf(Call) == "count"))
      return {EmptyTest::Missing, Negated, Object, Call->getArg(0)};
    return {};
  }
  // A flag or pointer.
  QualType Type = E->getType();
  if ((Type->isBooleanType() || Type->isPointerType()) &&
      isa<MemberExpr, DeclRefExpr>(E))
    return {EmptyTest::Empty, Negated, E};
  return {};
}

} // namespace coro
