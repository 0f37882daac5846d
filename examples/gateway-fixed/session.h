#pragma once

#include "frame.h"
#include "net.h"
#include "session_table.h"

#include <boost/asio/experimental/channel.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace gateway {

class Server;

class Session : public std::enable_shared_from_this<Session> {
public:
  Session(tcp::socket socket, Server &server, SessionId id);

  void start();
  void close();

  // Queues the frame and waits while the queue is full. False when the session
  // is closed.
  awaitable<bool> send(std::string frame);

  SessionId id() const { return id_; }
  const std::string &name() const { return name_; }
  std::uint64_t frames() const { return frames_; }

private:
  awaitable<void> run();
  awaitable<void> serve();
  awaitable<void> write_loop();
  awaitable<void> handle(const Frame &frame);
  awaitable<void> handle_data(const std::string &payload);
  awaitable<void> handle_stats();
  awaitable<void> handle_admin(const Frame &frame);

  tcp::socket socket_;
  Server &server_;
  SessionId id_;
  std::string name_ = "-";
  std::uint64_t frames_ = 0;
  asio::experimental::channel<void(error_code, std::string)> outbox_;
};

} // namespace gateway
