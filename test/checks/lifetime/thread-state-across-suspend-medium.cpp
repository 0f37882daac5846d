// RUN: %check_coro_tidy %s coro-thread-state-across-suspend %t -- --config='{CheckOptions: {coro-thread-state-across-suspend.MinConfidence: medium}}'
// Nothing shows where the coroutine goes on: of medium confidence.
#include "task.h"
#include <cerrno>
#include <thread>
#include <unistd.h>

struct JNIEnv_ { int n; };

task<> later();
task<int> number();
void use(int);
void use(std::thread::id);
thread_local int own;

task<> reference() {
  auto &n = own;
  co_await later();
  use(n);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'n' refers to state of the thread that ran before; after the co_await on line [[@LINE-2]] this coroutine may go on on another thread
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}
task<> id() {
  auto me = std::this_thread::get_id();
  co_await later();
  use(me);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'me' tells about the thread that ran before; after the co_await on line [[@LINE-2]] this coroutine may go on on another thread; ask again
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}
task<> only_valid_there(JNIEnv_ *env) {
  co_await later();
  use(env->n);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'env' is only valid on the thread that it was obtained on (each thread has a JNIEnv of its own); after the co_await on line [[@LINE-2]] this coroutine may go on on another thread; obtain it again
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}
// The awaited operation may leave its own error: low.
task<> error_of_the_operation(int fd, char *buffer) {
  long n = ::read(fd, buffer, 1);
  if (n == 0)
    co_return;
  int m = co_await number();
  if (m < 0)
    use(errno);
}
