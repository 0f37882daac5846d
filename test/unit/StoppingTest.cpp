//===- StoppingTest.cpp - Tests of scopes, cleanup, errors and tokens -----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"
#include "analysis/cancel/AsyncScopes.h"
#include "analysis/cancel/Cleanup.h"
#include "analysis/cancel/LostErrors.h"
#include "analysis/cancel/Tokens.h"
#include "clang/AST/Decl.h"

using namespace coro;
using namespace coro::test;

namespace {

struct StoppingTest : testing::Test {
  Parsed P;
  void parse(llvm::StringRef Code) {
    P = test::parse((R"cpp(
      #include "asio.h"
      #include "stopping.h"
      #include "task.h"
      #include <stop_token>
      using asio::awaitable;
      folly::coro::Task<void> work(int);
      folly::coro::Task<bool> ready();
      awaitable<void> serve();
      void use(std::exception_ptr);
    )cpp" + Code)
                        .str());
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// AsyncScopes
//===----------------------------------------------------------------------===//

TEST_F(StoppingTest, AScopeIsJoinedOnEveryWayOut) {
  parse(R"cpp(
    folly::coro::Task<void> never() {
      folly::coro::AsyncScope scope;
      scope.add(work(1));
      co_return;
    }
    folly::coro::Task<void> sometimes() {
      folly::coro::AsyncScope scope;
      scope.add(work(1));
      if (co_await ready()) co_return;
      co_await scope.joinAsync();
    }
    folly::coro::Task<void> always() {
      folly::coro::AsyncScope scope;
      scope.add(work(1));
      co_await scope.joinAsync();
    }
    folly::coro::Task<void> nothing_started() {
      folly::coro::AsyncScope scope;
      co_return;
    }
  )cpp");
  auto Of = [&](llvm::StringRef Name) {
    return findUnjoinedScopes(*P.U, P.function(Name));
  };
  ASSERT_EQ(Of("never").size(), 1u);
  EXPECT_FALSE(Of("never")[0].Joined);
  EXPECT_EQ(Of("never")[0].Scope->getName(), "scope");
  EXPECT_NE(Of("never")[0].Started, nullptr);
  ASSERT_EQ(Of("sometimes").size(), 1u);
  EXPECT_TRUE(Of("sometimes")[0].Joined);
  EXPECT_NE(Of("sometimes")[0].Left, nullptr);
  EXPECT_TRUE(Of("always").empty());
  EXPECT_TRUE(Of("nothing_started").empty());
}

//===----------------------------------------------------------------------===//
// Cleanup
//===----------------------------------------------------------------------===//

TEST_F(StoppingTest, WhatIsPutBackAfterASuspension) {
  parse(R"cpp(
    struct Pool {
      int active_ = 0;
      bool full() { return active_ > 8; }
      folly::coro::Task<void> counts() { ++active_; co_await work(1); --active_; }
      folly::coro::Task<void> in_time() { ++active_; --active_; co_await work(1); }
      folly::coro::Task<void> only_up() { ++active_; co_await work(1); }
    };
    folly::coro::Task<void> local() {
      int count = 0;
      ++count; co_await work(1); --count;
    }
  )cpp");
  auto Of = [&](llvm::StringRef Name) {
    return findUnshieldedCleanup(*P.U, *P.coroutine(Name));
  };
  ASSERT_EQ(Of("counts").size(), 1u);
  EXPECT_EQ(Of("counts")[0].Kind, CleanupKind::Restore);
  EXPECT_EQ(Of("counts")[0].Object.text(), "'active_'");
  EXPECT_NE(Of("counts")[0].Changed, Of("counts")[0].Restored);
  for (llvm::StringRef Name : {"in_time", "only_up", "local"})
    EXPECT_TRUE(Of(Name).empty()) << Name.str();
}

TEST_F(StoppingTest, GuardsThatTellSuccessFromFailure) {
  parse(R"cpp(
    void roll_back();
    kj::Promise<void> receive();
    kj::Promise<void> on_failure() {
      boost::scope::scope_fail guard([] { roll_back(); });
      co_await receive();
    }
    kj::Promise<void> always() {
      boost::scope::scope_exit guard([] { roll_back(); });
      co_await receive();
    }
  )cpp");
  auto Found = findUnshieldedCleanup(*P.U, *P.coroutine("on_failure"));
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Kind, CleanupKind::Guard);
  EXPECT_EQ(Found[0].Guard->getName(), "guard");
  EXPECT_TRUE(findUnshieldedCleanup(*P.U, *P.coroutine("always")).empty());
}

//===----------------------------------------------------------------------===//
// LostErrors
//===----------------------------------------------------------------------===//

TEST_F(StoppingTest, ErrorsOfWhatIsStarted) {
  parse(R"cpp(
    void lost(asio::any_io_executor on) { asio::co_spawn(on, serve(), asio::detached); }
    void ignored(asio::any_io_executor on) {
      asio::co_spawn(on, serve(), [](std::exception_ptr) {});
    }
    void looked_at(asio::any_io_executor on) {
      asio::co_spawn(on, serve(), [](std::exception_ptr error) { use(error); });
    }
  )cpp");
  std::vector<LostError> Found = findLostErrors(*P.U);
  ASSERT_EQ(Found.size(), 2u);
  EXPECT_EQ(Found[0].Handler, nullptr);
  EXPECT_NE(Found[1].Handler, nullptr);
  EXPECT_NE(Found[0].Model, nullptr);
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

TEST_F(StoppingTest, ATokenThatCouldBePassed) {
  parse(R"cpp(
    task<> fetch(int, std::stop_token = {});
    task<> store(int);
    task<> store(int, std::stop_token);
    task<> plain(int);
    task<> forgets(std::stop_token stop) { co_await fetch(1); co_await store(1); co_await plain(1); }
    task<> passes(std::stop_token stop) { co_await fetch(1, stop); co_await store(1, stop); }
    task<> has_none() { co_await fetch(1); }
  )cpp");
  auto Of = [&](llvm::StringRef Name) {
    return findMissingTokens(*P.U, *P.coroutine(Name));
  };
  ASSERT_EQ(Of("forgets").size(), 2u);
  EXPECT_EQ(Of("forgets")[0].Token->getName(), "stop");
  ASSERT_NE(Of("forgets")[1].Takes, nullptr);
  EXPECT_EQ(Of("forgets")[1].Takes->getNumParams(), 2u);
  EXPECT_TRUE(Of("passes").empty());
  EXPECT_TRUE(Of("has_none").empty());
}
