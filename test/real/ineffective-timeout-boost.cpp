// REQUIRES: boost-asio
// RUN: %check_coro_tidy %s coro-ineffective-timeout %t
// The models fit the real headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

awaitable<void> resolves(tcp::resolver &names, asio::steady_timer &limit) {
  auto found =
      co_await (names.async_resolve("example.org", "80", use_awaitable) ||
                limit.async_wait(use_awaitable));
  // CHECK-MESSAGES: :[[@LINE-2]]:17: warning: this time limit does not end 'basic_resolver::async_resolve': a thread waits for the name server, and the operation cannot be cancelled, so that it is waited for, however late; let it go on by itself with what it owns, and wait for its result [coro-ineffective-timeout]
}

awaitable<void> with_a_token(tcp::resolver &names,
                             asio::cancellation_signal &stop) {
  auto found = co_await names.async_resolve(
      // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: this token does not end 'basic_resolver::async_resolve': a thread waits for the name server, and the operation cannot be cancelled, so that it is waited for, however late; let it go on by itself with what it owns, and wait for its result [coro-ineffective-timeout]
      "example.org", "80",
      asio::bind_cancellation_slot(stop.slot(), use_awaitable));
}

awaitable<void> connects(tcp::socket &socket, asio::steady_timer &limit) {
  co_await (socket.async_connect(tcp::endpoint(), use_awaitable) ||
            limit.async_wait(use_awaitable));
}
