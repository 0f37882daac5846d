// RUN: %check_coro_tidy %s coro-dangling-argument %t
// Tasks that go on when they are dropped, by their library's promise.
#include "task.h"
#include <string>

namespace QCoro {
template <class T = void> struct Task {
  using promise_type = detail::promise<Task, T, std::suspend_never>;
  Task();
  Task(Task &&) noexcept;
  ~Task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
} // namespace QCoro

QCoro::Task<> tick();
void use(const std::string &);
QCoro::Task<> load(const std::string &url) { co_await tick(); use(url); }
QCoro::Task<> parse(const std::string &url) { use(url); co_await tick(); }
QCoro::Task<> own(std::string url) { co_await tick(); use(url); }

void dropped(int n) {
  load("page " + std::to_string(n));
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the task of 'load', which nothing here waits for, outlives the temporary bound to its parameter 'url', which dies at the end of this statement and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: note: 'load' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'load' own it: take 'url' by value
  parse("page");
  own("page");
}

// Keeping the object keeps nothing else.
void kept() {
  auto later = load("page");
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the task of 'load' outlives the temporary bound to its parameter 'url', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: note: 'load' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  [[maybe_unused]] auto parsed = parse("page");
  [[maybe_unused]] auto owned = own("page");
}

// A task that ends with its object, as far as is known.
eager<> fetch(const std::string &url) { co_await tick(); use(url); }
void ends_with_its_object() {
  [[maybe_unused]] auto later = fetch("page");
}
