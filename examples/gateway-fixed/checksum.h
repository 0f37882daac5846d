#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

// CRC-32 as in zlib and Ethernet.
std::uint32_t crc32(std::string_view bytes);

} // namespace gateway
