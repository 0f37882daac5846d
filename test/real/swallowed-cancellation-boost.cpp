// REQUIRES: boost-asio
// RUN: %check_coro_tidy %s coro-swallowed-cancellation %t
// The models fit the real headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

awaitable<void> serve(tcp::socket &socket);

awaitable<void> swallows(tcp::socket &socket) {
  for (;;) {
    try {
      co_await serve(socket);
    } catch (const std::exception &) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler also catches the exception by which the coroutine is cancelled, and it goes on: every further await fails at once and is caught again, so that it spins and never ends; let the cancellation out: rethrow it, or leave the loop [coro-swallowed-cancellation]
      // CHECK-MESSAGES: :[[@LINE-3]]:7: note: it is thrown here
      // CHECK-MESSAGES: :[[@LINE+5]]:13: note: this cancels it when another branch ends first
    }
  }
}
awaitable<void> limited(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (swallows(socket) || timer.async_wait(use_awaitable));
}

awaitable<void> tests_the_code(tcp::socket &socket) {
  for (;;) {
    try {
      co_await serve(socket);
    } catch (const boost::system::system_error &error) {
      if (error.code() == asio::error::operation_aborted)
        throw;
    }
  }
}
awaitable<void> limited_too(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (tests_the_code(socket) || timer.async_wait(use_awaitable));
}

awaitable<void> backs_off(tcp::socket &socket) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (;;) {
    try {
      co_await serve(socket);
    } catch (const std::exception &) {
    }
    pause.expires_after(std::chrono::seconds(1));
    co_await pause.async_wait(use_awaitable);
  }
}
awaitable<void> limited_pause(tcp::socket &socket, asio::steady_timer &timer) {
  co_await (backs_off(socket) || timer.async_wait(use_awaitable));
}
