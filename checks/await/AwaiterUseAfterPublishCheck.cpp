//===- AwaiterUseAfterPublishCheck.cpp - coro-awaiter-use-after-publish ---===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/await/AwaiterUseAfterPublishCheck.h"
#include "analysis/await/AwaiterPublish.h"

using namespace clang;
using namespace coro;

static std::string how(const LateTouch &Late) {
  switch (Late.Kind) {
  case PublishKind::Resumed:
    return "resumed the coroutine";
  case PublishKind::Destroyed:
    return "destroyed the coroutine";
  case PublishKind::Shared:
    return "made the coroutine's handle visible to other threads";
  case PublishKind::Stored:
    return "released the lock under which it had stored the coroutine's handle";
  case PublishKind::Elsewhere:
  case PublishKind::Passed:
    return "gave the coroutine's handle to " +
           (Late.Taker ? quoted(Late.Taker) : std::string("another function"));
  }
  llvm_unreachable("all kinds are handled");
}

static llvm::StringRef where(PublishKind Kind) {
  switch (Kind) {
  case PublishKind::Resumed:
    return "resumed here";
  case PublishKind::Destroyed:
    return "destroyed here";
  case PublishKind::Shared:
    return "published here";
  case PublishKind::Stored:
    return "stored here";
  case PublishKind::Elsewhere:
  case PublishKind::Passed:
    return "given away here";
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
    // The promise, as opposed to the awaiter.
    bool OfFrame = Late.TouchesHandle || isa_and_nonnull<VarDecl>(Late.Member);
    bool Gone = Late.Kind == PublishKind::Destroyed;
    Report R;
    R.Where = Late.Touch->getBeginLoc();
    R.Sure = Late.Sure;
    R.Highlights = {Late.Touch->getSourceRange()};
    R.Message = "'await_suspend' touches " + Touched + " after it " +
                how(Late) +
                (OfFrame ? ": the frame "
                         : ": the awaiter lives in that frame, which ") +
                (Gone ? "is gone" : "may be gone by now") +
                "; take what is needed into a local variable first, and make "
                "this its last act";
    R.Notes.push_back({Late.Publish->getSourceRange(), where(Late.Kind).str()});
    emit(std::move(R));
  }
}
