#include "session_table.h"

#include "frame.h"
#include "session.h"

namespace gateway {

void SessionTable::add(std::shared_ptr<Session> session) {
  auto id = session->id();
  sessions_.emplace(id, std::move(session));
}

void SessionTable::remove(SessionId id) {
  if (auto node = sessions_.extract(id))
    node.mapped()->close();
}

std::shared_ptr<Session> SessionTable::find(SessionId id) const {
  auto it = sessions_.find(id);
  return it == sessions_.end() ? nullptr : it->second;
}

awaitable<std::size_t> SessionTable::broadcast(SessionId from,
                                               std::string text) {
  const std::string frame = encode(FrameType::event, text);
  std::size_t delivered = 0;
  for (auto &[id, session] : sessions_) {
    if (id == from)
      continue;
    if (co_await session->send(frame))
      ++delivered;
  }
  co_return delivered;
}

std::string SessionTable::describe() const {
  std::string text;
  for (const auto &[id, session] : sessions_)
    text += "session " + std::to_string(id) + " name=" + session->name() +
            " frames=" + std::to_string(session->frames()) + '\n';
  return text;
}

void SessionTable::close_all() {
  for (auto &[id, session] : sessions_)
    session->close();
}

} // namespace gateway
