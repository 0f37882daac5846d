// A lambda without a parameter list has no place for the fix-it in LLVM 19.
// REQUIRES: llvm-22
// RUN: %check_coro_tidy --std=c++23 --clean-when-fixed %s coro-capturing-lambda %t
// `this auto` copies the closure into the frame: the file that comes out
// compiles, and nothing is said about it.
#include "spawners.h"
#include <memory>

task<> tick();
void use(int);

task<> kept(int n) {
  auto t = [n]() -> task<> { co_await tick(); use(n); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but its task lives on and reads a capture later; write 'this auto', which copies the captures into the frame
  // CHECK-MESSAGES: note: the task is awaited here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto t = [n](this auto) -> task<> { co_await tick(); use(n); }();
  co_await std::move(t);
  auto u = [p = std::make_unique<int>(n)] -> task<> { co_await tick(); use(*p); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: the task is awaited here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto u = [p = std::make_unique<int>(n)](this auto) -> task<> { co_await tick(); use(*p); }();
  co_await std::move(u);
}
task<> returned(int n) {
  auto f = [n](this auto &self) -> task<> { co_await tick(); use(n); };
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the closure of this coroutine lambda dies
  // CHECK-MESSAGES: note: it is called here
  // CHECK-MESSAGES: note: it is returned here
  // CHECK-MESSAGES: note: this lambda suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  // CHECK-FIXES: {{^}}  auto f = [n](this auto self) -> task<> { co_await tick(); use(n); };
  return f();
}
