// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// What combinators of other libraries do to the losers and their results.
#include "library_tasks.h"
#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

using namespace std::chrono_literals;
void log(const std::string &);

//===----------------------------------------------------------------------===//
// folly: cancelled and waited for; the results are dropped
//===----------------------------------------------------------------------===//

namespace folly {
template <typename T> struct Try {
  template <typename E> bool hasException() const;
  bool hasValue() const;
  T &value();
};
template <> struct Try<void> {
  bool hasValue() const;
};
namespace coro {
TASK(Task);
template <typename T> struct UnboundedQueue {
  Task<T> dequeue();
};
template <typename D> Task<void> sleep(D);
template <typename A, typename B>
Task<std::pair<std::size_t, Try<std::string>>> collectAny(A &&, B &&);
template <typename A, typename B>
Task<std::tuple<Try<std::string>, Try<void>>> collectAnyNoDiscard(A &&, B &&);
template <typename T, typename D> Task<T> timeout(Task<T>, D);
template <typename T, typename D> Task<T> timeoutNoDiscard(Task<T>, D);
template <typename T> Task<Try<T>> co_awaitTry(Task<T>);
} // namespace coro
struct FutureTimeout {};
} // namespace folly

folly::coro::Task<void>
collects(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    auto [index, result] = co_await folly::coro::collectAny(
        // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'UnboundedQueue::dequeue' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'queue' is lost, and 'queue' is used again; 'collectAnyNoDiscard' has the results of all branches: look at each [coro-cancel-unsafe-select]
        // CHECK-MESSAGES: :[[@LINE+1]]:9: note: 'queue' is used again here, in the next round
        queue.dequeue(), folly::coro::sleep(1s));
    if (index == 0)
      log(result.value());
  }
}
folly::coro::Task<void>
collects_all(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    auto [message, slept] = co_await folly::coro::collectAnyNoDiscard(
        queue.dequeue(), folly::coro::sleep(1s));
    if (message.hasValue())
      log(message.value());
  }
}

// The error as a value: the loop goes on.
folly::coro::Task<void>
tries(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    auto result = co_await folly::coro::co_awaitTry(
        folly::coro::timeout(queue.dequeue(), 1s));
    // CHECK-FIXES: folly::coro::timeoutNoDiscard(queue.dequeue(), 1s));
    // CHECK-MESSAGES: :[[@LINE-2]]:9: warning: 'UnboundedQueue::dequeue' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'queue' is lost, and 'queue' is used again; 'timeoutNoDiscard' has the result in that case, too
    // CHECK-MESSAGES: note: 'queue' is used again here, in the next round
    if (result.hasValue())
      log(result.value());
  }
}
// Somebody asks for the error of the timeout, which would be another.
folly::coro::Task<void>
asks(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    auto result = co_await folly::coro::co_awaitTry(
        folly::coro::timeout(queue.dequeue(), 1s));
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'UnboundedQueue::dequeue' may complete together
    // CHECK-MESSAGES: note: 'queue' is used again here, in the next round
    log(result.hasException<folly::FutureTimeout>() ? "nothing" : result.value());
  }
}
// A handler that goes on.
folly::coro::Task<void>
catches(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    try {
      log(co_await folly::coro::timeout(queue.dequeue(), 1s));
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'UnboundedQueue::dequeue' may complete together
      // CHECK-MESSAGES: note: 'queue' is used again here, in the next round
    } catch (const folly::FutureTimeout &) {
      log("nothing came");
    }
  }
}
// The exception leaves: nobody takes from the queue again.
folly::coro::Task<void>
throws(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;)
    log(co_await folly::coro::timeout(queue.dequeue(), 1s));
}
folly::coro::Task<void>
leaves(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    try {
      log(co_await folly::coro::timeout(queue.dequeue(), 1s));
    } catch (const folly::FutureTimeout &) {
      co_return;
    }
  }
}
folly::coro::Task<void>
keeps(folly::coro::UnboundedQueue<std::string> &queue) {
  for (;;) {
    try {
      log(co_await folly::coro::timeoutNoDiscard(queue.dequeue(), 1s));
    } catch (const folly::FutureTimeout &) {
    }
  }
}

//===----------------------------------------------------------------------===//
// libcoro: the losers go on
//===----------------------------------------------------------------------===//

namespace coro {
namespace concepts {}
TASK(task);
template <typename T> struct queue {
  task<T> pop();
  task<void> push(T);
};
struct io_scheduler {
  task<void> yield_for(std::chrono::milliseconds);
};
struct stop_source {};
template <typename... T> task<std::variant<std::string, std::monostate>>
when_any(stop_source, task<T>...);
template <typename... T> task<std::variant<std::string, std::monostate>>
when_any(task<T>...);
} // namespace coro

coro::task<void> pops(coro::queue<std::string> &queue,
                      coro::io_scheduler &scheduler, coro::stop_source stop) {
  for (;;) {
    auto result =
        co_await coro::when_any(stop, queue.pop(), scheduler.yield_for(10ms));
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: when another branch ends this select, 'queue::pop' goes on by itself: the next message that comes out of 'queue' is lost, and 'queue' is used again; await it by itself, in a task that hands on what it takes [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: :[[@LINE-2]]:39: note: 'queue' is used again here, in the next round
    if (std::holds_alternative<std::string>(result))
      log(std::get<std::string>(result));
  }
}
coro::task<void> pops_once(coro::queue<std::string> &queue,
                           coro::io_scheduler &scheduler) {
  auto result =
      co_await coro::when_any(queue.pop(), scheduler.yield_for(10ms));
  if (result.index() == 0)
    log(std::get<0>(result));
}

//===----------------------------------------------------------------------===//
// Cobalt: channels take part, and lvalues go on
//===----------------------------------------------------------------------===//

namespace boost::cobalt {
TASK(promise);
template <typename T> struct channel {
  promise<T> read();
};
template <typename... P>
promise<std::variant<std::string, std::monostate>> race(P &&...);
} // namespace boost::cobalt
namespace cobalt = boost::cobalt;
cobalt::promise<void> delay(int);

cobalt::promise<void> reads(cobalt::channel<std::string> &channel) {
  for (;;) {
    auto result = co_await cobalt::race(channel.read(), delay(10));
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
cobalt::promise<std::string> decoded(cobalt::channel<std::string> &channel);
cobalt::promise<void> keeps(cobalt::channel<std::string> &channel) {
  auto next = decoded(channel);
  for (;;) {
    auto result = co_await cobalt::race(next, delay(10));
    if (result.index() == 0)
      next = decoded(channel);
  }
}

//===----------------------------------------------------------------------===//
// KJ: the losers are destroyed
//===----------------------------------------------------------------------===//

namespace kj {
template <typename T> T &&mv(T &t);
template <typename T> class Promise {
public:
  struct promise_type {
    Promise get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void unhandled_exception();
    template <typename V> void return_value(V &&);
  };
  Promise(Promise &&);
  Promise exclusiveJoin(Promise &&other);
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
template <typename T> struct ProducerConsumerQueue {
  Promise<T> pop();
};
} // namespace kj
kj::Promise<int> joins(kj::ProducerConsumerQueue<std::string> &queue,
                       kj::ProducerConsumerQueue<std::string> &other) {
  for (;;) {
    log(co_await queue.pop().exclusiveJoin(other.pop()));
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'ProducerConsumerQueue::pop' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'other' is lost
    // CHECK-MESSAGES: note: 'other' is used again here, in the next round
    // The other branch loses, too: one report a line.
  }
}

//===----------------------------------------------------------------------===//
// seastar: nothing is cancelled
//===----------------------------------------------------------------------===//

namespace seastar {
TASK(future);
struct timed_out_error {};
template <typename T> struct queue {
  future<T> pop_eventually();
};
template <typename T>
future<T> with_timeout(std::chrono::steady_clock::time_point, future<T>);
} // namespace seastar

seastar::future<int> waits(seastar::queue<std::string> &queue) {
  for (;;) {
    try {
      log(co_await seastar::with_timeout(std::chrono::steady_clock::now() + 1s, queue.pop_eventually()));
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: when another branch ends this select, 'queue::pop_eventually' goes on by itself: the next message that comes out of 'queue' is lost, and 'queue' is used again; use the operation's own time limit or abort source
      // CHECK-MESSAGES: note: 'queue' is used again here, in the next round
    } catch (const seastar::timed_out_error &) {
      log("nothing came");
    }
  }
}

//===----------------------------------------------------------------------===//
// TooManyCooks: each operation stands beside what cancels it
//===----------------------------------------------------------------------===//

namespace tmc {
TASK(task);
template <typename T> struct chan_tok {
  task<T> pull();
};
template <typename A, typename C> struct cancellable {
  cancellable(A, C) {}
};
template <typename A, typename B, typename C, typename D>
task<std::variant<std::string, std::monostate>> select(cancellable<A, B>,
                                                       cancellable<C, D>);
} // namespace tmc
tmc::task<void> ticks() { co_return; }

tmc::task<void> pulls(tmc::chan_tok<std::string> &channel) {
  for (;;) {
    auto result = co_await tmc::select(tmc::cancellable(channel.pull(), [] {}),
                                       tmc::cancellable(ticks(), [] {}));
    // CHECK-MESSAGES: :[[@LINE-2]]:28: warning: 'chan_tok::pull' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'channel' is lost
    // CHECK-MESSAGES: note: 'channel' is used again here, in the next round
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}
