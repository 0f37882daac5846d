// RUN: %check_coro_tidy --expect-clean %s coro-cancel-unsafe-select %t
// Why real code looks hazardous and is not: selects and timers in loops.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using channel =
    asio::experimental::channel<void(asio::error_code, std::string)>;
using stop_signal = asio::experimental::channel<void(asio::error_code)>;
constexpr auto nothrow = asio::as_tuple(use_awaitable);
void log(const std::string &);
void cleanup(std::vector<std::string> &);
bool failed();

// Timeouts that leave, close or throw.
awaitable<void> leaves(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> bytes;
  for (;;) {
    timer.expires_after(5s);
    auto result = co_await (asio::async_read(socket, asio::buffer(bytes)) || timer.async_wait());
    if (result.index() == 1)
      break;
  }
}
awaitable<void> throws(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> bytes;
  for (;;) {
    auto result = co_await (asio::async_read(socket, asio::buffer(bytes)) || timer.async_wait());
    if (std::holds_alternative<std::monostate>(result))
      throw asio::system_error();
  }
}
// Two directions until one ends; then both are over.
awaitable<void> pump(tcp::socket &from, tcp::socket &to) {
  std::array<char, 512> bytes;
  for (;;) {
    auto size = co_await from.async_read_some(asio::buffer(bytes));
    co_await asio::async_write(to, asio::buffer(bytes, size));
  }
}
awaitable<void> proxies(tcp::socket a, tcp::socket b) {
  co_await (pump(a, b) || pump(b, a));
  a.close();
  b.close();
}
// The same with a wait for the end of the program.
awaitable<void> serves(tcp::socket socket, stop_signal &stop) {
  std::array<char, 8> bytes;
  for (;;) {
    auto result = co_await (asio::async_read(socket, asio::buffer(bytes)) || stop.async_receive());
    if (result.index() == 1)
      co_return;
  }
}
// Single operations; a persistent buffer; an idle timeout at each message.
awaitable<void> lines(tcp::socket &socket, asio::steady_timer &timer) {
  std::string in;
  for (int idle = 0; idle < 3;) {
    timer.expires_after(30s);
    auto result = co_await (asio::async_read_until(socket, asio::dynamic_buffer(in), '\n') || timer.async_wait());
    if (result.index() == 1) {
      ++idle;
      continue;
    }
    idle = 0;
    log(in);
    in.clear();
  }
}
// Back-off after an error, heartbeat, periodic cleaning: timers by themselves.
awaitable<void> backs_off(asio::steady_timer &timer, tcp::socket &socket) {
  for (auto delay = 100ms;; delay *= 2) {
    auto [error] = co_await socket.async_connect(1, nothrow);
    if (!error)
      co_return;
    timer.expires_after(delay);
    co_await timer.async_wait();
  }
}
awaitable<void> beats(asio::steady_timer &timer, tcp::socket &socket) {
  for (;;) {
    timer.expires_after(10s);
    co_await timer.async_wait();
    co_await asio::async_write(socket, asio::buffer("ping"));
  }
}
// A periodic task that an event may bring forward, and that asks how full it is.
awaitable<void> cleans(stop_signal &full, asio::steady_timer &timer) {
  std::vector<std::string> old;
  for (;;) {
    timer.expires_after(10s);
    co_await (full.async_receive() || timer.async_wait());
    if (old.size() > 100)
      cleanup(old);
  }
}
// A timer as a condition variable.
struct Queue {
  asio::steady_timer ready_;
  std::vector<std::string> items_;
  awaitable<std::string> pop() {
    while (items_.empty()) {
      auto [error] = co_await ready_.async_wait(nothrow);
    }
    auto item = std::move(items_.back());
    items_.pop_back();
    co_return item;
  }
  awaitable<void> drains(asio::steady_timer &limit) {
    for (;;) {
      auto result = co_await (pop() || limit.async_wait());
      if (result.index() == 1)
        co_return;
    }
  }
};
// One live branch: the other never ends.
awaitable<void> forever(asio::steady_timer &timer) {
  for (;;)
    co_await timer.async_wait();
}
awaitable<void> one_live(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> bytes;
  for (;;)
    co_await (asio::async_read(socket, asio::buffer(bytes)) || forever(timer));
}
// Retries with a connection of its own.
awaitable<void> retries(asio::any_io_executor executor, asio::steady_timer &timer) {
  std::array<char, 8> bytes;
  for (int attempt = 0; attempt < 3; ++attempt) {
    tcp::socket socket(executor);
    co_await socket.async_connect(1);
    auto result = co_await (asio::async_read(socket, asio::buffer(bytes)) || timer.async_wait());
    if (result.index() == 0)
      co_return;
  }
}
