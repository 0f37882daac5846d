#include "frame_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>

namespace gateway {

using namespace asio::experimental::awaitable_operators;

awaitable<std::optional<Frame>>
FrameReader::next(std::chrono::milliseconds timeout, std::size_t max_payload) {
  asio::steady_timer deadline(socket_.get_executor(), timeout);
  for (;;) {
    if (auto frame = take_frame(received_, max_payload))
      co_return frame;

    // Only readiness competes with the timer. A read in its place could finish
    // together with the timer, and the result of the loser is dropped.
    auto ready = co_await (
        socket_.async_wait(tcp::socket::wait_read, nothrow_awaitable) ||
        deadline.async_wait(nothrow_awaitable));
    if (ready.index() == 1)
      co_return std::nullopt;

    std::array<char, 4096> chunk;
    auto size =
        co_await socket_.async_read_some(asio::buffer(chunk), use_awaitable);
    received_.append(chunk.data(), size);
  }
}

} // namespace gateway
