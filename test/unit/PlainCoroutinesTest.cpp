//===- PlainCoroutinesTest.cpp - Coroutines that could be plain -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/PlainCoroutines.h"
#include "Parse.h"
#include "analysis/unit/Suspensions.h"

using namespace coro;
using namespace coro::test;

TEST(SuspensionsTest, ReachesThroughTheUnit) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> io();
    task<int> leaf(int n) { co_return n; }
    task<int> middle(int n) { co_return co_await leaf(n); }
    task<int> ready(int n) { co_await std::suspend_never(); co_return n; }
    task<int> outer(int n) { co_await io(); co_return co_await middle(n); }
    task<int> even(int n);
    task<int> odd(int n) { co_return n ? co_await even(n - 1) : 0; }
    task<int> even(int n) { co_return n ? co_await odd(n - 1) : 1; }
    eager<int> atOnce(int n) { co_return n; }
  )cpp");
  const Suspensions &Facts = P.U->shared<Suspensions>();
  for (const char *Name :
       {"leaf", "middle", "ready", "odd", "even", "atOnce"}) {
    EXPECT_TRUE(Facts.neverSuspends(P.function(Name))) << Name;
    EXPECT_TRUE(Facts.startsInPlace(*P.coroutine(Name))) << Name;
  }
  EXPECT_FALSE(Facts.neverSuspends(P.function("outer")));
  const Flow *F = P.U->flow(P.function("outer"));
  ASSERT_EQ(F->suspensions().size(), 2u);
  EXPECT_TRUE(Facts.maySuspend(F->suspensions()[0]));
  EXPECT_FALSE(Facts.maySuspend(F->suspensions()[1]));
}

TEST(PlainCoroutinesTest, ConfidenceByWhatIsInSight) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> io();
    static task<int> inSight(int n) { co_return n + 1; }
    static task<int> above(int n) { co_return co_await inSight(n); }
    task<int> exported(int n) { co_return n + 1; }
    task<int> uncalled(int n) { co_return n + 1; }
    task<> uncalledVoid(int &n) { ++n; co_return; }
    task<int> stub() { co_return 1; }
    task<int> user(int n) {
      co_await io();
      co_return co_await above(n) + co_await exported(n);
    }
  )cpp");
  std::map<std::string, Confidence> Sure;
  for (const PlainCoroutine &One : P.U->shared<PlainCoroutines>().all())
    Sure[One.What->Function->getNameAsString()] = One.Sure;
  EXPECT_EQ(Sure.size(), 6u);
  EXPECT_EQ(Sure["inSight"], Confidence::High);
  EXPECT_EQ(Sure["above"], Confidence::High);
  EXPECT_EQ(Sure["exported"], Confidence::Medium);
  EXPECT_EQ(Sure["uncalled"], Confidence::Medium);
  EXPECT_EQ(Sure["uncalledVoid"], Confidence::Low);
  EXPECT_EQ(Sure["stub"], Confidence::Low);
}
