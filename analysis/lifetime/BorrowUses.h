//===- BorrowUses.h - What a mention of a local borrow does ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_BORROWUSES_H
#define CORO_ANALYSIS_LIFETIME_BORROWUSES_H

#include "analysis/lifetime/Origins.h"

namespace clang {
class DeclRefExpr;
}

namespace coro {

class Flow;

/// What evaluating a mention of a borrow does to what it refers to.
enum class Mention {
  Nothing,   ///< looks at the borrow only: a comparison, a view's size
  Copies,    ///< hands it on to another local borrow
  Assigns,   ///< gives it another value
  Escapes,   ///< lets somebody else give it another value
  Validates, ///< compares it with what is there now
  Uses,      ///< needs what it refers to
};

/// Decides by the expressions around \p M. Constant time.
Mention classifyMention(const clang::DeclRefExpr *M, const Flow &F,
                        const Origins &Where);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_BORROWUSES_H
