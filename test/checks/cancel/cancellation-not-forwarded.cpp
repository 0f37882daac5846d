// RUN: %check_coro_tidy %s coro-cancellation-not-forwarded %t -- --config='{CheckOptions: {coro-cancellation-not-forwarded.Enable: true}}'
#include "stopping.h"
#include "task.h"
#include <stop_token>

using namespace std::chrono_literals;

task<> fetch(int, std::stop_token = {});
task<> store(int);
task<> store(int, std::stop_token);
task<> plain(int);

//===----------------------------------------------------------------------===//
// It could have been given
//===----------------------------------------------------------------------===//

task<> default_argument(std::stop_token stop) {
  co_await fetch(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'fetch' is not given 'stop', so that it is waited for even when that is cancelled; pass it [coro-cancellation-not-forwarded]
  // CHECK-MESSAGES: :[[@LINE-3]]:25: note: the token is here
  // CHECK-MESSAGES: :8:8: note: this is declared to take one
}

task<> overload(const std::stop_token &stop) {
  co_await store(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'store' is not given 'stop', so that it is waited for even when that is cancelled; pass it [coro-cancellation-not-forwarded]
  // CHECK-MESSAGES: :[[@LINE-3]]:17: note: the token is here
  // CHECK-MESSAGES: :10:8: note: this is declared to take one
}

seastar::future<> sibling(seastar::abort_source &stop) {
  co_await seastar::sleep(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'sleep' is not given 'stop', so that it is waited for even when that is cancelled; use 'seastar::sleep_abortable' [coro-cancellation-not-forwarded]
  // CHECK-MESSAGES: :[[@LINE-3]]:27: note: the token is here
}

//===----------------------------------------------------------------------===//
// It was, or it could not
//===----------------------------------------------------------------------===//

task<> given(std::stop_token stop) {
  co_await fetch(1, stop);
  co_await store(2, stop);
}

cppcoro::task<> given_too(cppcoro::io_service &io,
                          cppcoro::cancellation_token stop) {
  co_await io.schedule_after(1s, stop);
}

task<> takes_none(std::stop_token stop) { co_await plain(1); }

task<> none_at_hand() {
  co_await fetch(1);
  co_await store(1);
}

// Another kind of token.
task<> of_another_library(cppcoro::cancellation_token stop) {
  co_await fetch(1);
}

// Only what comes after it.
task<> later() {
  co_await store(1);
  std::stop_source source;
  std::stop_token stop = source.get_token();
  co_await store(1, stop);
}
