#include "samples.h"

#include <algorithm>
#include <limits>

namespace gateway {
namespace {

std::int32_t decode_sample(std::string_view bytes) {
  std::uint32_t raw = 0;
  for (unsigned char byte : bytes)
    raw = raw << 8 | byte;
  return static_cast<std::int32_t>(raw);
}

} // namespace

SampleSummary summarise(std::string_view bytes) {
  const std::size_t count = bytes.size() / sample_size;
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  std::int32_t highest = std::numeric_limits<std::int32_t>::min();
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto sample =
        decode_sample(bytes.substr(i * sample_size, sample_size));
    lowest = std::min(lowest, sample);
    highest = std::max(highest, sample);
    sum += sample;
  }
  return {count, lowest, highest, sum / static_cast<std::int64_t>(count)};
}

std::string to_string(const SampleSummary &summary) {
  return "count=" + std::to_string(summary.count) +
         " min=" + std::to_string(summary.lowest) +
         " max=" + std::to_string(summary.highest) +
         " mean=" + std::to_string(summary.mean);
}

} // namespace gateway
