#include "session.h"

#include "checksum.h"
#include "frame_reader.h"
#include "log_failure.h"
#include "samples.h"
#include "server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>

#include <charconv>
#include <iostream>
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

} // namespace

Session::Session(tcp::socket socket, Server &server, SessionId id)
    : socket_(std::move(socket)), server_(server), id_(id),
      outbox_(socket_.get_executor(), outbox_frames) {}

void Session::start() {
  asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this()] { return self->run(); },
      log_failure("session"));
  asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this()] { return self->write_loop(); },
      log_failure("session output"));
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
  try {
    co_await serve();
  } catch (const boost::system::system_error &e) {
    if (socket_.is_open() && e.code() != asio::error::eof)
      std::cerr << "session " << id_ << ": " << e.code().message() << '\n';
  } catch (const std::exception &e) {
    std::cerr << "session " << id_ << ": " << e.what() << '\n';
  }
  server_.sessions().remove(id_);
}

awaitable<void> Session::serve() {
  FrameReader reader(socket_);
  unsigned missed = 0;
  while (missed <= server_.config().max_missed) {
    auto frame = co_await reader.next(server_.config().idle_timeout,
                                      server_.config().max_payload);
    if (!frame) {
      ++missed;
      co_await send(encode(FrameType::keep_alive, {}));
      continue;
    }
    missed = 0;
    ++frames_;
    co_await handle(*frame);
  }
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
  if (payload.empty() || payload.size() % sample_size != 0) {
    co_await send(encode(FrameType::error, "samples are 32 bits each"));
    co_return;
  }
  const auto summary = "crc=" + std::to_string(crc32(payload)) + ' ' +
                       to_string(summarise(payload));
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
  if (!server_.authorised(token)) {
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
