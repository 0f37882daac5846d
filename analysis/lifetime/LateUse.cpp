//===- LateUse.cpp - What a coroutine needs of its caller -----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/LateUse.h"
#include "analysis/lifetime/ArgumentLife.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

/// Is the class, or the template that it is made from, marked with \p AttrT?
template <typename AttrT> static bool isMarked(const CXXRecordDecl *Record) {
  if (Record->hasAttr<AttrT>())
    return true;
  if (const auto *Special = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    return Special->getSpecializedTemplate()
        ->getTemplatedDecl()
        ->hasAttr<AttrT>();
  return false;
}

RefersBy refersBy(QualType Type, const Models &Known) {
  if (Type.isNull() || Type->isDependentType())
    return RefersBy::Nothing;
  if (Type->isReferenceType())
    return Type->getPointeeType()->isFunctionType() ? RefersBy::Nothing
                                                    : RefersBy::Reference;
  if (Type->isPointerType())
    return Type->getPointeeType()->isFunctionType() ? RefersBy::Nothing
                                                    : RefersBy::Pointer;
  if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl()) {
    if (isMarked<PointerAttr>(Record))
      return RefersBy::View;
    if (const TypeModel *Model = Known.type(Record);
        Model && Model->Pointer == "view")
      return RefersBy::View;
  }
  return RefersBy::Nothing;
}

bool ownsElements(const CXXRecordDecl *Record, const Models &Known) {
  if (!Record)
    return false;
  if (const TypeModel *Model = Known.type(Record)) {
    // What a shared owner points to may have other owners.
    if (Model->Pointer == "owner")
      return false;
    if (Model->Container || Model->Pointer == "unique")
      return true;
  }
  return isMarked<OwnerAttr>(Record);
}

bool mentions(const Expr *E, const FunctionDecl *Function, Slot What) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (What == ObjectSlot) {
    if (!Method)
      return false;
    if (isa<CXXThisExpr>(E))
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      if (Method->getParent()->isLambda() &&
          Ref->refersToEnclosingVariableOrCapture())
        return true;
      if (Method->isExplicitObjectMemberFunction())
        return Ref->getDecl() == Method->getParamDecl(0);
    }
    return false;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref && static_cast<unsigned>(What) < Function->getNumParams() &&
         Ref->getDecl() == Function->getParamDecl(What) &&
         !Ref->refersToEnclosingVariableOrCapture();
}

const LateUses::Reached &LateUses::reached(const FunctionDecl *Function,
                                           const Flow &F) {
  std::unique_ptr<Reached> &Slot = After[Function];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<Reached>();
  Slot->Blocks.resize(F.cfg().getNumBlockIDs());
  llvm::SmallVector<const CFGBlock *, 32> Work;
  for (const CoroutineSuspendExpr *Await : F.suspensions()) {
    FlowPoint At = F.point(Await);
    if (!At || !U.maySuspend(Await))
      continue;
    auto [It, New] =
        Slot->FirstIn.try_emplace(At.Block->getBlockID(), At.Index);
    if (!New)
      It->second = std::min(It->second, At.Index);
    Work.push_back(At.Block);
  }
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    for (const CFGBlock::AdjacentBlock &Next : Block->succs())
      if (const CFGBlock *Successor = Next.getReachableBlock())
        if (!Slot->Blocks.test(Successor->getBlockID())) {
          Slot->Blocks.set(Successor->getBlockID());
          Work.push_back(Successor);
        }
  }
  return *Slot;
}

/// The expression with which \p Use is evaluated. In `r.n += co_await f()` the
/// right side is first, though clang's graph has it behind the left one.
static const Stmt *evaluatedWith(const Flow &F, const Expr *Use) {
  const Stmt *Top = Use;
  for (const Stmt *Up = F.parent(Use); Up && isa<Expr>(Up);
       Top = Up, Up = F.parent(Up))
    if (const auto *Compound = dyn_cast<CompoundAssignOperator>(Up);
        Compound && Compound->getLHS() == Top)
      return Compound;
  return Use;
}

bool LateUses::isLate(const Reached &After, FlowPoint At) {
  if (!At)
    return false;
  auto FirstIn = After.FirstIn.find(At.Block->getBlockID());
  return After.Blocks.test(At.Block->getBlockID()) ||
         (FirstIn != After.FirstIn.end() && FirstIn->second < At.Index);
}

const CoroutineSuspendExpr *LateUses::suspensionBefore(const Flow &F,
                                                       const Expr *Use) {
  for (const CoroutineSuspendExpr *Await : F.suspensions())
    if (U.maySuspend(Await) && F.reaches(Await, evaluatedWith(F, Use)))
      return Await;
  return nullptr;
}

/// The await to whose operand \p Use is handed by reference: the awaited
/// operation goes on using it while this coroutine sleeps.
const CoroutineSuspendExpr *LateUses::suspensionDuring(const Flow &F,
                                                       const Expr *Use) {
  // An await holds its operand several times; the operand itself tells it.
  auto AwaitOf = [&](const Stmt *S) -> const CoroutineSuspendExpr * {
    for (const CoroutineSuspendExpr *Await : F.suspensions())
      if (isa<CoawaitExpr>(Await) && Await->getOperand() &&
          Await->getOperand()->IgnoreImplicit() == S)
        return Await;
    return nullptr;
  };
  const Expr *Value = Use;
  for (const Stmt *Parent = F.parent(Use); Parent; Parent = F.parent(Parent)) {
    if (const auto *Call = dyn_cast<CallExpr>(Parent)) {
      // Only a reference, view or pointer that the call takes is still needed
      // after it; and only if the call made something to wait for.
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee)
        return nullptr;
      // A view of it.
      if (isa<CXXConversionDecl>(Callee) &&
          refersBy(Call->getType(), U.models()) == RefersBy::View) {
        Value = Call;
        continue;
      }
      if (!U.taskType(Call->getType()))
        return nullptr;
      bool Refers = false;
      for (Slot What = ObjectSlot; What < int(Callee->getNumParams()); ++What) {
        const Expr *Argument = argumentOf(Call, What);
        if (!Argument ||
            Argument->IgnoreParenImpCasts() != Value->IgnoreParenImpCasts())
          continue;
        Refers = What == ObjectSlot ||
                 refersBy(Callee->getParamDecl(What)->getType(), U.models()) !=
                     RefersBy::Nothing;
      }
      if (!Refers)
        return nullptr;
      if (const CoroutineSuspendExpr *Await = AwaitOf(Call))
        return U.maySuspend(Await) ? Await : nullptr;
      Value = Call;
      continue;
    }
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Parent)) {
      if (Cast->getCastKind() == CK_LValueToRValue &&
          !Cast->getType()->isPointerType())
        return nullptr;
      Value = Cast;
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Parent)) {
      if (refersBy(Construct->getType(), U.models()) != RefersBy::View)
        return nullptr;
      Value = Construct;
      continue;
    }
    if (isa<ParenExpr, MemberExpr, MaterializeTemporaryExpr,
            CXXBindTemporaryExpr, ExprWithCleanups>(Parent)) {
      Value = cast<Expr>(Parent);
      continue;
    }
    return nullptr;
  }
  return nullptr;
}

/// Is this mention a statement that nothing is needed: `(void)x`?
static bool isVoided(const Flow &F, const Expr *Use) {
  const Stmt *Parent = F.semanticParent(Use);
  const auto *Cast = dyn_cast_or_null<CastExpr>(Parent);
  return Cast && Cast->getCastKind() == CK_ToVoid;
}

std::optional<LateUse>
LateUses::inCoroutine(const Coroutine &C, Slot What,
                      llvm::function_ref<bool(const Expr *)> IsUse) {
  const Flow *F = U.flow(C.Function);
  if (!F)
    return std::nullopt;
  const SourceManager &SM = U.ast().getSourceManager();
  const Expr *FirstLate = nullptr, *First = nullptr;
  auto Earlier = [&](const Expr *A, const Expr *B) {
    return !B || SM.isBeforeInTranslationUnit(A->getExprLoc(), B->getExprLoc());
  };
  const Reached &Behind = reached(C.Function, *F);
  for (const CFGBlock *Block : F->cfg()) {
    if (!Block)
      continue;
    unsigned Index = 0;
    for (const CFGElement &Element : *Block) {
      FlowPoint At{Block, Index++};
      auto Statement = Element.getAs<CFGStmt>();
      const auto *E =
          Statement ? dyn_cast<Expr>(Statement->getStmt()) : nullptr;
      if (!E || !IsUse(E) || isVoided(*F, E))
        continue;
      if (Earlier(E, First))
        First = E;
      const Stmt *With = evaluatedWith(*F, E);
      if (isLate(Behind, With == E ? At : F->point(With)) &&
          Earlier(E, FirstLate))
        FirstLate = E;
    }
  }
  if (FirstLate)
    return LateUse{FirstLate, suspensionBefore(*F, FirstLate), C.Function,
                   What};
  if (!First)
    return std::nullopt;
  if (const CoroutineSuspendExpr *During = suspensionDuring(*F, First))
    return LateUse{First, During, C.Function, What, /*Meanwhile=*/true};
  if (C.Task && C.Task->isLazy())
    return LateUse{First, nullptr, C.Function, What};
  return std::nullopt;
}

std::optional<LateUse> LateUses::ofCapture(const Coroutine &C,
                                           const ValueDecl *Captured) {
  return inCoroutine(C, ObjectSlot, [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref && Ref->getDecl() == Captured;
  });
}

namespace {
/// Finds the calls whose task a plain function returns.
class ReturnedCalls {
public:
  static void of(const Expr *E, llvm::SmallVectorImpl<const CallExpr *> &All) {
    if (!E)
      return;
    E = E->IgnoreImplicit()->IgnoreParens();
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() == 1)
        of(Construct->getArg(0), All);
      return;
    }
    if (const auto *Either = dyn_cast<ConditionalOperator>(E)) {
      of(Either->getTrueExpr(), All);
      of(Either->getFalseExpr(), All);
      return;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E))
      All.push_back(Call);
  }
};
} // namespace

static bool isLambdaBody(const FunctionDecl *Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method && Method->getParent()->isLambda();
}

/// Is \p Variable, mentioned in the body of a lambda, a part of the closure?
/// What was captured by reference lives elsewhere.
static bool isCapturedByCopy(const FunctionDecl *Body,
                             const VarDecl *Variable) {
  if (!isLambdaBody(Body) || !Variable)
    return false;
  llvm::DenseMap<const ValueDecl *, FieldDecl *> Fields;
  FieldDecl *This = nullptr;
  cast<CXXMethodDecl>(Body)->getParent()->getCaptureFields(Fields, This);
  const FieldDecl *Field = Fields.lookup(Variable);
  return Field && !Field->getType()->isReferenceType();
}

std::optional<LateUse> LateUses::inWrapper(const FunctionDecl *Function,
                                           Slot What) {
  const Flow *F = U.flow(Function);
  if (!F)
    return std::nullopt;
  for (const CFGBlock *Block : F->cfg()) {
    if (!Block)
      continue;
    for (const CFGElement &Element : *Block) {
      auto Statement = Element.getAs<CFGStmt>();
      const auto *Return =
          Statement ? dyn_cast<ReturnStmt>(Statement->getStmt()) : nullptr;
      if (!Return)
        continue;
      llvm::SmallVector<const CallExpr *, 2> Calls;
      ReturnedCalls::of(Return->getRetValue(), Calls);
      for (const CallExpr *Call : Calls) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        if (!Callee)
          continue;
        for (Slot To = ObjectSlot; To < int(Callee->getNumParams()); ++To) {
          ArgumentLife Life = lifeOfSlot(Call, To, U.models());
          bool Passed = What == ObjectSlot
                            ? (Life.Where == ArgumentStorage::Object &&
                               !isLambdaBody(Function)) ||
                                  (Life.Where == ArgumentStorage::Capture &&
                                   isCapturedByCopy(Function, Life.Variable))
                            : Life.Where == ArgumentStorage::Borrowed &&
                                  static_cast<unsigned>(What) <
                                      Function->getNumParams() &&
                                  Life.Variable == Function->getParamDecl(What);
          if (Passed)
            if (std::optional<LateUse> Use = find(Callee, To))
              return Use;
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<LateUse> LateUses::find(const FunctionDecl *Function, Slot What) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || !Function->hasBody(Definition))
    return std::nullopt;
  const auto *Method = dyn_cast<CXXMethodDecl>(Definition);
  bool ExplicitObject = Method && Method->isExplicitObjectMemberFunction();
  if (ExplicitObject && What == 0)
    What = ObjectSlot;
  if (What == ObjectSlot) {
    if (!Method || Method->isStatic())
      return std::nullopt;
    // `this auto`: the object, with its captures, is in the frame.
    if (ExplicitObject &&
        !Method->getParamDecl(0)->getType()->isReferenceType())
      return std::nullopt;
  } else if (static_cast<unsigned>(What) >= Definition->getNumParams() ||
             refersBy(Definition->getParamDecl(What)->getType(), U.models()) ==
                 RefersBy::Nothing) {
    return std::nullopt;
  }
  auto Key = std::make_pair(Definition->getCanonicalDecl(), What);
  if (auto It = Known.find(Key); It != Known.end())
    return It->second;
  // Mutual recursion between wrappers ends here.
  if (Depth >= 8)
    return std::nullopt;
  Known[Key] = std::nullopt;
  ++Depth;
  std::optional<LateUse> Result;
  if (const Coroutine *C = U.coroutine(Definition))
    Result = inCoroutine(
        *C, What, [&](const Expr *E) { return mentions(E, Definition, What); });
  else if (U.taskType(Definition->getReturnType()) &&
           U.isUserCode(Definition->getLocation()))
    Result = inWrapper(Definition, What);
  --Depth;
  return Known[Key] = Result;
}

} // namespace coro
