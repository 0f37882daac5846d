// RUN: %check_coro_tidy %s coro-swallowed-cancellation %t -- --config='{CheckOptions: {coro-swallowed-cancellation.MinConfidence: low}}'
// What is told with low confidence only: it goes on once more, and ends.
#include "asio.h"
#include "stopping.h"

folly::coro::Task<void> work(int);
void log(const char *);

folly::coro::Task<void> goes_on() {
  try {
    co_await work(1);
  } catch (...) {
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on as if nothing had happened; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
    // CHECK-MESSAGES: :[[@LINE-3]]:5: note: it is thrown here
  }
  co_await work(2);
}
// Nothing comes after it.
folly::coro::Task<void> ends() {
  try {
    co_await work(1);
  } catch (...) {
    log("failed");
  }
}
// It looks at what it caught.
folly::coro::Task<void> looks() {
  try {
    co_await work(1);
  } catch (const std::exception &error) {
    log(error.what());
  }
  co_await work(2);
}

// Nobody is seen to close it.
asio::awaitable<void> serves(asio::ip::tcp::acceptor &acceptor) {
  for (;;) {
    auto [error, socket] =
        co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the error of this await also tells that it was cancelled, and it is dropped: the loop goes on as if nothing had happened, and never ends; leave the loop when the error says so [coro-swallowed-cancellation]
    if (error)
      continue;
  }
}
