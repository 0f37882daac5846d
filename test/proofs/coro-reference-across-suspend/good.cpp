// PROOF-FLAGS: -std=c++20 -fsanitize=address -g
// The same, looking the session up again after the suspension.
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
    co_await proof::sleep{proof::duration(10)};
    if (auto found = sessions_.find(id); found != sessions_.end())
      ++found->second.greeted;
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
