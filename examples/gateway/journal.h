#pragma once

#include "net.h"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

namespace gateway {

// Lines are collected in memory and written to the file in batches, on a pool
// thread of their own.
class Journal {
public:
  Journal(asio::any_io_executor executor, std::filesystem::path path);

  // May be called from any thread.
  void append(std::string_view line);

  // Returns when everything appended so far is in the file. Lines that cannot
  // be written are kept for the next time.
  awaitable<void> flush();

  // Flushes at the given interval until stop().
  awaitable<void> run(std::chrono::milliseconds interval);
  void stop();

  // For shutdown, when nothing else runs any more.
  void drain();

  std::uint64_t bytes_written() const { return bytes_written_; }

private:
  bool write(const std::string &batch);

  std::filesystem::path path_;
  asio::steady_timer timer_;
  bool stopping_ = false;
  std::mutex mutex_;
  std::string pending_;
  std::atomic<std::uint64_t> bytes_written_ = 0;
  asio::thread_pool pool_{1};
};

} // namespace gateway
