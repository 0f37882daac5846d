// RUN: %check_coro_tidy %s coro-blocking-call %t
// A program may have a namespace of the name that a library has. What it declares there is not that library's, and
// advice for the library is of no use to it.
#include "library_tasks.h"
#include "task.h"
#include <thread>

using namespace std::chrono_literals;

namespace coro {
TASK(task);
template <typename T> void sync_wait(T &&);
} // namespace coro
coro::task<> other();
coro::task<> with_a_namespace_of_ones_own() {
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' puts the thread to sleep, and no other coroutine of this thread runs meanwhile; await a timer instead [coro-blocking-call]
  coro::sync_wait(other());
  co_await other();
}
