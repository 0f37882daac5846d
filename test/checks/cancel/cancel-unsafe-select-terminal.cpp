// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;

constexpr auto nothrow = asio::as_tuple(use_awaitable);

struct Frame {
  std::string payload;
};
void log(const char *);
void log(const std::string &);
awaitable<void> unknown_work();
awaitable<void> unknown_with(tcp::socket &);

//===----------------------------------------------------------------------===//
// terminal-then-reused: a coroutine as a branch
//===----------------------------------------------------------------------===//

awaitable<std::optional<Frame>> read_frame(tcp::socket &socket) {
  std::array<unsigned char, 4> header;
  auto [header_error, header_size] =
      co_await asio::async_read(socket, asio::buffer(header), nothrow);
  if (header_error)
    co_return std::nullopt;
  Frame frame;
  auto [body_error, body_size] =
      co_await asio::async_read(socket, asio::buffer(frame.payload), nothrow);
  if (body_error)
    co_return std::nullopt;
  co_return frame;
}

class Session {
public:
  Session(asio::any_io_executor ex) : socket_(ex), outbox_(ex) {}
  void close() { socket_.close(); }
  void unknown();
  awaitable<void> handle(const Frame &);
  awaitable<bool> send(std::string text) {
    auto [error] =
        co_await outbox_.async_send(asio::error_code{}, text, nothrow);
    co_return !error;
  }

  awaitable<void> keep_alive() {
    asio::steady_timer idle(socket_.get_executor());
    for (unsigned missed = 0; missed < 3;) {
      idle.expires_after(1s);
      auto result = co_await
          (read_frame(socket_) || idle.async_wait(use_awaitable));
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: when another branch ends this select, 'read_frame' is cancelled in the middle of 'async_read': what it has taken out of 'socket_' is lost, and 'socket_' is read from again; keep what arrives in a buffer that outlives the branch, or close the object [coro-cancel-unsafe-select]
      // CHECK-MESSAGES: :[[@LINE-30]]:16: note: 'async_read' is started here on 'socket'
      // CHECK-MESSAGES: :[[@LINE-3]]:12: note: 'socket_' is used again here, in the next round
      if (result.index() == 1) {
        ++missed;
        co_await send("keep-alive");
        continue;
      }
      auto &frame = std::get<0>(result);
      if (!frame)
        break;
      co_await handle(*frame);
    }
  }

  // Closed by a member function when the time is over.
  awaitable<void> closes() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      idle.expires_after(1s);
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (result.index() == 1)
        close();
      else
        co_await handle(*std::get<0>(result));
    }
  }

  // Somebody else's function may close it.
  awaitable<void> may_close() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      idle.expires_after(1s);
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (result.index() == 1)
        unknown();
    }
  }

  // The timeout leaves, so that what was read is missed by nobody.
  awaitable<void> leaves() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      idle.expires_after(1s);
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (result.index() == 1)
        co_return;
      co_await handle(*std::get<0>(result));
    }
  }
  awaitable<void> leaves_by_throw() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      switch (result.index()) {
      case 0:
        break;
      case 1:
        throw asio::system_error();
      }
    }
  }
  awaitable<void> leaves_by_flag() {
    asio::steady_timer idle(socket_.get_executor());
    bool done = false;
    while (!done) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (std::holds_alternative<std::monostate>(result))
        done = true;
    }
  }
  awaitable<void> leaves_through_get_if() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (auto *frame = std::get_if<0>(&result))
        co_await handle(**frame);
      else
        break;
    }
  }
  awaitable<void> gets_or_throws() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      co_await handle(*std::get<0>(result)); // throws when the timer won
    }
  }
  awaitable<void> asked_in_place() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      if ((co_await (read_frame(socket_) || idle.async_wait(use_awaitable)))
              .index() == 1)
        break;
    }
  }
  awaitable<void> flag_from_result() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      const bool timed_out = result.index() == 1;
      log("round");
      if (timed_out)
        co_return;
    }
  }

  // Only a farewell is sent, in the other direction.
  awaitable<void> farewell() {
    asio::steady_timer idle(socket_.get_executor());
    auto result =
        co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
    if (result.index() == 1) {
      co_await asio::async_write(socket_, asio::buffer("timeout"));
      co_return;
    }
    auto next = co_await read_frame(socket_);
  }

  // A new socket.
  awaitable<void> reconnects() {
    asio::steady_timer idle(socket_.get_executor());
    for (;;) {
      auto result =
          co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
      if (result.index() == 1)
        socket_ = tcp::socket(idle_executor());
    }
  }
  asio::any_io_executor idle_executor();

  // After the select, outside any loop.
  awaitable<void> reads_on() {
    asio::steady_timer idle(socket_.get_executor());
    std::array<char, 16> chunk;
    auto result =
        co_await (read_frame(socket_) || idle.async_wait(use_awaitable));
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: when another branch ends this select, 'read_frame' is cancelled in the middle of 'async_read': what it has taken out of 'socket_' is lost
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE+2]]:16: note: 'socket_' is used again here
    if (result.index() == 1)
      co_await socket_.async_read_some(asio::buffer(chunk), use_awaitable);
  }

private:
  tcp::socket socket_;
  channel outbox_;
};
