//===- SuggestOffloadCheck.cpp - Move long computations -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestOffloadCheck.h"
#include "analysis/Cost.h"
#include "analysis/Walk.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace coro;

void SuggestOffloadCheck::analyze(Unit &U) {
  Costs &All = U.shared<Costs>();
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F || F->suspensions().empty() || isAllowed(C->Function))
      continue;
    // The outermost statements that are expensive by themselves.
    walk(F->body(), [&](const Stmt *S) {
      const Stmt *Block = F->parent(S);
      if (Block && !isa<CompoundStmt>(Block))
        return WalkInto::Children;
      Cost Taken = All.of(S);
      if (containsSuspension(S) || (Taken.degree() < 2 && !Taken.hasHeavy()))
        return WalkInto::Children;
      bool Bulk = llvm::all_of(Taken.Factors, [](const CostFactor &Factor) {
        return Factor.Bulk || Factor.Heavy;
      });
      Report R;
      // Where the data may be small, nothing is said unless asked for.
      R.Sure =
          Bulk && Taken.degree() >= 2 ? Confidence::Medium : Confidence::Low;
      R.Where = S->getBeginLoc();
      R.Message = "this takes " + Taken.text() +
                  " without a suspension: nothing else runs on the executor "
                  "of this coroutine meanwhile";
      const LibraryModel *Library = C->Task ? C->Task->Library : nullptr;
      if (Library && !Library->Offload.empty())
        R.Message += "; if the data can be large, move it: " + Library->Offload;
      else
        R.Message += "; if the data can be large, move it to a thread pool";
      for (const CostFactor &Factor : Taken.Factors)
        R.Notes.push_back(
            {Factor.Where, Factor.Heavy ? "this call takes " + Factor.Text
                                        : "a loop over '" + Factor.Text + "'"});
      R.Notes.insert(R.Notes.begin(), Taken.Chain.begin(), Taken.Chain.end());
      emit(std::move(R));
      return WalkInto::Skip;
    });
  }
}
