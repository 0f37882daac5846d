//===- TimeoutsTest.cpp - Tests of time limits that stop nothing ----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Timeouts.h"
#include "Parse.h"
#include "clang/AST/Decl.h"

using namespace coro;
using namespace coro::test;

namespace {

struct TimeoutsTest : testing::Test {
  Parsed P;
  void parse(llvm::StringRef Code) {
    P = test::parse((R"cpp(
      #include "asio.h"
      #include "stopping.h"
      using asio::awaitable;
      using resolver = asio::ip::basic_resolver<asio::ip::tcp>;
      using namespace asio::experimental::awaitable_operators;
      using namespace std::chrono_literals;
      void compute();
    )cpp" + Code)
                        .str());
  }
  std::vector<IneffectiveTimeout> of(llvm::StringRef Name) {
    return findIneffectiveTimeouts(*P.U, *P.coroutine(Name));
  }
};

} // namespace

TEST_F(TimeoutsTest, AnOperationThatCannotBeCancelledDirectlyAndBelow) {
  parse(R"cpp(
    awaitable<void> direct(resolver &r, asio::steady_timer &t) {
      co_await (r.async_resolve("a", "b") || t.async_wait());
    }
    awaitable<void> looks_up(resolver &r) { co_await r.async_resolve("a", "b"); }
    awaitable<void> below(resolver &r, asio::steady_timer &t) {
      co_await (looks_up(r) || t.async_wait());
    }
    awaitable<void> without(resolver &r) { co_await r.async_resolve("a", "b"); }
  )cpp");
  ASSERT_EQ(of("direct").size(), 1u);
  EXPECT_EQ(of("direct")[0].Fault, TimeoutFault::Uncancellable);
  EXPECT_TRUE(of("direct")[0].Path.empty());
  ASSERT_EQ(of("below").size(), 1u);
  EXPECT_EQ(of("below")[0].Path.size(), 1u);
  EXPECT_NE(of("below")[0].Stuck, of("below")[0].Operation);
  EXPECT_TRUE(of("without").empty());
}

TEST_F(TimeoutsTest, ABodyThatNeverSuspends) {
  parse(R"cpp(
    awaitable<void> computes() { for (int i = 0; i < 1000; ++i) compute(); co_return; }
    awaitable<void> suspends(asio::steady_timer &t) { co_await t.async_wait(); }
    awaitable<void> limits(asio::steady_timer &t) { co_await (computes() || t.async_wait()); }
    awaitable<void> works(asio::steady_timer &a, asio::steady_timer &t) {
      co_await (suspends(a) || t.async_wait());
    }
  )cpp");
  ASSERT_EQ(of("limits").size(), 1u);
  EXPECT_EQ(of("limits")[0].Fault, TimeoutFault::NeverSuspends);
  EXPECT_TRUE(of("works").empty());
}

TEST_F(TimeoutsTest, AnAbandonedOperationAndWhatDies) {
  parse(R"cpp(
    seastar::future<> fills(std::string &text) {
      co_await seastar::sleep(1s);
      text += "x";
    }
    seastar::future<> owns(std::string text) {
      co_await seastar::sleep(1s);
      text += "x";
    }
    seastar::future<> dies() {
      std::string text;
      co_await seastar::with_timeout(std::chrono::steady_clock::now() + 1s, fills(text));
    }
    seastar::future<> lives() {
      std::string text;
      co_await seastar::with_timeout(std::chrono::steady_clock::now() + 1s, owns(text));
    }
  )cpp");
  ASSERT_EQ(of("dies").size(), 1u);
  EXPECT_EQ(of("dies")[0].Fault, TimeoutFault::Abandoned);
  ASSERT_NE(of("dies")[0].Dying, nullptr);
  EXPECT_EQ(of("dies")[0].Dying->getName(), "text");
  EXPECT_NE(of("dies")[0].Use.Use, nullptr);
  EXPECT_TRUE(of("lives").empty());
}
