//===- Nolint.cpp - Comments that silence a check -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Nolint.h"
#include "analysis/ast/Compat.h"
#include "driver/CommandLine.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace coro {

const CheckInfo UnusedNolint = {"coro-unused-nolint", "suppression",
                                CheckLevel::Suggestion, CheckCost::Low,
                                "a NOLINT comment that silences nothing"};

json::Value toJSON(const NolintComment &C) {
  return json::Object{{"location", C.Where},
                      {"check", C.Check},
                      {"used", C.Used},
                      {"judged", C.Judged},
                      {"removal", C.Removal}};
}

bool fromJSON(const json::Value &V, NolintComment &C, json::Path Path) {
  json::ObjectMapper M(V, Path);
  return M && M.map("location", C.Where) && M.map("check", C.Check) &&
         M.map("used", C.Used) && M.map("judged", C.Judged) &&
         M.map("removal", C.Removal);
}

void NolintUse::add(NolintComment Comment) {
  auto [It, IsNew] = All.try_emplace(
      {Comment.Where.File, Comment.Where.Offset, Comment.Check}, Comment);
  if (IsNew)
    return;
  It->second.Used |= Comment.Used;
  It->second.Judged &= Comment.Judged;
}

std::vector<Finding> NolintUse::unused() const {
  SmallVector<StringRef, 32> Names;
  for (const CheckInfo &Check : allChecks())
    Names.push_back(Check.Id);
  std::vector<Finding> Result;
  for (const auto &[Key, C] : All) {
    bool IsGlob = StringRef(C.Check).contains('*');
    bool IsUnknown =
        !IsGlob && !findCheck(C.Check) && C.Check != UnusedNolint.Id;
    if (C.Used || (!C.Judged && !IsUnknown))
      continue;
    Finding F;
    F.Check = UnusedNolint.Id.str();
    F.Level = Severity::Suggestion;
    F.Where = C.Where;
    if (IsUnknown) {
      StringRef Near = nearest(C.Check, Names);
      F.Message =
          "this NOLINT silences nothing, as there is no check '" + C.Check +
          "'; " +
          (Near.empty() ? "remove it" : "did you mean '" + Near.str() + "'?");
    } else {
      F.Message = "this NOLINT silences nothing, as '" + C.Check +
                  "' has nothing to say here; remove it";
      if (C.Removal.Length)
        F.Fix.push_back(C.Removal);
    }
    Result.push_back(std::move(F));
  }
  return Result;
}

} // namespace coro
