// PROOF-FLAGS: -std=c++20 -O2 -pthread
// The tick is set anew when it has expired, the operation is begun once, and
// who waits for a lock waits.
#include "../loop.h"
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <string>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using boost::system::error_code;
using channel = asio::experimental::channel<void(error_code, unsigned)>;
using lock = asio::experimental::channel<void(error_code)>;
using asio::experimental::deferred;

bool over = false;
unsigned stored = 0, done = 0, locked = 0, received = 0, commanded = 0;

awaitable<void> pause(std::chrono::microseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}
awaitable<void> traffic(channel &messages) {
  for (unsigned i = 0; i < 10'000; ++i)
    co_await messages.async_send(error_code(), i, use_awaitable);
}

awaitable<void> batches(channel &messages) {
  asio::steady_timer tick(co_await asio::this_coro::executor, 1ms);
  while (!over) {
    auto [order, failed, message, stopped] =
        co_await asio::experimental::make_parallel_group(
            messages.async_receive(deferred), tick.async_wait(deferred))
            .async_wait(asio::experimental::wait_for_one(), use_awaitable);
    if (!failed)
      ++received;
    if (!stopped) {
      ++stored;
      tick.expires_after(1ms);
    }
  }
}

awaitable<void> job(channel &ready) {
  co_await pause(2ms);
  co_await pause(2ms);
  co_await ready.async_send(error_code(), 1, use_awaitable);
}
awaitable<void> works(channel &commands) {
  channel ready(co_await asio::this_coro::executor, 1);
  co_spawn(co_await asio::this_coro::executor, job(ready), asio::detached);
  while (!over) {
    auto [order, unfinished, result, failed, command] =
        co_await asio::experimental::make_parallel_group(
            ready.async_receive(deferred), commands.async_receive(deferred))
            .async_wait(asio::experimental::wait_for_one(), use_awaitable);
    if (!unfinished)
      ++done;
    if (!failed)
      ++commanded;
  }
}

awaitable<void> takes_turns(lock &mutex, unsigned &turns) {
  while (!over) {
    co_await mutex.async_send(error_code(), use_awaitable);
    ++turns;
    co_await pause(5ms);
    mutex.try_receive([](auto...) {});
  }
}

int main() {
  asio::io_context context;
  channel messages(context), commands(context);
  lock mutex(context, 1);
  unsigned others = 0;
  co_spawn(context, traffic(messages), asio::detached);
  co_spawn(context, batches(messages), asio::detached);
  co_spawn(context, traffic(commands), asio::detached);
  co_spawn(context, works(commands), asio::detached);
  for (int i = 0; i < 3; ++i)
    co_spawn(context, takes_turns(mutex, others), asio::detached);
  co_spawn(context, takes_turns(mutex, locked), asio::detached);
  context.run_for(2s);
  proof::require(received == 10'000 && commanded == 10'000,
                 "a message was lost");
  proof::require(stored > 0, "the tick starved");
  proof::require(done == 1, "the job did not end");
  proof::require(locked > 0, "the lock was never had");
}
