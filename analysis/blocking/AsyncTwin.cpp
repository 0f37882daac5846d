//===- AsyncTwin.cpp - The awaited form of a blocking function ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/AsyncTwin.h"
#include "analysis/ast/Calls.h"
#include "analysis/blocking/Effects.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace coro {

static std::string capitalised(llvm::StringRef Name) {
  std::string Result = Name.str();
  if (!Result.empty())
    Result[0] = llvm::toUpper(Result[0]);
  return Result;
}

/// What the twin of a function called \p Name may be called.
static std::vector<std::string> namesOfTwins(llvm::StringRef Name) {
  llvm::SmallVector<llvm::StringRef, 2> Stems{Name};
  for (llvm::StringRef Affix :
       {"_sync", "Sync", "_blocking", "Blocking", "sync_", "blocking_"}) {
    llvm::StringRef Stem = Name;
    if (Affix.back() == '_' ? Stem.consume_front(Affix)
                            : Stem.consume_back(Affix))
      Stems.push_back(Stem);
  }
  std::vector<std::string> Names;
  for (llvm::StringRef Stem : Stems) {
    if (Stem.empty())
      continue;
    if (Stem != Name)
      Names.push_back(Stem.str());
    for (llvm::StringRef Affix : {"async", "co", "coro", "await"}) {
      Names.push_back((Affix + "_" + Stem).str());
      Names.push_back((Stem + "_" + Affix).str());
      Names.push_back(Affix.str() + capitalised(Stem));
      Names.push_back(capitalised(Affix) + capitalised(Stem));
      Names.push_back(Stem.str() + capitalised(Affix));
    }
  }
  return Names;
}

/// The template that the class of \p Type is made from, or the class.
static const Decl *classOf(QualType Type) {
  const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
  if (const auto *Made =
          dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record))
    return Made->getSpecializedTemplate()->getCanonicalDecl();
  return Record ? Record->getCanonicalDecl() : nullptr;
}

/// Can the arguments that \p Callee is given be given to \p Twin?
static bool takesTheSame(const FunctionDecl *Twin, const FunctionDecl *Callee,
                         llvm::ArrayRef<const Expr *> Arguments,
                         const ASTContext &AST) {
  unsigned Written = 0;
  for (const Expr *Argument : Arguments)
    Written += !isa<CXXDefaultArgExpr>(Argument);
  if (Written > Callee->getNumParams() || Written > Twin->getNumParams() ||
      Twin->getMinRequiredArguments() > Written)
    return false;
  for (unsigned I = 0; I < Written; ++I)
    if (!AST.hasSameUnqualifiedType(
            Twin->getParamDecl(I)->getType().getNonReferenceType(),
            Callee->getParamDecl(I)->getType().getNonReferenceType()))
      return false;
  return true;
}

/// Can \p Twin be called on \p Object, from \p From?
static bool isUsable(const FunctionDecl *Twin, const Expr *Object,
                     const Coroutine &From) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Twin);
  if (!Method)
    return true;
  if (Method->getAccess() != AS_public &&
      !Method->getParent()->Encloses(From.Function))
    return false;
  if (Method->isStatic())
    return true;
  if (!Object)
    return false;
  QualType Type = Object->getType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  return Method->isConst() || !Type.isConstQualified();
}

const FunctionDecl *asyncTwin(const Expr *Call, const Coroutine &From,
                              Unit &U) {
  const auto *Written = dyn_cast_or_null<CallExpr>(Call);
  const FunctionDecl *Callee = Written ? Written->getDirectCallee() : nullptr;
  const Decl *Wanted = classOf(From.Function->getReturnType());
  if (!Callee || !Callee->getIdentifier() || Callee->isVariadic() || !Wanted)
    return nullptr;
  ASTContext &AST = U.ast();
  const DeclContext *Beside =
      Callee->getDeclContext()->getRedeclContext()->getPrimaryContext();
  for (const std::string &Name : namesOfTwins(Callee->getName())) {
    auto Known = AST.Idents.find(Name);
    if (Known == AST.Idents.end())
      continue;
    for (const NamedDecl *Found : Beside->lookup(Known->second)) {
      const auto *Twin = dyn_cast<FunctionDecl>(Found);
      if (!Twin || classOf(Twin->getReturnType()) != Wanted ||
          Twin->getCanonicalDecl() == From.Function->getCanonicalDecl() ||
          !takesTheSame(Twin, Callee, argumentsOf(Call), AST) ||
          !isUsable(Twin, objectOf(Call), From))
        continue;
      const FunctionDecl *Body = nullptr;
      if (Twin->hasBody(Body) && U.coroutine(Body) &&
          !U.shared<Effects>().blockingCalls(Body).empty())
        continue;
      return Twin;
    }
  }
  return nullptr;
}

} // namespace coro
