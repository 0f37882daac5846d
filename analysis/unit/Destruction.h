//===- Destruction.h - What destroying an object may do -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_DESTRUCTION_H
#define CORO_ANALYSIS_UNIT_DESTRUCTION_H

#include "analysis/unit/Unit.h"

namespace coro {

/// Could destroying an object of class \p Class wait for something: for a
/// thread, a pool, tasks? A destructor that somebody wrote and that does
/// something may, unless a model describes the class; so may what owns such an
/// object, a container or pointer of the standard library included. A class
/// that is not complete may. Cost: linear in its members, theirs included.
bool mayWaitWhenDestroyed(const clang::CXXRecordDecl *Class, Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_DESTRUCTION_H
