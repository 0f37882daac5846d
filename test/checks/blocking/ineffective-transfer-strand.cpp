// RUN: %check_coro_tidy %s coro-ineffective-transfer %t -- --config="{CheckOptions: {MinConfidence: medium}}"
#include "asio_executors.h"

using asio::awaitable;
using asio::use_awaitable;
using strand_type = asio::strand<asio::any_io_executor>;

struct session {
  strand_type strand_;
  int state_ = 0;
  awaitable<void> change() {
    co_await asio::post(strand_, use_awaitable);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'post' does not move this coroutine to the strand: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
    // CHECK-FIXES: co_await asio::post(asio::bind_executor(strand_, use_awaitable));
    ++state_;
  }
};

// Its own strand: somebody starts coroutines on it.
template <typename F> void co_spawn(strand_type, F &&);
struct owner {
  strand_type strand_;
  void start() {
    co_spawn(strand_, [this]() -> awaitable<void> { co_await yield(); });
  }
  awaitable<void> yield() { co_await asio::post(strand_, use_awaitable); }
};
