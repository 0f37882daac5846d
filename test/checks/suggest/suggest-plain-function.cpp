// RUN: %check_coro_tidy %s coro-suggest-plain-function %t
#include "task.h"
#include <string>
#include <string_view>

task<> io();
void sink(task<bool>);

class server {
public:
  // No caller is in sight, but it computes a value.
  task<bool> authorised(std::string_view token) const;
  task<> handle(std::string token) {
    if (co_await check(token))
      co_await io();
  }

private:
  task<bool> check(std::string_view token) const {
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'server::check' never suspends: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'bool' would do [coro-suggest-plain-function]
  // CHECK-MESSAGES: :[[@LINE-7]]:9: note: this would be a call without 'co_await'
  // CHECK-MESSAGES: :[[@LINE-3]]:14: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
    co_return !token.empty() && token == token_;
  }
  std::string token_;
};

task<bool> server::authorised(std::string_view token) const {
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'server::authorised' never suspends: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'bool' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE-2]]:20: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
  co_return !token_.empty() && token == token_;
}

// Everything is in sight.
static task<int> twice(int n) {
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'twice' never suspends: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'int' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE+30]]:11: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE+30]]:17: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE+38]]:11: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE-5]]:18: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
// CHECK-FIXES: static int twice(int n) {
  if (n < 0)
    co_return 0;
// CHECK-FIXES:     return 0;
  co_return n * 2;
// CHECK-FIXES:   return n * 2;
}

static task<> log(std::string &out, int n);
// CHECK-FIXES: static void log(std::string &out, int n);
static task<> log(std::string &out, int n) {
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'log' never suspends: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'void' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE+22]]:3: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE-3]]:15: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
// CHECK-FIXES: static void log(std::string &out, int n) {
  out += std::to_string(n);
  co_return;
}

// Only awaits such.
task<int> chain(int n) {
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'chain' awaits only coroutines that never suspend: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'int' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE+4]]:11: note: this never suspends, and would be a plain call
// CHECK-MESSAGES: :[[@LINE+4]]:17: note: this never suspends, and would be a plain call
// CHECK-MESSAGES: :[[@LINE+13]]:17: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE-5]]:11: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
  int a = co_await twice(n);
  co_return a + co_await twice(a);
// CHECK-FIXES:   co_return a + twice(a);
}

task<int> user(int n) {
  std::string text;
  co_await io();
  co_await log(text, n);
// CHECK-FIXES:   log(text, n);
  int a = co_await twice(n);
  co_return a + co_await chain(n);
}

// Recursion alone suspends nobody.
static task<int> fibonacci(int n) {
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'fibonacci' awaits only coroutines that never suspend: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'int' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE+8]]:13: note: this never suspends, and would be a plain call
// CHECK-MESSAGES: :[[@LINE+7]]:41: note: this never suspends, and would be a plain call
// CHECK-MESSAGES: :[[@LINE+6]]:13: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE+5]]:41: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE+8]]:13: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE-7]]:18: note: what changes: its body runs when it is called, not when it is awaited; its exceptions leave the call itself; and its parameters end with the call instead of with a frame
  if (n < 2)
    co_return n;
  co_return co_await fibonacci(n - 1) + co_await fibonacci(n - 2);
}
task<int> fibonacci_user() {
  co_await io();
  co_return co_await fibonacci(10);
}

static eager<int> starts_at_once(int n) { co_return n + 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'starts_at_once' never suspends: each call pays for a coroutine frame, and whoever wants its result must be a coroutine, too; a plain function that returns 'int' would do [coro-suggest-plain-function]
// CHECK-MESSAGES: :[[@LINE+5]]:13: note: this would be a call without 'co_await'
// CHECK-MESSAGES: :[[@LINE-3]]:19: note: what changes: its exceptions leave the call itself, and its parameters end with the call instead of with a frame
// CHECK-FIXES: static int starts_at_once(int n) { return n + 1; }
task<int> eager_user(int n) {
  co_await io();
  co_return co_await starts_at_once(n);
// CHECK-FIXES:   co_return starts_at_once(n);
}
