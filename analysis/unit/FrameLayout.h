//===- FrameLayout.h - What lives in a coroutine frame --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// A local is kept in the frame when it lives across a suspension: the
// suspension is reached from its declaration, within its scope, and it is used
// afterwards, before it is declared anew, or has something to destroy. The
// others stay on the stack (in optimised code; without optimisation everything
// is in the frame). Sizes are those of the type layout. Locals of scopes that
// exclude each other share their place, as in LLVM's own layout of frames: the
// size is the largest sum along one path of nested scopes.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_UNIT_FRAMELAYOUT_H
#define CORO_ANALYSIS_UNIT_FRAMELAYOUT_H

#include "analysis/unit/Unit.h"

namespace coro {

/// The size of \p Type; nothing where it has none: it is incomplete, depends on
/// a template argument or on the run, or code with errors left it open.
std::optional<uint64_t> sizeInBytes(clang::QualType Type,
                                    const clang::ASTContext &AST);

/// A variable in a frame.
struct FrameSlot {
  const clang::VarDecl *Variable = nullptr;
  uint64_t Bytes = 0;
  /// A suspension that it lives across.
  const clang::CoroutineSuspendExpr *Suspension = nullptr;
  /// An array of bytes, its size in its declared type, that an awaited
  /// operation is given.
  bool IsIoBuffer = false;
};

struct FrameLayout {
  /// What the variables take at least.
  uint64_t Bytes = 0;
  /// The same without IO buffers.
  uint64_t BytesWithoutBuffers = 0;
  /// Largest first; of equal ones, in the order of the source.
  std::vector<FrameSlot> Slots;
};

/// Lays out the frame of \p C; nothing when its control flow is not known, or
/// when all its variables together are not larger than \p Interesting.
/// Cost: a walk over the body; for frames that may be that large, the uses of
/// each variable and its suspensions.
std::optional<FrameLayout> layOut(Unit &U, const Coroutine &C,
                                  uint64_t Interesting);

} // namespace coro

#endif // CORO_ANALYSIS_UNIT_FRAMELAYOUT_H
