//===- DataflowTest.cpp - Tests of the data-flow driver -------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/ast/Dataflow.h"
#include "Parse.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"
#include <set>

using namespace clang;
using namespace coro;
using namespace coro::test;

namespace {

/// The numbers n of the calls at(n) that may have been made.
struct Numbers {
  std::set<int> Made;
  bool join(const Numbers &Other) {
    size_t Before = Made.size();
    Made.insert(Other.Made.begin(), Other.Made.end());
    return Made.size() != Before;
  }
};

struct Collect {
  unsigned Edges = 0;
  unsigned Elements = 0;
  Numbers entry() { return {}; }
  void transfer(Numbers &S, const CFGElement &Element, const CFGBlock &) {
    ++Elements;
    if (auto Statement = Element.getAs<CFGStmt>())
      if (const auto *Call = dyn_cast<CallExpr>(Statement->getStmt()))
        if (const auto *Value = dyn_cast<IntegerLiteral>(Call->getArg(0)))
          S.Made.insert(Value->getValue().getSExtValue());
  }
  void edge(Numbers &, const CFGBlock &, unsigned) { ++Edges; }
};

struct Run {
  explicit Run(llvm::StringRef Body)
      : P(parse(("void at(int) {} void run(bool c) {" + Body + "}").str())),
        F(P.U->flow(P.function("run"))) {
    EXPECT_TRUE(F);
  }
  Parsed P;
  const Flow *F;
};

std::set<int> atExit(llvm::StringRef Body) {
  struct Run R(Body);
  Collect Analysis;
  auto States = runForward<Numbers>(R.F->cfg(), Analysis);
  EXPECT_TRUE(States.Complete);
  const auto &Exit = States.Blocks[R.F->cfg().getExit().getBlockID()];
  EXPECT_TRUE(Exit);
  return Exit ? Exit->Made : std::set<int>();
}

using Set = std::set<int>;

} // namespace

TEST(DataflowTest, BranchesJoin) {
  EXPECT_EQ(atExit("at(1); if (c) at(2); else at(3);"), (Set{1, 2, 3}));
}

TEST(DataflowTest, WhatDoesNotReachTheExitIsNotThere) {
  EXPECT_EQ(atExit("if (c) { at(1); for (;;) at(2); } at(3);"), (Set{3}));
  EXPECT_EQ(atExit("if (false) at(1); at(2);"), (Set{2}));
}

TEST(DataflowTest, LoopsComeToAFixpoint) {
  struct Run R("while (c) { at(1); if (c) at(2); } at(3);");
  Collect Analysis;
  auto States = runForward<Numbers>(R.F->cfg(), Analysis);
  EXPECT_TRUE(States.Complete);
  EXPECT_GT(Analysis.Edges, 0u);
  // The second round of the loop knows what the first has done.
  bool Seen = false;
  for (const CFGBlock *Block : R.F->cfg())
    if (const auto &State = States.Blocks[Block->getBlockID()])
      Seen |= State->Made == Set{1, 2};
  EXPECT_TRUE(Seen);
}

TEST(DataflowTest, ABudgetThatRunsOutIsTold) {
  struct Run R("at(1); at(2); at(3);");
  Collect Analysis;
  EXPECT_FALSE(runForward<Numbers>(R.F->cfg(), Analysis, 2).Complete);
  EXPECT_EQ(Analysis.Elements, 2u);
}
