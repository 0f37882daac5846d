// RUN: %check_coro_tidy %s coro-ineffective-transfer %t
#include "asio_executors.h"
#include <thread>

using asio::awaitable;
using asio::use_awaitable;
namespace net = asio;

void compute();
void rest() { std::this_thread::sleep_for(std::chrono::seconds(1)); }

awaitable<void> to_a_pool(asio::thread_pool &pool) {
  co_await asio::post(pool, use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'post' does not move this coroutine to the thread pool: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
  // CHECK-FIXES: co_await asio::post(asio::bind_executor(pool, use_awaitable));
  compute();
}

awaitable<void> with_the_consequence(asio::thread_pool &pool) {
  co_await net::dispatch(pool.get_executor(), use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'dispatch' does not move this coroutine to the thread pool: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
  // CHECK-MESSAGES: :[[@LINE+2]]:3: note: this still blocks the thread of the coroutine's own executor
  // CHECK-FIXES: co_await net::dispatch(net::bind_executor(pool.get_executor(), use_awaitable));
  rest();
}

awaitable<void> by_argument_dependent_look_up(asio::thread_pool &pool) {
  co_await post(pool, use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'post' does not move this coroutine to the thread pool: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
  // CHECK-FIXES: co_await post(bind_executor(pool, use_awaitable));
}

awaitable<void> through_a_local(asio::thread_pool &pool) {
  auto workers = pool.get_executor();
  co_await asio::post(workers, use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'post' does not move this coroutine to the thread pool: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
  // CHECK-FIXES: co_await asio::post(asio::bind_executor(workers, use_awaitable));
}

// These move.
awaitable<void> moves(asio::thread_pool &pool) {
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  co_await asio::dispatch(asio::bind_executor(pool.get_executor(), use_awaitable));
}

// A plain yield.
awaitable<void> yields() {
  co_await asio::post(use_awaitable);
  auto executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, use_awaitable);
  co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
}

// Some executor: it may be its own.
awaitable<void> some_executor(asio::any_io_executor executor) {
  co_await asio::post(executor, use_awaitable);
}

// Already there.
static awaitable<void> on_the_pool(asio::thread_pool &pool) {
  co_await asio::post(pool, use_awaitable);
}
void start(asio::thread_pool &pool) {
  asio::co_spawn(pool, on_the_pool(pool), asio::detached);
}

// Not awaited: a callback.
void callback(asio::thread_pool &pool) {
  asio::post(pool, asio::detached);
}

// A strand may be the coroutine's own; another unit knows.
awaitable<void> to_a_strand(asio::strand<asio::any_io_executor> &strand) {
  co_await asio::post(strand, use_awaitable);
}

#define ON_POOL co_await asio::post(pool, use_awaitable)
awaitable<void> in_a_macro(asio::thread_pool &pool) {
  ON_POOL;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'post' does not move this coroutine to the thread pool: its completion comes back to the coroutine's own executor, where all that follows runs as before; bind the executor to the completion token with 'bind_executor' [coro-ineffective-transfer]
  // CHECK-MESSAGES: :[[@LINE-4]]:26: note: expanded from macro 'ON_POOL'
}
