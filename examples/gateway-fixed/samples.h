#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

inline constexpr std::size_t sample_size = 4;

struct SampleSummary {
  std::size_t count;
  std::int32_t lowest;
  std::int32_t highest;
  std::int64_t mean;
};

// `bytes` holds at least one signed 32-bit sample and no part of one; they are
// stored most significant byte first.
SampleSummary summarise(std::string_view bytes);

std::string to_string(const SampleSummary &summary);

} // namespace gateway
