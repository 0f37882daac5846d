#include "server.h"

asio::executor ex;

void start(std::string name) {
  asio::co_spawn(ex, greet(name + "!"), asio::detached);
}
task<> waits(std::string name) {
  co_await greet(name + "!");
  co_await log_name(name + "!");
  co_await parse_size(name);
}
void start(std::shared_ptr<Connection> one, Peer &peer) {
  asio::co_spawn(ex, one->run(), asio::detached);
  asio::co_spawn(ex, one->serve(), [one] {});
  asio::co_spawn(ex, peer.run(), asio::detached);
}

struct Mutex {
  struct Guard {
    ~Guard();
  };
  task<Guard> lock();
};
task<> reads_locked(Server &server, Mutex &mutex) {
  auto guard = co_await mutex.lock();
  co_await server.reads(1);
}
task<int> twice_the_size(const std::string &text) {
  co_return 2 * co_await parse_size(text);
}
task<> returns_it(int n) {
  std::string local = std::to_string(n);
  return greet(local);
}
task<> keeps_it(const std::string &kept) { return greet(kept); }
