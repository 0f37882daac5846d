// PROOF-FLAGS: -std=c++20 -O1 -pthread -fsanitize=address
// The look-up goes on by itself with what it owns, and only its result is
// waited for: the limit is kept.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <memory>
#include <netdb.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using results = asio::ip::tcp::resolver::results_type;
using channel =
    asio::experimental::channel<void(boost::system::error_code, results)>;

// A name server that does not answer.
extern "C" int getaddrinfo(const char *, const char *, const addrinfo *,
                           addrinfo **) {
  sleep(1);
  return EAI_AGAIN;
}

asio::awaitable<void> look_up(std::string host, std::shared_ptr<channel> to) {
  asio::ip::tcp::resolver names(co_await asio::this_coro::executor);
  boost::system::error_code error;
  auto found = co_await names.async_resolve(
      host, "80", asio::redirect_error(use_awaitable, error));
  to->try_send(error, found);
}

asio::awaitable<void> resolves(asio::io_context &context) {
  auto executor = co_await asio::this_coro::executor;
  auto answer = std::make_shared<channel>(executor, 1);
  asio::steady_timer limit(executor, 50ms);
  const auto start = steady_clock::now();
  co_spawn(executor, look_up("example.org", answer), asio::detached);
  co_await (answer->async_receive(use_awaitable) ||
            limit.async_wait(use_awaitable));
  proof::require(steady_clock::now() - start < 900ms, "the limit was not kept");
  context.stop();
}

int main() {
  asio::io_context context;
  co_spawn(context, resolves(context), asio::detached);
  context.run();
}
