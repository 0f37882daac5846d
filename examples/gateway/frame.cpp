#include "frame.h"

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

} // namespace gateway
