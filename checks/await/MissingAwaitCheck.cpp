//===- MissingAwaitCheck.cpp - coro-missing-await
//---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/await/MissingAwaitCheck.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

void MissingAwaitCheck::analyze(Unit &U) {
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F)
      continue;
    for (const CFGBlock *Block : F->cfg())
      for (const CFGElement &Element : *Block)
        if (auto S = Element.getAs<CFGStmt>())
          if (const auto *Call = dyn_cast<CallExpr>(S->getStmt()))
            if (const TaskType *Task = U.taskType(Call->getType()))
              if (const Stmt *Parent = F->semanticParent(Call);
                  Parent && isa<CompoundStmt>(Parent))
                emit({Call->getBeginLoc(),
                      std::string(Task->isLazy() ? "lazy" : "other") +
                          " task is not awaited",
                      Confidence::High,
                      {Call->getSourceRange()}});
  }
}
