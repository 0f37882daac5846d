// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// One object under several names.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

awaitable<std::string> read_record(tcp::socket &socket) {
  std::array<char, 4> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 4);
}

struct Session : std::enable_shared_from_this<Session> {
  tcp::socket socket_;
  std::shared_ptr<tcp::socket> other_;
  tcp::socket &socket() { return socket_; }

  // A pointer, a getter, `self`.
  awaitable<void> pointer(asio::steady_timer &timer) {
    auto *socket = &socket_;
    auto result = co_await (read_record(*socket) || timer.async_wait());
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: when another branch ends this select, 'read_record' is cancelled in the middle of 'async_read': what it has taken out of 'socket_' is lost
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE+1]]:14: note: 'socket_' is used again here
    co_await read_record(socket_);
  }
  awaitable<void> getter(asio::steady_timer &timer) {
    auto self = shared_from_this();
    auto result = co_await (read_record(socket_) || timer.async_wait());
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: when another branch ends this select, 'read_record' is cancelled in the middle
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE+1]]:14: note: 'socket_' is used again here
    co_await read_record(self->socket());
  }
  awaitable<void> copy_of_a_pointer(asio::steady_timer &timer) {
    auto socket = other_;
    co_await (read_record(*socket) || timer.async_wait());
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: when another branch ends this select, 'read_record' is cancelled in the middle of 'async_read': what it has taken out of 'other_' is lost
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: note: 'other_' is used again here
    co_await read_record(*other_);
  }

  // Closed under another name.
  awaitable<void> closed(asio::steady_timer &timer) {
    auto self = shared_from_this();
    auto &socket = self->socket();
    for (;;) {
      auto result = co_await (read_record(socket) || timer.async_wait());
      if (result.index() == 1)
        socket_.close();
    }
  }
  awaitable<void> closed_through_a_copy(asio::steady_timer &timer) {
    auto socket = other_;
    for (;;) {
      auto result = co_await (read_record(*other_) || timer.async_wait());
      if (result.index() == 1)
        socket->close();
    }
  }
};

// A pointer that moves on.
awaitable<void> moves_on(tcp::socket &a, tcp::socket &b,
                         asio::steady_timer &timer) {
  tcp::socket *socket = &a;
  co_await (read_record(*socket) || timer.async_wait());
  socket = &b;
  co_await read_record(*socket);
}

// An optional is a place of its own.
awaitable<void> optional(tcp::socket &a, asio::steady_timer &timer) {
  std::optional<std::shared_ptr<tcp::socket>> one, other = one;
  co_await (read_record(**one) || timer.async_wait());
  co_await read_record(**other);
}
