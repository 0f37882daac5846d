//===- Walk.cpp - Walks over statements -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Walk.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace coro {

void forEachChild(const Stmt *S, llvm::function_ref<void(const Stmt *)> Visit) {
  auto Each = [&](const Stmt *Child) {
    if (Child)
      Visit(Child);
  };
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      Each(Init);
  } else if (const auto *Suspend = dyn_cast<CoroutineSuspendExpr>(S)) {
    Each(Suspend->getOperand());
  } else if (const auto *Return = dyn_cast<CoreturnStmt>(S)) {
    Each(Return->getOperand());
  } else if (const auto *Body = dyn_cast<CoroutineBodyStmt>(S)) {
    Each(Body->getBody());
  } else {
    for (const Stmt *Child : S->children())
      Each(Child);
  }
}

bool walk(const Stmt *S, llvm::function_ref<WalkInto(const Stmt *)> Visit) {
  if (!S)
    return true;
  // An explicit stack: expressions nest deeper than ours may.
  llvm::SmallVector<const Stmt *, 32> Work{S};
  llvm::SmallVector<const Stmt *, 8> Children;
  while (!Work.empty()) {
    const Stmt *At = Work.pop_back_val();
    switch (Visit(At)) {
    case WalkInto::Stop:
      return false;
    case WalkInto::Skip:
      continue;
    case WalkInto::Children:
      break;
    }
    Children.clear();
    forEachChild(At, [&](const Stmt *Child) { Children.push_back(Child); });
    Work.append(Children.rbegin(), Children.rend());
  }
  return true;
}

bool containsSuspension(const Stmt *S) {
  return contains(S,
                  [](const Stmt *At) { return isa<CoroutineSuspendExpr>(At); });
}

const Stmt *writtenBody(const FunctionDecl *Function) {
  const Stmt *Body = Function->getBody();
  const auto *Coroutine = dyn_cast_or_null<CoroutineBodyStmt>(Body);
  return Coroutine ? Coroutine->getBody() : Body;
}

std::vector<const Expr *> returnedValues(const FunctionDecl *Function) {
  std::vector<const Expr *> Values;
  if (const Stmt *Body = writtenBody(Function))
    walk(Body, [&](const Stmt *S) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S))
        if (const Expr *Value = Return->getRetValue())
          Values.push_back(Value);
      return WalkInto::Children;
    });
  return Values;
}

} // namespace coro
