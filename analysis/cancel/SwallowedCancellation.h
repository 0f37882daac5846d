//===- SwallowedCancellation.h - Handlers that eat a cancellation ---------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A coroutine is cancelled by an exception at its await. A handler that catches
// everything catches that, too; where all ways from there lead to awaits which
// fail again and are caught again, the coroutine never ends.
//
// That somebody cancels the coroutine at all is part of its library, or has to
// be seen: it is a branch of a select, it is started with a token, or another
// function closes the object that it works on.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_SWALLOWEDCANCELLATION_H
#define CORO_ANALYSIS_CANCEL_SWALLOWEDCANCELLATION_H

#include "analysis/facts/Report.h"
#include "analysis/unit/Unit.h"

namespace clang {
class CXXCatchStmt;
} // namespace clang

namespace coro {

/// Who cancels a coroutine, as far as this unit shows.
struct Canceller {
  enum Kind {
    Nobody,  ///< nobody was seen to
    Awaiter, ///< whoever awaits it, by the rules of the library
    Select,  ///< a select of which it is a branch
    Token,   ///< a token that it was started with or awaits with
    Closer,  ///< who closes the object that it works on
  } Who = Nobody;
  const clang::Expr *Where = nullptr; ///< the call; none for Awaiter
};

struct SwallowedCancellation {
  const clang::CXXCatchStmt *Handler = nullptr;
  /// The await whose cancellation it catches.
  const clang::CoroutineSuspendExpr *Await = nullptr;
  /// All ways lead back to awaits that fail; otherwise it only goes on.
  bool NeverEnds = false;
  CancelledAgain Again = CancelledAgain::Nothing; ///< what fails from then on
  Canceller By;
  Confidence Sure = Confidence::High;
};

/// Who cancels what \p Await of \p C waits for?
Canceller findCanceller(Unit &U, const Coroutine &C,
                        const clang::CoroutineSuspendExpr *Await);

/// Who cancels just that operation: with a token that it is given, or by
/// closing, for good, what it works on?
Canceller findOperationCanceller(Unit &U, const Coroutine &C,
                                 const clang::CoroutineSuspendExpr *Await);

/// In the order of the source. Cost: a walk over the control flow for each
/// handler of \p C.
std::vector<SwallowedCancellation>
findSwallowedCancellations(Unit &U, const Coroutine &C);

/// What the operation that \p Call starts works on: its object, or its first
/// argument. Null if that is not a variable or member.
const clang::ValueDecl *workedOn(const clang::Expr *Call);

/// Does \p Await end by being cancelled as its way to be woken? A timer that
/// another function cancels is a condition variable.
bool isAlarm(Unit &U, const clang::CoroutineSuspendExpr *Await);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_SWALLOWEDCANCELLATION_H
