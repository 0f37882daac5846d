#pragma once

#include "config.h"
#include "journal.h"
#include "net.h"
#include "session_table.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace gateway {

class Server {
public:
  Server(asio::any_io_executor executor, std::filesystem::path config_path,
         std::uint16_t port);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  // Serves until SIGINT or SIGTERM.
  awaitable<void> run();

  awaitable<bool> authorised(std::string_view token) const;
  awaitable<void> reload();
  awaitable<bool> kick(SessionId id);

  const Config &config() const { return config_; }
  SessionTable &sessions() { return sessions_; }
  Journal &journal() { return journal_; }

private:
  awaitable<void> accept_loop();
  awaitable<void> wait_for_stop();

  // Journals the line and waits until it is on file: an administrator's
  // command is answered only after it can be traced.
  awaitable<void> audit(std::string line);

  asio::any_io_executor executor_;
  std::filesystem::path config_path_;
  Config config_;
  tcp::acceptor acceptor_;
  SessionTable sessions_;
  SessionId last_id_ = 0;
  Journal journal_;
};

} // namespace gateway
