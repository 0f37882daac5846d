//===- Origins.h - What an expression refers to ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// For an expression that designates an object, or whose value refers to one,
// the storage that it reaches and the *loans* on the way: an element of a
// container can be erased, what a smart pointer points to can be released, a
// temporary dies. Loans are a notion of Rust's Polonius and of Clang's
// lifetime safety; here one is taken for each step of a path that somebody
// else can undo.
//
// Follows casts, member and element access, iterators, views, conditional
// operators, aggregates, closures, getters whose body is at hand, functions
// with lifetimebound parameters, and what the models say.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_ORIGINS_H
#define CORO_ANALYSIS_LIFETIME_ORIGINS_H

#include "analysis/unit/BorrowTypes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace clang {
class Expr;
class FunctionDecl;
class ParmVarDecl;
class Stmt;
class ValueDecl;
class VarDecl;
} // namespace clang

namespace coro {

/// Where an object lives, as far as the function at hand can tell.
enum class Storage {
  Unknown,
  Frame,    ///< a local, a parameter by value, or a part of one
  Self,     ///< *this, or what a member of it refers to
  Global,   ///< static storage
  Constant, ///< static storage that nobody changes
  ThreadLocal,
  Parameter, ///< what a parameter refers to
  Shared,    ///< kept alive by an owner in the frame, and shared with others
  Temporary, ///< dies at the end of the full-expression
};

/// A step of a path that somebody can undo; with what the frame owns only the
/// frame itself can.
struct Loan {
  enum Kind {
    Element,        ///< an element of the container Holder
    Pointee,        ///< what the smart pointer Holder points to
    Temporary,      ///< (a part of) a temporary
    TemporaryOwner, ///< what a temporary smart pointer points to
    ThreadLocal,    ///< a variable of the thread
  };
  Kind What = Element;
  /// The member, variable or parameter that is the container or pointer; null
  /// if it has no name, as with an element of an element.
  const clang::ValueDecl *Holder = nullptr;
  Storage In = Storage::Unknown; ///< where Holder is
  /// The variable or parameter that the path begins with; null for *this.
  const clang::ValueDecl *Root = nullptr;
  /// The container in an element of which Holder is, the outermost of several,
  /// or a local borrow that leads to it (see Origins::outermost); null if
  /// Holder is in no element that is known.
  const clang::ValueDecl *Within = nullptr;
  /// The members that Holder is a part of, outermost first.
  llvm::SmallVector<const clang::ValueDecl *, 2> Around;
  /// Is Holder that very object, as opposed to a part of some element?
  bool Exact = false;
  const clang::Expr *Where = nullptr; ///< the look-up, call or dereference
  /// The key or index of the look-up; null if it has none.
  const clang::Expr *Key = nullptr;
};

/// One thing that an expression can refer to.
struct Referent {
  Storage Root = Storage::Unknown;
  const clang::ValueDecl *RootDecl = nullptr; ///< the parameter or variable
  /// The member or variable that is designated; null if it is not a whole one.
  const clang::ValueDecl *Last = nullptr;
  llvm::SmallVector<const clang::ValueDecl *, 2> Around;
  /// Does the path lead to one object, through no element or smart pointer?
  bool Exact = true;
  llvm::SmallVector<std::pair<Loan, Tie>, 2> Loans;
  /// Local borrows that the path goes through: theirs are its loans, too,
  /// each with the weaker of the two ties.
  llvm::SmallVector<std::pair<const clang::VarDecl *, Tie>, 2> Via;

  /// As Loan::Within.
  const clang::ValueDecl *within() const {
    if (!Loans.empty())
      return Loans.front().first.Holder;
    return Via.empty() ? nullptr : Via.front().first;
  }
};
using Referents = llvm::SmallVector<Referent, 1>;

/// Evaluates expressions. Shared by the checks of a unit. Cost: linear in the
/// expression and in the getters that it calls, up to MaxDepth of them;
/// summaries of getters are kept.
class Origins {
public:
  explicit Origins(Unit &U);

  static constexpr unsigned MaxDepth = 24;

  const BorrowTypes &types() const { return Types; }

  /// What the glvalue (or temporary) \p E designates. Empty when nothing is.
  Referents place(const clang::Expr *E);

  /// What the value of \p E refers to: of a pointer, iterator, view or
  /// aggregate of them. Empty when it refers to nothing.
  Referents target(const clang::Expr *E);

  /// The container that \p Within, a Loan::Within, is or leads to; null if it
  /// may be one of several. Bounded.
  const clang::ValueDecl *outermost(const clang::ValueDecl *Within);

  /// What the borrow \p Variable is initialised with.
  Referents initial(const clang::VarDecl *Variable);

  /// The container or smart pointer on which \p Call is a member call, as
  /// Referent::Last, with its type; nothing for other calls.
  const clang::ValueDecl *holderOf(const clang::Expr *Object);

  /// Is \p Variable a local that this analysis follows?
  bool isTracked(const clang::ValueDecl *Variable) const;

  /// The variable that a mention of \p Declaration is about: a structured
  /// binding is about what it decomposes.
  static const clang::VarDecl *variableOf(const clang::ValueDecl *Declaration);

private:
  struct Step; // guards the depth

  Referents call(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                 const clang::Expr *Object,
                 llvm::ArrayRef<const clang::Expr *> Arguments, bool Glvalue);
  Referents summary(const clang::FunctionDecl *Callee);
  Referents argument(const clang::Expr *Argument, clang::QualType Parameter);
  Referents variable(const clang::ValueDecl *Declaration, bool Captured,
                     const clang::Expr *Where);
  Referents borrowed(const clang::VarDecl *Variable, Tie Weakest);
  Referents object(const clang::Expr *Base, bool Arrow);
  Referents element(Referents Of, clang::QualType Container, Tie How,
                    const clang::Expr *Where, const clang::Expr *Key);
  Referents pointee(Referents Of, Ownership Kind, const clang::Expr *Where);
  Referents member(Referents Of, const clang::ValueDecl *Field);
  Referents weaken(Referents Of, Tie Weakest);
  bool held(clang::QualType Holder, llvm::ArrayRef<const clang::Expr *> Args,
            Referents &Found);
  bool isReassigned(const clang::VarDecl *Variable);
  bool isNameOfBorrow(const clang::VarDecl *Variable);
  bool isOwnerOfThis(const clang::Expr *E) const;

  Unit &U;
  BorrowTypes &Types;
  unsigned Depth = 0;
  /// Inside a summary, locals are looked through instead of named.
  unsigned InSummary = 0;
  llvm::DenseMap<const clang::FunctionDecl *, Referents> Summaries;
  llvm::DenseMap<const clang::VarDecl *, bool> Reassigned;
  llvm::DenseSet<const clang::FunctionDecl *> ScannedFunctions;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_ORIGINS_H
