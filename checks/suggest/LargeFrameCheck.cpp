//===- LargeFrameCheck.cpp - coro-large-frame -----------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/LargeFrameCheck.h"
#include "analysis/unit/FrameLayout.h"

using namespace clang;
using namespace coro;

static constexpr llvm::StringLiteral ThresholdOption = "Threshold";

LargeFrameCheck::LargeFrameCheck(llvm::StringRef Name,
                                 tidy::ClangTidyContext *Context)
    : CoroCheck(Name, Context),
      Threshold(Options.get(ThresholdOption, 16384U)) {}

void LargeFrameCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  CoroCheck::storeOptions(Opts);
  Options.store(Opts, ThresholdOption, Threshold);
}

void LargeFrameCheck::analyze(Unit &U) {
  constexpr unsigned Named = 3;
  for (const Coroutine *C : U.coroutines()) {
    if (isAllowed(C->Function))
      continue;
    std::optional<FrameLayout> Frame = layOut(U, *C, Threshold);
    if (!Frame || Frame->Bytes <= Threshold || Frame->Slots.empty())
      continue;
    const FrameSlot &Largest = Frame->Slots.front();
    Report R;
    R.Where = Largest.Variable->getLocation();
    // The size of a buffer stands where it is declared, and the operation needs
    // one while it runs: somebody chose it. Whether there can be that many at
    // once is not seen here.
    if (Frame->BytesWithoutBuffers <= Threshold)
      R.Sure = Confidence::Low;
    R.Highlights.push_back(Largest.Variable->getSourceRange());
    R.Message = quoted(Largest.Variable) + " makes the frame of " +
                quoted(C->Function) +
                " large: " + std::to_string(Largest.Bytes) + " of at least " +
                std::to_string(Frame->Bytes) +
                " bytes, which each call allocates and keeps over its "
                "suspensions; allocate it apart, share it between calls, or "
                "end its scope before the suspension";
    for (const FrameSlot &Slot :
         llvm::ArrayRef(Frame->Slots).take_front(Named)) {
      R.Notes.push_back({Slot.Variable->getSourceRange(),
                         quoted(Slot.Variable) + " takes " +
                             std::to_string(Slot.Bytes) + " bytes"});
    }
    R.Notes.push_back(
        {Largest.Suspension->getSourceRange(),
         quoted(Largest.Variable) + " is kept over this suspension"});
    emit(std::move(R));
  }
}
