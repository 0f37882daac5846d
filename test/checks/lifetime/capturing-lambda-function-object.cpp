// RUN: %check_coro_tidy %s coro-capturing-lambda %t
// What runs a task may be a function object, and its result an awaitable, too.
#include "task.h"
#include <utility>

namespace folly::coro {
struct blocking_wait_fn {
  template <class Task> auto operator()(Task task) const { return task.await_resume(); }
};
inline constexpr blocking_wait_fn blockingWait{};
struct blocking_weight_fn {
  template <class Task> auto operator()(Task task) const { return task.await_resume(); }
};
inline constexpr blocking_weight_fn blockingWeight{};
} // namespace folly::coro

task<> other();

task<int> runs(int &n) {
  return folly::coro::blockingWait([&]() -> task<task<int>> {
    co_await other();
    ++n;
    co_return task<int>();
  }());
}

task<int> may_hand_on(int &n) {
  return folly::coro::blockingWeight([&]() -> task<task<int>> {
    // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: the closure of this coroutine lambda dies at the end of the statement that calls it
    // CHECK-MESSAGES: note: it is returned here
    // CHECK-MESSAGES: note: this lambda suspends here
    // CHECK-MESSAGES: note: and uses it here, after that
    co_await other();
    ++n;
    co_return task<int>();
  }());
}
