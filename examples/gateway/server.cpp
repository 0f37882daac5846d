#include "server.h"

#include "frame.h"
#include "session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <thread>

namespace gateway {

using namespace asio::experimental::awaitable_operators;

namespace {

// Out of descriptors, mostly: give the sessions time to end.
void back_off(unsigned failures) {
  using std::chrono::milliseconds;
  std::this_thread::sleep_for(
      std::min(milliseconds(10) * failures, milliseconds(1'000)));
}

} // namespace

Server::Server(asio::any_io_executor executor,
               std::filesystem::path config_path, std::uint16_t port)
    : executor_(executor), config_path_(std::move(config_path)),
      config_(load_config(config_path_)),
      acceptor_(executor, {asio::ip::address_v4::loopback(), port}),
      journal_(executor, config_.journal) {}

awaitable<void> Server::run() {
  co_await (accept_loop() && journal_.run(config_.flush_interval) &&
            wait_for_stop());
}

awaitable<void> Server::accept_loop() {
  unsigned failures = 0;
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(nothrow_awaitable);
    if (error == asio::error::operation_aborted)
      co_return;
    if (error) {
      std::cerr << "accept: " << error.message() << '\n';
      back_off(++failures);
      continue;
    }
    failures = 0;
    auto session =
        std::make_shared<Session>(std::move(socket), *this, ++last_id_);
    sessions_.add(session);
    session->start();
  }
}

awaitable<void> Server::wait_for_stop() {
  asio::signal_set signals(executor_, SIGINT, SIGTERM);
  co_await signals.async_wait(use_awaitable);
  acceptor_.close();
  sessions_.close_all();
  journal_.stop();
}

awaitable<bool> Server::authorised(std::string_view token) const {
  co_return !config_.admin_token.empty() && token == config_.admin_token;
}

awaitable<void> Server::reload() {
  config_ = load_config(config_path_);
  (void)audit("reload " + config_path_.string());
  co_await sessions_.broadcast(0, "configuration reloaded");
}

awaitable<bool> Server::kick(SessionId id) {
  auto session = sessions_.find(id);
  if (!session)
    co_return false;
  co_await session->send(encode(FrameType::event, "kicked"));
  asio::co_spawn(
      executor_,
      [this, id]() -> awaitable<void> {
        asio::steady_timer grace(executor_, config_.kick_grace);
        co_await grace.async_wait(use_awaitable);
        sessions_.remove(id);
      }(),
      asio::detached);
  co_await audit("kick " + std::to_string(id));
  co_return true;
}

awaitable<void> Server::audit(std::string line) {
  journal_.append("audit " + line);
  co_await journal_.flush();
}

} // namespace gateway
