// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// Messages: what is taken out of a channel exists once.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;

using signal = asio::experimental::channel<void(asio::error_code)>;

constexpr auto nothrow = asio::as_tuple(use_awaitable);
void log(const std::string &);
awaitable<void> save(std::string);

//===----------------------------------------------------------------------===//
// discarded-result
//===----------------------------------------------------------------------===//

awaitable<void> pump(channel &messages, asio::steady_timer &tick) {
  for (;;) {
    tick.expires_after(1s);
    auto result = co_await (messages.async_receive() || tick.async_wait());
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'basic_channel::async_receive' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'messages' is lost, and 'messages' is used again; wait for both with a parallel_group and look at both results, or give the operation alone a time limit [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: :[[@LINE-2]]:29: note: 'messages' is used again here, in the next round
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}

// Through coroutines.
struct Inbox {
  channel messages_;
  awaitable<std::string> next() { co_return co_await messages_.async_receive(); }
  awaitable<std::string> next_logged() {
    std::string text = co_await messages_.async_receive();
    log("received");
    co_return text;
  }
  awaitable<void> run(asio::steady_timer &tick) {
    for (;;) {
      auto a = co_await (tick.async_wait() || next());
      // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'Inbox::next' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'messages_' is lost
      // CHECK-MESSAGES: :[[@LINE+1]]:26: note: 'messages_' is used again here
      auto b = co_await (next_logged() || tick.async_wait());
      // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'Inbox::next_logged' may complete together
      // CHECK-MESSAGES: :[[@LINE-5]]:47: note: 'messages_' is used again here
    }
  }
};

// Shutting down: nobody misses the message.
awaitable<void> until_stopped(channel &messages, signal &stop) {
  for (;;) {
    auto result = co_await (messages.async_receive() || stop.async_receive());
    if (result.index() == 1)
      co_return;
    log(std::get<0>(result));
  }
}

// Sending is another direction, and a message that is only waited for is none.
awaitable<void> sends(channel &messages, asio::steady_timer &tick) {
  for (;;) {
    co_await (messages.async_send(asio::error_code{}, "x", use_awaitable) ||
              tick.async_wait());
  }
}

//===----------------------------------------------------------------------===//
// payload-in-frame
//===----------------------------------------------------------------------===//

struct Decoder {
  channel raw_;
  asio::steady_timer pause_;
  std::vector<std::string> pending_;
  awaitable<std::string> decrypt(std::string);

  awaitable<std::string> next() {
    std::string raw = co_await raw_.async_receive();
    co_return co_await decrypt(raw);
  }
  awaitable<std::string> throttled() {
    auto raw = co_await raw_.async_receive();
    co_await pause_.async_wait();
    co_return raw;
  }
  // Kept in a member before the next suspension.
  awaitable<void> collect() {
    std::string raw = co_await raw_.async_receive();
    pending_.push_back(raw);
    co_await pause_.async_wait();
  }
  // Handed to somebody before it.
  awaitable<void> consume() {
    std::string raw = co_await raw_.async_receive();
    log(raw);
    co_await pause_.async_wait();
  }
  awaitable<void> server() {
    for (;;) {
      std::string raw = co_await raw_.async_receive();
      co_await save(std::move(raw));
    }
  }
  // Put back by a handler.
  awaitable<std::string> puts_back() {
    std::string raw = co_await raw_.async_receive();
    try {
      co_await pause_.async_wait();
    } catch (...) {
      pending_.push_back(raw);
      throw;
    }
    co_return raw;
  }

  awaitable<void> run(asio::steady_timer &tick) {
    for (;;) {
      co_await (next() || tick.async_wait());
      // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: when another branch ends this select, 'Decoder::next' may be suspended with a message that it took out of 'raw_': the message is destroyed with its frame, and 'raw_' is used again; hand it over before the branch suspends again [coro-cancel-unsafe-select]
      // CHECK-MESSAGES: :[[@LINE-42]]:23: note: 'raw' is taken here
      // CHECK-MESSAGES: :[[@LINE-42]]:15: note: suspended here, while only this frame holds it
      // CHECK-MESSAGES: :[[@LINE+1]]:17: note: 'raw_' is used again here
      co_await (throttled() || tick.async_wait());
      // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: when another branch ends this select, 'Decoder::throttled' may be suspended with a message
      // CHECK-MESSAGES: note: 'raw' is taken here
      // CHECK-MESSAGES: note: suspended here, while only this frame holds it
      // CHECK-MESSAGES: note: 'raw_' is used again here
      co_await (collect() || tick.async_wait());
      co_await (consume() || tick.async_wait());
      co_await (server() || tick.async_wait());
    }
  }
  awaitable<void> run_with_handler(asio::steady_timer &tick) {
    for (;;) {
      auto result = co_await (puts_back() || tick.async_wait());
      if (result.index() == 1)
        co_return;
    }
  }
};
