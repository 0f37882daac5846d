// PROOF-FLAGS: -std=c++20 -O2 -pthread
// PROOF-FAILS: stored 0 times, 0 jobs done, had the lock 0 times
//
// A tick that is set anew in each round never comes while there is traffic; an
// operation of several steps that is begun anew never gets to its end; and who
// gives up his place in a queue never gets to its front.
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

bool over = false;
unsigned stored = 0, done = 0, locked = 0;

awaitable<void> pause(std::chrono::microseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}
awaitable<void> traffic(channel &messages) {
  for (unsigned i = 0; !over; ++i) {
    co_await messages.async_send(error_code(), i, use_awaitable);
    co_await pause(500us);
  }
}

// timer-restarted
awaitable<void> batches(channel &messages) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  std::vector<unsigned> batch;
  while (!over) {
    tick.expires_after(50ms);
    auto result = co_await (messages.async_receive(use_awaitable) ||
                            tick.async_wait(use_awaitable));
    if (result.index() == 0) {
      batch.push_back(std::get<0>(result));
    } else {
      ++stored;
      batch.clear();
    }
  }
}

// restarted-in-loop
awaitable<unsigned> job() {
  co_await pause(25ms);
  co_await pause(25ms);
  co_return 1;
}
awaitable<void> works(channel &commands) {
  while (!over) {
    auto result = co_await (job() || commands.async_receive(use_awaitable));
    if (result.index() == 0)
      ++done;
  }
}

// queue-position: a channel of one as a lock that serves in order.
awaitable<void> hogs(lock &mutex) {
  while (!over) {
    co_await mutex.async_send(error_code(), use_awaitable);
    co_await pause(50ms);
    mutex.try_receive([](auto...) {});
  }
}
awaitable<void> impatient(lock &mutex) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (!over) {
    tick.expires_after(10ms);
    auto result = co_await (mutex.async_send(error_code(), use_awaitable) ||
                            tick.async_wait(use_awaitable));
    if (result.index() == 0) {
      ++locked;
      mutex.try_receive([](auto...) {});
    }
  }
}

int main() {
  asio::io_context context;
  channel messages(context), commands(context);
  lock mutex(context, 1);
  co_spawn(context, traffic(messages), asio::detached);
  co_spawn(context, batches(messages), asio::detached);
  co_spawn(context, traffic(commands), asio::detached);
  co_spawn(context, works(commands), asio::detached);
  for (int i = 0; i < 3; ++i)
    co_spawn(context, hogs(mutex), asio::detached);
  co_spawn(context, impatient(mutex), asio::detached);
  context.run_for(1s);
  char text[96];
  std::snprintf(text, sizeof text,
                "stored %u times, %u jobs done, had the lock %u times", stored,
                done, locked);
  proof::require(stored > 0 && done > 0 && locked > 0, text);
}
