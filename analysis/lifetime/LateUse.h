//===- LateUse.h ----------------------------------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine frame owns copies of the by-value parameters. What it reaches
// through a reference, a view, a pointer, `this` or a capture belongs to
// somebody else. This says whether, and where, such a thing is used after a
// suspension, when that somebody may be gone.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_LATEUSE_H
#define CORO_ANALYSIS_LIFETIME_LATEUSE_H

#include "analysis/facts/Vocabulary.h"
#include "analysis/unit/Unit.h"
#include "llvm/ADT/BitVector.h"

namespace coro {

/// How a parameter refers to storage that the frame does not own.
enum class RefersBy { Nothing, Reference, Pointer, View };

/// How does a parameter of this type refer to its argument? Views are classes
/// that are marked gsl::Pointer (clang marks those of std) or that a model
/// calls a view.
RefersBy refersBy(clang::QualType Type, const Models &Known);

/// Is \p Record marked gsl::Owner, or a modelled container or unique owner:
/// does what it gives out live as long as it does?
bool ownsElements(const clang::CXXRecordDecl *Record, const Models &Known);

/// A use that comes late.
struct LateUse {
  const clang::Expr *Use = nullptr;
  /// The suspension that was written before it. Null when only the initial
  /// suspension of a lazy coroutine lies before the use.
  const clang::CoroutineSuspendExpr *Suspended = nullptr;
  /// The coroutine that does it: what was asked for, or one that it passes its
  /// parameter on to.
  const clang::FunctionDecl *In = nullptr;
  /// The slot of In that is used.
  Slot What = ObjectSlot;
  /// The use is not after Suspended but during it: the awaited operation was
  /// given it by reference.
  bool Meanwhile = false;
};

/// Finds late uses, and remembers them.
class LateUses {
public:
  explicit LateUses(Unit &U) : U(U) {}

  /// The late use of slot \p What of \p Function, preferably one after a
  /// suspension that was written. Empty if there is none or if the body is not
  /// at hand. A plain function has one if it returns the task of a coroutine to
  /// which it passes the slot on. Near-linear in the size of the body, once.
  std::optional<LateUse> find(const clang::FunctionDecl *Function, Slot What);

  /// The late use of what the coroutine lambda \p C captures as \p Captured.
  std::optional<LateUse> ofCapture(const Coroutine &C,
                                   const clang::ValueDecl *Captured);

private:
  struct Reached {
    llvm::BitVector Blocks;                     ///< after some suspension
    llvm::DenseMap<unsigned, unsigned> FirstIn; ///< index of the first one
  };
  const Reached &reached(const clang::FunctionDecl *Function, const Flow &F);
  static bool isLate(const Reached &After, FlowPoint At);
  std::optional<LateUse>
  inCoroutine(const Coroutine &C, Slot What,
              llvm::function_ref<bool(const clang::Expr *)> IsUse);
  std::optional<LateUse> inWrapper(const clang::FunctionDecl *Function,
                                   Slot What);
  const clang::CoroutineSuspendExpr *suspensionBefore(const Flow &F,
                                                      const clang::Expr *Use);
  const clang::CoroutineSuspendExpr *suspensionDuring(const Flow &F,
                                                      const clang::Expr *Use);

  Unit &U;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Reached>> After;
  std::map<std::pair<const clang::FunctionDecl *, Slot>, std::optional<LateUse>>
      Known;
  unsigned Depth = 0;
};

/// Does \p E mention slot \p What of \p Function itself (not of a lambda in
/// it)?
bool mentions(const clang::Expr *E, const clang::FunctionDecl *Function,
              Slot What);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_LATEUSE_H
