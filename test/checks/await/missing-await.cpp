// RUN: %check_coro_tidy %s coro-missing-await %t
#include "task.h"

task<> work();

task<> dropped() {
  work();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lazy task is not awaited [coro-missing-await]
  co_return;
}

task<> awaited() { co_await work(); }
