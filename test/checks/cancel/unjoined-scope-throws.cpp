// RUN: %check_coro_tidy %s coro-unjoined-scope %t -- --config='{CheckOptions: {coro-unjoined-scope.MinConfidence: medium}}'
#include "stopping.h"

folly::coro::Task<void> work(int);

folly::coro::Task<void> throws_in_between(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'scope' is destroyed before the work that was started in it has ended, when an await throws: the program ends with a failed check; join it in a handler that catches everything [coro-unjoined-scope]
  // CHECK-MESSAGES: :[[@LINE+2]]:3: note: work is started here
  // CHECK-MESSAGES: :[[@LINE+2]]:3: note: what is thrown here skips the join
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  co_await work(2);
  co_await scope.joinAsync();
}

folly::coro::Task<void> nothing_throws(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  try {
    co_await work(2);
  } catch (...) {
  }
  co_await scope.joinAsync();
}
