// RUN: %check_coro_tidy %s coro-swallowed-cancellation %t
#include "asio.h"
#include "stopping.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

void log(const char *);
awaitable<void> handle(tcp::socket &);
folly::coro::Task<int> next();
folly::coro::Task<void> work(int);
bool is_fatal(const std::exception &);

//===----------------------------------------------------------------------===//
// It never ends
//===----------------------------------------------------------------------===//

// Whoever awaits a coroutine of folly can cancel it.
folly::coro::Task<void> worker() {
  for (;;) {
    try {
      co_await work(co_await next());
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: whatever it awaits next is cancelled and caught again, so that it never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      log("failed");
    }
  }
}

// A base of the exception; a branch that does not lead out.
folly::coro::Task<void> counts_failures() {
  int failures = 0;
  while (true) {
    try {
      co_await work(1);
    } catch (const std::exception &error) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: whatever it awaits next is cancelled and caught again, so that it never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      if (is_fatal(error))
        log(error.what());
      ++failures;
    }
  }
}

// Two handlers, one circle: the back-off is cancelled, too.
folly::coro::Task<void> backs_off_and_swallows_that_too() {
  for (;;) {
    try {
      co_await work(1);
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: whatever it awaits next is cancelled and caught again, so that it never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      log("failed");
    }
    try {
      co_await folly::coro::sleep(1s);
    } catch (...) {
    }
  }
}

// Left only when it succeeds, which it never does again.
folly::coro::Task<int> retries() {
  for (;;) {
    try {
      co_return co_await next();
    } catch (const std::exception &) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: whatever it awaits next is cancelled and caught again, so that it never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:17: note: it is thrown here
      log("again");
    }
  }
}

// In Asio somebody has to be seen: a select.
awaitable<void> echo(tcp::socket &socket) {
  for (;;) {
    try {
      co_await handle(socket);
    } catch (const std::exception &error) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: every further await fails at once and is caught again, so that it spins and never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      // CHECK-MESSAGES: :[[@LINE+7]]:13: note: this cancels it when another branch ends first
      log(error.what());
    }
  }
}
awaitable<void> limited(tcp::socket socket) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 30s);
  co_await (echo(socket) ||
            timer.async_wait(use_awaitable));
}

// A token that it was started with.
awaitable<void> tokened(tcp::socket &socket) {
  for (;;) {
    try {
      co_await handle(socket);
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: every further await fails at once and is caught again, so that it spins and never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      // CHECK-MESSAGES: :[[@LINE+6]]:3: note: it is given a token here, by which it can be cancelled
    }
  }
}
void start(asio::any_io_executor executor, tcp::socket &socket,
           asio::cancellation_signal &stop) {
  asio::co_spawn(executor, tokened(socket),
                 asio::bind_cancellation_slot(stop.slot(), asio::detached));
}

// Somebody closes what it waits for.
struct Server {
  tcp::acceptor acceptor_;
  awaitable<void> accept() {
    for (;;) {
      try {
        auto socket = co_await acceptor_.async_accept(use_awaitable);
        co_await handle(socket);
      } catch (const std::exception &error) {
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: this handler also catches the exception by which the coroutine is cancelled, and it tries again: what it awaits fails again at once, so that it spins and never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
        // CHECK-MESSAGES: :[[@LINE-4]]:23: note: it is thrown here
        // CHECK-MESSAGES: :[[@LINE+5]]:17: note: what it waits for is cancelled here
        log(error.what());
      }
    }
  }
  void stop() { acceptor_.close(); }
};

// A token that it waits with.
cppcoro::task<> ticks(cppcoro::io_service &io,
                      cppcoro::cancellation_token stop) {
  for (;;) {
    try {
      co_await io.schedule_after(1s, stop);
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: whatever it awaits next is cancelled and caught again, so that it never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      // CHECK-MESSAGES: :[[@LINE-4]]:16: note: it is given a token here, by which it can be cancelled
    }
  }
}

//===----------------------------------------------------------------------===//
// It ends, or nobody cancels it
//===----------------------------------------------------------------------===//

folly::coro::Task<void> rethrows() {
  for (;;) {
    try {
      co_await work(1);
    } catch (const folly::OperationCancelled &) {
      throw;
    } catch (const std::exception &error) {
      log(error.what());
    }
  }
}

folly::coro::Task<void> leaves() {
  for (;;) {
    try {
      co_await work(1);
    } catch (...) {
      log("over");
      break;
    }
  }
}

folly::coro::Task<void> outside_of_the_loop() {
  try {
    for (;;)
      co_await work(1);
  } catch (...) {
    log("over");
  }
}

folly::coro::Task<void> another_exception() {
  for (;;) {
    try {
      co_await work(1);
    } catch (const std::runtime_error &error) {
      log(error.what());
    }
  }
}

folly::coro::Task<void> tests_the_exception() {
  for (;;) {
    try {
      co_await work(1);
    } catch (const std::exception &error) {
      if (is_fatal(error))
        co_return;
    }
  }
}

folly::coro::Task<void> tests_the_token() {
  const auto &token = co_await folly::coro::co_current_cancellation_token;
  while (!token.isCancellationRequested()) {
    try {
      co_await work(1);
    } catch (...) {
      log("again");
    }
  }
}

// The pause between two attempts is cancelled, and nothing catches that.
folly::coro::Task<void> backs_off() {
  for (;;) {
    try {
      co_await work(1);
      continue;
    } catch (const std::exception &error) {
      log(error.what());
    }
    co_await folly::coro::sleep(1s);
  }
}

folly::coro::Task<int> three_attempts() {
  for (int i = 0; i < 3; ++i) {
    try {
      co_return co_await next();
    } catch (...) {
      log("again");
    }
  }
  co_return -1;
}

folly::coro::Task<void> no_suspension_in_it() {
  for (;;) {
    int one = co_await next();
    try {
      log(std::to_string(one).c_str());
    } catch (...) {
    }
  }
}

// Asio: nobody is seen to cancel it.
awaitable<void> serves_until_the_process_ends(tcp::acceptor &acceptor) {
  for (;;) {
    try {
      auto socket = co_await acceptor.async_accept(use_awaitable);
      co_await handle(socket);
    } catch (const std::exception &error) {
      log(error.what());
    }
  }
}

// Asio: the code tells.
awaitable<void> tests_the_code(tcp::socket &socket) {
  for (;;) {
    try {
      co_await handle(socket);
    } catch (const asio::system_error &error) {
      if (error.code() == asio::error::operation_aborted)
        break;
      log(error.what());
    }
  }
}
awaitable<void> limited_too(tcp::socket socket) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 30s);
  co_await (tests_the_code(socket) || timer.async_wait(use_awaitable));
}

// Connecting opens again what was closed.
struct Reconnecting {
  tcp::socket socket_;
  awaitable<void> connects() {
    for (;;) {
      try {
        co_await socket_.async_connect(1, use_awaitable);
        co_await handle(socket_);
      } catch (const std::exception &error) {
        log(error.what());
      }
    }
  }
  void restart() { socket_.close(); }
};

// A timer as a condition variable: to be cancelled is to be woken.
struct Queue {
  asio::steady_timer wake_;
  tcp::socket socket_;
  std::vector<std::string> pending_;
  awaitable<void> writer() {
    for (;;) {
      try {
        co_await wake_.async_wait(use_awaitable);
      } catch (const asio::system_error &) {
      }
    }
  }
  awaitable<void> with_error_codes() {
    while (socket_.is_open()) {
      if (pending_.empty()) {
        asio::error_code ignored;
        co_await wake_.async_wait(
            asio::redirect_error(use_awaitable, ignored));
      } else {
        co_await asio::async_write(socket_, asio::buffer(pending_.back()));
      }
    }
  }
  void push(std::string text) {
    pending_.push_back(std::move(text));
    wake_.cancel();
  }
  void stop() {
    socket_.close();
    wake_.cancel();
  }
};
awaitable<void> limited_writer(Queue &queue, asio::steady_timer &timer) {
  co_await (queue.writer() || timer.async_wait(use_awaitable));
}

// It says itself what cancellation does to it.
awaitable<void> says_so(tcp::socket &socket) {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (;;) {
    try {
      co_await handle(socket);
    } catch (...) {
    }
  }
}
awaitable<void> limited_by_hand(tcp::socket &socket,
                                asio::steady_timer &timer) {
  co_await (says_so(socket) || timer.async_wait(use_awaitable));
}

// KJ destroys the frame: there is no exception to be caught.
kj::Promise<int> message();
kj::Promise<void> destroyed() {
  for (;;) {
    try {
      co_await message();
    } catch (...) {
      log("failed");
    }
  }
}

// Nothing cancels a coroutine of Seastar from outside.
seastar::future<int> poll();
seastar::future<void> tests_the_abort_source(seastar::abort_source &stop) {
  while (!stop.abort_requested()) {
    try {
      co_await poll();
    } catch (...) {
      log("failed");
    }
  }
}
