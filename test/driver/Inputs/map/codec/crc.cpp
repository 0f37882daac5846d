#include "codec.h"

unsigned crc(const std::string &bytes) {
  unsigned value = ~0u;
  for (unsigned char byte : bytes)
    value = (value >> 1) ^ byte;
  return ~value;
}
