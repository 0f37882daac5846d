#include "journal.h"

#include <boost/asio/co_spawn.hpp>

#include <fstream>
#include <iostream>
#include <utility>

namespace gateway {

Journal::Journal(asio::any_io_executor executor, std::filesystem::path path)
    : path_(std::move(path)), timer_(std::move(executor)) {}

void Journal::append(std::string_view line) {
  std::scoped_lock lock(mutex_);
  pending_.append(line);
  pending_.push_back('\n');
}

awaitable<void> Journal::flush() {
  // An empty batch takes its turn, too: lines that an earlier flush has taken
  // are in the file only when that one has left the pool's only thread.
  co_await asio::co_spawn(
      pool_,
      [this, batch = take_pending()]() -> awaitable<void> {
        write(batch);
        co_return;
      },
      use_awaitable);
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
  write(take_pending());
}

std::string Journal::take_pending() {
  std::scoped_lock lock(mutex_);
  return std::exchange(pending_, {});
}

void Journal::write(const std::string &batch) {
  if (batch.empty())
    return;
  std::ofstream out(path_, std::ios::app | std::ios::binary);
  out << batch << std::flush;
  if (out) {
    bytes_written_ += batch.size();
    return;
  }
  std::cerr << "journal: cannot write " << path_.string() << '\n';
  std::scoped_lock lock(mutex_);
  pending_.insert(0, batch);
}

} // namespace gateway
