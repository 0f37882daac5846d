#pragma once

#include "net.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway {

class Session;
using SessionId = std::uint64_t;

// Used on the io_context's thread only.
class SessionTable {
public:
  void add(std::shared_ptr<Session> session);
  void remove(SessionId id);
  std::shared_ptr<Session> find(SessionId id) const;

  // Sends to everyone but `from`; returns how many got it.
  awaitable<std::size_t> broadcast(SessionId from, std::string text);

  std::size_t size() const { return sessions_.size(); }
  std::string describe() const;
  void close_all();

private:
  std::unordered_map<SessionId, std::shared_ptr<Session>> sessions_;
};

} // namespace gateway
