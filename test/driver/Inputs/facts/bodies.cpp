#include "server.h"

task<> Server::serve(int id) {
  Session &session = sessions_[id];
  co_await tick();
  session.bytes++;
}
task<> Server::keeps(int id) {
  Session &session = kept_[id];
  co_await tick();
  session.bytes++;
}
task<> Server::closes(int id) {
  Session &session = own_[id];
  co_await tick();
  session.bytes++;
  remove_own(id);
}
task<> Server::reads(int id) {
  Session &session = guarded_[id];
  co_await tick();
  session.bytes++;
}

task<> Connection::run() {
  co_await tick();
  ++bytes;
}
task<> Connection::serve() {
  co_await tick();
  ++bytes;
}
task<> Peer::run() {
  co_await tick();
  ++bytes;
}

task<> greet(const std::string &name) {
  co_await tick();
  use(name);
}
task<> log_name(const std::string &name) {
  use(name);
  co_await tick();
}
task<int> parse_size(const std::string &text) {
  int size = 0;
  for (char c : text)
    size = 10 * size + c - '0';
  co_return size;
}
