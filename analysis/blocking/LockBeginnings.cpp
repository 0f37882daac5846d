//===- LockBeginnings.cpp - What a guard holds when it begins -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/blocking/LockStateAnalysis.h"
#include "clang/AST/ASTContext.h"

using namespace clang;

namespace coro {

const Expr *makerOf(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Full = dyn_cast<FullExpr>(Inner))
      Inner = Full->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Inner->getType()->isRecordType() &&
             !isa<CXXStaticCastExpr, CXXReinterpretCastExpr>(Cast))
      Inner = Cast->getSubExpr();
    else if (const auto *List = dyn_cast<InitListExpr>(Inner);
             List && List->getNumInits() == 1 &&
             List->getInit(0)->getType().getCanonicalType() ==
                 List->getType().getCanonicalType())
      Inner = List->getInit(0);
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Default->getExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

LockState::Analysis::Beginning
LockState::Analysis::beginConstructed(const CXXConstructExpr *Construct,
                                      const GuardType &Guard, State &S,
                                      unsigned Depth) {
  Beginning Result;
  Result.Taken = Construct;
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  if (Constructor->isCopyOrMoveConstructor() && Construct->getNumArgs() > 0) {
    const Expr *From = Construct->getArg(0);
    if (const Lock *Source = findGuard(From)) {
      Result.Mutexes = Source->Mutexes;
      Result.MutexText = Source->MutexText;
      const Entry *Old = S.find(Source->Id);
      Result.Bits = Old ? Old->Bits : uint8_t(IsFree);
      if (Old && Old->Taken)
        Result.Taken = Old->Taken;
      S.clear(Source->Id);
      return Result;
    }
    if (makerOf(From)->isPRValue())
      return begin(From, Guard, S, Depth + 1);
    Result.Bits = IsHeld | IsUnsure;
    return Result;
  }
  unsigned Arguments = 0, Others = 0;
  LockTag Tag = LockTag::None;
  for (const Expr *Argument : Construct->arguments()) {
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    ++Arguments;
    if (Argument->isNullPointerConstant(U.ast(),
                                        Expr::NPC_ValueDependentIsNotNull)) {
      Result.Bits = IsFree;
      return Result;
    }
    if (LockTag Says = Types.tag(Argument->getType()); Says != LockTag::None) {
      Tag = Says;
      continue;
    }
    if (LockPath Path = lockPath(Argument);
        // A path that ends in `this` has no declaration there.
        !Path.empty() &&
        !(Path.back() && Path.back()->getType()->isIntegralOrEnumerationType()))
      Result.Mutexes.push_back(Path);
    if (Result.MutexText.empty()) {
      Result.MutexText = sourceText(Argument->getSourceRange(), U.ast());
      if (llvm::StringRef(Result.MutexText).starts_with("&"))
        Result.MutexText.erase(0, 1);
    }
    // A time limit or condition beside the lock: whether it was taken is not
    // certain.
    if (Arguments > 1 && Types.mutex(Argument->getType()) == MutexKind::None)
      ++Others;
  }
  if (!Guard.MustNotSuspend.empty() && !Guard.Contains)
    return Result;
  if (Guard.Contains) {
    // A class around a guard: what it is given tells, or its constructor's
    // initialisers, if they can be seen. (An aggregate is not constructed.)
    for (const Expr *Argument : Construct->arguments())
      if (const GuardType *Part =
              Types.guard(Argument->getType().getNonReferenceType());
          Part && Depth < 4) {
        Beginning Inner = begin(Argument, *Part, S, Depth + 1);
        if (Inner.Bits & IsHeld)
          return Inner;
      }
    Result.Bits = Guard.CanBeEmpty ? IsUnsure : IsHeld;
    const FunctionDecl *Definition = nullptr;
    if (Depth < 4 && Constructor->hasBody(Definition))
      for (const CXXCtorInitializer *Init :
           cast<CXXConstructorDecl>(Definition)->inits()) {
        const GuardType *Member =
            Init->isMemberInitializer()
                ? Types.guard(Init->getMember()->getType())
            : Init->isBaseInitializer()
                ? Types.guard(QualType(Init->getBaseClass(), 0))
                : nullptr;
        if (Member) {
          Beginning Inner = begin(Init->getInit(), *Member, S, Depth + 1);
          Result.Bits = Inner.Bits;
          if (Inner.Bits & IsHeld)
            break;
        }
      }
    return Result;
  }
  switch (Tag) {
  case LockTag::Defer:
    Result.Bits = IsFree;
    return Result;
  case LockTag::Try:
    Result.Bits = IsUnsure;
    return Result;
  case LockTag::Adopt:
    for (const LockPath &Path : Result.Mutexes)
      if (auto It = ByPath.find(Path); It != ByPath.end())
        S.clear(It->second);
    return Result;
  case LockTag::None:
    break;
  }
  if (Constructor->hasAttrs()) {
    if (Constructor->hasAttr<TryAcquireCapabilityAttr>())
      Result.Bits = IsUnsure;
    else if (Constructor->hasAttr<LocksExcludedAttr>() &&
             !Constructor->hasAttr<AcquireCapabilityAttr>())
      Result.Bits = IsFree;
  }
  if (Guard.CanBeEmpty && Arguments == 0 &&
      !Constructor->hasAttr<AcquireCapabilityAttr>())
    Result.Bits = IsFree;
  else if (Others)
    Result.Bits = IsUnsure;
  else if (Guard.CanBeEmpty && Guard.Policy == LockTag::Try)
    Result.Bits = IsUnsure;
  return Result;
}

LockState::Analysis::Beginning
LockState::Analysis::begin(const Expr *Init, const GuardType &Guard, State &S,
                           unsigned Depth) {
  Beginning Result;
  const Expr *Made = makerOf(Init);
  Result.Taken = Made;
  if (!Made || Depth > 6) {
    Result.Bits = IsUnsure;
    return Result;
  }
  if (!Guard.MustNotSuspend.empty() && !Guard.Contains)
    return Result;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Made))
    return beginConstructed(Construct, Guard, S, Depth);
  auto Parts = [&](auto Elements) {
    Result.Bits = IsFree;
    for (const Expr *Element : Elements) {
      const GuardType *Part =
          Element ? Types.guard(Element->getType()) : nullptr;
      if (!Part)
        continue;
      Beginning Inner = begin(Element, *Part, S, Depth + 1);
      if ((Inner.Bits & IsHeld) || !(Result.Bits & IsHeld)) {
        if (Inner.Bits != IsFree)
          Result = Inner;
        if (Result.Bits == IsHeld)
          break;
      }
    }
    return Result;
  };
  if (const auto *List = dyn_cast<InitListExpr>(Made))
    return Parts(List->inits());
  if (const auto *Lambda = dyn_cast<LambdaExpr>(Made))
    return Parts(Lambda->capture_inits());
  if (Made->isXValue())
    if (const Lock *Source = findGuard(Made)) {
      const Entry *Old = S.find(Source->Id);
      Result = {Old ? Old->Bits : uint8_t(IsFree),
                Old && Old->Taken ? Old->Taken : Made, Source->Mutexes,
                Source->MutexText};
      S.clear(Source->Id);
      return Result;
    }
  if (const auto *Call = dyn_cast<CallExpr>(Made)) {
    const FunctionModel *Model = U.models().callee(Call);
    if ((Model && Model->Lock &&
         Model->Lock->Effect == LockEffect::TryAcquire) ||
        Guard.Policy == LockTag::Try)
      Result.Bits = IsUnsure;
    const Expr *Locked = nullptr;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      Locked = Member->getImplicitObjectArgument();
    else if (Call->getNumArgs() > 0)
      Locked = Call->getArg(0);
    if (Locked && !isa<CXXThisExpr>(Locked->IgnoreImpCasts()))
      Result.MutexText = sourceText(Locked->getSourceRange(), U.ast());
    return Result;
  }
  if (isa<CoawaitExpr>(Made))
    return Result;
  Result.Bits = IsHeld | IsUnsure;
  return Result;
}

} // namespace coro
