// RUN: %check_coro_tidy %s coro-missing-await %t
#include "task.h"
#include <algorithm>
#include <functional>
#include <iterator>
#include <thread>
#include <vector>

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

// Called by what the standard library does with it.
task<> save(int);
void algorithms(std::vector<int> &values) {
  std::for_each(values.begin(), values.end(),
                [](int v) -> task<> { co_await save(v); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'for_each' takes a callback whose result it drops, and this coroutine returns a lazy task
  std::thread([]() -> task<> { co_await work(); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'thread::thread' takes a callback
}

// Called by a template at hand: who gives it the callable is to blame.
template <class F> void each(std::vector<int> &values, F f) {
  for (int v : values)
    f(v);
}
template <class F> void each_forwarded(std::vector<int> &values, F &&f) {
  each(values, std::forward<F>(f));
}
struct executor {
  std::vector<std::function<void()>> queue;
  template <class F> void post(F &&f) {
    std::function<void()> job = std::forward<F>(f);
    queue.push_back(std::move(job));
  }
};
void templates(std::vector<int> &values, executor &ex) {
  each(values, [](int v) -> task<> { co_await save(v); });
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'each' takes a callback whose result it drops, and this coroutine returns a lazy task
  each(values, save);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'each' takes a callback
  each_forwarded(values, [](int v) { return save(v); });
  // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'each_forwarded' takes a callback
  ex.post([]() -> task<> { co_await work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'executor::post' takes a callback
  each(values, [](int) {});
  each(values, [](int) { return 1; });
  ex.post([] {});
}

void start(task<>);
void silent(button &b) {
  b.on_click = [] { start(work()); };
  b.on_release([]() -> task<> { co_await work(); });
  b.on_press([](int) -> eager<> { co_await work(); });
  b.on_click = []() -> detached { co_await work(); };
  std::function<task<>()> makes(work);
}

// Its result comes back and is awaited.
template <class F> task<> run_all(std::vector<int> &values, F f) {
  for (int v : values)
    co_await f(v);
}
template <class F> auto call(F f) { return f(); }
task<> awaited(std::vector<int> &values) {
  co_await run_all(values, [](int v) -> task<> { co_await save(v); });
  co_await call([]() -> task<> { co_await work(); });
  std::vector<task<>> all;
  std::transform(values.begin(), values.end(), std::back_inserter(all),
                 [](int v) { return save(v); });
  for (auto &t : all)
    co_await std::move(t);
}
