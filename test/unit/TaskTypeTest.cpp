//===- TaskTypeTest.cpp - Tests of the classification of task types -------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"

using namespace coro;
using namespace coro::test;

TEST(TaskTypeTest, LazyEagerDetachedAndImmovable) {
  Parsed P = parse(R"cpp(
    #include "task.h"
    task<> lazyOne() { co_return; }
    eager<int> eagerOne() { co_return 1; }
    detached nobodyWaits() { co_return; }
    now_task<> atOnce() { co_return; }
  )cpp");
  const TaskType *Lazy = P.coroutine("lazyOne")->Task;
  ASSERT_TRUE(Lazy);
  EXPECT_TRUE(Lazy->isLazy());
  EXPECT_TRUE(Lazy->Movable);
  EXPECT_TRUE(Lazy->IsAwaitable);
  EXPECT_FALSE(Lazy->Detached);
  EXPECT_EQ(P.coroutine("eagerOne")->Task->Start, StartKind::Eager);
  EXPECT_FALSE(P.coroutine("eagerOne")->Task->Detached);
  EXPECT_TRUE(P.coroutine("nobodyWaits")->Task->Detached);
  EXPECT_FALSE(P.coroutine("atOnce")->Task->Movable);
}
