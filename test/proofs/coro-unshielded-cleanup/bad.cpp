// PROOF-FLAGS: -std=c++20 -O1 -pthread
// PROOF-FAILS: proof failed: nobody is connected, but 4 of 4 places are taken
// Clients that are cut off by a timeout never give their place back, and the
// goodbye that is awaited after it fails before it begins.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

int taken = 0, told = 0;

awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}

awaitable<void> say_goodbye() {
  co_await wait(1ms);
  ++told;
}

awaitable<void> talk() {
  std::exception_ptr error;
  try {
    co_await wait(10s);
  } catch (...) {
    error = std::current_exception();
  }
  co_await say_goodbye();
  if (error)
    std::rethrow_exception(error);
}

awaitable<void> serve() {
  ++taken;
  co_await talk();
  --taken;
}

awaitable<void> client() { co_await (serve() || wait(10ms)); }

int main() {
  asio::io_context context;
  for (int i = 0; i < 4; ++i)
    co_spawn(context, client(), asio::detached);
  context.run();
  char text[96];
  std::snprintf(text, sizeof text,
                "nobody is connected, but %d of 4 places are taken and %d of 4 "
                "were told goodbye",
                taken, told);
  proof::require(taken == 0 && told == 4, text);
}
