#include "journal.h"

#include <boost/asio/co_spawn.hpp>

#include <fstream>
#include <iostream>

namespace gateway {

Journal::Journal(asio::any_io_executor executor, std::filesystem::path path)
    : path_(std::move(path)), timer_(std::move(executor)) {}

void Journal::append(std::string_view line) {
  std::scoped_lock lock(mutex_);
  pending_.append(line);
  pending_.push_back('\n');
}

awaitable<void> Journal::flush() {
  std::scoped_lock lock(mutex_);
  if (pending_.empty())
    co_return;
  const bool written = co_await asio::co_spawn(
      pool_, [this]() -> awaitable<bool> { co_return write(pending_); },
      use_awaitable);
  if (written)
    pending_.clear();
}

awaitable<void> Journal::run(std::chrono::milliseconds interval) {
  while (!stopping_) {
    timer_.expires_after(interval);
    auto [error] = co_await timer_.async_wait(nothrow_awaitable);
    if (error)
      co_return;
    co_await flush();
  }
}

void Journal::stop() {
  stopping_ = true;
  timer_.cancel();
}

void Journal::drain() {
  pool_.join();
  std::scoped_lock lock(mutex_);
  if (!pending_.empty() && write(pending_))
    pending_.clear();
}

bool Journal::write(const std::string &batch) {
  std::ofstream out(path_, std::ios::app | std::ios::binary);
  out << batch << std::flush;
  if (!out) {
    std::cerr << "journal: cannot write " << path_.string() << '\n';
    return false;
  }
  bytes_written_ += batch.size();
  return true;
}

} // namespace gateway
