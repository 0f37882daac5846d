//===- Revalidation.h - What makes a stale borrow fresh again -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// After a suspension people look again: they search for the same key, or they
// compare a version that they had noted before. What is used then is known to
// be there.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_REVALIDATION_H
#define CORO_ANALYSIS_LIFETIME_REVALIDATION_H

#include "analysis/lifetime/Origins.h"
#include "llvm/ADT/FoldingSet.h"
#include <map>

namespace coro {

/// For the loans of one function. Each expression is looked at once; what it
/// renews is found by its key, so that it costs what is renewed, not what there
/// is.
class Revalidation {
public:
  Revalidation(Unit &U, Origins &Where) : U(U), Where(Where) {}

  /// Sets the loans that are asked about; they must stay where they are.
  void watch(llvm::ArrayRef<Loan> Loans);

  /// Calls \p Renewed with the number of each watched loan of which evaluating
  /// \p At tells whether what it borrowed is still there. Some numbers may come
  /// twice.
  void forRenewed(const clang::Stmt *At,
                  llvm::function_ref<void(unsigned)> Renewed);

private:
  /// A number for each spelling of a key; NoKey where there is none.
  using KeyNumber = unsigned;
  static constexpr KeyNumber NoKey = 0;

  /// What an expression looks at.
  struct Look {
    const clang::ValueDecl *Holder = nullptr; ///< a look-up in it
    const clang::FunctionDecl *Callee = nullptr;
    KeyNumber Key = NoKey;
    /// The object whose state is compared with what was noted before: the
    /// variable, or none for *this.
    bool Version = false;
    const clang::ValueDecl *Of = nullptr;
  };
  const Look &look(const clang::Stmt *At);
  bool isNoted(const clang::Expr *E, const clang::ValueDecl *&Of) const;
  KeyNumber number(const clang::Expr *Key);

  Unit &U;
  Origins &Where;
  llvm::DenseMap<const clang::Stmt *, Look> Looks;
  std::map<llvm::FoldingSetNodeID, KeyNumber> Numbers;

  using Members = llvm::SmallVector<unsigned, 2>;
  llvm::ArrayRef<Loan> Watched;
  /// The watched loans by container, by container and key, by the function that
  /// looked up and key, and by the object that they begin with (null: *this).
  llvm::DenseMap<const clang::ValueDecl *, Members> OfHolder;
  llvm::DenseMap<std::pair<const clang::ValueDecl *, KeyNumber>, Members>
      OfHolderAndKey;
  llvm::DenseMap<std::pair<const clang::FunctionDecl *, KeyNumber>, Members>
      OfCalleeAndKey;
  llvm::DenseMap<const clang::ValueDecl *, Members> OfRoot;
};

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_REVALIDATION_H
