//===- OwnershipFix.h - How a frame comes to own what it uses -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The ways out of a borrow that goes wrong, as notes: a coroutine takes its
// parameter by value, or holds a copy of the smart pointer. Each has a fix-it
// where the change is mechanical; since waiting would be an answer, too, none
// is a fix-it of the report itself.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_OWNERSHIPFIX_H
#define CORO_ANALYSIS_LIFETIME_OWNERSHIPFIX_H

#include "analysis/lifetime/Borrows.h"
#include "analysis/lifetime/DyingArgument.h"

namespace coro {

/// Lets the callee of \p D own what its parameter refers to: `const T &` and
/// `T &&` become `T` in every declaration of it. For a view the note names the
/// class that owns, without a fix-it, since the body may use what only the view
/// has. Nothing where the change would be another function's (an overrider, a
/// template, somebody else's code), or would slice or share an object.
std::optional<ReportNote> takeByValue(const DyingArgument &D, Unit &U);

/// Holds the smart pointer that \p S borrows through in a local, declared
/// before the statement that borrows. Nothing where that statement does not
/// stand in a block, or a macro is involved.
std::optional<ReportNote> keepOwner(const StaleUse &S, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_OWNERSHIPFIX_H
