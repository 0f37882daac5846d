// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// Selects that begin their branches anew in each round of a loop.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;
constexpr auto nothrow = asio::as_tuple(use_awaitable);
void log(const std::string &);
void store(std::vector<std::string> &);
awaitable<void> store_later(std::vector<std::string>);

//===----------------------------------------------------------------------===//
// timer-restarted
//===----------------------------------------------------------------------===//

// Lines are gathered and stored once a second; while lines come faster than
// that, none is.
awaitable<void> batches(tcp::socket &socket, asio::steady_timer &tick) {
  std::vector<std::string> batch;
  std::string in;
  for (;;) {
    tick.expires_after(1s);
    auto result =
        co_await (asio::async_read_until(socket, asio::dynamic_buffer(in), '\n') ||
                  tick.async_wait());
    // CHECK-MESSAGES: :[[@LINE-2]]:19: warning: 'basic_waitable_timer::async_wait' of 'tick' begins anew in each round: as long as the other branches end this select sooner, what is to be done when it expires is never done; set it anew only when it has expired [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: :[[@LINE-5]]:5: note: it is set anew here in each round
    if (result.index() == 0) {
      batch.push_back(in.substr(0, std::get<0>(result)));
      in.erase(0, std::get<0>(result));
    } else {
      store(batch);
      batch.clear();
    }
  }
}

// The same with a timer of each round, in members.
struct Collector {
  tcp::socket socket_;
  std::vector<std::string> batch_;
  std::string in_;
  void add(std::size_t length) { batch_.push_back(in_.substr(0, length)); }
  awaitable<void> flush() {
    co_await store_later(std::move(batch_));
    batch_.clear();
  }
  awaitable<void> run(std::chrono::seconds period) {
    for (;;) {
      asio::steady_timer tick(socket_.get_executor(), period);
      auto result = co_await (tick.async_wait() || asio::async_read_until(socket_, asio::dynamic_buffer(in_), '\n'));
      // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'basic_waitable_timer::async_wait' of 'tick' begins anew in each round
      // CHECK-MESSAGES: :[[@LINE-3]]:26: note: it is set anew here in each round
      if (result.index() == 0)
        co_await flush();
      else
        add(std::get<1>(result));
    }
  }
  // Full batches are stored on the busy path, too.
  awaitable<void> bounded(asio::steady_timer &tick) {
    for (;;) {
      tick.expires_after(1s);
      auto result = co_await (tick.async_wait() || asio::async_read_until(socket_, asio::dynamic_buffer(in_), '\n'));
      if (result.index() == 0) {
        co_await flush();
      } else {
        add(std::get<1>(result));
        if (batch_.size() > 100)
          co_await flush();
      }
    }
  }
  // Set anew only when it has expired.
  awaitable<void> right(asio::steady_timer &tick) {
    tick.expires_after(1s);
    for (;;) {
      auto result = co_await (tick.async_wait() || asio::async_read_until(socket_, asio::dynamic_buffer(in_), '\n'));
      if (result.index() == 0) {
        co_await flush();
        tick.expires_after(1s);
      } else {
        add(std::get<1>(result));
      }
    }
  }
  // A point in time that does not move with the rounds.
  awaitable<void> fixed(asio::steady_timer &tick) {
    auto next = std::chrono::steady_clock::now() + 1s;
    for (;;) {
      tick.expires_after(next - std::chrono::steady_clock::now());
      auto result = co_await (tick.async_wait() || asio::async_read_until(socket_, asio::dynamic_buffer(in_), '\n'));
      if (result.index() == 0) {
        co_await flush();
        next += 1s;
      } else {
        add(std::get<1>(result));
      }
    }
  }
};

// Idle timeouts begin anew at each message on purpose: they leave, or they only
// speak to the peer.
awaitable<void> idle(tcp::socket &socket, asio::steady_timer &timer) {
  std::string in;
  for (;;) {
    timer.expires_after(30s);
    auto result =
        co_await (asio::async_read_until(socket, asio::dynamic_buffer(in), '\n') ||
                  timer.async_wait());
    if (result.index() == 1)
      co_return;
    log(in);
    in.clear();
  }
}
awaitable<void> keep_alive(tcp::socket &socket, asio::steady_timer &timer) {
  std::string in;
  for (unsigned missed = 0; missed < 3;) {
    timer.expires_after(30s);
    auto result =
        co_await (asio::async_read_until(socket, asio::dynamic_buffer(in), '\n') ||
                  timer.async_wait());
    if (result.index() == 1) {
      ++missed;
      co_await asio::async_write(socket, asio::buffer("ping"));
      continue;
    }
    missed = 0;
    log(in);
    in.clear();
  }
}

//===----------------------------------------------------------------------===//
// restarted-in-loop
//===----------------------------------------------------------------------===//

awaitable<int> step(asio::steady_timer &timer) {
  co_await timer.async_wait();
  co_return 1;
}
awaitable<int> two_steps(asio::steady_timer &timer) {
  int sum = co_await step(timer);
  sum += co_await step(timer);
  co_return sum;
}
struct Job {
  asio::steady_timer timer_;
  asio::experimental::channel<void(asio::error_code)> commands_;
  int turn_ = 0;
  awaitable<int> numbered(int turn) {
    co_await timer_.async_wait();
    co_await timer_.async_wait();
    co_return turn;
  }
  awaitable<void> run(asio::steady_timer &timer) {
    for (;;) {
      auto result = co_await (two_steps(timer) || commands_.async_receive());
      // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'two_steps' is begun anew in each round of this loop: whenever another branch ends the select first, what it has done is thrown away, and it may never get to its end; spawn it once before the loop, and let it tell through a channel when it is done [coro-cancel-unsafe-select]
      if (result.index() == 0)
        co_return;
    }
  }
  // Begun anew with what has changed meanwhile.
  awaitable<void> switches() {
    for (;;) {
      auto result = co_await (numbered(turn_) || commands_.async_receive());
      if (result.index() == 0)
        co_return;
      ++turn_;
    }
  }
  // Whoever ends it first ends the loop.
  awaitable<void> until_stopped(asio::steady_timer &timer) {
    for (int total = 0;;) {
      auto result = co_await (two_steps(timer) || commands_.async_receive());
      if (result.index() == 1)
        co_return;
      total += std::get<0>(result);
    }
  }
  // A retry after a timeout.
  awaitable<void> retries(asio::steady_timer &timer,
                          asio::steady_timer &limit) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      limit.expires_after(1s);
      auto result = co_await (two_steps(timer) || limit.async_wait());
      if (result.index() == 0)
        co_return;
    }
  }
  // A single step is begun anew without loss.
  awaitable<void> single(asio::steady_timer &timer) {
    for (;;) {
      auto result = co_await (step(timer) || commands_.async_receive());
      if (result.index() == 0)
        co_return;
    }
  }
};
