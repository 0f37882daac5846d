// RUN: %check_coro_tidy %s coro-missing-await %t
// A plain function that drops an operation in so many words only shows that the
// call compiles: that is below the default confidence.
#include "asio_executors.h"
using asio::use_awaitable;

void compiles(asio::steady_timer &timer) {
  (void)timer.async_wait(use_awaitable);
  static_cast<void>(timer.async_wait(use_awaitable));
}

void forgets(asio::steady_timer &timer) {
  timer.async_wait(use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits: the operation never starts
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
}

asio::awaitable<void> means_it(asio::steady_timer &timer) {
  (void)timer.async_wait(use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits
  // CHECK-FIXES: (void)co_await timer.async_wait(use_awaitable);
  co_return;
}
