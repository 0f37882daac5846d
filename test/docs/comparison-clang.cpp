// What clang's own warnings say about coroutines whose task type has clang's attributes: the column of docs/comparison.md.
// REQUIRES: llvm-22
// RUN: not %clangxx -std=c++20 -fsyntax-only -Wall -Wextra %s 2>&1 | FileCheck %s --implicit-check-not=warning: --implicit-check-not=error:

#include <coroutine>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

template <class T = void> struct [[clang::coro_return_type, clang::coro_lifetimebound, nodiscard]] task {
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
  task(task &&);
  ~task();
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
task<> io();
void use(std::string_view);

// At call sites.
task<> by_reference(const std::string &s) {
  co_await io();
  use(s);
}
task<> by_view(std::string_view s) {
  co_await io();
  use(s);
}
task<> by_pointer(const std::string *s) {
  co_await io();
  use(*s);
}
task<> calls(int n) {
  auto t = by_reference(std::string("x"));
  // CHECK: :[[@LINE-1]]:{{.*}}[-Wdangling]
  auto u = by_view(std::string("x"));
  // CHECK: :[[@LINE-1]]:{{.*}}[-Wdangling-gsl]
  auto l = [n]() -> task<> {
  // CHECK: :[[@LINE-1]]:{{.*}}[-Wdangling]
    co_await io();
    use(std::to_string(n));
  }();
  co_await by_reference(std::string("x"));
}
[[clang::coro_wrapper]] task<> forwards(std::string s) { return by_pointer(&s); }
// CHECK: :[[@LINE-1]]:{{.*}}[-Wreturn-stack-address]

// A dropped task, unless it is stored or cast.
task<> drops() {
  io();
  // CHECK: :[[@LINE-1]]:{{.*}}[-Wunused-value]
  auto stored = io();
  (void)io();
  auto twice = io();
  co_await std::move(twice);
  co_await std::move(twice);
}

// Nothing.
struct server {
  std::map<int, int> sessions;
  std::mutex mutex;
  int *shared = nullptr;
  task<> count(int id) {
    int &mine = sessions.at(id);
    co_await io();
    ++mine;
  }
  task<> locked() {
    std::lock_guard lock(mutex);
    co_await io();
  }
  task<> blocks() {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    co_await io();
  }
};

// Errors of the language.
struct both {
  struct promise_type {
    both get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void unhandled_exception();
    void return_void();
    void return_value(int);
  };
};
both mistaken() { co_return; }
// CHECK: error: the coroutine promise type 'promise_type' declares both 'return_value' and 'return_void'
