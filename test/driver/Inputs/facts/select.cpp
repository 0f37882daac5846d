#include "wire.h"

using namespace asio::experimental::awaitable_operators;

asio::awaitable<void> pause_twice(asio::steady_timer &timer) {
  co_await pause_a_while(timer);
  co_await pause_a_while(timer);
}
struct Reader {
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  asio::awaitable<void> run() {
    for (;;) {
      co_await (read_frame(socket_) || timer_.async_wait());
      co_await read_frame(socket_);
    }
  }
  asio::awaitable<void> pauses() { co_await pause_twice(timer_); }
  asio::awaitable<void> frames() { co_await read_frame(socket_); }
};
