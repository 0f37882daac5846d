// RUN: %check_coro_tidy %s coro-dangling-argument %t
// What is started has ended, and let go of its arguments, when the
// full-expression that waits for it ends.
#include "stopping.h"
#include <string>

namespace folly::coro {
template <class T> T blockingWait(SemiFuture<T>);
}
using folly::coro::co_withExecutor;
folly::Executor *executor;
folly::coro::Task<int> receive();
void use(const std::string &);

folly::coro::Task<int> send(const std::string &text) {
  int n = co_await receive();
  use(text);
  co_return n;
}

void waits() {
  folly::coro::blockingWait(
      co_withExecutor(executor, send(std::string("text"))).start());
}

void leaves() {
  co_withExecutor(executor, send(std::string("text"))).start();
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: the task of 'send', which nothing here waits for, outlives the temporary bound to its parameter 'text'
  // CHECK-MESSAGES: note: it is started here
  // CHECK-MESSAGES: note: 'send' suspends here
  // CHECK-MESSAGES: note: and uses it here
  // CHECK-MESSAGES: note: let 'send' own it
}
