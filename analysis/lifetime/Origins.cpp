//===- Origins.cpp - What an expression refers to -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/Origins.h"
#include "analysis/ast/Walk.h"
#include "analysis/lifetime/OriginsParts.h"
#include "analysis/unit/Unit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

Origins::Origins(Unit &U) : U(U), Types(U.shared<BorrowTypes>()) {}

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
    Taken.Exact = std::exchange(R.Exact, false);
    switch (R.Root) {
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
      Taken.Within = R.within();
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
    if (R.Root == Storage::Frame && Kind == Ownership::Shared) {
      // Others may own it, too: what the frame does ends nothing for sure.
      R.Root = Storage::Shared;
      R.Last = nullptr;
      R.Around.clear();
      R.Exact = false;
      llvm::erase_if(R.Loans, [](const auto &One) {
        return One.first.In == Storage::Frame;
      });
      continue;
    }
    Loan Taken;
    Taken.Where = Where;
    Taken.In = R.Root;
    Taken.Exact = std::exchange(R.Exact, false);
    switch (R.Root) {
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
      Taken.Within = R.within();
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
    R.Exact &= R.Last || R.Root == Storage::Self;
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

/// Is the reference \p Variable another name of a view, iterator or aggregate
/// in this frame, or of a temporary one whose life it extends? Such is the
/// hidden range of a loop.
bool Origins::isNameOfBorrow(const VarDecl *Variable) {
  if (!Variable->getType()->isReferenceType() || isa<ParmVarDecl>(Variable) ||
      !Variable->getInit())
    return false;
  Shape Own = Types.shape(Variable->getType().getNonReferenceType());
  if (Own != Shape::View && Own != Shape::Iterator && Own != Shape::Aggregate)
    return false;
  Referents At = place(Variable->getInit());
  return At.size() == 1 && At[0].Root == Storage::Frame && At[0].Via.empty() &&
         llvm::all_of(At[0].Loans, [](const auto &One) {
           return One.first.In == Storage::Frame;
         });
}

Referents Origins::initial(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  if (!Init)
    return Variable->getType()->isReferenceType() ? unknownReferents()
                                                  : Referents();
  Referents Found =
      Variable->getType()->isReferenceType() && !isNameOfBorrow(Variable)
          ? place(Init)
          : target(Init);
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

const ValueDecl *Origins::outermost(const ValueDecl *Within) {
  constexpr unsigned MaxBorrows = 4;
  for (unsigned I = 0; Within && isTracked(Within); ++I) {
    const VarDecl *Variable = variableOf(Within);
    Referents Found = I < MaxBorrows ? initial(Variable) : Referents();
    Within = Found.size() == 1 ? Found[0].within() : nullptr;
  }
  return Within ? canonical(Within) : nullptr;
}

/// What the local borrow \p Variable refers to, by its initialiser if it keeps
/// that value.
Referents Origins::borrowed(const VarDecl *Variable, Tie Weakest) {
  Step Guard(Depth);
  if (Guard.tooDeep())
    return unknownReferents();
  bool Fixed = Variable->getInit() && !isReassigned(Variable);
  Referents Found = Fixed ? initial(Variable) : unknownReferents();
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
    return isa<FieldDecl>(Declaration) ? unknownReferents()
                                       : referentsIn(Storage::Constant);
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
      return unknownReferents();
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

} // namespace coro
