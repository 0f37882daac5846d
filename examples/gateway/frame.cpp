#include "frame.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>

#include <array>

namespace gateway {

std::string encode(FrameType type, std::string_view payload) {
  auto length = static_cast<std::uint32_t>(payload.size());
  std::string bytes;
  bytes.reserve(header_size + payload.size());
  bytes.push_back(static_cast<char>(type));
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(length >> shift & 0xff));
  bytes.append(payload);
  return bytes;
}

awaitable<std::optional<Frame>> read_frame(tcp::socket &socket,
                                           std::size_t max_payload) {
  std::array<unsigned char, header_size> header;
  auto [header_error, header_read] = co_await asio::async_read(
      socket, asio::buffer(header), nothrow_awaitable);
  if (header_error)
    co_return std::nullopt;

  std::uint32_t length = 0;
  for (std::size_t i = 1; i < header_size; ++i)
    length = length << 8 | header[i];
  if (length > max_payload)
    co_return std::nullopt;

  Frame frame{static_cast<FrameType>(header[0]), std::string(length, '\0')};
  auto [body_error, body_read] = co_await asio::async_read(
      socket, asio::buffer(frame.payload), nothrow_awaitable);
  if (body_error)
    co_return std::nullopt;
  co_return frame;
}

} // namespace gateway
