#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

enum class FrameType : std::uint8_t {
  hello = 1,
  data = 2,
  broadcast = 3,
  stats = 4,
  reload = 5,
  kick = 6,
  ping = 7,

  ok = 0x80,
  error = 0x81,
  event = 0x82,
  keep_alive = 0x83,
};

struct Frame {
  FrameType type;
  std::string payload;
};

// One byte of type, four bytes of payload length, most significant first.
inline constexpr std::size_t header_size = 5;

std::string encode(FrameType type, std::string_view payload);

} // namespace gateway
