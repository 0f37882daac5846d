// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// payload-moved-in: the only copy of a message is in the branch.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;
using numbers = asio::experimental::channel<void(asio::error_code, int)>;
void log(const char *);
std::string make_report();

// Nobody asks whether the message was sent.
awaitable<void> drops(channel &in, channel &out, asio::steady_timer &limit) {
  for (;;) {
    std::string message = co_await in.async_receive();
    limit.expires_after(1s);
    co_await (out.async_send(asio::error_code{}, std::move(message)) ||
              limit.async_wait());
    // CHECK-MESSAGES: :[[@LINE-2]]:15: warning: when another branch ends this select, what was moved out of 'message' into 'channel_send_functions::async_send' is destroyed unsent: the message is lost, and 'out' is sent to again; send a copy, or await the send by itself [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: :[[@LINE-3]]:15: note: 'out' is used again here, in the next round
  }
}

// Sent again, though it was moved from.
awaitable<void> sends_empty(channel &out, std::string message,
                            asio::steady_timer &limit) {
  for (;;) {
    limit.expires_after(1s);
    auto result =
        co_await (out.async_send(asio::error_code{}, std::move(message)) ||
                  limit.async_wait());
    // CHECK-MESSAGES: :[[@LINE-2]]:19: warning: when another branch ends this select, what was moved out of 'message' into 'channel_send_functions::async_send' is destroyed: the next round sends 'message' empty; send a copy, or await the send by itself
    // CHECK-MESSAGES: note: 'out' is used again here, in the next round
    if (result.index() == 0)
      co_return;
    log("the receiver is slow");
  }
}

// Through a coroutine that takes it by value.
struct Outbox {
  channel out_;
  std::string pending_;
  awaitable<void> send(std::string text) {
    co_await out_.async_send(asio::error_code{}, std::move(text));
  }
  awaitable<void> run(channel &in, asio::steady_timer &limit) {
    for (;;) {
      auto message = co_await in.async_receive();
      co_await (limit.async_wait() || send(std::move(message)));
      // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: when another branch ends this select, what was moved out of 'message' into 'Outbox::send' is destroyed unsent: the message is lost, and 'out_' is sent to again
      // CHECK-MESSAGES: :[[@LINE-2]]:39: note: 'out_' is used again here, in the next round
    }
  }

  // It is known who won: dropping it may be meant.
  awaitable<void> counts_drops(channel &in, asio::steady_timer &limit) {
    for (unsigned dropped = 0;;) {
      auto message = co_await in.async_receive();
      auto result = co_await (send(std::move(message)) || limit.async_wait());
      if (result.index() == 1)
        ++dropped;
    }
  }
  // A copy.
  awaitable<void> copies(asio::steady_timer &limit) {
    for (;;) {
      auto copy = pending_;
      co_await (send(std::move(copy)) || limit.async_wait());
    }
  }
  awaitable<void> by_value(asio::steady_timer &limit) {
    for (;;)
      co_await (send(pending_) || limit.async_wait());
  }
  // Made anew in each round.
  awaitable<void> reports(asio::steady_timer &limit) {
    for (;;)
      co_await (send(make_report()) || limit.async_wait());
  }
  // The timeout leaves.
  awaitable<void> leaves(channel &in, asio::steady_timer &limit) {
    for (;;) {
      auto message = co_await in.async_receive();
      auto result = co_await (send(std::move(message)) || limit.async_wait());
      if (result.index() == 1)
        co_return;
    }
  }
  // Given up, and closed.
  awaitable<void> closes(channel &in, asio::steady_timer &limit) {
    auto message = co_await in.async_receive();
    auto result = co_await (send(std::move(message)) || limit.async_wait());
    if (result.index() == 1)
      out_.close();
    co_await send("bye");
  }
  // Awaited by itself.
  awaitable<void> alone(channel &in) {
    for (;;)
      co_await send(co_await in.async_receive());
  }
};

// Numbers are copied by a move.
awaitable<void> number(numbers &out, asio::steady_timer &limit) {
  for (int i = 0;; ++i) {
    co_await (out.async_send(asio::error_code{}, std::move(i)) ||
              limit.async_wait());
  }
}
