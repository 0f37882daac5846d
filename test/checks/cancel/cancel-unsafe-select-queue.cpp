// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t -- --config="{CheckOptions: {coro-cancel-unsafe-select.MinConfidence: low, coro-cancel-unsafe-select.TimerRestarted: false}}"
// queue-position, which is told with low confidence only, and options.
#include "asio.h"

using asio::use_awaitable;
using namespace std::chrono_literals;

namespace folly::fibers {
struct Semaphore {
  asio::awaitable<void> co_wait();
};
} // namespace folly::fibers
using namespace asio::experimental::awaitable_operators;
void work();

asio::awaitable<void> impatient(folly::fibers::Semaphore &slots,
                                asio::steady_timer &tick) {
  for (;;) {
    tick.expires_after(1s);
    auto result = co_await (slots.co_wait() || tick.async_wait());
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: when another branch ends this select, 'Semaphore::co_wait' of 'slots' loses its place in the queue of those who wait, and the next round begins at its end; await it by itself, or begin it once before the loop [coro-cancel-unsafe-select]
    if (result.index() == 0)
      work();
  }
}

// Tried once.
asio::awaitable<void> once(folly::fibers::Semaphore &slots,
                           asio::steady_timer &tick) {
  auto result = co_await (slots.co_wait() || tick.async_wait());
  if (result.index() == 0)
    work();
}
// The timeout leaves.
asio::awaitable<void> leaves(folly::fibers::Semaphore &slots,
                             asio::steady_timer &tick) {
  for (;;) {
    auto result = co_await (slots.co_wait() || tick.async_wait());
    if (result.index() == 1)
      co_return;
    work();
  }
}
// The timer's reason is switched off.
asio::awaitable<void> batches(asio::ip::tcp::socket &socket,
                              asio::steady_timer &tick) {
  std::vector<std::string> batch;
  std::string in;
  for (;;) {
    tick.expires_after(1s);
    auto result = co_await (
        asio::async_read_until(socket, asio::dynamic_buffer(in), '\n') ||
        tick.async_wait());
    if (result.index() == 0)
      batch.push_back(in);
    else
      batch.clear();
  }
}
