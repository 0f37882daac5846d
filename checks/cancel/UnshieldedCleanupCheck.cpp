//===- UnshieldedCleanupCheck.cpp - coro-unshielded-cleanup ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/cancel/UnshieldedCleanupCheck.h"
#include "analysis/cancel/Cleanup.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

static Report restore(const UnshieldedCleanup &One) {
  const bool Destroyed = One.How && One.How->How == CancelledBy::Destroying;
  Report R;
  R.Where = One.Restored->getExprLoc();
  R.Message =
      One.Object.text() + " is put back here, after a suspension: when " +
      (Destroyed ? "the coroutine is cancelled there, its frame is destroyed, "
                   "and "
                 : "what is awaited throws, as it does when the coroutine is "
                   "cancelled, ") +
      "it stays as it was changed; put it back in a destructor";
  R.Highlights = {One.Restored->getSourceRange()};
  R.Notes = {{One.Changed->getSourceRange(), "it is changed here"},
             {One.Await->getSourceRange(),
              Destroyed ? "the frame may be destroyed here"
                        : "an exception here leaves it changed"}};
  return R;
}

static Report await(const UnshieldedCleanup &One) {
  Report R;
  R.Where = One.Cleanup->getKeywordLoc();
  R.Message = "when the coroutine was cancelled, this await fails at once, "
              "before it starts anything: what it should clean up stays";
  if (!One.How->Shield.empty())
    R.Message += "; write " + One.How->Shield;
  R.Highlights = {One.Cleanup->getSourceRange()};
  R.Notes = {{One.Await->getSourceRange(), "it is cancelled here"},
             {One.Handler->getCatchLoc(), "and the exception is kept here"}};
  return R;
}

static Report guard(const UnshieldedCleanup &One) {
  Report R;
  R.Where = One.Guard->getLocation();
  R.Message = "a coroutine that is cancelled at a suspension in the scope of "
              "this guard is destroyed without an exception: ";
  switch (One.On) {
  case GuardOn::Failure:
    R.Message += "the guard does nothing; use one that always acts, and "
                 "release it at the end";
    break;
  case GuardOn::Success:
  case GuardOn::Either:
  case GuardOn::None:
    R.Message += "the guard takes that for success; do at the end of the "
                 "scope what belongs to success, and the rest in a guard that "
                 "always acts";
    break;
  }
  R.Notes = {{One.Await->getSourceRange(), "it may be destroyed here"}};
  return R;
}

void UnshieldedCleanupCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (const UnshieldedCleanup &One : findUnshieldedCleanup(U, *C)) {
      Report R = One.Kind == CleanupKind::Restore ? restore(One)
                 : One.Kind == CleanupKind::Await ? await(One)
                                                  : guard(One);
      R.Sure = One.Sure;
      if (One.By.Where)
        R.Notes.push_back(
            {One.By.Where->getSourceRange(),
             One.By.Who == Canceller::Token
                 ? "by this token it can be cancelled"
             : One.By.Who == Canceller::Select
                 ? "this cancels it when another branch ends first"
                 : "what it waits for is cancelled here"});
      emit(std::move(R));
    }
  }
}
