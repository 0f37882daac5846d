// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// What the body needs is copied into the frame: parameters, not captures.
#include "../loop.h"
#include <map>
#include <string>

using namespace proof;

struct server {
  std::map<int, std::string> sessions;

  void kick(int id, std::string reason) {
    spawn([](server *self, int id, std::string reason) -> task<> {
      co_await proof::sleep{duration(10)};
      self->sessions[id] = reason;
      self->sessions.erase(id);
    }(this, id, reason));
  }
};

int main() {
  server s;
  s.sessions[1] = "a session";
  s.kick(1, "a reason that is too long to be stored inside of a string");
  loop::current().run();
  require(s.sessions.empty(), "the session is gone");
}
