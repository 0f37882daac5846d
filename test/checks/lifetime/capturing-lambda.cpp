// RUN: %check_coro_tidy --std=c++20 %s coro-capturing-lambda %t
#include "continuations.h"
#include "spawners.h"
#include <map>
#include <string>

task<> tick();
void use(int);
asio::executor ex;
int global;

// --- called on the spot

task<> kept(int n) {
  auto t = [n]() -> task<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:30: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:51: note: and uses it here, after that
  co_await std::move(t);
  auto u = [&n]() -> task<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:31: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:52: note: and uses it here, after that
  co_await std::move(u);
  auto v = [m = n + 1]() -> task<> { use(m); co_return; }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+2]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:42: note: this lambda uses it here, once it is started
  co_await std::move(v);
  auto w = [n](auto k) -> task<> { co_await tick(); use(n + k); }(1);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:36: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:57: note: and uses it here, after that
  co_await std::move(w);
}

struct server {
  std::map<int, int> sessions;
  task<> pending;
  void kick(int id) {
    pending = [this, id]() -> task<> { co_await tick(); sessions.erase(id); }();
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task is put away and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-3]]:40: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:57: note: and uses it here, after that
  }
};

void collected(list<task<>> &tasks, int n) {
  tasks.push_back([n]() -> task<> { co_await tick(); use(n); }());
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task is put away and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-3]]:37: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:58: note: and uses it here, after that
}

task<> eager_one(int n) {
  auto t = [n]() -> eager<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:31: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:52: note: and uses it here, after that
  co_await std::move(t);
  [n]() -> detached { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but nothing waits for its task, which reads a capture after a suspension; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:23: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:44: note: and uses it here, after that
}

// --- a named closure that its task outlives

task<> returned(int n) {
  auto f = [n]() -> task<> { co_await tick(); use(n); };
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the return, but its task is handed out and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:10: note: it is called here
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-4]]:30: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:51: note: and uses it here, after that
  return f();
}

task<> in_a_loop(int n) {
  list<task<>> tasks;
  for (int i = 0; i < n; ++i) {
    auto f = [i]() -> task<> { co_await tick(); use(i); };
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the closure of this coroutine lambda dies with its scope, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:21: note: it is called here
// CHECK-MESSAGES: :[[@LINE+5]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-4]]:32: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:53: note: and uses it here, after that
    tasks.push_back(f());
  }
  co_await when_all(std::move(tasks));
}

void spawned(int n) {
  auto f = [n](int k) -> task<> { co_await tick(); use(n + k); };
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies with its scope, but nothing waits for its task, which reads a capture after a suspension; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:22: note: it is called here
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-4]]:35: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:56: note: and uses it here, after that
  asio::co_spawn(ex, f(1), asio::detached);
}

// --- through a function at hand

template <class F> task<> invoke(F &&f) { return f(); }
task<> through_a_wrapper(int n) {
  auto t = invoke([n]() -> task<> { co_await tick(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:37: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:58: note: and uses it here, after that
  co_await std::move(t);
}

template <class F> void go(F f) { asio::co_spawn(ex, f(), asio::detached); }
void spawned_by_a_helper(int n) {
  go([n]() -> task<> { co_await tick(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: the closure of this coroutine lambda dies with its scope, but nothing waits for its task, which reads a capture after a suspension; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-4]]:54: note: it is called here
// CHECK-MESSAGES: :[[@LINE-5]]:35: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-4]]:24: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:45: note: and uses it here, after that
}

// --- callers that drop the closure early

seastar::future<> ready();
seastar::gate g;
seastar::future<> continuation(int n) {
  return ready().then([n]() -> seastar::future<> { co_await ready(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'future::then' destroys the closure of this coroutine lambda when its call has returned, but the coroutine reads a capture after a suspension; pass what it needs as parameters, or wrap the lambda in something that keeps it [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:52: note: the lambda suspends here
// CHECK-MESSAGES: :[[@LINE-3]]:74: note: and reads the capture here, after that
}

seastar::future<> gates_do_not_keep(int n) {
  return seastar::with_gate(g, [n]() -> seastar::future<> { co_await ready(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task is handed out and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-3]]:61: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:83: note: and uses it here, after that
}

// Copies become parameters where the lambda is called on the spot.
// CHECK-FIXES: {{^}}  auto t = [](int n) -> task<> { co_await tick(); use(n); }(n);
// CHECK-FIXES: {{^}}  auto u = [&n]() -> task<> { co_await tick(); use(n); }();
// CHECK-FIXES: {{^}}  auto v = [](int m) -> task<> { use(m); co_return; }(n + 1);
// CHECK-FIXES: {{^}}  auto w = [](int n, auto k) -> task<> { co_await tick(); use(n + k); }(n, 1);
// CHECK-FIXES: {{^}}    pending = [this, id]() -> task<> { co_await tick(); sessions.erase(id); }();
// CHECK-FIXES: {{^}}  tasks.push_back([](int n) -> task<> { co_await tick(); use(n); }(n));
// CHECK-FIXES: {{^}}  auto t = [](int n) -> eager<> { co_await tick(); use(n); }(n);
// CHECK-FIXES: {{^}}  [](int n) -> detached { co_await tick(); use(n); }(n);
// CHECK-FIXES: {{^}}  auto f = [n]() -> task<> { co_await tick(); use(n); };

// A future that is dropped does not end its coroutine.
void left_to_itself(seastar::gate &g, int n) {
  (void)seastar::with_gate(g, [n]() -> seastar::future<> { co_await ready(); use(n); });
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but nothing waits for its task, which reads a capture after a suspension; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}
