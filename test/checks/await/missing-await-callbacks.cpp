// RUN: %check_coro_tidy %s coro-missing-await %t
#include "task.h"
#include <functional>
#include <thread>

task<> work();

struct button {
  std::function<void()> on_click;
  void on_press(std::function<void(int)>);
  void on_release(std::function<task<>()>);
};

void callbacks(button &b) {
  b.on_click = []() -> task<> { co_await work(); };
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'function::operator=' takes a callback whose result it drops, and this coroutine returns a lazy task: its body never runs; give it a plain function that starts the task [coro-missing-await]
  b.on_press([](int) -> task<> { co_await work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'function::function' takes a callback
  std::function<void()> named(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'function::function' takes a callback
}

void start(task<>);
void silent(button &b) {
  b.on_click = [] { start(work()); };
  b.on_release([]() -> task<> { co_await work(); });
  b.on_press([](int) -> eager<> { co_await work(); });
  b.on_click = []() -> detached { co_await work(); };
  std::function<task<>()> makes(work);
}
