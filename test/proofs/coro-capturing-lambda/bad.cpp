// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// PROOF-FAILS: AddressSanitizer: (stack-use-after-scope|heap-use-after-free|stack-use-after-return)
// The closure of a lambda that is called on the spot dies with the statement.
#include "../loop.h"
#include <map>
#include <string>

using namespace proof;

struct server {
  std::map<int, std::string> sessions;

  void kick(int id, std::string reason) {
    spawn([this, id, reason]() -> task<> {
      co_await proof::sleep{duration(10)};
      sessions[id] = reason;
      sessions.erase(id);
    }());
  }
};

int main() {
  server s;
  s.sessions[1] = "a session";
  s.kick(1, "a reason that is too long to be stored inside of a string");
  loop::current().run();
  require(s.sessions.empty(), "the session is gone");
}
