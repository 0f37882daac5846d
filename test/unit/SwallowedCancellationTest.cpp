//===- SwallowedCancellationTest.cpp - Tests of cancelled paths -----------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/SwallowedCancellation.h"
#include "Parse.h"
#include "analysis/cancel/CancelledPaths.h"
#include "analysis/cancel/DroppedErrors.h"
#include "clang/AST/StmtCXX.h"

using namespace coro;
using namespace coro::test;

namespace {

const char *Prelude = R"cpp(
  #include "asio.h"
  #include "stopping.h"
  using asio::awaitable;
  using asio::ip::tcp;
  using namespace asio::experimental::awaitable_operators;
  constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);
  folly::coro::Task<void> work(int);
  awaitable<void> handle(tcp::socket);
  bool fatal();
)cpp";

struct CancelledTest : testing::Test {
  Parsed P;
  void parse(llvm::StringRef Code) { P = test::parse((Prelude + Code).str()); }

  const Flow &flow(llvm::StringRef Name) {
    return *P.U->flow(P.function(Name));
  }
  CancelledPaths paths(llvm::StringRef Name) {
    return CancelledPaths(*P.U, flow(Name),
                          *cancellationOf(*P.coroutine(Name)));
  }
  std::vector<SwallowedCancellation> swallowed(llvm::StringRef Name) {
    return findSwallowedCancellations(*P.U, *P.coroutine(Name));
  }
  std::vector<DroppedError> dropped(llvm::StringRef Name) {
    return findDroppedErrors(*P.U, *P.coroutine(Name));
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// CancelledPaths
//===----------------------------------------------------------------------===//

TEST_F(CancelledTest, HandlerIsTheFirstThatCatchesTheException) {
  parse(R"cpp(
    folly::coro::Task<void> f() {
      co_await work(0);
      try {
        try {
          co_await work(1);
        } catch (const std::runtime_error &) {
        }
      } catch (const folly::OperationCancelled &) {
      } catch (...) {
      }
      co_await work(2);
    }
  )cpp");
  const Flow &F = flow("f");
  CancelledPaths Paths = paths("f");
  ASSERT_EQ(F.suspensions().size(), 3u);
  EXPECT_EQ(Paths.handler(F.suspensions()[0]), nullptr);
  // Of a base, but not of another class; behind the handlers nothing catches.
  const clang::CXXCatchStmt *Found = Paths.handler(F.suspensions()[1]);
  ASSERT_NE(Found, nullptr);
  EXPECT_EQ(Found->getCaughtType().getNonReferenceType().getAsString(),
            "const folly::OperationCancelled");
  EXPECT_EQ(Paths.handler(F.suspensions()[2]), nullptr);
}

TEST_F(CancelledTest, EndsWhereAnAwaitIsNotCaught) {
  parse(R"cpp(
    folly::coro::Task<void> spins() {
      for (;;) {
        try { co_await work(1); } catch (...) { }
      }
    }
    folly::coro::Task<void> pauses() {
      for (;;) {
        try { co_await work(1); continue; } catch (...) { }
        co_await work(2);
      }
    }
    folly::coro::Task<void> leaves() {
      for (;;) {
        try { co_await work(1); } catch (...) { if (fatal()) break; }
      }
    }
  )cpp");
  for (llvm::StringRef Name : {"spins", "pauses", "leaves"}) {
    CancelledPaths Paths = paths(Name);
    const clang::CXXCatchStmt *Handler =
        Paths.handler(flow(Name).suspensions()[0]);
    ASSERT_NE(Handler, nullptr);
    llvm::SmallVector<const clang::CoroutineSuspendExpr *, 8> Failing;
    EXPECT_EQ(Paths.canEnd(Handler, Failing), Name != "spins") << Name.str();
    if (Name == "spins")
      EXPECT_EQ(Failing.size(), 1u);
    EXPECT_EQ(Paths.firstUncaught(Handler),
              Name == "pauses" ? flow(Name).suspensions()[1] : nullptr);
  }
}

TEST_F(CancelledTest, SaysItselfWhatCancellationDoes) {
  parse(R"cpp(
    awaitable<void> says() { co_await asio::this_coro::throw_if_cancelled(false); }
    awaitable<void> says_nothing(asio::steady_timer &t) { co_await t.async_wait(); }
  )cpp");
  EXPECT_TRUE(changesCancellation(*P.U, flow("says")));
  EXPECT_FALSE(changesCancellation(*P.U, flow("says_nothing")));
}

TEST_F(CancelledTest, FindsClassesByName) {
  parse("");
  EXPECT_NE(findClass(P.U->ast(), "folly::OperationCancelled"), nullptr);
  EXPECT_EQ(findClass(P.U->ast(), "folly::Unheard"), nullptr);
  EXPECT_EQ(findClass(P.U->ast(), "nowhere::OperationCancelled"), nullptr);
}

//===----------------------------------------------------------------------===//
// SwallowedCancellation
//===----------------------------------------------------------------------===//

TEST_F(CancelledTest, SureWhenTheLibraryOrTheUnitShowsWhoCancels) {
  parse(R"cpp(
    folly::coro::Task<void> ambient() {
      for (;;) try { co_await work(1); } catch (...) { }
    }
    awaitable<void> nobody(tcp::acceptor &a) {
      for (;;) try { co_await handle(co_await a.async_accept()); } catch (...) { }
    }
    awaitable<void> branch(tcp::acceptor &a) {
      for (;;) try { co_await handle(co_await a.async_accept()); } catch (...) { }
    }
    awaitable<void> limits(tcp::acceptor &a, asio::steady_timer &t) {
      co_await (branch(a) || t.async_wait());
    }
  )cpp");
  ASSERT_EQ(swallowed("ambient").size(), 1u);
  EXPECT_EQ(swallowed("ambient")[0].Sure, Confidence::High);
  EXPECT_EQ(swallowed("ambient")[0].By.Who, Canceller::Awaiter);
  ASSERT_EQ(swallowed("nobody").size(), 1u);
  EXPECT_EQ(swallowed("nobody")[0].Sure, Confidence::Medium);
  EXPECT_EQ(swallowed("nobody")[0].By.Who, Canceller::Nobody);
  ASSERT_EQ(swallowed("branch").size(), 1u);
  EXPECT_EQ(swallowed("branch")[0].Sure, Confidence::High);
  EXPECT_EQ(swallowed("branch")[0].By.Who, Canceller::Select);
}

TEST_F(CancelledTest, GoingOnToAnotherAwaitIsUnsure) {
  parse(R"cpp(
    folly::coro::Task<void> goes_on() {
      try { co_await work(1); } catch (...) { }
      co_await work(2);
    }
    folly::coro::Task<void> ends() {
      try { co_await work(1); } catch (...) { }
    }
  )cpp");
  ASSERT_EQ(swallowed("goes_on").size(), 1u);
  EXPECT_EQ(swallowed("goes_on")[0].Sure, Confidence::Low);
  EXPECT_FALSE(swallowed("goes_on")[0].NeverEnds);
  EXPECT_TRUE(swallowed("ends").empty());
}

//===----------------------------------------------------------------------===//
// DroppedErrors
//===----------------------------------------------------------------------===//

TEST_F(CancelledTest, ErrorsThatComeBackToTheSameAwait) {
  parse(R"cpp(
    struct Server {
      tcp::acceptor acceptor_;
      awaitable<void> spins() {
        for (;;) {
          auto [error, socket] = co_await acceptor_.async_accept(nothrow);
          if (error) continue;
        }
      }
      awaitable<void> pauses(asio::steady_timer &timer) {
        for (;;) {
          auto [error, socket] = co_await acceptor_.async_accept(nothrow);
          if (error) co_await timer.async_wait();
        }
      }
      awaitable<void> leaves() {
        for (;;) {
          auto [error, socket] = co_await acceptor_.async_accept(nothrow);
          if (error) break;
        }
      }
      awaitable<void> throws() {
        for (;;)
          auto socket = co_await acceptor_.async_accept();
      }
      void stop() { acceptor_.close(); }
    };
    awaitable<void> nobody(tcp::acceptor &acceptor) {
      for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(nothrow);
        if (error) continue;
      }
    }
  )cpp");
  ASSERT_EQ(dropped("spins").size(), 1u);
  EXPECT_EQ(dropped("spins")[0].By.Who, Canceller::Closer);
  EXPECT_FALSE(dropped("spins")[0].Pauses);
  EXPECT_EQ(dropped("spins")[0].Sure, Confidence::High);
  ASSERT_EQ(dropped("pauses").size(), 1u);
  EXPECT_TRUE(dropped("pauses")[0].Pauses);
  EXPECT_EQ(dropped("pauses")[0].Sure, Confidence::Medium);
  EXPECT_TRUE(dropped("leaves").empty());
  EXPECT_TRUE(dropped("throws").empty());
  ASSERT_EQ(dropped("nobody").size(), 1u);
  EXPECT_EQ(dropped("nobody")[0].Sure, Confidence::Low);
}

TEST_F(CancelledTest, AnErrorIsForgottenWhenItIsSetAgain) {
  parse(R"cpp(
    struct Reader {
      tcp::socket socket_;
      awaitable<void> f() {
        std::array<char, 8> data;
        asio::error_code error;
        for (;;) {
          co_await socket_.async_read_some(
              asio::buffer(data), asio::redirect_error(asio::use_awaitable, error));
          error = asio::error_code();
          if (error) break;
        }
      }
      void stop() { socket_.close(); }
    };
  )cpp");
  // Nobody knows what the test finds: it may leave.
  EXPECT_TRUE(dropped("f").empty());
}
