// PROOF-FLAGS: -std=c++20 -O1 -pthread -fsanitize=address
// PROOF-FAILS: (?s)a limit of 50 ms ended after \d{4} ms.*heap-use-after-free
// Two limits that do not stop anything. Asio's waits for its loser, and nothing
// ends a look-up of a name. The other one abandons its loser, which goes on and
// writes into the frame that waited for it.
#include "../loop.h"
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <memory>
#include <netdb.h>
#include <string>
#include <unistd.h>

namespace asio = boost::asio;
using asio::use_awaitable;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

// A name server that does not answer.
extern "C" int getaddrinfo(const char *, const char *, const addrinfo *,
                           addrinfo **) {
  sleep(1);
  return EAI_AGAIN;
}

asio::awaitable<void> resolves() {
  auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver names(executor);
  asio::steady_timer limit(executor, 50ms);
  const auto start = steady_clock::now();
  try {
    co_await (names.async_resolve("example.org", "80", use_awaitable) ||
              limit.async_wait(use_awaitable));
  } catch (const std::exception &) {
  }
  std::printf("a limit of 50 ms ended after %d ms\n",
              int((steady_clock::now() - start) / 1ms));
  std::fflush(stdout);
}

/// Waits for \p work, but no longer than \p limit; then it goes on by itself.
struct with_timeout {
  proof::duration limit;
  proof::task<> work;
  struct shared {
    std::coroutine_handle<> waiter;
    void wake() {
      if (auto handle = std::exchange(waiter, {}))
        proof::loop::current().post(handle);
    }
  };
  static proof::detached run(proof::task<> work, std::shared_ptr<shared> to) {
    co_await std::move(work);
    to->wake();
  }
  static proof::detached alarm(proof::duration limit,
                               std::shared_ptr<shared> to) {
    co_await proof::sleep(limit);
    to->wake();
  }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    auto to = std::make_shared<shared>(shared{handle});
    run(std::move(work), to);
    alarm(limit, to);
  }
  void await_resume() {}
};

proof::task<> fill(std::string &buffer) {
  co_await proof::sleep(1000ms);
  buffer += "what arrived at last";
}

proof::task<> fills() {
  std::string buffer;
  co_await with_timeout(50ms, fill(buffer));
}

int main() {
  asio::io_context context;
  co_spawn(context, resolves(), asio::detached);
  context.run();
  proof::spawn(fills());
  proof::loop::current().run();
}
