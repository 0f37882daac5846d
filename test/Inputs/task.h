// Task types that no library has, for tests. Each is classified by its promise
// type alone.
#ifndef TEST_TASK_H
#define TEST_TASK_H

#include <coroutine>
#include <utility>

namespace detail {
template <class Task, class Start> struct promise_base {
  Task get_return_object() { return {}; }
  Start initial_suspend() { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void unhandled_exception() {}
};
template <class Task, class T, class Start>
struct promise : promise_base<Task, Start> {
  void return_value(T) {}
};
template <class Task, class Start>
struct promise<Task, void, Start> : promise_base<Task, Start> {
  void return_void() {}
};
} // namespace detail

/// Lazy: its body runs when it is awaited.
template <class T = void> struct task {
  using promise_type = detail::promise<task, T, std::suspend_always>;
  task();
  task(task &&) noexcept;
  task &operator=(task &&) noexcept;
  ~task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

/// Eager: runs up to its first suspension when it is called.
template <class T = void> struct eager {
  using promise_type = detail::promise<eager, T, std::suspend_never>;
  eager();
  eager(eager &&) noexcept;
  ~eager();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

/// Eager, and nothing can await it.
struct detached {
  struct promise_type {
    detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

/// Lazy, cannot be moved: must be awaited where it is made.
template <class T = void> struct now_task {
  using promise_type = detail::promise<now_task, T, std::suspend_always>;
  now_task();
  now_task(now_task &&) = delete;
  ~now_task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};

/// Suspends, is no task.
struct event {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

#endif // TEST_TASK_H
