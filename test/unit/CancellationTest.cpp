//===- CancellationTest.cpp - Tests of cancellation guarantees ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Cancellation.h"
#include "Parse.h"
#include "analysis/ast/ObjectPath.h"
#include "analysis/cancel/Select.h"

using namespace coro;
using namespace coro::test;

namespace {

const char *Prelude = R"cpp(
  #include "asio.h"
  using asio::awaitable;
  using asio::ip::tcp;
  using namespace asio::experimental::awaitable_operators;
  using channel =
      asio::experimental::channel<void(asio::error_code, std::string)>;
  constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);
  awaitable<int> elsewhere(tcp::socket &);
  void use(std::size_t);
)cpp";

struct CancellationTest : testing::Test {
  Parsed P;
  void parse(llvm::StringRef Code) { P = test::parse((Prelude + Code).str()); }
  const CancellationSummary &of(llvm::StringRef Name) {
    return P.U->shared<Cancellations>().of(P.function(Name));
  }
};

} // namespace

TEST_F(CancellationTest, TotalWhenNothingIsHeldAtAnAwait) {
  parse(R"cpp(
    awaitable<void> nothing() { co_return; }
    awaitable<void> waits(asio::steady_timer &t) { co_await t.async_wait(); }
    awaitable<std::string> takes(channel &c) { co_return co_await c.async_receive(); }
  )cpp");
  EXPECT_EQ(of("nothing").Cancel, Guarantee::Total);
  EXPECT_EQ(of("waits").Cancel, Guarantee::Total);
  EXPECT_FALSE(of("waits").ReturnsMessage);
  EXPECT_EQ(of("takes").Cancel, Guarantee::Partial);
  EXPECT_TRUE(of("takes").ReturnsMessage);
  EXPECT_EQ(of("takes").From.Parameter, 0);
}

TEST_F(CancellationTest, TerminalInTheMiddleOfAComposedRead) {
  parse(R"cpp(
    struct Peer { tcp::socket socket; };
    awaitable<void> fixed(int, Peer &peer) {
      std::array<char, 8> b;
      co_await asio::async_read(peer.socket, asio::buffer(b));
    }
    awaitable<void> outer(Peer &peer) { co_await fixed(1, peer); }
    awaitable<void> writes(Peer &peer, std::string text) {
      co_await asio::async_write(peer.socket, asio::buffer(text));
    }
  )cpp");
  const CancellationSummary &Fixed = of("fixed");
  EXPECT_EQ(Fixed.Cancel, Guarantee::Terminal);
  EXPECT_EQ(Fixed.How, Loss::Progress);
  EXPECT_EQ(Fixed.Data, Payload::Consumes);
  EXPECT_EQ(Fixed.Object.Parameter, 1);
  ASSERT_EQ(Fixed.Object.Members.size(), 1u);
  EXPECT_EQ(Fixed.Object.Members[0], "socket");
  EXPECT_EQ(Fixed.Operation, "'async_read'");
  EXPECT_EQ(of("outer").Cancel, Guarantee::Terminal);
  EXPECT_EQ(of("outer").Object.Parameter, 0);
  EXPECT_EQ(of("writes").Data, Payload::Commits);
}

TEST_F(CancellationTest, ProgressThatIsKeptOrSeen) {
  parse(R"cpp(
    awaitable<void> caller_buffer(tcp::socket &s, std::string &in) {
      co_await asio::async_read_until(s, asio::dynamic_buffer(in), '\n');
    }
    awaitable<void> own_buffer(tcp::socket &s) {
      std::string in;
      co_await asio::async_read_until(s, asio::dynamic_buffer(in), '\n');
    }
    awaitable<void> seen(tcp::socket &s, std::string &in) {
      auto [e, n] = co_await asio::async_read(s, asio::buffer(in), nothrow);
      use(n);
    }
    awaitable<void> not_seen(tcp::socket &s, std::string &in) {
      auto [e, n] = co_await asio::async_read(s, asio::buffer(in), nothrow);
      if (e) co_return;
    }
  )cpp");
  EXPECT_EQ(of("caller_buffer").Cancel, Guarantee::Partial);
  EXPECT_EQ(of("own_buffer").Cancel, Guarantee::Terminal);
  EXPECT_NE(of("seen").Cancel, Guarantee::Terminal);
  EXPECT_EQ(of("not_seen").Cancel, Guarantee::Terminal);
}

TEST_F(CancellationTest, UnknownNeverReports) {
  parse(R"cpp(
    awaitable<int> unit(tcp::socket &s) { co_return co_await elsewhere(s); }
    awaitable<int> even(int n);
    awaitable<int> odd(int n) { co_return n ? co_await even(n - 1) : 0; }
    awaitable<int> even(int n) { co_return n ? co_await odd(n - 1) : 1; }
    awaitable<void> shields(tcp::socket &s) {
      std::array<char, 8> b;
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await asio::async_read(s, asio::buffer(b));
    }
    [[clang::annotate("coro::cancel_safe")]]
    awaitable<void> meant(tcp::socket &s) {
      std::array<char, 8> b;
      co_await asio::async_read(s, asio::buffer(b));
    }
    awaitable<void> through(tcp::socket &s) { co_await meant(s); }
  )cpp");
  EXPECT_EQ(of("unit").Cancel, Guarantee::Unknown);
  EXPECT_EQ(of("odd").Cancel, Guarantee::Unknown);
  EXPECT_EQ(of("even").Cancel, Guarantee::Unknown);
  EXPECT_EQ(of("shields").Cancel, Guarantee::Unknown);
  EXPECT_EQ(of("through").Cancel, Guarantee::Total);
}

TEST_F(CancellationTest, WhatAFunctionDoesToObjects) {
  parse(R"cpp(
    struct Session {
      tcp::socket socket_;
      void close() { socket_.close(); }
      void stop() { close(); }
      awaitable<void> echo() {
        std::array<char, 8> b;
        co_await socket_.async_read_some(asio::buffer(b));
        co_await asio::async_write(socket_, asio::buffer(b));
      }
    };
    awaitable<void> forever(asio::steady_timer &t) { for (;;) co_await t.async_wait(); }
    awaitable<void> throws_in_the_end(asio::steady_timer &t) {
      while (true) { co_await t.async_wait(); throw 1; }
    }
  )cpp");
  ASSERT_EQ(of("stop").Uses.size(), 1u);
  EXPECT_EQ(of("stop").Uses[0].Use, ObjectUse::Closes);
  EXPECT_EQ(of("stop").Uses[0].Object.Parameter, SummaryObject::This);
  const auto &Uses = of("echo").Uses;
  ASSERT_EQ(Uses.size(), 2u);
  EXPECT_EQ(Uses[0].Use, ObjectUse::Takes);
  EXPECT_EQ(Uses[1].Use, ObjectUse::Puts);
  EXPECT_FALSE(of("forever").MayReturn);
  EXPECT_FALSE(of("throws_in_the_end").MayReturn);
  EXPECT_TRUE(of("echo").MayReturn);
}

TEST_F(CancellationTest, LambdasNameWhatTheyCapture) {
  parse(R"cpp(
    awaitable<void> run(tcp::socket &s, asio::steady_timer &t) {
      for (;;)
        co_await ([&]() -> awaitable<void> {
          std::array<char, 8> b;
          co_await asio::async_read(s, asio::buffer(b));
        }() || t.async_wait());
    }
  )cpp");
  auto Findings = P.U->shared<Selects>().findings();
  ASSERT_EQ(Findings.size(), 1u);
  EXPECT_EQ(Findings[0].Object.text(), "'s'");
  EXPECT_EQ(Findings[0].Sure, Confidence::High);
  EXPECT_TRUE(Findings[0].NextRound);
}

TEST_F(CancellationTest, StepsLeadDownTheCalls) {
  parse(R"cpp(
    awaitable<void> inner(tcp::socket &s) {
      std::array<char, 8> b;
      co_await asio::async_read(s, asio::buffer(b));
    }
    awaitable<void> middle(tcp::socket &s) { co_await inner(s); }
    awaitable<void> outer(tcp::socket &s) { co_await middle(s); }
  )cpp");
  const auto &Steps = of("outer").Steps;
  ASSERT_EQ(Steps.size(), 3u);
  EXPECT_EQ(Steps[0].Message, "'middle' is awaited here");
  EXPECT_EQ(Steps[1].Message, "'inner' is awaited here");
  EXPECT_EQ(Steps[2].Message, "'async_read' is started here on 's'");
}

TEST_F(CancellationTest, SaysWhy) {
  parse(R"cpp(
    awaitable<int> unit(tcp::socket &s) { co_return co_await elsewhere(s); }
    awaitable<int> again(int n) { co_return n ? co_await again(n - 1) : 0; }
    awaitable<void> waits(asio::steady_timer &t) { co_await t.async_wait(); }
    awaitable<void> shields(asio::steady_timer &t) {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await t.async_wait();
    }
  )cpp");
  auto Why = [&](llvm::StringRef Name) {
    const auto &Steps = of(Name).Why;
    return Steps.size() == 1 ? Steps[0].Message : std::string();
  };
  EXPECT_EQ(Why("unit"),
            "'elsewhere' has neither a body in this unit nor a model");
  EXPECT_EQ(Why("again"),
            "nothing is known about 'again', which is awaited here");
  EXPECT_EQ(Why("waits"), "nothing has happened at any of its suspensions");
  EXPECT_EQ(Why("shields"), "it changes which cancellations it lets through");
}

TEST_F(CancellationTest, WhatIsSentAndWhatIsComposed) {
  parse(R"cpp(
    struct Box {
      channel out;
      awaitable<void> send(std::string text) {
        co_await out.async_send(asio::error_code{}, std::move(text));
      }
      awaitable<void> log_and_send(std::string text) {
        log(text);
        co_await out.async_send(asio::error_code{}, std::move(text));
      }
      void log(const std::string &);
    };
    awaitable<int> steps(asio::steady_timer &t) {
      co_await t.async_wait();
      co_await t.async_wait();
      co_return 1;
    }
    awaitable<int> step(asio::steady_timer &t) {
      co_await t.async_wait();
      co_return 1;
    }
  )cpp");
  ASSERT_EQ(of("send").Sends.size(), 1u);
  EXPECT_EQ(of("send").Sends[0], 0);
  EXPECT_EQ(of("send").To.Parameter, SummaryObject::This);
  EXPECT_TRUE(of("log_and_send").Sends.empty());
  EXPECT_TRUE(of("steps").Composed);
  EXPECT_FALSE(of("step").Composed);
}
