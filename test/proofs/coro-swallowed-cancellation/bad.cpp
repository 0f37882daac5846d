// PROOF-FLAGS: -std=c++20 -O1 -pthread
// PROOF-FAILS: proof failed: it was cancelled, and did not end in 100000 rounds
// A coroutine that cannot be cancelled: its handler catches operation_aborted,
// and the next await throws it again at once. The timeout never returns.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

unsigned rounds = 0;

awaitable<void> ticks() {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  for (;;) {
    try {
      tick.expires_after(1ms);
      co_await tick.async_wait(use_awaitable);
      rounds = 0;
    } catch (const std::exception &) {
      // Without this line the program would hang here.
      proof::require(++rounds < 100'000,
                     "it was cancelled, and did not end in 100000 rounds");
    }
  }
}

awaitable<void> limited() {
  asio::steady_timer deadline(co_await asio::this_coro::executor, 20ms);
  co_await (ticks() || deadline.async_wait(use_awaitable));
}

int main() {
  asio::io_context context;
  co_spawn(context, limited(), asio::detached);
  context.run();
}
