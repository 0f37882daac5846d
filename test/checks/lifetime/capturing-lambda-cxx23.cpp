// A lambda without a parameter list has no place for the fix-it in LLVM 19.
// REQUIRES: llvm-22
// RUN: %check_coro_tidy --std=c++23 %s coro-capturing-lambda %t
#include "spawners.h"
#include <memory>

task<> tick();
void use(int);

task<> by_value_object(int n) {
  auto t = [n]() -> task<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:30: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:51: note: and uses it here, after that
  // CHECK-FIXES: auto t = [n](this auto) -> task<> { co_await tick(); use(n); }();
  co_await std::move(t);
  auto u = [n](int k) -> task<> { co_await tick(); use(n + k); }(1);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:35: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:56: note: and uses it here, after that
  // CHECK-FIXES: auto u = [n](this auto, int k) -> task<> { co_await tick(); use(n + k); }(1);
  co_await std::move(u);
  auto v = [n] -> task<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:28: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:49: note: and uses it here, after that
  // CHECK-FIXES: auto v = [n](this auto) -> task<> { co_await tick(); use(n); }();
  co_await std::move(v);
  auto w = [p = std::make_unique<int>(n)]() -> task<> { co_await tick(); use(*p); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:57: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:79: note: and uses it here, after that
  // CHECK-FIXES: auto w = [p = std::make_unique<int>(n)](this auto) -> task<> { co_await tick(); use(*p); }();
  co_await std::move(w);
}

task<> by_reference_object(int n) {
  auto f = [n](this auto &self) -> task<> { co_await tick(); use(n); };
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the return, but its task is handed out and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+5]]:10: note: it is called here
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-4]]:45: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:66: note: and uses it here, after that
  // CHECK-FIXES: auto f = [n](this auto self) -> task<> { co_await tick(); use(n); };
  return f();
}

struct server {
  int sessions;
  task<> pending;
  void kick(int id) {
    pending = [this, id]() -> task<> { co_await tick(); use(sessions + id); }();
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task is put away and reads a capture later; write 'this auto', which copies the captures into the frame, or pass them as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-3]]:40: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:61: note: and uses it here, after that
    // CHECK-FIXES: pending = [this, id](this auto) -> task<> { co_await tick(); use(sessions + id); }();
  }
};

// No fix: it would not help, or not compile.
task<> no_fix(int n) {
  auto t = [&n]() -> task<> { co_await tick(); use(n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:31: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:52: note: and uses it here, after that
  co_await std::move(t);
  auto u = [n]() mutable -> task<> { co_await tick(); use(++n); }();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-3]]:38: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-4]]:61: note: and uses it here, after that
  co_await std::move(u);
}
task<> not_copyable(int n) {
  auto f = [p = std::make_unique<int>(n)]() -> task<> { co_await tick(); use(*p); };
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the return, but its task is handed out and reads a capture later; pass what it needs as parameters [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE+4]]:10: note: it is called here
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-4]]:57: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE-5]]:79: note: and uses it here, after that
  return f();
}
