//===- CancellationBody.h - What a cancelled coroutine loses --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The guarantee of one coroutine, from its body; Cancellation.h says what the
// guarantees mean. A forward data flow over what was taken by an await and is
// only in the frame since.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_CANCEL_CANCELLATIONBODY_H
#define CORO_ANALYSIS_CANCEL_CANCELLATIONBODY_H

#include "analysis/cancel/Cancellation.h"

namespace coro {

/// The summary of the coroutine whose control flow is \p F, without Uses.
/// Guarantee::Unknown when the data flow runs out of budget.
CancellationSummary summarizeBody(Cancellations &Owner, Unit &U, const Flow &F);

/// Is the end of the body reached other than by throwing?
bool mayReturn(const Flow &F);

/// \p Path as the callers of \p Function can name it; nothing for an object
/// that lives in its frame.
SummaryObject exported(const ObjectPath &Path,
                       const clang::FunctionDecl *Function);

} // namespace coro

#endif // CORO_ANALYSIS_CANCEL_CANCELLATIONBODY_H
