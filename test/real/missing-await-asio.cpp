// REQUIRES: boost-asio
// RUN: %check_coro_tidy %s coro-missing-await,coro-await-twice %t
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;

awaitable<std::size_t> echo(asio::ip::tcp::socket &socket);

awaitable<void> wrong(asio::ip::tcp::socket socket, asio::thread_pool &pool) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.async_wait(use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_waitable_timer::async_wait' returns an awaitable that nothing awaits: the operation never starts, and what follows runs without it; write 'co_await timer.async_wait(use_awaitable)'
  // CHECK-FIXES: co_await timer.async_wait(use_awaitable);
  echo(socket);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'echo' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await echo(socket);
  echo(socket) || timer.async_wait(use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'operator||' returns a lazy task that nothing awaits
  // CHECK-FIXES: co_await (echo(socket) || timer.async_wait(use_awaitable));
  asio::co_spawn(pool, echo(socket), use_awaitable);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'co_spawn' returns an awaitable that nothing awaits: the operation never starts
  // CHECK-FIXES: co_await asio::co_spawn(pool, echo(socket), use_awaitable);
  auto again = echo(socket);
  co_await std::move(again);
  co_await std::move(again);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'again' is awaited a second time
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: awaited here
}

awaitable<void> right(asio::ip::tcp::socket socket, asio::thread_pool &pool) {
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  timer.async_wait(asio::detached);
  timer.async_wait([](boost::system::error_code) {});
  asio::co_spawn(executor, echo(socket), asio::detached);
  asio::co_spawn(
      executor, []() -> awaitable<void> { co_return; }, asio::detached);
  asio::co_spawn(executor, echo(socket),
                 [](std::exception_ptr, std::size_t) {});
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  auto both = echo(socket) && timer.async_wait(use_awaitable);
  timer.cancel();
  co_await std::move(both);
}
