// RUN: %check_coro_tidy %s coro-unshielded-cleanup %t
#include "asio.h"
#include "stopping.h"
#include "task.h"
#include <exception>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

folly::coro::Task<void> work(int);
kj::Promise<void> receive();
awaitable<void> serve(tcp::socket &);
awaitable<void> say_goodbye(tcp::socket &);
void log(const char *);
struct outcome {
  bool has_value() const;
  const char *error() const;
};
folly::coro::Task<outcome> send();
void roll_back();
void commit();

//===----------------------------------------------------------------------===//
// A flag or counter is not put back
//===----------------------------------------------------------------------===//

struct Pool {
  int active_ = 0;
  bool busy_ = false;
  int nobody_looks_at_it_ = 0;
  bool full() const { return active_ > 8 || busy_; }

  folly::coro::Task<void> counts() {
    ++active_;
    co_await work(1);
    --active_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'active_' is put back here, after a suspension: when what is awaited throws, as it does when the coroutine is cancelled, it stays as it was changed; put it back in a destructor [coro-unshielded-cleanup]
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: it is changed here
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: an exception here leaves it changed
  }
  folly::coro::Task<void> sets() {
    busy_ = true;
    for (int i = 0; i < 3; ++i)
      co_await work(i);
    busy_ = false;
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'busy_' is put back here, after a suspension: when what is awaited throws, as it does when the coroutine is cancelled, it stays as it was changed; put it back in a destructor [coro-unshielded-cleanup]
    // CHECK-MESSAGES: :[[@LINE-5]]:5: note: it is changed here
    // CHECK-MESSAGES: :[[@LINE-4]]:7: note: an exception here leaves it changed
  }
  folly::coro::Task<void> given(folly::coro::Task<void> job) {
    ++active_;
    co_await std::move(job);
    --active_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'active_' is put back here, after a suspension: when what is awaited throws, as it does when the coroutine is cancelled, it stays as it was changed; put it back in a destructor [coro-unshielded-cleanup]
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: it is changed here
    // CHECK-MESSAGES: :[[@LINE-4]]:5: note: an exception here leaves it changed
  }
  // No exception: a handler does not help.
  kj::Promise<void> destroyed() {
    ++active_;
    try {
      co_await receive();
    } catch (...) {
      log("failed");
    }
    --active_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'active_' is put back here, after a suspension: when the coroutine is cancelled there, its frame is destroyed, and it stays as it was changed; put it back in a destructor [coro-unshielded-cleanup]
    // CHECK-MESSAGES: :[[@LINE-8]]:5: note: it is changed here
    // CHECK-MESSAGES: :[[@LINE-7]]:7: note: the frame may be destroyed here
  }

  // Put back by a destructor.
  folly::coro::Task<void> by_a_destructor() {
    struct Count {
      int &of;
      explicit Count(int &of) : of(of) { ++of; }
      ~Count() { --of; }
    } count(active_);
    co_await work(1);
  }
  folly::coro::Task<void> in_handlers_too() {
    ++active_;
    try {
      co_await work(1);
    } catch (...) {
      --active_;
      throw;
    }
    --active_;
  }
  // What is awaited throws nothing, or whatever it throws ends the program.
  folly::coro::Task<int> status() noexcept;
  folly::coro::Task<void> a_status() {
    ++active_;
    int s = co_await status();
    --active_;
    (void)s;
  }
  folly::coro::Task<void> throws_nothing() noexcept {
    ++active_;
    co_await work(1);
    --active_;
  }
  folly::coro::Task<void> before_the_await() {
    busy_ = true;
    log("busy");
    busy_ = false;
    co_await work(1);
  }
  // Goes up and down for reasons of its own.
  folly::coro::Task<void> at_most_three() {
    for (int i = 0; i < 9; ++i) {
      ++active_;
      if (active_ >= 3) {
        co_await work(i);
        --active_;
      }
    }
  }
  folly::coro::Task<void> never_put_back() {
    busy_ = true;
    co_await work(1);
  }
  folly::coro::Task<void> set_again() {
    busy_ = true;
    co_await work(1);
    busy_ = true;
  }
  folly::coro::Task<void> not_shared() {
    int active = 0;
    ++active;
    co_await work(active);
    --active;
  }
  folly::coro::Task<void> no_error_is_thrown() {
    ++active_;
    co_await folly::coro::co_awaitTry(work(1));
    --active_;
  }
  folly::coro::Task<void> a_value_or_an_error() {
    ++active_;
    auto sent = co_await send();
    --active_;
    if (!sent.has_value())
      log(sent.error());
  }
  folly::coro::Task<void> without_a_reader() {
    ++nobody_looks_at_it_;
    co_await work(1);
    --nobody_looks_at_it_;
  }
  // Nobody is seen to cancel it.
  awaitable<void> of_asio(tcp::socket &socket) {
    ++active_;
    co_await serve(socket);
    --active_;
  }
  // Its errors are codes.
  awaitable<void> with_codes(tcp::socket &socket) {
    asio::error_code error;
    std::string data;
    ++active_;
    co_await socket.async_read_some(
        asio::buffer(data), asio::redirect_error(use_awaitable, error));
    auto [failed, size] = co_await socket.async_read_some(
        asio::buffer(data), asio::as_tuple(use_awaitable));
    --active_;
  }
  awaitable<void> cancels_those(tcp::socket &socket,
                                asio::steady_timer &timer) {
    co_await (with_codes(socket) || timer.async_wait(use_awaitable));
  }
};

//===----------------------------------------------------------------------===//
// Cleanup that is awaited
//===----------------------------------------------------------------------===//

awaitable<void> says_goodbye(tcp::socket &socket) {
  std::exception_ptr error;
  try {
    co_await serve(socket);
  } catch (...) {
    error = std::current_exception();
  }
  co_await say_goodbye(socket);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: when the coroutine was cancelled, this await fails at once, before it starts anything: what it should clean up stays; write 'co_await this_coro::reset_cancellation_state(disable_cancellation())' before it [coro-unshielded-cleanup]
  // CHECK-MESSAGES: :[[@LINE-6]]:5: note: it is cancelled here
  // CHECK-MESSAGES: :[[@LINE-6]]:5: note: and the exception is kept here
  // CHECK-MESSAGES: :[[@LINE+5]]:13: note: this cancels it when another branch ends first
  if (error)
    std::rethrow_exception(error);
}
awaitable<void> limited(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (says_goodbye(socket) || timer.async_wait(use_awaitable));
}

awaitable<void> shielded(tcp::socket &socket) {
  std::exception_ptr error;
  try {
    co_await serve(socket);
  } catch (...) {
    error = std::current_exception();
  }
  co_await asio::this_coro::reset_cancellation_state(
      asio::disable_cancellation());
  co_await say_goodbye(socket);
  if (error)
    std::rethrow_exception(error);
}
awaitable<void> limited_too(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (shielded(socket) || timer.async_wait(use_awaitable));
}

awaitable<void> plain_cleanup(tcp::socket &socket) {
  std::exception_ptr error;
  try {
    co_await serve(socket);
  } catch (...) {
    error = std::current_exception();
  }
  socket.close();
  if (error)
    std::rethrow_exception(error);
}
awaitable<void> limited_plain(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (plain_cleanup(socket) || timer.async_wait(use_awaitable));
}

// The next step, not cleanup: nothing is thrown on.
awaitable<void> goes_on(tcp::socket &socket) {
  try {
    co_await serve(socket);
  } catch (...) {
    log("failed");
  }
  co_await say_goodbye(socket);
}
awaitable<void> limited_next(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (goes_on(socket) || timer.async_wait(use_awaitable));
}

//===----------------------------------------------------------------------===//
// Guards that look at exceptions
//===----------------------------------------------------------------------===//

kj::Promise<void> on_failure() {
  boost::scope::scope_fail guard([] { roll_back(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: a coroutine that is cancelled at a suspension in the scope of this guard is destroyed without an exception: the guard does nothing; use one that always acts, and release it at the end [coro-unshielded-cleanup]
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: it may be destroyed here
  co_await receive();
}

kj::Promise<void> on_success() {
  boost::scope::scope_success guard([] { commit(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: a coroutine that is cancelled at a suspension in the scope of this guard is destroyed without an exception: the guard takes that for success; do at the end of the scope what belongs to success, and the rest in a guard that always acts [coro-unshielded-cleanup]
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: it may be destroyed here
  co_await receive();
}

#define ON_SCOPE_SUCCESS(code)                                                 \
  ::kj::UnwindDetector detector;                                               \
  auto deferred = ::kj::defer([&]() {                                          \
    if (!detector.isUnwinding()) {                                             \
      code;                                                                    \
    }                                                                          \
  })

kj::Promise<void> with_a_macro() {
  ON_SCOPE_SUCCESS(commit());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: a coroutine that is cancelled at a suspension in the scope of this guard is destroyed without an exception: the guard takes that for success; do at the end of the scope what belongs to success, and the rest in a guard that always acts [coro-unshielded-cleanup]
  // CHECK-MESSAGES: :[[@LINE-10]]:24: note: expanded from macro 'ON_SCOPE_SUCCESS'
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: it may be destroyed here
  co_await receive();
}

kj::Promise<void> always_acts() {
  boost::scope::scope_exit guard([] { roll_back(); });
  co_await receive();
  guard.release();
}

kj::Promise<void> no_suspension_in_it() {
  co_await receive();
  boost::scope::scope_success guard([] { commit(); });
}

kj::Promise<void> in_a_block() {
  {
    boost::scope::scope_fail guard([] { roll_back(); });
    commit();
  }
  co_await receive();
}

// Here an exception says that it is cancelled.
folly::coro::Task<void> thrown() {
  boost::scope::scope_fail guard([] { roll_back(); });
  co_await work(1);
}

// Guards of one's own, told by what their destructor asks.
struct transaction {
  int before = std::uncaught_exceptions();
  ~transaction() {
    if (std::uncaught_exceptions() > before)
      roll_back();
    else
      commit();
  }
};
kj::Promise<void> own_guard() {
  transaction t;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: a coroutine that is cancelled at a suspension in the scope of this guard is destroyed without an exception: the guard takes that for success
  // CHECK-MESSAGES: :[[@LINE+1]]:3: note: it may be destroyed here
  co_await receive();
}
kj::Promise<void> own_guard_ends_before() {
  { transaction t; }
  co_await receive();
}
struct logs_only {
  ~logs_only() { roll_back(); }
};
kj::Promise<void> always_does_the_same() {
  logs_only l;
  co_await receive();
}
// It always acts, and asks only what to do with an exception of its own.
template <typename F> struct finally {
  F act;
  finally(F act) : act(act) {}
  ~finally() noexcept(false) {
    try {
      act();
    } catch (...) {
      if (std::uncaught_exceptions())
        std::terminate();
      throw;
    }
  }
};
kj::Promise<void> own_guard_acts_always() {
  finally f([] { roll_back(); });
  co_await receive();
}
folly::coro::Task<void> own_guard_sees_the_exception() {
  transaction t;
  co_await work(1);
}
