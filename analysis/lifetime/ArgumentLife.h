//===- ArgumentLife.h - What an argument refers to, and how long it lives -===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// For an argument that is bound to a reference, view or pointer parameter: the
// storage behind it. Decided from the expression, from gsl attributes and from
// the models; whatever is not understood is Unknown.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_LIFETIME_ARGUMENTLIFE_H
#define CORO_ANALYSIS_LIFETIME_ARGUMENTLIFE_H

#include "analysis/lifetime/LateUse.h"

namespace coro {

enum class ArgumentStorage {
  Unknown,
  Temporary, ///< dies at the end of the full-expression
  Local,     ///< an automatic variable, or a part or element of one
  Parameter, ///< the same of a by-value parameter
  Borrowed,  ///< what a reference, view or pointer parameter refers to
  Object,    ///< *this or a member of it
  Capture,   ///< lives in a closure
  Global,
};

struct ArgumentLife {
  ArgumentStorage Where = ArgumentStorage::Unknown;
  /// The variable, for Local, Parameter, Borrowed and Capture.
  const clang::VarDecl *Variable = nullptr;
  /// The temporary, for Temporary.
  const clang::Expr *Temporary = nullptr;

  /// Is it gone at the latest when the function returns?
  bool diesWithFunction() const {
    return Where == ArgumentStorage::Temporary ||
           Where == ArgumentStorage::Local ||
           Where == ArgumentStorage::Parameter;
  }
};

/// What the glvalue \p E denotes.
ArgumentLife storageOf(const clang::Expr *E, const Models &Known);

/// What \p Argument refers to when it initialises a parameter that refers
/// \p By.
ArgumentLife lifeOfArgument(const clang::Expr *Argument, RefersBy By,
                            const Models &Known);

/// The expression that is bound to slot \p What by \p Call, or null.
const clang::Expr *argumentOf(const clang::CallExpr *Call, Slot What);

/// Like lifeOfArgument for slot \p What of \p Call's callee. Unknown for
/// by-value parameters.
ArgumentLife lifeOfSlot(const clang::CallExpr *Call, Slot What,
                        const Models &Known);

} // namespace coro

#endif // CORO_ANALYSIS_LIFETIME_ARGUMENTLIFE_H
