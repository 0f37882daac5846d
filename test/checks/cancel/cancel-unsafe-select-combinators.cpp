// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// Further combinators, each with what it does to the losers; and what says that
// it may lose.
#include "library_tasks.h"
#include <chrono>
#include <coroutine>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
void log(const std::string &);
using text_or_nothing = std::variant<std::string, std::monostate>;

// A queue that all of them can wait for: its coroutine takes a message out of
// a channel and gives it back at once.
#include "asio.h"
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;

//===----------------------------------------------------------------------===//
// async_simple: the losers go on, their results are dropped
//===----------------------------------------------------------------------===//

namespace async_simple::coro {
TASK(Lazy);
template <typename A, typename B> Lazy<text_or_nothing> collectAny(A &&, B &&);
Lazy<void> sleep(std::chrono::milliseconds);
} // namespace async_simple::coro
using async_simple::coro::Lazy;

Lazy<std::string> next(channel &in) { co_return co_await in.async_receive(); }

Lazy<void> collects(channel &in) {
  for (;;) {
    auto result = co_await async_simple::coro::collectAny(
        // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: when another branch ends this select, 'next' goes on by itself: the next message that comes out of 'in' is lost, and 'in' is used again; pass a callback with it, which gets the result [coro-cancel-unsafe-select]
        // CHECK-MESSAGES: :[[@LINE+1]]:9: note: 'in' is used again here, in the next round
        next(in), async_simple::coro::sleep(1s));
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
Lazy<void> collects_once(channel &in) {
  auto result = co_await async_simple::coro::collectAny(
      next(in), async_simple::coro::sleep(1s));
  if (result.index() == 0)
    log(std::get<0>(result));
}

//===----------------------------------------------------------------------===//
// concurrencpp: the losers go on, and come back in the result
//===----------------------------------------------------------------------===//

namespace concurrencpp {
TASK(result);
template <typename T> struct when_any_result {
  std::size_t index;
  std::vector<result<T>> results;
};
template <typename T>
result<when_any_result<T>> when_any(result<T>, result<T>);
} // namespace concurrencpp

concurrencpp::result<std::string> message(channel &in) {
  co_return co_await in.async_receive();
}
concurrencpp::result<void> keeps_all(channel &in, channel &other) {
  for (;;) {
    auto any =
        co_await concurrencpp::when_any(message(in), message(other));
    for (auto &one : any.results)
      log(co_await std::move(one));
  }
}

//===----------------------------------------------------------------------===//
// KJ: what takes too long is destroyed
//===----------------------------------------------------------------------===//

namespace kj {
TASK(Promise);
template <typename T> struct ProducerConsumerQueue {
  Promise<T> pop();
};
struct Exception {};
struct Timer {
  template <typename T>
  Promise<T> timeoutAfter(std::chrono::milliseconds, Promise<T> &&);
};
} // namespace kj

kj::Promise<void> times_out(kj::Timer &timer,
                            kj::ProducerConsumerQueue<std::string> &queue) {
  for (;;) {
    try {
      log(co_await timer.timeoutAfter(1s, queue.pop()));
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'ProducerConsumerQueue::pop' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'queue' is lost, and 'queue' is used again
      // CHECK-MESSAGES: :[[@LINE-2]]:43: note: 'queue' is used again here, in the next round
    } catch (const kj::Exception &) {
      log("nothing came");
    }
  }
}
kj::Promise<void> ends(kj::Timer &timer,
                       kj::ProducerConsumerQueue<std::string> &queue) {
  for (;;)
    log(co_await timer.timeoutAfter(1s, queue.pop()));
}

//===----------------------------------------------------------------------===//
// Cobalt: left_race like race
//===----------------------------------------------------------------------===//

namespace boost::cobalt {
TASK(promise);
template <typename... P> promise<text_or_nothing> left_race(P &&...);
template <typename T> struct channel {
  promise<T> read();
};
} // namespace boost::cobalt
namespace cobalt = boost::cobalt;
cobalt::promise<void> delay(int) { co_return; }
void show(const std::string &);

cobalt::promise<std::string> read_record(asio::ip::tcp::socket &socket) {
  std::array<char, 8> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 8);
}
cobalt::promise<void> races(asio::ip::tcp::socket &socket) {
  for (;;) {
    auto result = co_await cobalt::left_race(read_record(socket), delay(10));
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: when another branch ends this select, 'read_record' is cancelled in the middle of 'async_read': what it has taken out of 'socket' is lost, and 'socket' is read from again
    // CHECK-MESSAGES: :[[@LINE-7]]:12: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE-3]]:46: note: 'socket' is used again here, in the next round
    if (result.index() == 0)
      show(std::get<0>(result));
  }
}
cobalt::promise<void> channels_lose_nothing(cobalt::channel<std::string> &in) {
  for (;;) {
    auto result = co_await cobalt::left_race(in.read(), delay(10));
    if (result.index() == 0)
      show(std::get<0>(result));
  }
}

//===----------------------------------------------------------------------===//
// Asio: annotated, and a point in time
//===----------------------------------------------------------------------===//

using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;

[[clang::annotate("coro::cancel_safe")]] awaitable<std::string>
resumable(asio::ip::tcp::socket &socket) {
  std::array<char, 8> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 8);
}
awaitable<void> says_so(asio::ip::tcp::socket &socket,
                        asio::steady_timer &timer) {
  for (;;) {
    auto result = co_await (resumable(socket) || timer.async_wait());
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
