// RUN: %check_coro_tidy %s coro-cancel-unsafe-select %t
// An operation as a branch by itself.
#include "asio.h"

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

constexpr auto nothrow = asio::as_tuple(use_awaitable);
void log(std::size_t);
void look_at(const std::variant<std::size_t, std::monostate> &);
awaitable<void> unknown_work();

awaitable<void> reads(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  for (;;) {
    auto result = co_await (asio::async_read(socket, asio::buffer(record)) ||
                            timer.async_wait());
    // CHECK-MESSAGES: :[[@LINE-2]]:29: warning: when another branch ends this select, 'async_read' is cancelled in the middle: what it has taken out of 'socket' is lost, and 'socket' is read from again; keep what arrives in a buffer that outlives the branch, or close the object [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: :[[@LINE-3]]:29: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: :[[@LINE-4]]:29: note: 'socket' is used again here, in the next round
    if (result.index() == 0)
      log(std::get<0>(result));
  }
}

// The error as a value changes nothing: the select drops the loser's result.
awaitable<void> reads_as_tuple(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  while (true) {
    auto result = co_await (timer.async_wait(nothrow) ||
                            asio::async_read(socket, asio::buffer(record), nothrow));
    // CHECK-MESSAGES: :[[@LINE-2]]:29: warning: when another branch ends this select, 'async_read' is cancelled in the middle
    // CHECK-MESSAGES: note: 'async_read' is started here on 'socket'
    // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
  }
}

awaitable<void> writes(std::shared_ptr<tcp::socket> socket,
                       asio::steady_timer &timer) {
  std::string line;
  for (;;) {
    co_await (asio::async_write(*socket, asio::buffer(line)) ||
              timer.async_wait());
    // CHECK-MESSAGES: :[[@LINE-2]]:15: warning: when another branch ends this select, 'async_write' is cancelled in the middle: what it has put into 'socket' stays there unfinished, and 'socket' is written to again; close it when the write is cut off, or let the write end [coro-cancel-unsafe-select]
    // CHECK-MESSAGES: note: 'async_write' is started here on 'socket'
    // CHECK-MESSAGES: note: 'socket' is used again here, in the next round
  }
}

// Three branches, one of which loses.
awaitable<void> three(tcp::socket &socket, asio::steady_timer &timer,
                      asio::steady_timer &tick) {
  std::array<char, 8> record;
  for (;;) {
    auto result = co_await (
        timer.async_wait() || tick.async_wait() ||
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: when another branch ends this select, 'async_read' is cancelled
        asio::async_read(socket, asio::buffer(record)));
        // CHECK-MESSAGES: :[[@LINE-1]]:9: note: 'async_read' is started here on 'socket'
        // CHECK-MESSAGES: :[[@LINE-2]]:9: note: 'socket' is used again here, in the next round
    if (result.index() == 0)
      co_return;
  }
}

// Branch 2 is the read; both others leave.
awaitable<void> three_of_which_two_leave(tcp::socket &socket,
                                         asio::steady_timer &timer,
                                         asio::steady_timer &tick) {
  std::array<char, 8> record;
  for (;;) {
    auto result = co_await (
        timer.async_wait() || tick.async_wait() ||
        asio::async_read(socket, asio::buffer(record)));
    if (result.index() != 2)
      co_return;
  }
}

// A buffer that outlives the select keeps what was read.
awaitable<void> until(tcp::socket &socket, asio::steady_timer &timer) {
  std::string received;
  for (;;) {
    auto result = co_await (
        asio::async_read_until(socket, asio::dynamic_buffer(received), '\n') ||
        timer.async_wait());
    if (result.index() == 0)
      received.erase(0, std::get<0>(result));
  }
}

// Single steps take nothing when they are cancelled.
awaitable<void> single(tcp::socket &socket, asio::steady_timer &timer,
                       tcp::acceptor &acceptor) {
  std::array<char, 512> chunk;
  for (;;) {
    auto result = co_await (socket.async_read_some(asio::buffer(chunk)) ||
                            timer.async_wait());
    if (result.index() == 0)
      log(std::get<0>(result));
    auto accepted = co_await (acceptor.async_accept() || timer.async_wait());
    auto written = co_await (socket.async_write_some(asio::buffer(chunk)) ||
                             timer.async_wait());
    auto ready = co_await (socket.async_wait(tcp::socket::wait_read) ||
                           timer.async_wait());
  }
}

// Timers against each other.
awaitable<void> timers(asio::steady_timer &a, asio::steady_timer &b) {
  for (;;) {
    a.expires_after(1s);
    co_await (a.async_wait() || b.async_wait());
  }
}

// The write timeout closes; the error, too.
awaitable<void> write_loop(tcp::socket &socket, asio::steady_timer &stalled) {
  std::string frame;
  for (;;) {
    stalled.expires_after(1s);
    auto result =
        co_await (asio::async_write(socket, asio::buffer(frame), nothrow) ||
                  stalled.async_wait(nothrow));
    if (result.index() == 1 || std::get<0>(std::get<0>(result))) {
      socket.close();
      co_return;
    }
  }
}

// Somebody looks at the result: whether the loop goes on is not known.
awaitable<void> passed_on(tcp::socket &socket, asio::steady_timer &timer,
                          bool &stop) {
  std::array<char, 8> record;
  while (!stop) {
    auto result = co_await (asio::async_read(socket, asio::buffer(record)) ||
                            timer.async_wait());
    look_at(result);
  }
}

// A socket of its own in each round.
awaitable<void> fresh(tcp::acceptor &acceptor, asio::steady_timer &timer) {
  std::array<char, 8> record;
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept();
    co_await (asio::async_read(socket, asio::buffer(record)) ||
              timer.async_wait());
  }
}
awaitable<void> serve(tcp::socket);
awaitable<void> handed_over(tcp::socket socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  co_await (asio::async_read(socket, asio::buffer(record)) ||
            timer.async_wait());
  co_await serve(std::move(socket));
}

// Different sockets.
awaitable<void> other(tcp::socket &a, tcp::socket &b,
                      asio::steady_timer &timer) {
  std::array<char, 8> record;
  co_await (asio::async_read(a, asio::buffer(record)) || timer.async_wait());
  co_await asio::async_read(b, asio::buffer(record));
}

// The other branch is an endless loop: it never ends the select, since `||`
// waits for the first that succeeds.
awaitable<void> beat(asio::steady_timer &timer) {
  for (;;)
    co_await timer.async_wait();
}
awaitable<void> with_endless(tcp::socket &socket, asio::steady_timer &timer) {
  std::array<char, 8> record;
  for (;;)
    co_await (asio::async_read(socket, asio::buffer(record)) || beat(timer));
}

// Of the other branch nothing is known.
awaitable<void> with_unknown(tcp::socket &socket) {
  std::array<char, 8> record;
  for (;;)
    co_await (asio::async_read(socket, asio::buffer(record)) || unknown_work());
}
