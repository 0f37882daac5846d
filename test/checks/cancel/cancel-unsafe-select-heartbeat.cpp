// RUN: %check_coro_tidy --expect-clean %s coro-cancel-unsafe-select %t
// RUN: %check_coro_tidy --expect-clean %s coro-swallowed-cancellation %t
// Heartbeats, periodic clean-up, back-off: selects with a timer in a loop, and
// nothing is lost.
#include "asio.h"
#include <deque>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using signal = asio::experimental::channel<void(asio::error_code)>;
constexpr auto nothrow = asio::as_tuple(use_awaitable);

struct Peer {
  tcp::socket socket_;
  signal wake_;
  asio::steady_timer beat_, sweep_;
  std::deque<std::string> out_;
  std::vector<std::string> expired_;
  bool stopped_ = false;

  // Woken when there is something to write; a heartbeat when there was nothing
  // for a while. A wake-up that comes together with the timer is not missed:
  // the queue is asked.
  awaitable<void> writes() {
    for (;;) {
      while (!out_.empty()) {
        std::string frame = std::move(out_.front());
        out_.pop_front();
        co_await asio::async_write(socket_, asio::buffer(frame));
      }
      beat_.expires_after(5s);
      auto result = co_await (wake_.async_receive() || beat_.async_wait());
      if (result.index() == 1)
        co_await asio::async_write(socket_, asio::buffer(std::string("ping")));
    }
  }

  // Whoever is silent for too long is asked whether he is there; a single read
  // takes nothing when it is cancelled.
  awaitable<void> reads() {
    std::array<char, 512> chunk;
    for (int silent = 0; silent < 3;) {
      beat_.expires_after(5s);
      auto result = co_await (
          socket_.async_read_some(asio::buffer(chunk), nothrow) ||
          beat_.async_wait(nothrow));
      if (result.index() == 1) {
        ++silent;
        co_await asio::async_write(socket_, asio::buffer(std::string("ping")));
        continue;
      }
      auto [error, size] = std::get<0>(result);
      if (error)
        break;
      silent = 0;
    }
    socket_.close();
  }

  // What is old is thrown away from time to time, or when somebody says so.
  awaitable<void> sweeps() {
    while (!stopped_) {
      sweep_.expires_after(60s);
      co_await (sweep_.async_wait(nothrow) || wake_.async_receive(nothrow));
      expired_.clear();
    }
  }
  awaitable<void> sweeps_by_itself() {
    for (;;) {
      sweep_.expires_after(60s);
      co_await sweep_.async_wait();
      expired_.clear();
    }
  }

  // A pause after each attempt, cut short when it is time to stop.
  awaitable<void> connects() {
    for (auto pause = 1s;; pause *= 2) {
      auto [error] = co_await socket_.async_connect(1, nothrow);
      if (!error)
        co_return;
      beat_.expires_after(pause);
      auto result = co_await (beat_.async_wait(nothrow) ||
                              wake_.async_receive(nothrow));
      if (result.index() == 1)
        co_return;
    }
  }
  void stop() {
    stopped_ = true;
    wake_.close();
    socket_.close();
  }
};
