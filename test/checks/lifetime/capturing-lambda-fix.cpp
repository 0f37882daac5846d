// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-capturing-lambda %t
#include "spawners.h"

task<> tick();
void use(int);
asio::executor ex;

// The spawner keeps a lambda that it is given uncalled.
struct server {
  int sessions;
  void kick(int id) {
    asio::co_spawn(
        ex,
        [this, id]() -> task<> {
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the closure of this coroutine lambda dies at the end of the statement that calls it, but nothing waits for its task, which reads a capture after a suspension; give 'co_spawn' the lambda itself, which it keeps, instead of calling it [coro-capturing-lambda]
// CHECK-MESSAGES: :[[@LINE-4]]:5: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE+2]]:11: note: this lambda suspends here
// CHECK-MESSAGES: :[[@LINE+2]]:15: note: and uses it here, after that
          co_await tick();
          use(sessions + id);
        }(),
        asio::detached);
  }
};
// CHECK-FIXES: {{^}}        },
// CHECK-FIXES-NEXT: {{^}}        asio::detached);
