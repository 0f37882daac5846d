// RUN: %check_coro_tidy %s coro-unjoined-scope %t
#include "stopping.h"

folly::coro::Task<void> work(int);
folly::coro::Task<bool> ready();
void hand_over(folly::coro::AsyncScope &);
seastar::future<> handle(int);

//===----------------------------------------------------------------------===//
// Not joined
//===----------------------------------------------------------------------===//

folly::coro::Task<void> never(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'scope' is destroyed before the work that was started in it has ended: the program ends with a failed check; await its join at the end [coro-unjoined-scope]
  // CHECK-MESSAGES: :[[@LINE+3]]:5: note: work is started here
  // CHECK-MESSAGES: :[[@LINE+4]]:1: note: 'scope' is destroyed here
  for (int i = 0; i < 3; ++i)
    scope.add(folly::coro::co_withExecutor(executor, work(i)));
  co_await work(4);
}

folly::coro::Task<void> early_return(folly::Executor *executor) {
  folly::coro::CancellableAsyncScope scope;
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'scope' is destroyed before the work that was started in it has ended on one of the ways out: the program ends with a failed check; join it on all ways out [coro-unjoined-scope]
  // CHECK-MESSAGES: :[[@LINE+2]]:3: note: work is started here
  // CHECK-MESSAGES: :[[@LINE+3]]:5: note: 'scope' is destroyed here
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  if (!co_await ready())
    co_return;
  co_await scope.cancelAndJoinAsync();
}

folly::coro::Task<void> leaves_the_block(folly::Executor *executor) {
  while (co_await ready()) {
    folly::coro::AsyncScope scope;
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'scope' is destroyed before the work that was started in it has ended on one of the ways out: the program ends with a failed check; join it on all ways out [coro-unjoined-scope]
    // CHECK-MESSAGES: :[[@LINE+2]]:5: note: work is started here
    // CHECK-MESSAGES: :[[@LINE+3]]:7: note: 'scope' is destroyed here
    scope.add(folly::coro::co_withExecutor(executor, work(1)));
    if (!co_await ready())
      break;
    co_await scope.joinAsync();
  }
}

cppcoro::task<> spawns(cppcoro::io_service &io) {
  using namespace std::chrono_literals;
  cppcoro::async_scope scope;
  // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: 'scope' is destroyed before the work that was started in it has ended: the tasks go on with a scope that is gone; await its join at the end [coro-unjoined-scope]
  // CHECK-MESSAGES: :[[@LINE+2]]:3: note: work is started here
  // CHECK-MESSAGES: :[[@LINE+3]]:1: note: 'scope' is destroyed here
  scope.spawn(io.schedule_after(1s));
  co_await io.schedule_after(2s);
}

seastar::future<> gate_left_open() {
  seastar::gate gate;
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'gate' is destroyed before the work that was started in it has ended: the program ends with a failed assertion; await its join at the end [coro-unjoined-scope]
  // CHECK-MESSAGES: :[[@LINE+2]]:9: note: work is started here
  // CHECK-MESSAGES: :[[@LINE+3]]:1: note: 'gate' is destroyed here
  (void)seastar::with_gate(gate, [] { return handle(1); });
  co_await handle(2);
}

//===----------------------------------------------------------------------===//
// Joined, or somebody else's
//===----------------------------------------------------------------------===//

folly::coro::Task<void> joined(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  for (int i = 0; i < 3; ++i)
    scope.add(folly::coro::co_withExecutor(executor, work(i)));
  co_await scope.joinAsync();
}

folly::coro::Task<void> joined_everywhere(folly::Executor *executor) {
  folly::coro::CancellableAsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  if (co_await ready()) {
    co_await scope.cancelAndJoinAsync();
    co_return;
  }
  co_await scope.joinAsync();
}

folly::coro::Task<void> nothing_started(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  if (!co_await ready())
    co_return;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  co_await scope.joinAsync();
}

folly::coro::Task<void> handed_over(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  hand_over(scope);
}

folly::coro::Task<void> joined_by_a_lambda(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  auto finish = [&]() -> folly::coro::Task<void> {
    co_await scope.joinAsync();
  };
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  co_await finish();
}

// Almost anything may throw: medium confidence.
folly::coro::Task<void> throws_in_between(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  co_await work(2);
  co_await scope.joinAsync();
}

// A member is joined by others.
struct Server {
  folly::coro::AsyncScope scope_;
  void start(folly::Executor *executor) {
    scope_.add(folly::coro::co_withExecutor(executor, work(1)));
  }
};

folly::coro::Task<void> given(folly::coro::AsyncScope &scope,
                              folly::Executor *executor) {
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  co_return;
}

seastar::future<> closed() {
  seastar::gate gate;
  (void)seastar::with_gate(gate, [] { return handle(1); });
  co_await gate.close();
}

seastar::future<> awaits_the_work() {
  seastar::gate gate;
  co_await seastar::with_gate(gate, [] { return handle(1); });
}

seastar::future<> keeps_the_work() {
  seastar::gate gate;
  auto work = seastar::with_gate(gate, [] { return handle(1); });
  co_await std::move(work);
}

// The way out of an assertion, and an expectation about the join.
#define ASSERT_OR_RETURN(condition)                                            \
  if (!(condition))                                                            \
  co_return
bool always_true();
#define EXPECT_THAT(statement)                                                 \
  if (always_true()) {                                                         \
    statement;                                                                 \
  }
folly::coro::Task<void> asserts(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  ASSERT_OR_RETURN(co_await ready());
  co_await scope.joinAsync();
}
folly::coro::Task<void> expects(folly::Executor *executor) {
  folly::coro::AsyncScope scope;
  scope.add(folly::coro::co_withExecutor(executor, work(1)));
  EXPECT_THAT(co_await scope.joinAsync());
}
