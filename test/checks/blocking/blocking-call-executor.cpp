// RUN: %check_coro_tidy %s coro-blocking-call %t
// Which thread a coroutine runs on.
#include "asio_executors.h"
#include <thread>

using asio::awaitable;
using asio::use_awaitable;
using namespace std::chrono_literals;

static void work() { std::this_thread::sleep_for(1s); }

// After a transfer that moves, until an await brings it back.
awaitable<void> moves(asio::thread_pool &pool, asio::steady_timer &timer) {
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  work();
  co_await timer.async_wait(use_awaitable);
  work();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'work' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use an 'asio::steady_timer' and 'co_await timer.async_wait(asio::use_awaitable)' [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-9]]:22: note: 'work' calls 'sleep_for', which puts the thread to sleep
}

// This one comes back at once.
awaitable<void> does_not_move(asio::thread_pool &pool) {
  co_await asio::post(pool, use_awaitable);
  work();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'work' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use an 'asio::steady_timer' and 'co_await timer.async_wait(asio::use_awaitable)' [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-17]]:22: note: 'work' calls 'sleep_for', which puts the thread to sleep
}

// On some paths only: nobody knows.
awaitable<void> sometimes(asio::thread_pool &pool, bool large) {
  if (large)
    co_await asio::post(asio::bind_executor(pool.get_executor(), use_awaitable));
  work();
}

// Another coroutine may come back from anywhere.
awaitable<void> elsewhere();
awaitable<void> unknown_return(asio::thread_pool &pool) {
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  co_await elsewhere();
  work();
}

// Started on a pool, by itself or by who awaits it.
static awaitable<void> helper_on_pool() {
  work();
  co_return;
}
static awaitable<void> on_pool() {
  work();
  co_await helper_on_pool();
}
static awaitable<void> on_both() {
  work();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'work' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use an 'asio::steady_timer' and 'co_await timer.async_wait(asio::use_awaitable)' [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-47]]:22: note: 'work' calls 'sleep_for', which puts the thread to sleep
  co_return;
}
void start(asio::thread_pool &pool, asio::io_context &io) {
  asio::co_spawn(pool, on_pool(), asio::detached);
  asio::co_spawn(
      pool,
      []() -> awaitable<void> {
        work();
        co_return;
      },
      asio::detached);
  auto named = []() -> awaitable<void> {
    work();
    co_return;
  };
  asio::co_spawn(pool.get_executor(), named, asio::detached);
  asio::co_spawn(
      io.get_executor(),
      []() -> awaitable<void> {
        work();
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'work' leads to 'sleep_for', which puts the thread to sleep, and no other coroutine of this thread runs meanwhile; use an 'asio::steady_timer' and 'co_await timer.async_wait(asio::use_awaitable)' [coro-blocking-call]
        // CHECK-MESSAGES: :[[@LINE-69]]:22: note: 'work' calls 'sleep_for', which puts the thread to sleep
        co_return;
      },
      asio::detached);
  asio::co_spawn(pool, on_both(), asio::detached);
  asio::co_spawn(io.get_executor(), on_both(), asio::detached);
}

// The name says that there are threads to spare.
struct server {
  asio::any_io_executor blocking_executor_;
  void start() {
    asio::co_spawn(
        blocking_executor_,
        []() -> awaitable<void> {
          work();
          co_return;
        },
        asio::detached);
  }
};

// A row's own replacement.
awaitable<void> synchronous(asio::ip::tcp::socket &socket, asio::ip::udp::socket &datagrams, char (&data)[8]) {
  asio::read(socket, asio::buffer(data));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'read' waits until the other side has sent everything, and no other coroutine of this thread runs meanwhile; use 'co_await asio::async_read(…, asio::use_awaitable)' [coro-blocking-call]
  datagrams.receive(asio::buffer(data));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_datagram_socket::receive' waits for a datagram, and no other coroutine of this thread runs meanwhile; use 'co_await socket.async_receive(…, asio::use_awaitable)' [coro-blocking-call]
  auto executor = co_await asio::this_coro::executor;
  asio::ip::basic_resolver<asio::ip::tcp> resolver(executor);
  resolver.resolve("example.org", "80");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_resolver::resolve' asks a name server and waits for the answer, and no other coroutine of this thread runs meanwhile; use 'co_await resolver.async_resolve(…, asio::use_awaitable)' [coro-blocking-call]
}
awaitable<void> non_blocking(asio::ip::udp::socket &datagrams, char (&data)[8]) {
  datagrams.non_blocking(true);
  datagrams.receive(asio::buffer(data));
  co_return;
}
// Whoever asks for that error has a socket that does not block.
void tries(asio::ip::udp::socket &datagrams, char (&data)[8], asio::error_code error) {
  datagrams.receive(asio::buffer(data));
  if (error == asio::error::would_block)
    error = {};
}
awaitable<void> tries_first(asio::ip::udp::socket &datagrams, char (&data)[8]) {
  tries(datagrams, data, {});
  co_await datagrams.async_wait(asio::ip::udp::socket::wait_read, use_awaitable);
}
// A datagram socket only remembers its peer; a stream that does not block says
// so at once.
awaitable<void> connects(asio::ip::udp::socket &datagrams, asio::ip::tcp::socket &silent,
                         asio::ip::tcp::socket &stream) {
  datagrams.connect(1);
  silent.non_blocking(true);
  silent.connect(1);
  stream.connect(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'basic_socket::connect' waits until the other side has accepted the connection, and no other coroutine of this thread runs meanwhile; use 'co_await socket.async_connect(…, asio::use_awaitable)' [coro-blocking-call]
  co_return;
}
// What was waited for is there. (Asio makes the socket non-blocking for it, too.)
awaitable<void> waited_for(asio::ip::udp::socket &datagrams, char (&data)[8]) {
  co_await datagrams.async_wait(asio::ip::udp::socket::wait_read, use_awaitable);
  datagrams.receive(asio::buffer(data));
}

// Where a coroutine starts is told to its promise.
struct start_on {};
template <typename... Others> struct parallel {
  struct promise_type {
    template <typename Pool, typename... Rest> promise_type(start_on, Pool *pool, Rest &&...);
    template <typename... All> promise_type(All &&...);
    parallel get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
parallel<> starts_on_pool(start_on, asio::thread_pool *pool) {
  work();
  co_return;
}
parallel<> is_given_a_pool(int, asio::thread_pool *pool) {
  work();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'work' leads to 'sleep_for', which puts the thread to sleep,
  // CHECK-MESSAGES: :[[@LINE-154]]:22: note: 'work' calls 'sleep_for', which puts the thread to sleep
  co_return;
}
