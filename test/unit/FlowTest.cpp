//===- FlowTest.cpp - Tests of control flow with suspensions --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"
#include "clang/AST/ASTContext.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"

using namespace clang;
using namespace clang::ast_matchers;
using namespace coro;
using namespace coro::test;

namespace {

/// A coroutine `run` whose steps are calls of at(1), at(2) … and awaits.
struct Steps {
  explicit Steps(llvm::StringRef Body)
      : P(parse(("#include \"task.h\"\n"
                 "int at(int step);\n"
                 "task<int> get(int = 0);\n"
                 "task<bool> more();\n"
                 "struct list { int *begin(); int *end(); };\n"
                 "task<list> all();\n"
                 "task<> run(bool c) {" +
                 Body + "\n}")
                    .str())),
        F(P.U->flow(P.function("run"))) {
    EXPECT_TRUE(F);
  }

  const CallExpr *at(int Step) const {
    auto Found = match(callExpr(callee(functionDecl(hasName("at"))),
                                hasArgument(0, integerLiteral(equals(Step))))
                           .bind("call"),
                       P.U->ast());
    // The tree of an await has its operand twice: as written, and as awaited.
    EXPECT_FALSE(Found.empty()) << "at(" << Step << ")";
    return Found.empty() ? nullptr : Found[0].getNodeAs<CallExpr>("call");
  }
  const CoroutineSuspendExpr *await(unsigned Index) const {
    EXPECT_LT(Index, F->suspensions().size());
    return Index < F->suspensions().size() ? F->suspensions()[Index] : nullptr;
  }
  bool reaches(const Stmt *From, const Stmt *To) const {
    return F->reaches(From, To);
  }

  Parsed P;
  const Flow *F;
};

} // namespace

TEST(FlowTest, StraightLine) {
  Steps S("at(1); co_await get(); at(2);");
  ASSERT_EQ(S.F->suspensions().size(), 1u);
  EXPECT_TRUE(S.reaches(S.at(1), S.await(0)));
  EXPECT_TRUE(S.reaches(S.await(0), S.at(2)));
  EXPECT_FALSE(S.reaches(S.at(2), S.await(0)));
  EXPECT_FALSE(S.F->isInLoop(S.await(0)));
}

TEST(FlowTest, ALoopReachesItself) {
  Steps S("while (c) { at(1); co_await get(); at(2); } at(3);");
  EXPECT_TRUE(S.reaches(S.at(2), S.at(1)));
  EXPECT_TRUE(S.reaches(S.await(0), S.await(0)));
  EXPECT_FALSE(S.reaches(S.at(3), S.at(1)));
  EXPECT_TRUE(S.F->isInLoop(S.await(0)));
  EXPECT_FALSE(S.F->isInLoop(S.at(3)));
}

TEST(FlowTest, ALoopThatIsLeftAtItsEndGoesRoundOnce) {
  Steps S("while (c) { at(1); co_await get(); at(2); break; } at(3);");
  EXPECT_FALSE(S.reaches(S.at(2), S.at(1)));
  EXPECT_FALSE(S.F->isInLoop(S.await(0)));
  EXPECT_TRUE(S.reaches(S.at(2), S.at(3)));
}

TEST(FlowTest, EarlyExits) {
  Steps S(R"(
    if (c) { co_await get(); at(1); co_return; }
    at(2);
    if (!c) throw 1;
    co_await get();
    at(3);)");
  EXPECT_TRUE(S.reaches(S.await(0), S.at(1)));
  EXPECT_FALSE(S.reaches(S.await(0), S.at(2)));
  EXPECT_FALSE(S.reaches(S.await(0), S.await(1)));
  EXPECT_TRUE(S.reaches(S.at(2), S.at(3)));
}

TEST(FlowTest, AwaitsInArgumentsAreBeforeTheCall) {
  Steps S("at(co_await get(at(1))); at(2);");
  const auto *Outer = dyn_cast<CallExpr>(S.F->semanticParent(S.await(0)));
  ASSERT_TRUE(Outer);
  EXPECT_TRUE(S.reaches(S.at(1), S.await(0)));
  EXPECT_TRUE(S.reaches(S.await(0), Outer));
  EXPECT_FALSE(S.reaches(Outer, S.await(0)));
  EXPECT_EQ(S.F->enclosingStatement(S.await(0)),
            S.F->enclosingStatement(S.at(1)));
}

TEST(FlowTest, AwaitsInConditions) {
  Steps S("if (co_await more()) at(1); else at(2);"
          "while (co_await more()) at(3);"
          "c && co_await more() ? at(4) : at(5);");
  ASSERT_EQ(S.F->suspensions().size(), 3u);
  EXPECT_TRUE(S.reaches(S.await(0), S.at(1)));
  EXPECT_TRUE(S.reaches(S.await(0), S.at(2)));
  EXPECT_FALSE(S.reaches(S.at(1), S.at(2)));
  EXPECT_TRUE(S.reaches(S.at(3), S.await(1))) << "tested again in each round";
  EXPECT_TRUE(S.F->isInLoop(S.await(1)));
  EXPECT_TRUE(S.reaches(S.await(2), S.at(4)));
  EXPECT_FALSE(S.F->isInLoop(S.await(2)));
}

TEST(FlowTest, AwaitsInInitialisers) {
  Steps S("int a = co_await get(), b = at(1);"
          "if (int d = co_await get(); d) at(2);"
          "int pair[] = {co_await get(), at(3)};");
  ASSERT_EQ(S.F->suspensions().size(), 3u);
  EXPECT_TRUE(S.reaches(S.await(0), S.at(1)));
  EXPECT_TRUE(S.reaches(S.await(1), S.at(2)));
  EXPECT_TRUE(S.reaches(S.await(2), S.at(3)));
  const auto *Declaration =
      dyn_cast<DeclStmt>(S.F->enclosingStatement(S.await(0)));
  ASSERT_TRUE(Declaration);
  EXPECT_TRUE(S.F->point(Declaration)) << "`int a, b;` is known as written";
}

TEST(FlowTest, AwaitsInRanges) {
  Steps S("for (int x : co_await all()) { at(1); co_await get(x); }");
  ASSERT_EQ(S.F->suspensions().size(), 2u);
  EXPECT_TRUE(S.reaches(S.await(0), S.at(1)));
  EXPECT_FALSE(S.F->isInLoop(S.await(0))) << "the range is evaluated once";
  EXPECT_TRUE(S.F->isInLoop(S.await(1)));
}

TEST(FlowTest, TryAndSwitch) {
  Steps S(R"(
    try { co_await get(); at(1); } catch (int) { at(2); }
    switch (co_await get()) { case 1: at(3); break; default: at(4); })");
  EXPECT_TRUE(S.reaches(S.await(0), S.at(1)));
  EXPECT_TRUE(S.F->point(S.at(2)));
  EXPECT_TRUE(S.reaches(S.await(1), S.at(3)));
  EXPECT_FALSE(S.reaches(S.at(3), S.at(4)));
}

TEST(FlowTest, ALambdaIsAFunctionOfItsOwn) {
  Steps S("auto inner = []() -> task<> { co_await get(); at(1); };"
          "co_await inner(); at(2);");
  EXPECT_EQ(S.F->suspensions().size(), 1u);
  EXPECT_FALSE(S.F->point(S.at(1)));
}

TEST(FlowTest, WhatNeverRunsHasNoPoint) {
  Steps S("co_return; at(1); co_await get();");
  EXPECT_TRUE(!S.F->point(S.at(1)) || !S.reaches(S.F->body(), S.at(1)));
  EXPECT_FALSE(S.F->reaches(FlowPoint(), S.F->point(S.at(1))));
}

TEST(FlowTest, DependentAndDeclaredFunctionsHaveNoFlow) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> declared();
    template <class T> task<> pattern(T t) { co_await t; }
    task<> uses() { co_await pattern(declared()); }
  )cpp");
  for (const FunctionDecl *Function : P.U->functions())
    EXPECT_FALSE(Function->isDependentContext());
  const FunctionDecl *Instance = P.function("pattern");
  ASSERT_TRUE(Instance);
  EXPECT_EQ(P.U->flow(Instance)->suspensions().size(), 1u);
  auto Found = match(functionDecl(hasName("declared")).bind("f"), P.U->ast());
  EXPECT_FALSE(P.U->flow(Found[0].getNodeAs<FunctionDecl>("f")));
}
