// REQUIRES: boost-asio
// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// The models fit the real headers.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using channel =
    asio::experimental::channel<void(boost::system::error_code, std::string)>;
constexpr auto nothrow = asio::as_tuple(use_awaitable);

awaitable<std::string> read_record(tcp::socket &socket) {
  std::array<char, 4> size;
  co_await asio::async_read(socket, asio::buffer(size), use_awaitable);
  std::string text(4, ' ');
  auto [error, length] =
      co_await asio::async_read(socket, asio::buffer(text), nothrow);
  co_return text;
}

awaitable<void> loses(tcp::socket socket, channel &messages,
                      asio::steady_timer &timer) {
  std::string line;
  for (;;) {
    auto record = co_await (read_record(socket) || timer.async_wait(nothrow));
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: when another branch ends this select, 'read_record' is cancelled in the middle of 'async_read'
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
    co_await (asio::async_write(socket, asio::buffer(line), use_awaitable) ||
              timer.async_wait(use_awaitable));
    // CHECK-MESSAGES: :[[@LINE-2]]:15: warning: when another branch ends this select, 'async_write' is cancelled in the middle
    // CHECK-MESSAGES: note: 'async_write' is started here on 'socket'
    // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
    auto message = co_await (messages.async_receive(use_awaitable) ||
                             timer.async_wait(use_awaitable));
    // CHECK-MESSAGES: :[[@LINE-2]]:30: warning: 'basic_channel::async_receive' may complete together with the branch
    // CHECK-MESSAGES: note: 'messages' is used again here, in the next round
  }
}

awaitable<void> loses_nothing(tcp::socket socket, channel &messages,
                              asio::steady_timer &timer) {
  std::string buffer;
  asio::streambuf stream;
  std::array<char, 512> chunk;
  for (;;) {
    co_await (asio::async_read_until(socket, asio::dynamic_buffer(buffer), '\n',
                                     use_awaitable) ||
              timer.async_wait(use_awaitable));
    co_await (asio::async_read_until(socket, stream, '\n', use_awaitable) ||
              timer.async_wait(use_awaitable));
    co_await (socket.async_read_some(asio::buffer(chunk), use_awaitable) ||
              timer.async_wait(use_awaitable));
    co_await (socket.async_wait(tcp::socket::wait_read, use_awaitable) ||
              timer.async_wait(use_awaitable));
    co_await (messages.async_send(boost::system::error_code(), "x",
                                  use_awaitable) ||
              timer.async_wait(use_awaitable));
    auto record = co_await (read_record(socket) || timer.async_wait(nothrow));
    if (record.index() == 1) {
      socket.close();
      co_return;
    }
  }
}
