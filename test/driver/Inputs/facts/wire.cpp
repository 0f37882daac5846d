#include "wire.h"

asio::awaitable<std::string> read_frame(asio::ip::tcp::socket &socket) {
  std::array<char, 4> bytes;
  co_await asio::async_read(socket, asio::buffer(bytes));
  co_return std::string(bytes.data(), 4);
}
