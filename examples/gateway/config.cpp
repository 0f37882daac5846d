#include "config.h"

#include <charconv>
#include <fstream>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

std::vector<std::string> read_lines(const std::filesystem::path &path) {
  std::ifstream in(path);
  if (!in)
    throw ConfigError("cannot read " + path.string());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

unsigned parse_number(std::string_view key, std::string_view value) {
  unsigned number = 0;
  auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size())
    throw ConfigError("bad number for " + std::string(key));
  return number;
}

void apply(Config &config, std::string_view key, std::string_view value) {
  using std::chrono::milliseconds;
  if (key == "idle_timeout_ms")
    config.idle_timeout = milliseconds(parse_number(key, value));
  else if (key == "write_timeout_ms")
    config.write_timeout = milliseconds(parse_number(key, value));
  else if (key == "kick_grace_ms")
    config.kick_grace = milliseconds(parse_number(key, value));
  else if (key == "flush_interval_ms")
    config.flush_interval = milliseconds(parse_number(key, value));
  else if (key == "max_missed")
    config.max_missed = parse_number(key, value);
  else if (key == "max_payload")
    config.max_payload = parse_number(key, value);
  else if (key == "admin_token")
    config.admin_token = value;
  else if (key == "journal")
    config.journal = value;
  else
    throw ConfigError("unknown key " + std::string(key));
}

} // namespace

Config load_config(const std::filesystem::path &path) {
  Config config;
  for (std::string_view line : read_lines(path)) {
    line = trim(line.substr(0, line.find('#')));
    if (line.empty())
      continue;
    auto equals = line.find('=');
    if (equals == std::string_view::npos)
      throw ConfigError("no '=' in: " + std::string(line));
    apply(config, trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
  }
  return config;
}

} // namespace gateway
