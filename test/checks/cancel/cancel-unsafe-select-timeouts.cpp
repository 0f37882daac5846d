// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// A time limit as a completion token, and errors as values.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
constexpr auto nothrow = asio::as_tuple(use_awaitable);
void log(const char *);
void use(std::size_t);

// Half a record is gone when the time is over, and the handler goes on.
awaitable<void> goes_on(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;) {
    try {
      co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, use_awaitable));
      // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: when another branch ends this select, 'async_read' is cancelled in the middle: what it has taken out of 'socket' is lost, and 'socket' is read from again
      // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
      // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
    } catch (const asio::system_error &) {
      log("still waiting");
    }
  }
}
awaitable<void> error_is_ignored(tcp::socket &socket) {
  std::array<char, 8> record;
  asio::error_code ec;
  for (;;) {
    co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, asio::redirect_error(use_awaitable, ec)));
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: when another branch ends this select, 'async_read' is cancelled in the middle
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
  }
}

// It throws, and nobody here goes on.
awaitable<void> throws(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;)
    co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, use_awaitable));
}
// With a timer that is used again.
awaitable<void> throws_with_timer(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  for (;;)
    co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(timer, 1s, use_awaitable));
}
awaitable<void> closes(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;) {
    try {
      co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, use_awaitable));
    } catch (const asio::system_error &) {
      socket.close();
    }
  }
}
awaitable<void> leaves(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  asio::error_code ec;
  for (;;) {
    co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(timer, 1s, asio::redirect_error(use_awaitable, ec)));
    if (ec)
      co_return;
  }
}
awaitable<void> leaves_with_tuple(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;) {
    auto [ec, size] = co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, nothrow));
    if (ec)
      co_return;
  }
}
// How far it came is looked at.
awaitable<void> counts(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;) {
    auto [ec, size] = co_await asio::async_read(socket, asio::buffer(record), asio::cancel_after(1s, nothrow));
    use(size);
  }
}
// Single operations take nothing when they are cancelled.
awaitable<void> single(tcp::socket &socket) {
  std::array<char, 8> chunk;
  for (;;) {
    try {
      co_await socket.async_read_some(asio::buffer(chunk), asio::cancel_after(1s, use_awaitable));
    } catch (const asio::system_error &) {
      log("still waiting");
    }
  }
}
// The error of a branch of `||`: after a lost one it is set.
awaitable<void> error_of_a_branch(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  asio::error_code ec;
  for (;;) {
    co_await (asio::async_read(socket, asio::buffer(record), asio::redirect_error(use_awaitable, ec)) || timer.async_wait());
    if (ec)
      break;
  }
}
