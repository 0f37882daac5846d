//===- StaleStateAcrossSuspendCheck.cpp - coro-stale-state-across-suspend -===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/state/StaleStateAcrossSuspendCheck.h"
#include "analysis/lifetime/StaleState.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace coro;

static std::string message(const StaleState &S) {
  const std::string Object = S.Object.text();
  switch (S.Shape) {
  case StaleShape::Empty:
    return Object + " is set here because of a test before the suspension: "
                    "every coroutine that comes in between passes the test, "
                    "too, does the same once more, and replaces what is set; "
                    "test again here, or keep the pending operation where "
                    "the others find it";
  case StaleShape::Missing:
    return "this key is put into " + Object +
           " because it was missing before the suspension: every coroutine "
           "that asks in between does the same once more, and one of the "
           "results is lost; ask again here, or put the pending operation "
           "there before the suspension";
  case StaleShape::Read:
    break;
  }
  return Object + " is set from a value that was read before the suspension: "
                  "what others have written in between is lost; read it after "
                  "the suspension";
}

void StaleStateAcrossSuspendCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    for (const StaleState &S : findStaleState(U, *C)) {
      Report R;
      R.Where = S.Write->getExprLoc();
      R.Message = message(S);
      R.Sure = S.Sure;
      R.Highlights = {S.Write->getSourceRange()};
      R.Notes = {{S.Seen->getSourceRange(), S.Shape == StaleShape::Read
                                                ? "it is read here"
                                                : "it is tested here"},
                 {S.Await->getSourceRange(),
                  "others run while the coroutine is suspended here"}};
      emit(std::move(R));
    }
  }
}
