//===- BlockingLeaf.h - Calls that block by themselves --------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_BLOCKING_BLOCKINGLEAF_H
#define CORO_ANALYSIS_BLOCKING_BLOCKINGLEAF_H

#include "analysis/ast/Calls.h"
#include "analysis/unit/Unit.h"
#include <optional>

namespace coro {

/// Where a chain of blocking calls ends.
struct BlockingLeaf {
  BlockingKind Kind = BlockingKind::Wait;
  Confidence Sure = Confidence::High;
  /// What the model says; null for a function that is annotated as blocking.
  const BlockingModel *Model = nullptr;

  BlockingLeaf() = default;
  explicit BlockingLeaf(const BlockingModel &Model)
      : Kind(Model.Kind), Sure(confidence(Model)), Model(&Model) {}
};

/// The row of the models for what \p I calls, or null.
const FunctionModel *rowOf(const Invocation &I, const Unit &U);

/// Whether \p I, a call in \p F, blocks by itself: its model says so, and
/// nothing around it says that it finds done what it waits for, that its
/// descriptor is not a blocking one, or that the object which would wait when
/// it dies was released; or it is annotated. \p All are the calls in \p F.
/// Less sure where a test of the thread leads to it, or where what ends the
/// wait may have happened.
/// Costs a walk through the bodies that know the descriptor or the object.
std::optional<BlockingLeaf> blockingLeaf(const Invocation &I, const Flow &F,
                                         llvm::ArrayRef<Invocation> All,
                                         Unit &U);

/// Is \p I, a call in the function of \p F, reached on some threads only, by a
/// test of which one this is? An object that belongs to an event loop does at
/// once what it is asked for there, and makes other threads wait. Linear in
/// the conditions before it.
bool dependsOnThread(const Invocation &I, const Flow &F, Unit &U);

/// Which of Models::telling() the body of \p Function mentions, sorted, and
/// AsksThread if its result tells which thread this is. Linear in the body.
std::vector<std::string> tellingNames(const clang::FunctionDecl *Function,
                                      Unit &U);

/// Does the declaration of \p Callee itself promise that it does not block?
bool isDeclaredNonblocking(const clang::FunctionDecl *Callee, const Unit &U);

} // namespace coro

#endif // CORO_ANALYSIS_BLOCKING_BLOCKINGLEAF_H
