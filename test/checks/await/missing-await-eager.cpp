// RUN: %check_coro_tidy %s coro-missing-await %t -- --config="{CheckOptions: {coro-missing-await.ReportEager: true}}"
#include "task.h"

eager<> begin() { co_return; }
detached forget();

task<> eager_tasks() {
  begin();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'begin' returns a task that nothing awaits: it runs by itself, and nobody sees when it ends, its result or its error; write 'co_await begin()' [coro-missing-await]
  // CHECK-FIXES: co_await begin();
  auto t = begin();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 't' holds a task that nothing awaits
  forget();
  auto later = begin();
  co_await std::move(later);
}
