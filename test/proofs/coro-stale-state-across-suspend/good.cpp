// PROOF-FLAGS: -std=c++20 -O1 -fsanitize=address
// Whoever comes while a connection is made waits for it: 1000 coroutines, one
// connection.
#include "../loop.h"
#include <cstring>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

struct connection {
  char buffer[16] = "";
  proof::task<> write(const char *text) {
    co_await proof::sleep(10ms);
    std::strncpy(buffer, text, sizeof buffer - 1);
  }
};

struct event {
  bool set = false;
  std::vector<std::coroutine_handle<>> waiters;
  bool await_ready() const { return set; }
  void await_suspend(std::coroutine_handle<> handle) {
    waiters.push_back(handle);
  }
  void await_resume() const {}
  void signal() {
    set = true;
    for (auto handle : std::exchange(waiters, {}))
      proof::loop::current().post(handle);
  }
};

struct client {
  std::unique_ptr<connection> connection_;
  bool connecting_ = false;
  event ready_;
  int connected = 0, sent = 0;

  proof::task<std::unique_ptr<connection>> connect() {
    co_await proof::sleep(connected++ ? 25ms : 20ms);
    co_return std::make_unique<connection>();
  }
  proof::task<> send(const char *text) {
    if (!connecting_) {
      connecting_ = true;
      connection_ = co_await connect();
      ready_.signal();
    }
    co_await ready_;
    co_await connection_->write(text);
    ++sent;
  }
};

int main() {
  client one;
  for (int i = 0; i < 1000; ++i)
    proof::spawn(one.send("text"));
  proof::loop::current().run();
  proof::require(one.connected == 1, "it connected more than once");
  proof::require(one.sent == 1000, "a text was not sent");
}
