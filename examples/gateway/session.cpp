#include "session.h"

#include "checksum.h"
#include "server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <limits>
#include <optional>
#include <utility>

namespace gateway {

using namespace asio::experimental::awaitable_operators;

namespace {

constexpr std::size_t outbox_frames = 64;

std::pair<std::string, std::string> split_word(const std::string &text) {
  auto blank = text.find(' ');
  if (blank == std::string::npos)
    return {text, {}};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

// Nothing when the peer is gone or announces more than `max_payload`.
awaitable<std::optional<Frame>> read_frame(tcp::socket &socket,
                                           std::size_t max_payload) {
  std::array<unsigned char, header_size> header;
  auto [header_error, header_read] = co_await asio::async_read(
      socket, asio::buffer(header), nothrow_awaitable);
  if (header_error)
    co_return std::nullopt;

  std::uint32_t length = 0;
  for (std::size_t i = 1; i < header_size; ++i)
    length = length << 8 | header[i];
  if (length > max_payload)
    co_return std::nullopt;

  Frame frame{static_cast<FrameType>(header[0]), std::string(length, '\0')};
  auto [body_error, body_read] = co_await asio::async_read(
      socket, asio::buffer(frame.payload), nothrow_awaitable);
  if (body_error)
    co_return std::nullopt;
  co_return frame;
}

} // namespace

Session::Session(tcp::socket socket, Server &server, SessionId id)
    : socket_(std::move(socket)), server_(server), id_(id),
      outbox_(socket_.get_executor(), outbox_frames) {}

void Session::start() {
  asio::co_spawn(socket_.get_executor(), run(), asio::detached);
  asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this()] { return self->write_loop(); },
      asio::detached);
}

void Session::close() {
  error_code ignored;
  socket_.close(ignored);
  // close() by itself leaves those waiting who wanted to send.
  outbox_.cancel();
  outbox_.close();
}

awaitable<bool> Session::send(std::string frame) {
  auto [error] = co_await outbox_.async_send(error_code{}, std::move(frame),
                                             nothrow_awaitable);
  co_return !error;
}

awaitable<void> Session::run() {
  asio::steady_timer idle(socket_.get_executor());
  unsigned missed = 0;
  try {
    while (missed <= server_.config().max_missed) {
      idle.expires_after(server_.config().idle_timeout);
      auto result =
          co_await (read_frame(socket_, server_.config().max_payload) ||
                    idle.async_wait(use_awaitable));
      if (result.index() == 1) {
        ++missed;
        co_await send(encode(FrameType::keep_alive, {}));
        continue;
      }
      auto &frame = std::get<0>(result);
      if (!frame)
        break;
      missed = 0;
      ++frames_;
      co_await handle(*frame);
    }
  } catch (const std::exception &e) {
    std::cerr << "session " << id_ << ": " << e.what() << '\n';
  }
  server_.sessions().remove(id_);
}

awaitable<void> Session::write_loop() {
  asio::steady_timer stalled(socket_.get_executor());
  for (;;) {
    auto [closed, frame] = co_await outbox_.async_receive(nothrow_awaitable);
    if (closed)
      co_return;
    stalled.expires_after(server_.config().write_timeout);
    auto result = co_await (
        asio::async_write(socket_, asio::buffer(frame), nothrow_awaitable) ||
        stalled.async_wait(nothrow_awaitable));
    if (result.index() == 1 || std::get<0>(std::get<0>(result))) {
      close();
      co_return;
    }
  }
}

awaitable<void> Session::handle(const Frame &frame) {
  switch (frame.type) {
  case FrameType::hello:
    name_ = frame.payload;
    co_await send(encode(FrameType::ok, "id=" + std::to_string(id_)));
    break;
  case FrameType::data:
    co_await handle_data(frame.payload);
    break;
  case FrameType::broadcast: {
    auto delivered = co_await server_.sessions().broadcast(
        id_, name_ + ": " + frame.payload);
    co_await send(
        encode(FrameType::ok, "delivered=" + std::to_string(delivered)));
    break;
  }
  case FrameType::stats:
    co_await handle_stats();
    break;
  case FrameType::reload:
  case FrameType::kick:
    co_await handle_admin(frame);
    break;
  case FrameType::ping:
    co_await send(encode(FrameType::ok, "pong"));
    break;
  default:
    co_await send(encode(FrameType::error, "unknown frame type"));
  }
}

awaitable<void> Session::handle_data(const std::string &payload) {
  if (payload.empty() || payload.size() % 4 != 0) {
    co_await send(encode(FrameType::error, "samples are 32 bits each"));
    co_return;
  }

  std::uint32_t crc = 0xffffffffu;
  for (unsigned char byte : payload)
    crc = crc_table[(crc ^ byte) & 0xff] ^ crc >> 8;
  crc = ~crc;

  const std::size_t count = payload.size() / 4;
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  std::int32_t highest = std::numeric_limits<std::int32_t>::min();
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t raw = 0;
    for (std::size_t k = 0; k < 4; ++k)
      raw = raw << 8 | static_cast<unsigned char>(payload[4 * i + k]);
    const auto sample = static_cast<std::int32_t>(raw);
    lowest = std::min(lowest, sample);
    highest = std::max(highest, sample);
    sum += sample;
  }
  const auto mean = sum / static_cast<std::int64_t>(count);
  std::string summary = "crc=" + std::to_string(crc);
  summary += " count=" + std::to_string(count);
  summary += " min=" + std::to_string(lowest);
  summary += " max=" + std::to_string(highest);
  summary += " mean=" + std::to_string(mean);

  server_.journal().append("data " + std::to_string(id_) + ' ' + summary);
  co_await send(encode(FrameType::ok, summary));
}

awaitable<void> Session::handle_stats() {
  auto text =
      "sessions=" + std::to_string(server_.sessions().size()) +
      " idle_timeout_ms=" +
      std::to_string(server_.config().idle_timeout.count()) +
      " journal_bytes=" + std::to_string(server_.journal().bytes_written()) +
      '\n' + server_.sessions().describe();
  co_await send(encode(FrameType::ok, text));
}

awaitable<void> Session::handle_admin(const Frame &frame) {
  auto [token, argument] = split_word(frame.payload);
  if (!co_await server_.authorised(token)) {
    co_await send(encode(FrameType::error, "not authorised"));
    co_return;
  }

  std::string failure;
  try {
    if (frame.type == FrameType::reload) {
      co_await server_.reload();
    } else {
      SessionId id = 0;
      std::from_chars(argument.data(), argument.data() + argument.size(), id);
      if (!co_await server_.kick(id))
        failure = "no such session";
    }
  } catch (const ConfigError &e) {
    failure = e.what();
  }
  co_await send(failure.empty() ? encode(FrameType::ok, "done")
                                : encode(FrameType::error, failure));
}

} // namespace gateway
