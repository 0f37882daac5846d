// RUN: %check_coro_tidy --fix-notes --clean-when-fixed %s coro-reference-across-suspend %t
// The note that keeps the smart pointer in the frame.
#include "task.h"
#include <map>
#include <memory>
#include <string>
#include <string_view>

task<> later();
void use(int);
void use(std::string_view);
struct Connection {
  std::string name;
  int state = 0;
};
std::shared_ptr<std::map<int, Connection>> current();
std::unique_ptr<Connection> made();

struct Client {
  std::shared_ptr<Connection> connection_;
  std::shared_ptr<Connection> m_peer;
  void reconnect() {
    connection_ = nullptr;
    m_peer.reset();
  }
  task<> raw_pointer() {
    Connection *c = connection_.get();
    // CHECK-FIXES: auto connection = connection_;
    // CHECK-FIXES-NEXT: Connection *c = connection.get();
    co_await later();
    use(c->state);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'c' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Client::reconnect' may end it meanwhile
    // CHECK-MESSAGES: :[[@LINE-9]]:21: note: keep the object in the frame: 'auto connection = connection_;' before this statement
  }
  task<> part(int peer) {
    std::string_view name = this->m_peer->name;
    // CHECK-FIXES: auto peer2 = this->m_peer;
    // CHECK-FIXES-NEXT: std::string_view name = peer2->name;
    co_await later();
    use(name);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'name' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Client::reconnect' may end it meanwhile
    // CHECK-MESSAGES: note: keep the object in the frame: 'auto peer2 = this->m_peer;' before this statement
    use(peer);
  }
};
task<> temporary_owner() {
  const auto &entries = *current();
  // CHECK-FIXES: auto kept = current();
  // CHECK-FIXES-NEXT: const auto &entries = *kept;
  co_await later();
  use(entries.begin()->first);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'entries' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: keep the object in the frame: 'auto kept = current();' before this statement
}
task<> temporary_owner_of_a_loop() {
  for (auto &[id, e] : *current()) {
    // CHECK-FIXES: auto kept = current();
    // CHECK-FIXES-NEXT: for (auto &[id, e] : *kept) {
    // CHECK-MESSAGES: :[[@LINE-3]]:24: warning: this loop holds an iterator into
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: keep the object in the frame
    co_await later();
    use(e.state);
  }
}
task<> unique_temporary() {
  auto &c = *made();
  // CHECK-FIXES: auto kept = made();
  // CHECK-FIXES-NEXT: auto &c = *kept;
  co_await later();
  use(c.state);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'c' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: keep the object in the frame: 'auto kept = made();' before this statement
}
