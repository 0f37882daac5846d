//===- AwaiterUseAfterPublishCheck.cpp - coro-awaiter-use-after-publish ---===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/await/AwaiterUseAfterPublishCheck.h"
#include "analysis/AwaiterPublish.h"

using namespace clang;
using namespace coro;

static std::string how(const LateTouch &Late) {
  switch (Late.Kind) {
  case PublishKind::Resumed:
    return "resumed the coroutine";
  case PublishKind::Destroyed:
    return "destroyed the coroutine";
  case PublishKind::Elsewhere:
  case PublishKind::Passed:
    return "gave the coroutine's handle to " +
           (Late.Taker ? quoted(Late.Taker) : std::string("another function"));
  }
  llvm_unreachable("all kinds are handled");
}

void AwaiterUseAfterPublishCheck::analyze(Unit &U) {
  for (const LateTouch &Late : U.shared<AwaiterPublish>().touches()) {
    if (isAllowed(Late.Suspend) ||
        isAllowed(cast<CXXMethodDecl>(Late.Suspend)->getParent()) ||
        isAllowed(Late.Taker))
      continue;
    std::string Touched = Late.TouchesHandle ? "the frame through its handle"
                          : Late.Member      ? quoted(Late.Member)
                                             : "'this'";
    bool Gone = Late.Kind == PublishKind::Destroyed;
    Report R;
    R.Where = Late.Touch->getBeginLoc();
    R.Sure = Late.Sure;
    R.Highlights = {Late.Touch->getSourceRange()};
    R.Message = "'await_suspend' touches " + Touched + " after it " +
                how(Late) + ": the awaiter lives in that frame, which " +
                (Gone ? "is gone" : "may be gone by now") +
                "; take what is needed into a local variable first, and make "
                "this its last act";
    R.Notes.push_back(
        {Late.Publish->getSourceRange(), Gone ? "destroyed here"
                                         : Late.Kind == PublishKind::Resumed
                                             ? "resumed here"
                                             : "given away here"});
    emit(std::move(R));
  }
}
