//===- BusyWaitCheck.cpp - coro-busy-wait ---------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/blocking/BusyWaitCheck.h"
#include "analysis/blocking/Polling.h"
#include "analysis/unit/TestMacros.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

void BusyWaitCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines())
    for (const Poll &P : findPolls(U, *C)) {
      if (isAllowed(P.State))
        continue;
      std::string State = "'" + P.State->getNameAsString() + "'";
      Report R;
      R.Where = P.Loop->getBeginLoc();
      R.Highlights = {P.Condition->getSourceRange()};
      if (!P.Pause)
        R.Message = "this loop spins until " + State +
                    " changes, and no other coroutine of this thread runs "
                    "meanwhile, not even the one that would change it";
      else if (!P.Suspends)
        R.Message = "this loop polls " + State +
                    " and blocks the thread between two looks, so that no "
                    "other coroutine of it runs, not even the one that would "
                    "change it";
      else if (P.NoTime)
        R.Message = "this loop polls " + State +
                    ": it keeps the thread busy until somebody has changed it";
      else
        R.Message = "this loop polls " + State +
                    ": it wakes up for nothing until somebody has changed it, "
                    "and then notices it late";
      R.Message += "; let whoever changes it signal an event, and await that";
      const LibraryModel *Library = C->Task ? C->Task->Library : nullptr;
      if (Library)
        if (auto It = Library->Instead.find("poll");
            It != Library->Instead.end())
          R.Message += ": " + It->second;
      // Giving up after some rounds is a timeout; an event needs one, too. And
      // tests wait for what tells nobody.
      R.Sure = P.Bounded || (P.Suspends && isInTest(C->Function, U.ast()))
                   ? Confidence::Medium
                   : Confidence::High;
      if (P.Pause)
        R.Notes.push_back({P.Pause->getSourceRange(),
                           P.Suspends ? "suspended here in each round"
                                      : "blocked here in each round"});
      emit(std::move(R));
    }
}
