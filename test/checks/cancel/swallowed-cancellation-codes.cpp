// RUN: %check_coro_tidy %s coro-swallowed-cancellation %t
#include "asio.h"
#include "stopping.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
constexpr auto nothrow = asio::as_tuple(use_awaitable);
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;

void log(const asio::error_code &);
void log(std::string);
awaitable<void> handle(tcp::socket);
void check(const asio::error_code &); // may throw
bool is_fatal(const asio::error_code &);
void describe(const asio::error_code &error) noexcept;

//===----------------------------------------------------------------------===//
// It never ends
//===----------------------------------------------------------------------===//

// close() ends one round with an error, and each one after that.
struct Server {
  tcp::acceptor acceptor_;
  asio::any_io_executor executor_;
  awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: the error of this await also tells that 'acceptor_' was closed, and it is dropped: it fails again at once, so that the loop spins and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE+10]]:7: note: what it waits for is cancelled here
      if (error) {
        describe(error);
        continue;
      }
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  void stop() {
    if (executor_.ready())
      acceptor_.close();
  }
};

// The other way round, with a variable.
struct Reader {
  tcp::socket socket_;
  std::string all_;
  awaitable<void> read() {
    std::array<char, 128> data;
    while (true) {
      asio::error_code error;
      std::size_t size = co_await socket_.async_read_some(
          // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: the error of this await also tells that 'socket_' was closed, and it is dropped: it fails again at once, so that the loop spins and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
          // CHECK-MESSAGES: :[[@LINE+7]]:17: note: what it waits for is cancelled here
          asio::buffer(data), asio::redirect_error(use_awaitable, error));
      if (!error)
        all_.append(data.data(), size);
    }
  }
  ~Reader() = default;
  void stop() { socket_.close(); }
};

// Never looked at, tied, and a test that both ways come back from.
struct Others {
  channel first_, second_, third_;
  awaitable<void> never() {
    for (;;)
      co_await first_.async_receive(nothrow);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: the error of this await also tells that 'first_' was closed, and it is dropped: it fails again at once, so that the loop spins and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
    // CHECK-MESSAGES: :[[@LINE+24]]:5: note: what it waits for is cancelled here
  }
  awaitable<void> tied() {
    asio::error_code error;
    std::string text;
    for (;;) {
      std::tie(error, text) = co_await second_.async_receive(nothrow);
      // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: the error of this await also tells that 'second_' was closed, and it is dropped: it fails again at once, so that the loop spins and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE+17]]:5: note: what it waits for is cancelled here
      if (error)
        continue;
      log(text);
    }
  }
  awaitable<void> understood_by_nobody() {
    for (;;) {
      auto [error, text] = co_await third_.async_receive(nothrow);
      // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: the error of this await also tells that 'third_' was closed, and it is dropped: it fails again at once, so that the loop spins and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE+8]]:5: note: what it waits for is cancelled here
      if (error == asio::error::eof)
        log(text);
    }
  }
  void stop() {
    first_.close();
    second_.close();
    third_.close();
  }
};

//===----------------------------------------------------------------------===//
// It ends, or nothing cancels it for good
//===----------------------------------------------------------------------===//

struct Fine {
  tcp::acceptor acceptor_;
  asio::any_io_executor executor_;
  bool running_ = true;

  awaitable<void> leaves_on_any_error() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (error)
        break;
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  awaitable<void> leaves_on_this_error() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (error == asio::error::operation_aborted)
        co_return;
      if (error)
        continue;
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  awaitable<void> asks_a_flag() {
    while (running_) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (error)
        continue;
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  awaitable<void> asks_somebody() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (is_fatal(error))
        break;
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  awaitable<void> hands_it_to_one_who_throws() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      check(error);
      asio::co_spawn(executor_, handle(std::move(socket)), asio::detached);
    }
  }
  awaitable<void> counts() {
    for (int failures = 0; failures < 10;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (error)
        ++failures;
    }
  }
  // Thrown, not returned: another matter.
  awaitable<void> throws() {
    for (;;)
      co_await handle(co_await acceptor_.async_accept(use_awaitable));
  }
  void stop() {
    running_ = false;
    acceptor_.close();
  }
};

// Nobody closes it.
awaitable<void> serves(tcp::acceptor &acceptor, asio::any_io_executor on) {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(nothrow);
    if (error)
      continue;
    asio::co_spawn(on, handle(std::move(socket)), asio::detached);
  }
}

// It is closed to be opened again.
struct Restarted {
  tcp::acceptor acceptor_;
  awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(nothrow);
      if (error)
        continue;
      co_await handle(std::move(socket));
    }
  }
  void restart() {
    acceptor_.close();
    acceptor_.open(4);
  }
};

// A timer: heartbeat, periodic clean-up, a condition variable. A cancelled
// coroutine is woken at its next await, and it is cancelled to be woken.
struct Timers {
  asio::steady_timer timer_;
  tcp::socket socket_;
  std::vector<std::string> old_;
  awaitable<void> heartbeat() {
    for (;;) {
      timer_.expires_after(5s);
      asio::error_code error;
      co_await timer_.async_wait(asio::redirect_error(use_awaitable, error));
      co_await asio::async_write(socket_, asio::buffer(std::string("ping")));
    }
  }
  awaitable<void> cleans_up() {
    for (;;) {
      timer_.expires_after(60s);
      auto [error] = co_await timer_.async_wait(nothrow);
      old_.clear();
    }
  }
  void stop() {
    timer_.cancel();
    socket_.close();
  }
};

// A time limit on one operation is over: to try again is what the loop is for.
awaitable<void> tries_again(channel &in) {
  for (;;) {
    auto [error, text] = co_await in.async_receive(
        asio::cancel_after(1s, nothrow));
    if (error)
      continue;
    log(text);
  }
}
