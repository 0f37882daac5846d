#pragma once

#include "frame.h"
#include "net.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace gateway {

// Keeps what has arrived of a frame between calls, so that a timeout in the
// middle of one loses nothing.
class FrameReader {
public:
  explicit FrameReader(tcp::socket &socket) : socket_(socket) {}

  // Nothing when no frame was complete in time; the next call goes on from
  // there. Throws when the peer is gone or breaks the protocol.
  awaitable<std::optional<Frame>> next(std::chrono::milliseconds timeout,
                                       std::size_t max_payload);

private:
  tcp::socket &socket_;
  std::string received_;
};

} // namespace gateway
