// PROOF-FLAGS: -std=c++20 -O1 -pthread
// The error is obeyed: the loop ends when the acceptor is closed.
#include "../loop.h"
#include <boost/asio.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

struct Server {
  tcp::acceptor acceptor;
  unsigned failures = 0;
  bool ended = false;

  awaitable<void> accept() {
    for (;;) {
      boost::system::error_code error;
      auto socket = co_await acceptor.async_accept(
          asio::redirect_error(use_awaitable, error));
      if (!acceptor.is_open())
        break;
      if (error)
        ++failures;
    }
    ended = true;
  }
  void stop() { acceptor.close(); }
};

int main() {
  asio::io_context context;
  Server server{{context, {asio::ip::address_v4::loopback(), 0}}};
  co_spawn(context, server.accept(), asio::detached);
  asio::post(context, [&] { server.stop(); });
  context.run();
  proof::require(server.ended && server.failures == 0, "it did not end");
}
