//===- SuggestConcurrentAwaitsCheck.cpp - coro-suggest-concurrent-awaits --===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestConcurrentAwaitsCheck.h"
#include "analysis/compute/ConcurrentAwaits.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

void SuggestConcurrentAwaitsCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (const ConcurrentGroup &Group : findConcurrentAwaits(*C, U)) {
      Report R;
      R.Sure = Group.Sure;
      R.Where = Group.Awaits.front()->getKeywordLoc();
      R.Highlights = {Group.Awaits.front()->getSourceRange()};
      std::string Count = Group.Awaits.size() == 2
                              ? "two"
                              : std::to_string(Group.Awaits.size());
      R.Message = "these " + Count +
                  " awaits do not need each other's results, and each one "
                  "waits for the one before it: together they would take as "
                  "long as the slowest";
      const LibraryModel *Library = C->Task ? C->Task->Library : nullptr;
      if (Library && !Library->Concurrent.empty())
        R.Message +=
            "; unless their order matters, write '" + Library->Concurrent + "'";
      else
        R.Message += "; unless their order matters, start both and join them";
      for (const CoawaitExpr *Await : llvm::ArrayRef(Group.Awaits).drop_front())
        R.Notes.push_back(
            {Await->getSourceRange(), "this needs nothing of what is above"});
      emit(std::move(R));
    }
  }
}
