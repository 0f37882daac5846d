// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// Signals to stop. A channel that is closed says so to each who asks; a message
// that tells to stop is taken out once.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
template <typename T>
using channel = asio::experimental::channel<void(asio::error_code, T)>;
constexpr auto nothrow = asio::as_tuple(use_awaitable);

void log(const std::string &);
awaitable<void> send(std::string);

// Whoever closes `done` ends all of these, sooner or later.
awaitable<void> ends_when_closed(channel<std::string> &queue,
                                 channel<int> &done) {
  for (;;) {
    auto result =
        co_await (queue.async_receive() || done.async_receive(nothrow));
    if (result.index() == 1)
      co_return;
    co_await send(std::get<0>(result));
  }
}
awaitable<asio::error_code> tells_why(channel<std::string> &queue,
                                      channel<int> &closed,
                                      channel<int> &done) {
  for (;;) {
    auto result =
        co_await (queue.async_receive() || closed.async_receive(nothrow) ||
                  done.async_receive(nothrow));
    if (result.index() == 0)
      co_await send(std::get<0>(result));
    else if (result.index() == 1)
      break;
    else
      break;
  }
  co_return asio::error_code();
}
awaitable<void> sends(channel<std::string> &queue, channel<int> &done) {
  for (;;) {
    auto result = co_await (queue.async_send({}, "x", use_awaitable) ||
                            done.async_receive(nothrow));
    if (result.index() == 1) {
      queue.close();
      break;
    }
  }
}

// Closing would throw here, and that does not end a select: it is a message
// that stops it, and when another branch ends the same round, it is gone.
awaitable<void> killed_by_a_message(channel<std::string> &queue,
                                    channel<bool> &kill) {
  for (;;) {
    auto result = co_await (kill.async_receive() || queue.async_receive());
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'basic_channel::async_receive' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'kill' is lost, and 'kill' is used again
    // CHECK-MESSAGES: :[[@LINE-2]]:29: note: 'kill' is used again here, in the next round
    if (result.index() == 0)
      break;
    co_await send(std::get<1>(result));
  }
}

// What is waited for is the message itself.
awaitable<std::string> waits_for_an_answer(channel<std::string> &answers,
                                           channel<int> &ticks) {
  for (;;) {
    auto result =
        co_await (answers.async_receive(nothrow) || ticks.async_receive());
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'basic_channel::async_receive' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'answers' is lost, and 'answers' is used again
    // CHECK-MESSAGES: :[[@LINE-2]]:19: note: 'answers' is used again here, in the next round
    if (result.index() == 0) {
      auto [error, answer] = std::get<0>(result);
      co_return answer;
    }
    log("tick");
  }
}

// It goes on after the signal, too, which was no end.
awaitable<void> wakes(channel<std::string> &queue, channel<int> &wake) {
  for (;;) {
    auto result =
        co_await (wake.async_receive(nothrow) || queue.async_receive());
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'basic_channel::async_receive' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'queue' is lost, and 'queue' is used again
    // CHECK-MESSAGES: :[[@LINE-2]]:50: note: 'queue' is used again here, in the next round
    if (result.index() == 1)
      co_await send(std::get<1>(result));
  }
}
