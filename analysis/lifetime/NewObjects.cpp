//===- NewObjects.cpp - Objects that nobody else knows yet ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/NewObjects.h"
#include "analysis/ast/Calls.h"
#include "analysis/ast/Flow.h"
#include "analysis/ast/Walk.h"
#include "analysis/lifetime/Origins.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace coro {

/// Is \p Callee a function of a library which is asked for an owner of a T, by
/// name: `make_lw_shared<T>(…)`? The driver does not parse the bodies of those.
static bool isLibrarysMaker(const FunctionDecl *Callee,
                            const BorrowTypes &Types) {
  const TemplateArgumentList *Arguments =
      Callee->getTemplateSpecializationArgs();
  const auto *Owner = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Callee->getReturnType()->getAsCXXRecordDecl());
  if (!Arguments || Arguments->size() == 0 || !Owner ||
      isa<CXXMethodDecl>(Callee) ||
      Types.ownership(Callee->getReturnType()) == Ownership::None)
    return false;
  const SourceManager &SM = Callee->getASTContext().getSourceManager();
  return SM.isInSystemHeader(SM.getExpansionLoc(Callee->getLocation())) &&
         Owner->getTemplateArgs().size() > 0 &&
         Arguments->get(0).getKind() == TemplateArgument::Type &&
         Arguments->get(0).structurallyEquals(Owner->getTemplateArgs()[0]);
}

bool makesObject(const Expr *E, const BorrowTypes &Types, unsigned Depth) {
  constexpr unsigned MaxDepth = 4;
  const auto *Call =
      E ? dyn_cast<CallExpr>(E->IgnoreUnlessSpelledInSource()) : nullptr;
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee || isa<CXXMemberCallExpr>(Call))
    return false;
  auto Owns = [&](const Expr *Argument) {
    return Types.ownership(Argument->getType()) != Ownership::None;
  };
  if (Callee->isInStdNamespace() || isLibrarysMaker(Callee, Types))
    return llvm::none_of(Call->arguments(), Owns);
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition)) {
    // One that hands out the only owner, and not the one that it is given.
    QualType Result = Callee->getReturnType();
    return Types.ownership(Result) == Ownership::Unique &&
           llvm::none_of(Call->arguments(), [&](const Expr *Argument) {
             return Argument->getType()->getAsCXXRecordDecl() ==
                    Result->getAsCXXRecordDecl();
           });
  }
  std::vector<const Expr *> Values = returnedValues(Definition);
  return !Values.empty() && llvm::all_of(Values, [&](const Expr *Value) {
    // `return owner(new T)`, or of a local that has been made by `new`
    return contains(
               Value,
               [](const Stmt *At) {
                 const auto *Mention = dyn_cast<DeclRefExpr>(At);
                 const auto *Local =
                     Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
                 return isa<CXXNewExpr>(At) ||
                        (Local && Local->hasLocalStorage() &&
                         Local->getInit() &&
                         isa<CXXNewExpr>(Local->getInit()->IgnoreImplicit()));
               }) ||
           (Depth < MaxDepth && makesObject(Value, Types, Depth + 1));
  });
}

/// What \p Owner was given on every way to \p Then: its initialiser, or the
/// only value that it is assigned, in a block around that. Null for others.
static const Expr *valueBefore(const VarDecl *Owner, const Flow &F,
                               const Stmt *Then) {
  const CXXOperatorCallExpr *Only = nullptr;
  unsigned Assignments = 0;
  F.forEachStatement([&](const Stmt *S) {
    const auto *Call = dyn_cast<CXXOperatorCallExpr>(S);
    if (Call && Call->getOperator() == OO_Equal && Call->getNumArgs() == 2 &&
        baseOf(Call->getArg(0)) == Owner &&
        isa<DeclRefExpr>(Call->getArg(0)->IgnoreParenImpCasts())) {
      Only = Call;
      ++Assignments;
    }
  });
  if (Assignments == 0)
    return Owner->isLocalVarDecl() ? Owner->getInit() : nullptr;
  const Stmt *Block = F.parent(F.enclosingStatement(Only));
  if (Assignments > 1 || !F.reaches(Only, Then) || F.reaches(Then, Only))
    return nullptr;
  for (const Stmt *Up = Then; Up; Up = F.parent(Up))
    if (Up == Block)
      return Only->getArg(1);
  return nullptr;
}

bool isNotYetShared(const VarDecl *Owner, const Flow &F, const Stmt *Then,
                    const BorrowTypes &Types) {
  // A lambda runs when it is called, whatever it has captured.
  const Expr *Value = Owner->getParentFunctionOrMethod() == F.function()
                          ? valueBefore(Owner, F, Then)
                          : nullptr;
  if (!Value || !makesObject(Value, Types))
    return false;
  bool GivenAway = false;
  walk(F.body(), [&](const Stmt *At) {
    if (const auto *Lambda = dyn_cast<LambdaExpr>(At)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        GivenAway |=
            Capture.capturesVariable() && Capture.getCapturedVar() == Owner;
      return WalkInto::Skip;
    }
    const auto *Mention = dyn_cast<DeclRefExpr>(At);
    if (!Mention || Mention->getDecl() != Owner || !F.reaches(Mention, Then))
      return WalkInto::Children;
    // owner->part, *owner, owner = make()
    const Stmt *Parent = F.semanticParent(Mention);
    const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
    GivenAway |= !isa_and_nonnull<MemberExpr>(Parent) &&
                 !(Operator && (Operator->getOperator() == OO_Arrow ||
                                (Operator->getOperator() == OO_Star &&
                                 Operator->getNumArgs() == 1) ||
                                (Operator->getOperator() == OO_Equal &&
                                 Operator->getArg(1) == Value)));
    return WalkInto::Children;
  });
  return !GivenAway;
}

bool isOnNewObject(const Expr *Operation, const Flow &F,
                   const BorrowTypes &Types) {
  const VarDecl *Owner = nullptr;
  if (const Expr *Object = objectOf(Operation))
    walk(Object, [&](const Stmt *At) {
      const auto *Mention = dyn_cast<DeclRefExpr>(At);
      Owner = Mention ? dyn_cast<VarDecl>(Mention->getDecl()) : nullptr;
      return Owner ? WalkInto::Stop : WalkInto::Children;
    });
  return Owner && isNotYetShared(Owner, F, Operation, Types);
}

bool isCallOnNewObject(const Expr *Call, const Flow &F,
                       const BorrowTypes &Types) {
  const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Call);
  if (!Member)
    return false;
  const Expr *Object = Member->getImplicitObjectArgument();
  return (isa<CXXConstructorDecl>(F.function()) &&
          isa<CXXThisExpr>(Object->IgnoreParenImpCasts())) ||
         isOnNewObject(Member, F, Types);
}

} // namespace coro
