// RUN: %check_coro_tidy %s coro-missing-await %t -- --config="{CheckOptions: {MinConfidence: low}}"
// A result that coroutines return, too, and that can be awaited, is no work that is lost.
#include "task.h"

namespace folly {
template <class T, class E> struct Expected {
  using promise_type = detail::promise<Expected, T, std::suspend_never>;
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
} // namespace folly
folly::Expected<int, int> parses(int);
void ignores_the_result() {
  parses(1);
  [[maybe_unused]] auto kept = parses(2);
}

// The same, of which no model says that.
template <class T, class E> struct likewise {
  using promise_type = detail::promise<likewise, T, std::suspend_never>;
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
likewise<int, int> runs(int);
void forgets() {
  runs(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'runs' returns
  // CHECK-MESSAGES: :[[@LINE-2]]:3: note: this function is no coroutine
}
