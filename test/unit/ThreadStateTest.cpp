//===- ThreadStateTest.cpp - Tests of state that belongs to a thread ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/ThreadState.h"
#include "Parse.h"

using namespace clang;
using namespace coro;
using namespace coro::test;

static const char Prelude[] = R"cpp(
  #include "task.h"
  #include <cerrno>
  #include <thread>
  #include <unistd.h>
  task<> later();
  task<int> number();
  void use(int);
  void use(std::thread::id);
  thread_local int depth;
  struct to_new_thread {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      std::thread([h] { h.resume(); }).detach();
    }
    void await_resume() const noexcept {}
  };
)cpp";

/// What is found in \p P.
static std::vector<ThreadStateUse> usesIn(const Parsed &P) {
  return threadStateUses(*P.U);
}

static Parsed parseBody(llvm::StringRef Body) {
  return parse((Prelude + ("task<> f(bool b) {" + Body + "}")).str());
}

TEST(ThreadStateTest, WhatIsRemembered) {
  struct {
    const char *Body;
    ThreadFact Fact;
  } Cases[] = {
      {"auto id = std::this_thread::get_id(); co_await later(); use(id);",
       ThreadFact::Value},
      {"int &d = depth; co_await later(); use(d);", ThreadFact::Reference},
      {"depth = 1; co_await later(); use(depth);", ThreadFact::Set},
      {"close(1); co_await later(); use(errno);", ThreadFact::LastError},
  };
  for (const auto &Case : Cases) {
    Parsed P = parseBody(Case.Body);
    std::vector<ThreadStateUse> Found = usesIn(P);
    ASSERT_EQ(Found.size(), 1u) << Case.Body;
    EXPECT_EQ(Found[0].Fact, Case.Fact) << Case.Body;
    EXPECT_EQ(Found[0].In, P.coroutine("f")) << Case.Body;
    EXPECT_TRUE(Found[0].What && Found[0].Obtained && Found[0].Use)
        << Case.Body;
    EXPECT_EQ(Found[0].Suspension,
              P.U->flow(P.function("f"))->suspensions().front())
        << Case.Body;
  }
}

TEST(ThreadStateTest, Nothing) {
  for (const char *Body : {
           "auto id = std::this_thread::get_id(); use(id); co_await later();",
           "auto id = std::this_thread::get_id(); co_await later(); "
           "id = std::this_thread::get_id(); use(id);",
           "auto id = std::this_thread::get_id(); if (b) { co_await later(); "
           "co_return; } use(id);",
           "auto id = std::this_thread::get_id(); co_await later(); "
           "if (id == std::this_thread::get_id()) use(1);",
           "depth = 1; co_await later(); depth = 2; use(depth);",
           "co_await later(); use(depth);",
           "close(1); co_await later(); close(2); use(errno);",
           "close(1); co_await later(); errno = 0;",
       })
    EXPECT_TRUE(usesIn(parseBody(Body)).empty()) << Body;
}

TEST(ThreadStateTest, OnSomePathOrInALoop) {
  for (const char *Body : {
           "auto id = std::this_thread::get_id(); if (b) co_await later(); "
           "use(id);",
           "auto id = std::this_thread::get_id(); for (;;) { use(id); "
           "co_await later(); }",
       })
    EXPECT_EQ(usesIn(parseBody(Body)).size(), 1u) << Body;
}

TEST(ThreadStateTest, SaidOnce) {
  EXPECT_EQ(usesIn(parseBody("auto id = std::this_thread::get_id(); "
                             "co_await later(); use(id); co_await later(); "
                             "use(id);"))
                .size(),
            1u);
}

TEST(ThreadStateTest, HowSure) {
  auto SureOf = [](llvm::StringRef Body) {
    Parsed P = parseBody(Body);
    std::vector<ThreadStateUse> Found = usesIn(P);
    EXPECT_EQ(Found.size(), 1u) << Body.str();
    return Found.empty() ? std::nullopt
                         : std::optional<Confidence>(Found[0].Sure);
  };
  // Where it goes on is not seen, or shown.
  EXPECT_EQ(SureOf("auto id = std::this_thread::get_id(); co_await later(); "
                   "use(id);"),
            Confidence::Medium);
  EXPECT_EQ(SureOf("auto id = std::this_thread::get_id(); "
                   "co_await to_new_thread(); use(id);"),
            Confidence::High);
  // The same thread's others overwrite errno, too; an operation with a result
  // may mean to leave it.
  EXPECT_EQ(SureOf("close(1); co_await later(); use(errno);"),
            Confidence::High);
  EXPECT_EQ(SureOf("close(1); int n = co_await number(); use(errno + n);"),
            Confidence::Low);
}

TEST(ThreadStateTest, WhereItGoesOn) {
  auto MoveOf = [](llvm::StringRef Code) {
    Parsed P = parse((Prelude + Code).str());
    const Coroutine *C = P.coroutine("f");
    return threadMove(*P.U, *C, P.U->flow(C->Function)->suspensions().front());
  };
  EXPECT_EQ(MoveOf("task<> f() { co_await later(); }"), ThreadMove::Unknown);
  EXPECT_EQ(MoveOf("task<> f() { co_await to_new_thread(); }"),
            ThreadMove::Shown);
  // It is resumed by what it awaits.
  EXPECT_EQ(MoveOf("task<> g() { co_await to_new_thread(); } "
                   "task<> f() { co_await g(); }"),
            ThreadMove::Shown);
  // Seastar resumes a coroutine on its shard.
  EXPECT_EQ(
      MoveOf("namespace seastar { template <class T = void> struct future "
             ": task<T> { using promise_type = detail::promise<future, T, "
             "std::suspend_never>; future(); }; }"
             "seastar::future<> f() { co_await to_new_thread(); }"),
      ThreadMove::Never);
}
