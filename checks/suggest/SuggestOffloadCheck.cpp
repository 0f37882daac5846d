//===- SuggestOffloadCheck.cpp - Move long computations -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "checks/suggest/SuggestOffloadCheck.h"
#include "analysis/ast/Walk.h"
#include "analysis/compute/Cost.h"
#include "analysis/unit/Executor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include <map>

using namespace clang;
using namespace coro;

static Report report(const Stmt *S, const Cost &Taken, const Coroutine &C,
                     Unit &U) {
  Report R;
  R.Sure = Taken.sure();
  R.Where = S->getBeginLoc();
  R.Highlights = {S->getSourceRange()};
  const std::string *Always = Taken.always();
  R.Message =
      (Always ? "this " + *Always + ", and that"
              : "this takes " + Taken.text()) +
      " without a suspension: nothing else runs on the executor of this "
      "coroutine meanwhile; ";
  const LibraryModel *Library = C.Task ? C.Task->Library : nullptr;
  R.Message += Always ? "move it" : "if the data can be large, move it";
  R.Message += Library && !Library->Offload.empty()
                   ? ": '" + Library->Offload + "'"
                   : " to a thread pool";
  R.Notes = Taken.notes(U, S->getSourceRange());
  return R;
}

/// Where the innermost loop or call stands that calls lead to; empty for what
/// the coroutine does itself.
static std::string leafOf(const Cost &Taken) {
  if (Taken.Chain.empty() || Taken.Factors.empty())
    return {};
  const CostFactor &Last = Taken.Factors.back();
  return Last.Elsewhere
             ? Last.Elsewhere.File + ":" + std::to_string(Last.Elsewhere.Line)
             : std::to_string(Last.Where.getBegin().getRawEncoding());
}

void SuggestOffloadCheck::analyze(Unit &U) {
  std::map<std::string, std::vector<Report>> ByLeaf;
  Costs &All = U.shared<Costs>();
  ExecutorRoles &Roles = U.shared<ExecutorRoles>();
  for (const Coroutine *C : U.coroutines()) {
    const Flow *F = U.flow(C->Function);
    if (!F || F->suspensions().empty() || isAllowed(C->Function))
      continue;
    // The outermost statements that are expensive by themselves.
    walk(F->body(), [&](const Stmt *S) {
      const Stmt *Block = F->parent(S);
      if ((Block && !isa<CompoundStmt>(Block)) || containsSuspension(S))
        return WalkInto::Children;
      Cost Taken = All.of(S);
      if (Taken.degree() < 2 && !Taken.hasHeavy())
        return WalkInto::Children;
      // On a thread that is there for it, it may take as long as it likes.
      FlowPoint Point;
      walk(S, [&](const Stmt *At) {
        Point = F->point(At);
        return Point ? WalkInto::Stop : WalkInto::Children;
      });
      if (Point && Roles.at(*C, Point) == ThreadRole::MayBlock)
        return WalkInto::Skip;
      Report R = report(S, Taken, *C, U);
      if (std::string Leaf = leafOf(Taken); !Leaf.empty())
        ByLeaf[Leaf].push_back(std::move(R));
      else
        emit(std::move(R));
      return WalkInto::Skip;
    });
  }
  // What many statements come to, as all that log do, is said once.
  constexpr size_t MaxStatementsOfLeaf = 3;
  for (auto &[Leaf, Said] : ByLeaf) {
    if (Said.size() > MaxStatementsOfLeaf) {
      Said.front().Notes.push_back(
          {Said.front().Notes.back().Where,
           std::to_string(Said.size() - 1) +
               " more statements of coroutines in this unit come to this"});
      Said.resize(1);
    }
    for (Report &R : Said)
      emit(std::move(R));
  }
}
