#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace gateway {

struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Config {
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds write_timeout{5'000};
  std::chrono::milliseconds kick_grace{200};
  std::chrono::milliseconds flush_interval{500};
  unsigned max_missed = 3;
  std::size_t max_payload = 64 * 1024;
  std::string admin_token;
  std::filesystem::path journal = "gateway.journal";
};

// Reads `key = value` lines; throws ConfigError for a file that cannot
// be read or has an unknown key or a bad number.
Config load_config(const std::filesystem::path &path);

} // namespace gateway
