// PROOF-FLAGS: -std=c++20 -O1 -pthread
// A destructor gives the place back, and the goodbye is shielded.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

int taken = 0, told = 0;

struct place {
  place() { ++taken; }
  ~place() { --taken; }
};

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
  co_await asio::this_coro::reset_cancellation_state(
      asio::disable_cancellation());
  co_await say_goodbye();
  if (error)
    std::rethrow_exception(error);
}

awaitable<void> serve() {
  place mine;
  co_await talk();
}

awaitable<void> client() { co_await (serve() || wait(10ms)); }

int main() {
  asio::io_context context;
  for (int i = 0; i < 4; ++i)
    co_spawn(context, client(), asio::detached);
  context.run();
  proof::require(taken == 0, "a place is taken for ever");
  proof::require(told == 4, "a client was not told goodbye");
}
