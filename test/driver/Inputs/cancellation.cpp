#include "asio.h"

using asio::awaitable;
using asio::ip::tcp;

namespace app {
awaitable<void> elsewhere();

awaitable<std::string> read_frame(tcp::socket &socket) {
  std::array<char, 4> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 4);
}
struct Session {
  tcp::socket socket_;
  asio::steady_timer pause_;
  awaitable<void> run() {
    co_await pause_.async_wait();
    co_await read_frame(socket_);
  }
  awaitable<void> waits() { co_await pause_.async_wait(); }
  awaitable<void> unknown() { co_await elsewhere(); }
  void plain() {}
};
namespace first {
awaitable<void> twice() { co_return; }
} // namespace first
namespace second {
awaitable<void> twice() { co_return; }
} // namespace second
} // namespace app
