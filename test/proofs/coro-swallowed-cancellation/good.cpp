// PROOF-FLAGS: -std=c++20 -O1 -pthread
// The handler lets the cancellation out: the timeout ends the coroutine.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

unsigned rounds = 0;
bool ended = false;

awaitable<void> ticks() {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  for (;;) {
    try {
      tick.expires_after(1ms);
      co_await tick.async_wait(use_awaitable);
      rounds = 0;
    } catch (const boost::system::system_error &error) {
      if (error.code() == asio::error::operation_aborted)
        throw;
      proof::require(++rounds < 100'000, "it did not end in 100000 rounds");
    }
  }
}

awaitable<void> limited() {
  asio::steady_timer deadline(co_await asio::this_coro::executor, 20ms);
  co_await (ticks() || deadline.async_wait(use_awaitable));
  ended = true;
}

int main() {
  asio::io_context context;
  co_spawn(context, limited(), asio::detached);
  context.run();
  proof::require(ended, "the timeout did not return");
}
