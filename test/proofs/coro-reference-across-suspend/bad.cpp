// PROOF-FLAGS: -std=c++20 -fsanitize=address -g
// PROOF-FAILS: heap-use-after-free
// A session is removed while a coroutine that refers to it is suspended.
#include "../loop.h"
#include <map>
#include <string>

class Sessions {
public:
  void add(int id) { sessions_[id].name = "session " + std::to_string(id); }

  proof::task<> expire(int id) {
    co_await proof::sleep{proof::duration(5)};
    sessions_.erase(id);
  }

  proof::task<> greet(int id) {
    auto &session = sessions_.at(id);
    co_await proof::sleep{proof::duration(10)};
    ++session.greeted; // the session may be gone
  }

private:
  struct Session {
    std::string name;
    int greeted = 0;
  };
  std::map<int, Session> sessions_;
};

int main() {
  Sessions sessions;
  sessions.add(1);
  proof::spawn(sessions.greet(1));
  proof::spawn(sessions.expire(1));
  proof::loop::current().run();
}
