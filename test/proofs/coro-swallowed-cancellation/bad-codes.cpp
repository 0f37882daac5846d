// PROOF-FLAGS: -std=c++20 -O1 -pthread
// PROOF-FAILS: proof failed: it was closed, and did not end in 100000 rounds
// The acceptor is closed. The pending accept ends with operation_aborted, each
// one after it with bad_descriptor, and the loop only counts them.
#include "../loop.h"
#include <boost/asio.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

struct Server {
  tcp::acceptor acceptor;
  unsigned failures = 0;

  awaitable<void> accept() {
    for (;;) {
      boost::system::error_code error;
      auto socket = co_await acceptor.async_accept(
          asio::redirect_error(use_awaitable, error));
      if (error) {
        // Without this line the program would hang here.
        proof::require(++failures < 100'000,
                       "it was closed, and did not end in 100000 rounds");
        continue;
      }
    }
  }
  void stop() { acceptor.close(); }
};

int main() {
  asio::io_context context;
  Server server{{context, {asio::ip::address_v4::loopback(), 0}}};
  co_spawn(context, server.accept(), asio::detached);
  asio::post(context, [&] { server.stop(); });
  context.run();
}
