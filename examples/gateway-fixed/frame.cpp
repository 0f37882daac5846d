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

std::optional<Frame> take_frame(std::string &received,
                                std::size_t max_payload) {
  if (received.size() < header_size)
    return std::nullopt;
  std::uint32_t length = 0;
  for (std::size_t i = 1; i < header_size; ++i)
    length = length << 8 | static_cast<unsigned char>(received[i]);
  if (length > max_payload)
    throw ProtocolError("frame of " + std::to_string(length) + " bytes");
  if (received.size() - header_size < length)
    return std::nullopt;

  Frame frame{static_cast<FrameType>(static_cast<unsigned char>(received[0])),
              received.substr(header_size, length)};
  received.erase(0, header_size + length);
  return frame;
}

} // namespace gateway
