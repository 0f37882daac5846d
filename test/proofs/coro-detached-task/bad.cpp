// PROOF-FLAGS: -std=c++20 -O1 -pthread
// PROOF-FAILS: proof failed: the server has stopped after 1 of 3 clients, and
// The coroutine that serves ends with an exception, which is dropped.
#include "../loop.h"
#include <boost/asio.hpp>
#include <stdexcept>

namespace asio = boost::asio;

int served = 0;
bool heard = false;

asio::awaitable<void> serve(int clients) {
  for (int i = 0; i < clients; ++i) {
    co_await asio::post(asio::use_awaitable);
    if (i == 1)
      throw std::runtime_error("no more file descriptors");
    ++served;
  }
}

int main() {
  asio::io_context context;
  co_spawn(context, serve(3), asio::detached);
  try {
    context.run();
  } catch (const std::exception &) {
    heard = true;
  }
  proof::require(served == 3 || heard, "the server has stopped after 1 of 3 "
                                       "clients, and nobody was told");
}
