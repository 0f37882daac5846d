// PROOF-FLAGS: -std=c++20 -O1 -fsanitize=address
// PROOF-FAILS: (?s)connected 2 times.*heap-use-after-free
// Two coroutines find no connection. Both connect; the second connection
// replaces the first one under the write of the first coroutine.
#include "../loop.h"
#include <cstring>
#include <memory>

using namespace std::chrono_literals;

struct connection {
  char buffer[16] = "";
  proof::task<> write(const char *text) {
    co_await proof::sleep(10ms);
    std::strncpy(buffer, text, sizeof buffer - 1);
  }
};

struct client {
  std::unique_ptr<connection> connection_;
  int connected = 0;

  proof::task<std::unique_ptr<connection>> connect() {
    co_await proof::sleep(connected++ ? 25ms : 20ms);
    co_return std::make_unique<connection>();
  }
  proof::task<> send(const char *text) {
    if (!connection_)
      connection_ = co_await connect();
    co_await connection_->write(text);
  }
};

int main() {
  client one;
  proof::spawn(one.send("first"));
  proof::spawn(one.send("second"));
  std::printf("connected %d times\n", one.connected);
  std::fflush(stdout);
  proof::loop::current().run();
}
