// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// The function with the select returns when its branch has lost; its callers go
// on with the object, or do not.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;
void log(const std::string &);
bool tick();

// Whatever it is told, the caller asks again.
awaitable<std::optional<std::string>> next(channel &in,
                                           asio::steady_timer &timer) {
  timer.expires_after(1s);
  auto result = co_await (in.async_receive() || timer.async_wait());
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'basic_channel::async_receive' may complete together with the branch that ends this select, which then drops its result: a message that was taken out of 'in' is lost, and 'in' is used again
  // CHECK-MESSAGES: :[[@LINE+9]]:31: note: 'in' is used again here
  if (result.index() == 0)
    co_return std::get<0>(result);
  co_return std::nullopt;
}
struct Worker {
  channel messages_;
  awaitable<void> run(asio::steady_timer &timer) {
    for (;;) {
      auto message = co_await next(messages_, timer);
      if (message)
        log(*message);
      else
        tick();
    }
  }
};

// Half a record is read, and the caller reads another.
struct Peer {
  tcp::socket socket_;
  awaitable<bool> read(std::array<char, 8> &record, asio::steady_timer &timer) {
    auto result = co_await (asio::async_read(socket_, asio::buffer(record)) ||
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: when another branch ends this select, 'async_read' is cancelled in the middle: what it has taken out of 'socket_' is lost, and 'socket_' is read from again
    // CHECK-MESSAGES: :[[@LINE-2]]:29: note: 'async_read' is started here on 'socket_'
    // CHECK-MESSAGES: :[[@LINE+7]]:20: note: 'socket_' is used again here
                            timer.async_wait());
    co_return result.index() == 0;
  }
  awaitable<void> run(asio::steady_timer &timer) {
    std::array<char, 8> record;
    for (;;)
      if (co_await read(record, timer))
        log(record.data());
  }
};

//===----------------------------------------------------------------------===//
// Nobody misses it
//===----------------------------------------------------------------------===//

// Told that nothing came, the caller leaves.
awaitable<std::optional<std::string>> or_nothing(channel &in,
                                                 asio::steady_timer &timer) {
  auto result = co_await (in.async_receive() || timer.async_wait());
  if (result.index() == 0)
    co_return std::get<0>(result);
  co_return std::nullopt;
}
awaitable<void> until_nothing_comes(channel &in, asio::steady_timer &timer) {
  for (;;) {
    auto message = co_await or_nothing(in, timer);
    if (!message)
      break;
    log(*message);
  }
}
// It closes what it got nothing out of.
awaitable<bool> reads(tcp::socket &socket, std::array<char, 8> &record,
                      asio::steady_timer &timer) {
  auto result = co_await (asio::async_read(socket, asio::buffer(record)) ||
                          timer.async_wait());
  if (result.index() == 0)
    co_return true;
  socket.close();
  co_return false;
}
awaitable<void> goes_on(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  for (;;)
    if (co_await reads(socket, record, timer))
      log(record.data());
}
// Asked once, and asked for another channel each time.
awaitable<std::optional<std::string>> once(channel &in,
                                           asio::steady_timer &timer) {
  auto result = co_await (in.async_receive() || timer.async_wait());
  if (result.index() == 0)
    co_return std::get<0>(result);
  co_return std::nullopt;
}
awaitable<void> asks_once(channel &in, asio::any_io_executor executor,
                          asio::steady_timer &timer) {
  co_await once(in, timer);
  for (;;) {
    channel fresh(executor);
    co_await once(fresh, timer);
  }
}
// It throws.
awaitable<std::string> or_throws(channel &in, asio::steady_timer &timer) {
  auto result = co_await (in.async_receive() || timer.async_wait());
  if (result.index() == 1)
    throw asio::system_error();
  co_return std::get<0>(result);
}
awaitable<void> lets_it_through(channel &in, asio::steady_timer &timer) {
  for (;;)
    log(co_await or_throws(in, timer));
}
