//===- CancellationIndex.cpp - Guarantees of other units' coroutines ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Cancellation.h"
#include "analysis/index/Index.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace coro {

static SummaryObject imported(const ObjectSummary &Object) {
  SummaryObject O;
  O.Parameter = Object.Parameter;
  O.Members.assign(Object.Members.begin(), Object.Members.end());
  O.Exact = Object.Exact;
  return O;
}

CancellationSummary Cancellations::elsewhere(const FunctionDecl *Function) {
  CancellationSummary Summary;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Function->isExternallyVisible() || (Method && Method->isVirtual()) ||
      !U.isUserCode(Function->getLocation()))
    return Summary;
  const TaskType *Type = U.taskType(Function->getReturnType());
  if (!Type || !Type->IsTask || U.models().libraryOf(Function))
    return Summary;
  if (Alone) {
    Needed[Function].insert(Function);
    Summary.Awaitable = true;
    Summary.Cancel = Guarantee::Total;
    return Summary;
  }
  const TaskSummary *Known = U.index().task(Function);
  if (!Known || !Known->Cancel)
    return Summary;
  const CancellationFacts &C = *Known->Cancel;
  Summary.Awaitable = true;
  Summary.Cancel = C.Cancel;
  Summary.How = C.How;
  Summary.Data = C.Data;
  Summary.Object = imported(C.Object);
  Summary.Operation = C.Operation;
  Summary.ReturnsMessage = C.ReturnsMessage;
  Summary.From = imported(C.From);
  Summary.To = imported(C.To);
  Summary.Sends.assign(C.Sends.begin(), C.Sends.end());
  Summary.Composed = C.Composed;
  Summary.MayReturn = C.MayReturn;
  for (const ObjectUseSummary &Use : C.Uses)
    Summary.Uses.push_back({imported(Use.Object), Use.Use});
  auto Steps = [&](const std::vector<StepSummary> &From,
                   std::vector<CancellationStep> &Into) {
    for (const StepSummary &Step : From) {
      ReportNote Note = coro::elsewhere(U, Step.Where, Step.Message,
                                        Function->getSourceRange());
      Into.push_back({Note.Where, Note.Message});
    }
  };
  Steps(C.Steps, Summary.Steps);
  Steps(C.Why, Summary.Why);
  return Summary;
}

} // namespace coro
