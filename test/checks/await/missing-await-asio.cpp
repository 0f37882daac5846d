// Operations of Asio: what the completion token makes of them.
// RUN: %check_coro_tidy %s coro-missing-await %t -- --config="{CheckOptions: {coro-missing-await.MinConfidence: low}}"
#include "asio_executors.h"
#include <future>

namespace asio {
struct deferred_t {};
inline constexpr deferred_t deferred{};
struct use_future_t {};
inline constexpr use_future_t use_future{};
template <class T> class deferred_async_operation {
public:
  template <class Token> void operator()(Token &&) &&;
};
template <class Token, class... Values> struct consign_t {};
template <class Token, class... Values>
consign_t<Token, Values...> consign(Token, Values...);
namespace detail {
template <class... R> struct result<deferred_t, R...> {
  using type = deferred_async_operation<void(error_code, R...)>;
};
template <class... R> struct result<use_future_t, R...> {
  using type = std::future<void>;
};
template <class Token, class... Values, class... R>
struct result<consign_t<Token, Values...>, R...> : result<Token, R...> {};
} // namespace detail
namespace experimental {
struct use_promise_t {};
inline constexpr use_promise_t use_promise{};
template <class T> class promise {
public:
  promise(promise &&) noexcept;
  ~promise();
  void cancel();
  bool completed() const;
  template <class Token> void operator()(Token &&);
};
} // namespace experimental
template <class... R> struct detail::result<experimental::use_promise_t, R...> {
  using type = experimental::promise<void(R...)>;
};
} // namespace asio

using asio::awaitable;
using asio::use_awaitable;
awaitable<void> work();

awaitable<void> wrong(asio::steady_timer &timer, asio::thread_pool &pool,
                      asio::ip::tcp::socket &socket, std::string &data,
                      asio::experimental::channel<void(asio::error_code, int)>
                          &channel) {
  timer.async_wait(use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await timer.async_wait(use_awaitable)' [coro-missing-await]
  // CHECK-FIXES: co_await timer.async_wait(use_awaitable);
  timer.async_wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits
  // CHECK-FIXES: co_await timer.async_wait();
  timer.async_wait(asio::as_tuple(use_awaitable));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits
  // CHECK-FIXES: co_await timer.async_wait(asio::as_tuple(use_awaitable));
  timer.async_wait(asio::deferred);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits
  auto written = async_write(socket, asio::buffer(data), use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'written' holds an awaitable that nothing awaits: the operation never starts
  // CHECK-FIXES: auto written = co_await async_write(socket, asio::buffer(data), use_awaitable);
  channel.async_send(asio::error_code{}, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'channel_send_functions::async_send' returns an awaitable that nothing awaits
  // CHECK-FIXES: co_await channel.async_send(asio::error_code{}, 1);
  asio::post(pool, use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'post' returns an awaitable that nothing awaits: the coroutine stays on the executor that it is on; write 'co_await asio::post(pool, use_awaitable)'
  // CHECK-FIXES: co_await asio::post(pool, use_awaitable);
  asio::dispatch(pool, use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'dispatch' returns an awaitable that nothing awaits: the coroutine stays on the executor that it is on
  // CHECK-FIXES: co_await asio::dispatch(pool, use_awaitable);
  asio::co_spawn(pool, work(), use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'co_spawn' returns an awaitable that nothing awaits: the operation never starts
  // CHECK-FIXES: co_await asio::co_spawn(pool, work(), use_awaitable);
  co_await timer.async_wait(use_awaitable);
}

//===--- Silent ---===//

awaitable<void> right(asio::steady_timer &timer, asio::thread_pool &pool,
                      asio::ip::tcp::socket &socket, std::string &data,
                      asio::experimental::channel<void(asio::error_code, int)>
                          &channel) {
  channel.try_send(asio::error_code{}, 1);
  channel.cancel();
  timer.cancel();
  timer.expires_after(std::chrono::seconds(1));
  timer.async_wait(asio::detached);
  timer.async_wait(asio::consign(asio::detached, 1));
  timer.async_wait(asio::use_future);
  timer.async_wait(asio::experimental::use_promise);
  auto promise = timer.async_wait(asio::experimental::use_promise);
  auto later = timer.async_wait(asio::deferred);
  std::move(later)(asio::detached);
  asio::co_spawn(pool, work(), asio::detached);
  asio::co_spawn(pool, work, asio::detached);
  auto operation = async_write(socket, asio::buffer(data), use_awaitable);
  timer.cancel();
  co_await std::move(operation);
}
