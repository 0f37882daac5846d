//===- Origins.cpp - What an expression refers to -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/Origins.h"
#include "analysis/Unit.h"
#include "analysis/Walk.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace coro {

/// Counts how deep an evaluation is: hostile code ends as "unknown".
struct Origins::Step {
  explicit Step(unsigned &Depth) : Depth(Depth) { ++Depth; }
  ~Step() { --Depth; }
  bool tooDeep() const { return Depth > MaxDepth; }
  unsigned &Depth;
};

Origins::Origins(Unit &U) : U(U), Types(U.shared<BorrowTypes>()) {}

static Referents unknown() { return {Referent()}; }

static Referents just(Storage Root) {
  Referent R;
  R.Root = Root;
  return {R};
}

static void append(Referents &To, Referents From) {
  To.append(std::make_move_iterator(From.begin()),
            std::make_move_iterator(From.end()));
}

static const ValueDecl *canonical(const ValueDecl *Declaration) {
  return Declaration ? cast<ValueDecl>(Declaration->getCanonicalDecl())
                     : nullptr;
}

const VarDecl *Origins::variableOf(const ValueDecl *Declaration) {
  if (const auto *Binding = dyn_cast<BindingDecl>(Declaration))
    return dyn_cast_or_null<VarDecl>(Binding->getDecomposedDecl());
  return dyn_cast<VarDecl>(Declaration);
}

bool Origins::isTracked(const ValueDecl *Declaration) const {
  const VarDecl *Variable = variableOf(Declaration);
  return Variable && Variable->isLocalVarDecl() &&
         Variable->hasLocalStorage() && Types.isBorrow(Variable->getType());
}

std::vector<const Expr *> returnedValues(const FunctionDecl *Function) {
  std::vector<const Expr *> Values;
  if (const Stmt *Body = writtenBody(Function))
    walk(Body, [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S))
        if (const Expr *Value = Return->getRetValue())
          Values.push_back(Value);
      return WalkInto::Children;
    });
  return Values;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

Referents Origins::weaken(Referents Of, Tie Weakest) {
  for (Referent &R : Of) {
    for (auto &[Taken, How] : R.Loans)
      How = std::min(How, Weakest);
    for (auto &[Variable, How] : R.Via)
      How = std::min(How, Weakest);
  }
  return Of;
}

Referents Origins::element(Referents Of, QualType Container, Tie How,
                           const Expr *Where, const Expr *Key) {
  Of = weaken(std::move(Of), Tie::Reference);
  for (Referent &R : Of) {
    Loan Taken;
    Taken.Where = Where;
    Taken.Key = Key;
    Taken.In = R.Root;
    switch (R.Root) {
    case Storage::Frame:
    case Storage::Constant:
    case Storage::ThreadLocal:
      break;
    case Storage::Temporary:
      Taken.What = Loan::Temporary;
      R.Loans.push_back({Taken, Tie::Removal});
      break;
    default:
      if (!R.Last)
        break;
      Taken.Holder = canonical(R.Last);
      Taken.Root = canonical(R.RootDecl);
      Taken.Around = R.Around;
      R.Loans.push_back({Taken, How});
    }
    R.Last = nullptr;
    R.Around.clear();
  }
  return Of;
}

Referents Origins::pointee(Referents Of, Ownership Kind, const Expr *Where) {
  // What an element owns goes with the element, wherever that is moved.
  Of = weaken(std::move(Of), Tie::Removal);
  for (Referent &R : Of) {
    Loan Taken;
    Taken.Where = Where;
    Taken.In = R.Root;
    switch (R.Root) {
    case Storage::Frame:
      if (Kind == Ownership::Shared)
        R.Root = Storage::Shared;
      break;
    case Storage::Temporary:
      Taken.What = Loan::TemporaryOwner;
      R.Loans.push_back({Taken, Tie::Removal});
      R.Root = Storage::Shared;
      break;
    case Storage::Constant:
    case Storage::ThreadLocal:
      break;
    default:
      if (!R.Last || R.Last->getType().isConstQualified())
        break;
      Taken.What = Loan::Pointee;
      Taken.Holder = canonical(R.Last);
      Taken.Root = canonical(R.RootDecl);
      Taken.Around = R.Around;
      R.Loans.push_back({Taken, Tie::Removal});
    }
    R.Last = nullptr;
    R.Around.clear();
  }
  return Of;
}

Referents Origins::member(Referents Of, const ValueDecl *Field) {
  bool IsReference = Field->getType()->isReferenceType();
  for (Referent &R : Of) {
    if (IsReference) {
      // What it refers to does not depend on the object that it is in.
      if (R.Root == Storage::Frame || R.Root == Storage::Temporary)
        R.Root = Storage::Unknown;
      R.Loans.clear();
      R.Around.clear();
      R.Via.clear();
    } else if (R.Last) {
      R.Around.push_back(canonical(R.Last));
    }
    R.Last = Field;
  }
  return Of;
}

Referents Origins::object(const Expr *Base, bool Arrow) {
  return Arrow ? target(Base) : place(Base);
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

/// Finds the variables of a body that get another value after their
/// initialisation, or might.
static void findReassigned(const Stmt *Body,
                           llvm::DenseMap<const VarDecl *, bool> &Found) {
  auto Note = [&](const Expr *E) {
    if (const auto *Mention = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()))
      if (const auto *Variable = dyn_cast<VarDecl>(Mention->getDecl()))
        Found[Variable] = true;
  };
  walk(Body, [&](const Stmt *S) {
    if (const auto *Operator = dyn_cast<BinaryOperator>(S)) {
      if (Operator->getOpcode() == BO_Assign)
        Note(Operator->getLHS());
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(S)) {
      if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2)
        Note(Call->getArg(0));
    } else if (const auto *Operator = dyn_cast<UnaryOperator>(S)) {
      if (Operator->getOpcode() == UO_AddrOf)
        Note(Operator->getSubExpr());
    }
    return WalkInto::Children;
  });
}

bool Origins::isReassigned(const VarDecl *Variable) {
  if (Variable->getType()->isReferenceType())
    return false;
  const auto *Function = dyn_cast<FunctionDecl>(Variable->getDeclContext());
  if (!Function || !Function->getBody())
    return true;
  // One pass for a function: its first variable stands for "was looked at".
  auto Known = Reassigned.find(Variable);
  if (Known != Reassigned.end())
    return Known->second;
  if (ScannedFunctions.insert(Function).second) {
    findReassigned(writtenBody(Function), Reassigned);
    Known = Reassigned.find(Variable);
    if (Known != Reassigned.end())
      return Known->second;
  }
  return Reassigned[Variable] = false;
}

Referents Origins::initial(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  if (!Init)
    return Variable->getType()->isReferenceType() ? unknown() : Referents();
  Referents Found =
      Variable->getType()->isReferenceType() ? place(Init) : target(Init);
  for (Referent &R : Found)
    if (R.Root == Storage::Temporary && R.Loans.empty()) {
      Loan Taken;
      Taken.What = Loan::Temporary;
      Taken.In = Storage::Temporary;
      Taken.Where = Init->IgnoreUnlessSpelledInSource();
      R.Loans.push_back({Taken, Tie::Removal});
    }
  return Found;
}

/// What the local borrow \p Variable refers to, by its initialiser if it keeps
/// that value.
Referents Origins::borrowed(const VarDecl *Variable, Tie Weakest) {
  Step Guard(Depth);
  if (Guard.tooDeep())
    return unknown();
  bool Fixed = Variable->getInit() && !isReassigned(Variable);
  Referents Found = Fixed ? initial(Variable) : unknown();
  if (InSummary)
    return weaken(std::move(Found), Weakest);
  // The loans belong to the variable: whether they are stale is its state.
  for (Referent &R : Found) {
    R.Loans.clear();
    R.Via.clear();
    R.Via.push_back({Variable, Weakest});
  }
  return Found;
}

Referents Origins::variable(const ValueDecl *Declaration, bool Captured,
                            const Expr *Where) {
  const VarDecl *Variable = variableOf(Declaration);
  if (!Variable)
    return isa<FieldDecl>(Declaration) ? unknown() : just(Storage::Constant);
  Referent R;
  R.RootDecl = Variable;
  R.Last = Variable;
  if (Variable->hasGlobalStorage()) {
    QualType Type = Variable->getType();
    R.Root = Variable->isConstexpr() || Type.isConstQualified()
                 ? Storage::Constant
                 : Storage::Global;
    if (Variable->getTLSKind() != VarDecl::TLS_None) {
      Loan Taken;
      Taken.What = Loan::ThreadLocal;
      Taken.Holder = canonical(Variable);
      Taken.In = R.Root = Storage::ThreadLocal;
      Taken.Where = Where;
      R.Loans.push_back({Taken, Tie::Removal});
    }
    return {R};
  }
  if (Captured) {
    // A copy of an owner lives in the closure; of anything else it cannot be
    // told here whether it is a copy.
    if (Types.ownership(Variable->getType()) == Ownership::None ||
        Variable->getType()->isReferenceType())
      return unknown();
    R.Root = Storage::Frame;
    return {R};
  }
  if (!Variable->getType()->isReferenceType()) {
    R.Root = Storage::Frame;
    if (Declaration != Variable)
      R.Last = nullptr;
    return {R};
  }
  if (isa<ParmVarDecl>(Variable)) {
    R.Root = Storage::Parameter;
    return {R};
  }
  Referents Found = borrowed(Variable, Tie::Iterator);
  if (Declaration != Variable) // a binding is a part
    for (Referent &One : Found)
      One.Last = nullptr;
  return Found;
}

/// Is it an owner of *this, as from enable_shared_from_this? Whoever called
/// the member function keeps the object.
bool Origins::isOwnerOfThis(const Expr *E) const {
  const auto *Call =
      dyn_cast<CXXMemberCallExpr>(E->IgnoreUnlessSpelledInSource());
  if (!Call || Call->getNumArgs() != 0 ||
      Types.ownership(Call->getType()) != Ownership::Shared)
    return false;
  const Expr *Object = Call->getImplicitObjectArgument()->IgnoreParenImpCasts();
  const auto *Owner = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Call->getType()->getAsCXXRecordDecl());
  if (!isa<CXXThisExpr>(Object) || !Owner ||
      Owner->getTemplateArgs().size() == 0 ||
      Owner->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return false;
  const CXXRecordDecl *Kept =
      Owner->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
  const CXXRecordDecl *Own = Object->getType()->getPointeeCXXRecordDecl();
  return Kept && Own &&
         (Kept->getCanonicalDecl() == Own->getCanonicalDecl() ||
          (Own->hasDefinition() && Own->isDerivedFrom(Kept)));
}

const ValueDecl *Origins::holderOf(const Expr *Object) {
  Referents Found = place(Object);
  return Found.size() == 1 ? canonical(Found[0].Last) : nullptr;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Referents Origins::summary(const FunctionDecl *Callee) {
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition) || Definition->isDependentContext() ||
      isa<CoroutineBodyStmt>(Definition->getBody()))
    return unknown();
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee))
    if (Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
        !Method->getParent()->isEffectivelyFinal())
      return unknown();
  auto [It, New] = Summaries.try_emplace(Definition, unknown());
  if (!New)
    return It->second;
  std::vector<const Expr *> Values = returnedValues(Definition);
  constexpr unsigned MaxReturns = 4;
  if (Values.empty() || Values.size() > MaxReturns)
    return unknown();
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

Referents Origins::call(const Expr *Call, const FunctionDecl *Callee,
                        const Expr *Object, llvm::ArrayRef<const Expr *> Args,
                        bool Glvalue) {
  if (!Callee)
    return unknown();
  switch (Callee->getBuiltinID()) {
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BI__builtin_addressof:
    return Args.size() == 1 ? place(Args[0]) : unknown();
  case Builtin::BIas_const:
  case Builtin::BIforward:
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
    if (Args.size() != 1)
      return unknown();
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
      if (ResultShape == Shape::Reference || ResultShape == Shape::Pointer) {
        QualType Plain = Result.getNonReferenceType();
        if (Plain->getAsCXXRecordDecl() &&
            Plain->getAsCXXRecordDecl() == ObjectType->getAsCXXRecordDecl())
          return object(Object, Arrow); // assignment
        // What was released belongs to the caller.
        if (Callee->getIdentifier() && !Method->isConst())
          return unknown();
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

  if (const FunctionModel *Model = U.models().function(Callee);
      Model && Model->ReturnsBorrow) {
    const Expr *Of = Instance ? Object : Args.empty() ? nullptr : Args[0];
    if (!Of)
      return unknown();
    QualType Type = Of->getType();
    if (Types.container(Type))
      return element(place(Of), Type,
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

  // Algorithms and range adaptors return what they were given.
  if (!User && (ResultShape == Shape::Iterator || ResultShape == Shape::View ||
                ResultShape == Shape::Pointer)) {
    Referents Found;
    const Type *ResultType =
        Result.getCanonicalType().getUnqualifiedType().getTypePtr();
    auto Consider = [&](const Expr *Argument) {
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      QualType Type = Plain->getType().getCanonicalType().getUnqualifiedType();
      Shape Own = Types.shape(Type);
      if (Type.getTypePtr() == ResultType ||
          (ResultShape == Shape::View &&
           (Own == Shape::View || Own == Shape::Iterator)))
        append(Found, target(Argument));
      else if (ResultShape != Shape::Pointer && Types.container(Type) &&
               Plain->isLValue())
        append(Found,
               element(place(Plain), Type, Tie::Iterator, Call, nullptr));
    };
    for (const Expr *Argument : Args)
      Consider(Argument);
    return Found.empty() ? unknown() : Found;
  }

  // Getters at hand.
  if (User && ResultShape != Shape::Value) {
    Referents Found;
    for (const Referent &Inner : summary(Callee)) {
      const Expr *Key = Args.empty() ? nullptr : Args[0];
      const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Inner.RootDecl);
      if (Inner.Root == Storage::Self && Instance) {
        for (const Referent &Outer : object(Object, Arrow))
          Found.push_back(substitute(Outer, Inner, Call, Key));
      } else if (Inner.Root == Storage::Parameter && Parameter &&
                 Parameter->getFunctionScopeIndex() < Args.size()) {
        for (const Referent &Outer :
             argument(Args[Parameter->getFunctionScopeIndex()],
                      Parameter->getType()))
          Found.push_back(substitute(Outer, Inner, Call, Key));
      } else if (Inner.Root == Storage::Global ||
                 Inner.Root == Storage::Constant) {
        Referent R = Inner;
        for (auto &[Taken, How] : R.Loans) {
          Taken.Where = Call;
          Taken.Key = Key;
        }
        Found.push_back(std::move(R));
      } else {
        append(Found, unknown());
      }
    }
    bool Informed = llvm::any_of(
        Found, [](const Referent &R) { return R.Root != Storage::Unknown; });
    if (Informed || Bound.empty())
      return Found;
  }
  return Bound.empty() ? unknown() : Bound;
}

/// Takes a call of any form apart. \returns the callee, or null.
static const FunctionDecl *takeApart(const Expr *E, const Expr *&Object,
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

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Referents Origins::place(const Expr *E) {
  Step Guard(Depth);
  if (!E || Guard.tooDeep() || E->containsErrors())
    return unknown();
  E = E->IgnoreParens();
  if (const auto *Mention = dyn_cast<DeclRefExpr>(E))
    return variable(Mention->getDecl(),
                    Mention->refersToEnclosingVariableOrCapture(), E);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (isa<FieldDecl>(Member->getMemberDecl()))
      return member(object(Member->getBase(), Member->isArrow()),
                    Member->getMemberDecl());
    return variable(Member->getMemberDecl(), false, E);
  }
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E)) {
    switch (Temporary->getStorageDuration()) {
    case SD_Automatic:
      return just(Storage::Frame);
    case SD_Static:
      return just(Storage::Constant);
    default:
      return just(isOwnerOfThis(Temporary->getSubExpr()) ? Storage::Self
                                                         : Storage::Temporary);
    }
  }
  if (const auto *Index = dyn_cast<ArraySubscriptExpr>(E)) {
    Referents Found = target(Index->getBase());
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *Operator = dyn_cast<UnaryOperator>(E)) {
    if (Operator->getOpcode() == UO_Deref)
      return target(Operator->getSubExpr());
    if (Operator->isIncrementDecrementOp() ||
        Operator->getOpcode() == UO_Extension)
      return place(Operator->getSubExpr());
    return unknown();
  }
  if (const auto *Operator = dyn_cast<BinaryOperator>(E)) {
    if (Operator->getOpcode() == BO_Comma)
      return place(Operator->getRHS());
    return Operator->isAssignmentOp() ? place(Operator->getLHS()) : unknown();
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Referents Found = place(Choice->getTrueExpr());
    append(Found, place(Choice->getFalseExpr()));
    return Found;
  }
  if (isa<CastExpr>(E) && !isa<CXXFunctionalCastExpr>(E)) {
    const auto *Cast = ::cast<CastExpr>(E);
    return Cast->getCastKind() == CK_LValueToRValue ? just(Storage::Temporary)
                                                    : place(Cast->getSubExpr());
  }
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return place(Full->getSubExpr());
  if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
    return place(Bound->getSubExpr());
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return Opaque->getSourceExpr() ? place(Opaque->getSourceExpr()) : unknown();
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return place(Default->getExpr());
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return List->getNumInits() == 1 && E->isGLValue()
               ? place(List->getInit(0))
               : just(Storage::Temporary);
  if (isa<StringLiteral, PredefinedExpr>(E))
    return just(Storage::Constant);
  if (const auto *Substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return place(Substituted->getReplacement());
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(E)) {
    if (!E->isGLValue())
      return just(Storage::Temporary);
    Referents Found =
        Await->getResumeExpr() ? place(Await->getResumeExpr()) : unknown();
    for (Referent &R : Found)
      for (auto &[Taken, How] : R.Loans)
        Taken.Where = E;
    return Found;
  }
  if (isa<CallExpr>(E)) {
    const Expr *Object = nullptr;
    llvm::ArrayRef<const Expr *> Args;
    const FunctionDecl *Callee = takeApart(E, Object, Args);
    if (E->isGLValue())
      return call(E, Callee, Object, Args, true);
    return just(Storage::Temporary);
  }
  return E->isPRValue() ? just(Storage::Temporary) : unknown();
}

Referents Origins::target(const Expr *E) {
  Step Guard(Depth);
  if (!E || Guard.tooDeep() || E->containsErrors())
    return unknown();
  E = E->IgnoreParens();
  if (isa<CXXThisExpr>(E))
    return just(Storage::Self);
  if (const auto *Mention = dyn_cast<DeclRefExpr>(E)) {
    const ValueDecl *Declaration = Mention->getDecl();
    const VarDecl *Variable = variableOf(Declaration);
    if (!Variable)
      return just(Storage::Constant);
    if (Mention->refersToEnclosingVariableOrCapture())
      return unknown();
    if (Variable->hasGlobalStorage()) {
      Referents Found = variable(Variable, false, E);
      for (Referent &R : Found)
        if (R.Root == Storage::Constant && !Variable->getType()->isArrayType())
          R.Root = Storage::Global;
      return Found;
    }
    if (isa<ParmVarDecl>(Variable)) {
      Referent R;
      R.Root = Storage::Parameter;
      R.RootDecl = Variable;
      if (Variable->getType().getNonReferenceType()->isPointerType())
        R.Last = Variable;
      return {R};
    }
    if (Variable->getType()->isReferenceType()) {
      // A pointer or iterator in a place that is referred to.
      if (Declaration == Variable || !Types.isBorrow(Declaration->getType()))
        return unknown();
      return borrowed(Variable, Tie::Iterator);
    }
    if (!isTracked(Variable))
      return unknown();
    Referents Found = borrowed(Variable, Tie::Iterator);
    if (Declaration != Variable)
      for (Referent &R : Found)
        R.Last = nullptr;
    return Found;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return unknown();
    const Expr *Base = Member->getBase()->IgnoreParenImpCasts();
    if (!Member->isArrow())
      if (Shape Own = Types.shape(Base->getType()); Own == Shape::Aggregate)
        if (Base->isPRValue() || isa<DeclRefExpr, MemberExpr>(Base) ||
            isa<MaterializeTemporaryExpr>(Base))
          if (Referents Found = target(Base); !Found.empty())
            return Found;
    if (!Field->getType()->isPointerType())
      return unknown();
    Referents Found = member(object(Base, Member->isArrow()), Field);
    for (Referent &R : Found) {
      if (R.Root == Storage::Frame || R.Root == Storage::Temporary)
        R = Referent();
      // The value of the pointer was copied: its own place does not matter.
      R.Loans.clear();
      R.Via.clear();
      R.Around.clear();
      R.Last = Field;
    }
    return Found;
  }
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    switch (Cast->getCastKind()) {
    case CK_ArrayToPointerDecay: {
      Referents Found = place(Cast->getSubExpr());
      for (Referent &R : Found)
        R.Last = nullptr;
      return Found;
    }
    case CK_NullToPointer:
      return {};
    case CK_IntegralToPointer:
      return unknown();
    default:
      return target(Cast->getSubExpr());
    }
  }
  if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
    return target(Temporary->getSubExpr());
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return target(Full->getSubExpr());
  if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
    return target(Bound->getSubExpr());
  if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
    return Opaque->getSourceExpr() ? target(Opaque->getSourceExpr())
                                   : unknown();
  if (const auto *Operator = dyn_cast<UnaryOperator>(E)) {
    if (Operator->getOpcode() == UO_AddrOf)
      return place(Operator->getSubExpr());
    if (Operator->isIncrementDecrementOp())
      return target(Operator->getSubExpr());
    return unknown();
  }
  if (const auto *Operator = dyn_cast<BinaryOperator>(E)) {
    switch (Operator->getOpcode()) {
    case BO_Comma:
    case BO_Assign:
      return target(Operator->getRHS());
    case BO_Add:
    case BO_Sub:
    case BO_AddAssign:
    case BO_SubAssign: {
      bool Left = Operator->getLHS()->getType()->isPointerType();
      return target(Left ? Operator->getLHS() : Operator->getRHS());
    }
    default:
      return unknown();
    }
  }
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(E)) {
    Referents Found = target(Choice->getTrueExpr());
    append(Found, target(Choice->getFalseExpr()));
    return Found;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    Referents Found;
    for (unsigned I = 0; I < Lambda->capture_size(); ++I) {
      const LambdaCapture &Capture = Lambda->capture_begin()[I];
      const Expr *Init = Lambda->capture_init_begin()[I];
      if (!Capture.capturesVariable() || !Init)
        continue;
      const ValueDecl *Captured = Capture.getCapturedVar();
      if (Capture.getCaptureKind() == LCK_ByRef)
        append(Found, place(Init));
      else if (Types.isBorrow(Captured->getType().getNonReferenceType()))
        append(Found, target(Init));
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    Referents Found;
    const CXXRecordDecl *Record = E->getType()->getAsCXXRecordDecl();
    auto Field = Record && Record->hasDefinition()
                     ? Record->field_begin()
                     : RecordDecl::field_iterator();
    auto End = Record && Record->hasDefinition() ? Record->field_end()
                                                 : RecordDecl::field_iterator();
    for (const Expr *Init : List->inits()) {
      if (Field != End) {
        if (Field->getType()->isReferenceType())
          append(Found, place(Init));
        else if (Types.isBorrow(Field->getType()))
          append(Found, target(Init));
        ++Field;
      } else if (Types.isBorrow(Init->getType())) {
        append(Found, target(Init));
      }
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() == 0)
      return {};
    // Views and iterators are made from what they refer to, which comes first;
    // an aggregate of several values refers to what each does.
    Shape Own = Types.shape(E->getType());
    Referents Found;
    for (const Expr *Argument : Construct->arguments()) {
      QualType Type = Argument->IgnoreParenImpCasts()->getType();
      const Expr *Plain = Argument->IgnoreParenImpCasts();
      if (isa<CXXDefaultArgExpr>(Argument))
        continue;
      if (Types.container(Type) && Own != Shape::Aggregate)
        append(Found,
               element(place(Argument), Type,
                       Own == Shape::Iterator ? Tie::Iterator : Tie::Reference,
                       E, nullptr));
      else if (Types.isBorrow(Type) || Type->isArrayType())
        append(Found, Type->isArrayType() ? place(Plain) : target(Argument));
      else if (Own == Shape::View && Plain->isLValue() &&
               Construct->getNumArgs() == 1)
        append(Found, place(Plain));
      if (Own != Shape::Aggregate && !Found.empty())
        break;
    }
    for (Referent &R : Found)
      R.Last = nullptr;
    return Found;
  }
  if (const auto *Functional = dyn_cast<CXXStdInitializerListExpr>(E))
    return place(Functional->getSubExpr());
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    return target(Default->getExpr());
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
    return target(Default->getExpr());
  if (const auto *Substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return target(Substituted->getReplacement());
  if (const auto *Await = dyn_cast<CoroutineSuspendExpr>(E)) {
    if (!Await->getResumeExpr())
      return unknown();
    Referents Found = target(Await->getResumeExpr());
    for (Referent &R : Found)
      for (auto &[Taken, How] : R.Loans)
        Taken.Where = E;
    return Found;
  }
  if (isa<CallExpr>(E)) {
    const Expr *Object = nullptr;
    llvm::ArrayRef<const Expr *> Args;
    const FunctionDecl *Callee = takeApart(E, Object, Args);
    // A reference to a borrow: what that refers to is another question.
    if (E->isGLValue()) {
      switch (Callee ? Callee->getBuiltinID() : 0) {
      case Builtin::BIas_const:
      case Builtin::BIforward:
      case Builtin::BImove:
        return call(E, Callee, Object, Args, false);
      default:
        break;
      }
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
        if (Operator->getOperator() == OO_PlusPlus ||
            Operator->getOperator() == OO_MinusMinus ||
            Operator->getOperator() == OO_PlusEqual ||
            Operator->getOperator() == OO_MinusEqual)
          return target(Operator->getArg(0));
      return unknown();
    }
    return call(E, Callee, Object, Args, false);
  }
  return unknown();
}

} // namespace coro
