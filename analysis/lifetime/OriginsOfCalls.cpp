//===- OriginsOfCalls.cpp - What the result of a call refers to -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Walk.h"
#include "analysis/lifetime/OriginsParts.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

Referents Origins::summary(const FunctionDecl *Callee) {
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition) || Definition->isDependentContext() ||
      isa<CoroutineBodyStmt>(Definition->getBody()))
    return unknownReferents();
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee))
    if (Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
        !Method->getParent()->isEffectivelyFinal())
      return unknownReferents();
  auto [It, New] = Summaries.try_emplace(Definition, unknownReferents());
  if (!New)
    return It->second;
  std::vector<const Expr *> Values = returnedValues(Definition);
  constexpr unsigned MaxReturns = 4;
  if (Values.empty() || Values.size() > MaxReturns)
    return unknownReferents();
  ++InSummary;
  Referents Found;
  for (const Expr *Value : Values)
    append(Found, Definition->getReturnType()->isReferenceType()
                      ? place(Value)
                      : target(Value));
  --InSummary;
  for (Referent &R : Found)
    if (R.Root == Storage::Frame || R.Root == Storage::Temporary)
      R = Referent();
  return Summaries[Definition] = Found;
}

Referents Origins::argument(const Expr *Argument, QualType Parameter) {
  if (Parameter->isReferenceType() &&
      !Types.isBorrow(Parameter.getNonReferenceType()))
    return place(Argument);
  return target(Argument);
}

/// \p Inner, which is about the object or parameter of a callee, as seen by
/// the caller that passes \p Outer.
static Referent substitute(const Referent &Outer, const Referent &Inner,
                           const Expr *Call, const Expr *Key) {
  Referent R = Outer;
  bool SameObject = Inner.Loans.empty() &&
                    (!Inner.Last || Inner.Last == Inner.RootDecl) &&
                    Inner.Around.empty();
  if (SameObject)
    return R;
  auto Prefix = R.Around;
  if (R.Last)
    Prefix.push_back(canonical(R.Last));
  for (auto &[Taken, How] : R.Loans)
    if (!Inner.Loans.empty())
      How = std::min(How, Tie::Reference);
  // What the frame's own object contains is the frame's own.
  if (Outer.Root != Storage::Frame)
    for (auto [Taken, How] : Inner.Loans) {
      bool IsParameter = Taken.Holder && Taken.Holder == Inner.RootDecl;
      if (Taken.In == Inner.Root) {
        Taken.In = Outer.Root;
        Taken.Root = canonical(Outer.RootDecl);
        if (IsParameter)
          Taken.Holder = canonical(Outer.Last);
        auto Around = IsParameter ? Outer.Around : Prefix;
        Around.append(Taken.Around.begin(), Taken.Around.end());
        Taken.Around = std::move(Around);
      }
      // What is local to the callee says nothing here.
      if (isa_and_nonnull<VarDecl>(Taken.Within) &&
          !cast<VarDecl>(Taken.Within)->hasGlobalStorage())
        Taken.Within = nullptr;
      Taken.Where = Call;
      Taken.Key = Key;
      if (Taken.Holder || Taken.What == Loan::TemporaryOwner)
        R.Loans.push_back({Taken, How});
    }
  if (Inner.Loans.empty()) {
    R.Around = Prefix;
    R.Around.append(Inner.Around.begin(), Inner.Around.end());
  } else {
    R.Around = Inner.Around;
  }
  R.Last = Inner.Last;
  R.Exact &= Inner.Exact;
  return R;
}

static bool isLifetimeBound(const CXXMethodDecl *Method) {
  // The attribute on the implicit object is a part of the function's type.
  TypeSourceInfo *Info = Method->getTypeSourceInfo();
  if (!Info)
    return false;
  for (TypeLoc At = Info->getTypeLoc();;) {
    if (auto Attributed = At.getAs<AttributedTypeLoc>()) {
      if (Attributed.getAttrAs<LifetimeBoundAttr>())
        return true;
      At = Attributed.getModifiedLoc();
    } else if (auto Paren = At.getAs<ParenTypeLoc>()) {
      At = Paren.getInnerLoc();
    } else if (auto Macro = At.getAs<MacroQualifiedTypeLoc>()) {
      At = Macro.getInnerLoc();
    } else {
      return false;
    }
  }
}

/// Does a path in a callee lead out of its object, through a pointer or
/// reference that is a member: does where the object is not matter?
static bool leavesObject(const Referent &Inner, QualType Result) {
  auto Leads = [](const ValueDecl *Part) {
    QualType Type = Part->getType();
    return isa<FieldDecl>(Part) &&
           (Type->isPointerType() || Type->isReferenceType());
  };
  if (llvm::any_of(Inner.Around, Leads))
    return true;
  if (!Inner.Last || !Leads(Inner.Last))
    return false;
  // A reference to a member that is a pointer is one to the object.
  return Inner.Last->getType()->isReferenceType() ||
         !Result->isReferenceType() ||
         !Result->getPointeeType()->isPointerType();
}

/// What a tuple or pair refers to that holds, one by one, \p Args.
bool Origins::held(QualType Holder, llvm::ArrayRef<const Expr *> Args,
                   Referents &Found) {
  llvm::SmallVector<QualType, 4> Parts = Types.held(Holder);
  if (Parts.empty() || Parts.size() != Args.size() ||
      llvm::any_of(Args, [](const Expr *Argument) {
        return isa<CXXDefaultArgExpr>(Argument);
      }))
    return false;
  for (auto [Part, Argument] : llvm::zip(Parts, Args))
    if (Part->isReferenceType())
      append(Found, place(Argument));
    else if (Types.isBorrow(Part))
      append(Found, target(Argument));
  for (Referent &R : Found)
    R.Last = nullptr;
  return true;
}

Referents Origins::call(const Expr *Call, const FunctionDecl *Callee,
                        const Expr *Object, llvm::ArrayRef<const Expr *> Args,
                        bool Glvalue) {
  if (!Callee)
    return unknownReferents();
  switch (Callee->getBuiltinID()) {
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BI__builtin_addressof:
    return Args.size() == 1 ? place(Args[0]) : unknownReferents();
  case Builtin::BIas_const:
  case Builtin::BIforward:
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
    if (Args.size() != 1)
      return unknownReferents();
    return Glvalue ? place(Args[0]) : target(Args[0]);
  default:
    break;
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  bool Instance = Method && Method->isInstance() && Object;
  QualType ObjectType;
  bool Arrow = false;
  if (Instance) {
    // Operators are often members of a hidden base.
    ObjectType = Object->IgnoreParenImpCasts()->getType();
    if ((Arrow = ObjectType->isPointerType()))
      ObjectType = ObjectType->getPointeeType();
  }
  QualType Result = Callee->getReturnType();
  Shape ResultShape = Types.shape(Result);

  if (Instance) {
    // Members of containers that give access to elements; those which return
    // the container itself (assignment, append) or a value do not.
    if (Types.container(ObjectType)) {
      QualType Plain = Result.getNonReferenceType();
      if (Plain->getAsCXXRecordDecl() &&
          Plain->getAsCXXRecordDecl() == ObjectType->getAsCXXRecordDecl())
        return Glvalue ? object(Object, Arrow) : Referents();
      if (ResultShape == Shape::Value)
        return {};
      Tie How =
          ResultShape == Shape::Iterator || ResultShape == Shape::Aggregate
              ? Tie::Iterator
              : Tie::Reference;
      return element(object(Object, Arrow), ObjectType, How, Call,
                     Args.empty() ? nullptr : Args[0]);
    }
    if (Ownership Kind = Types.ownership(ObjectType); Kind != Ownership::None)
      if (ResultShape != Shape::Value && ResultShape != Shape::Aggregate) {
        QualType Plain = Result.getNonReferenceType();
        if (Plain->getAsCXXRecordDecl() &&
            Plain->getAsCXXRecordDecl() == ObjectType->getAsCXXRecordDecl())
          return object(Object, Arrow); // assignment
        // What was released belongs to the caller.
        if (Callee->getIdentifier() && !Method->isConst())
          return unknownReferents();
        return pointee(object(Object, Arrow), Kind, Call);
      }
    // Iterators and views hand on what they refer to.
    if (Types.isBorrow(ObjectType) && !Arrow) {
      if (Shape Own = Types.shape(ObjectType);
          Own == Shape::Iterator || Own == Shape::View)
        if (ResultShape != Shape::Value)
          return weaken(target(Object),
                        ResultShape == Shape::Iterator || Own == ResultShape
                            ? Tie::Iterator
                            : Tie::Reference);
    }
  }

  const FunctionModel *Model = U.models().function(Callee);
  if (Model && Model->ThreadState && ResultShape != Shape::Value) {
    Referent R;
    Loan Taken;
    Taken.What = Loan::ThreadLocal;
    Taken.Holder = canonical(Callee);
    Taken.In = R.Root = Storage::ThreadLocal;
    Taken.Where = Call;
    R.Loans.push_back({Taken, Tie::Removal});
    return {R};
  }
  if (Model && Model->ReturnsBorrow) {
    const Expr *Of = Instance ? Object : Args.empty() ? nullptr : Args[0];
    if (!Of)
      return unknownReferents();
    QualType Type = Of->getType();
    bool Address = Type->isPointerType();
    if (Types.container(Address ? Type->getPointeeType() : Type))
      return element(object(Of, Address), Type,
                     ResultShape == Shape::Iterator ? Tie::Iterator
                                                    : Tie::Reference,
                     Call, nullptr);
    return Types.isBorrow(Type) ? target(Of) : place(Of);
  }

  // Declared: the result is bound to these.
  Referents Bound;
  auto Bind = [&](const Expr *To, bool Pointer) {
    QualType Type = To->getType();
    if (Types.container(Type))
      append(Bound,
             element(object(To, Pointer), Type, Tie::Reference, Call, nullptr));
    else if (Pointer || Types.isBorrow(Type))
      append(Bound, target(To));
    else
      append(Bound, place(To));
  };
  if (Instance && isLifetimeBound(Method))
    Bind(Object, Arrow);
  for (unsigned I = 0; I < Callee->getNumParams() && I < Args.size(); ++I)
    if (Callee->getParamDecl(I)->hasAttr<LifetimeBoundAttr>())
      Bind(Args[I], false);
  bool User = U.isUserCode(Callee->getLocation());
  if (!Bound.empty() && !User)
    return Bound;

  // Algorithms, range adaptors and make_pair return what they were given.
  if (!User && ResultShape != Shape::Value && ResultShape != Shape::Reference) {
    Referents Found;
    if (held(Result, Args, Found))
      return Found;
    const Type *ResultType =
        Result.getCanonicalType().getUnqualifiedType().getTypePtr();
    auto Consider = [&](const Expr *Argument) {
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      QualType Type = Plain->getType().getCanonicalType().getUnqualifiedType();
      Shape Own = Types.shape(Type);
      if (Type.getTypePtr() == ResultType ||
          (ResultShape == Shape::View &&
           (Own == Shape::View || Own == Shape::Iterator)) ||
          (ResultShape == Shape::Aggregate && Own != Shape::Value))
        append(Found, target(Argument));
      else if (ResultShape != Shape::Pointer &&
               ResultShape != Shape::Aggregate && Types.container(Type) &&
               Plain->isLValue())
        append(Found,
               element(place(Plain), Type, Tie::Iterator, Call, nullptr));
    };
    for (const Expr *Argument : Args)
      Consider(Argument);
    return Found.empty() ? unknownReferents() : Found;
  }

  // Getters at hand.
  if (User && ResultShape != Shape::Value) {
    Referents Found;
    for (const Referent &Inner : summary(Callee)) {
      const Expr *Key = Args.empty() ? nullptr : Args[0];
      const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Inner.RootDecl);
      if (Inner.Root == Storage::Self && Instance) {
        for (const Referent &Outer : object(Object, Arrow))
          Found.push_back((Outer.Root == Storage::Frame ||
                           Outer.Root == Storage::Temporary) &&
                                  leavesObject(Inner, Result)
                              ? Referent()
                              : substitute(Outer, Inner, Call, Key));
      } else if (Inner.Root == Storage::Parameter && Parameter &&
                 Parameter->getFunctionScopeIndex() < Args.size()) {
        for (const Referent &Outer :
             argument(Args[Parameter->getFunctionScopeIndex()],
                      Parameter->getType()))
          Found.push_back(substitute(Outer, Inner, Call, Key));
      } else if (Inner.Root == Storage::Global ||
                 Inner.Root == Storage::Constant ||
                 Inner.Root == Storage::ThreadLocal) {
        Referent R = Inner;
        for (auto &[Taken, How] : R.Loans) {
          Taken.Where = Call;
          Taken.Key = Key;
        }
        Found.push_back(std::move(R));
      } else {
        append(Found, unknownReferents());
      }
    }
    bool Informed = llvm::any_of(
        Found, [](const Referent &R) { return R.Root != Storage::Unknown; });
    if (Informed || Bound.empty())
      return Found;
  }
  return Bound.empty() ? unknownReferents() : Bound;
}
/// Takes a call of any form apart. \returns the callee, or null.
const FunctionDecl *takeApart(const Expr *E, const Expr *&Object,
                              llvm::ArrayRef<const Expr *> &Args) {
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return nullptr;
  Args = llvm::ArrayRef(Call->getArgs(), Call->getNumArgs());
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    Object = Member->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(Call) &&
             isa_and_nonnull<CXXMethodDecl>(Callee) && !Args.empty() &&
             cast<CXXMethodDecl>(Callee)->isInstance()) {
    Object = Args[0];
    Args = Args.drop_front();
  }
  return Callee;
}

} // namespace coro
