// PROOF-FLAGS: -std=c++20 -fsanitize=address -O1 -g
// The coroutine owns its object while it runs.
#include "../loop.h"
#include <map>
#include <memory>

using namespace proof;

struct session : std::enable_shared_from_this<session> {
  int frames = 0;
  void start() { run(); }
  detached run() {
    auto self = shared_from_this();
    for (int i = 0; i < 3; ++i) {
      co_await proof::sleep{duration(10)};
      ++frames;
    }
  }
};

static std::map<int, std::shared_ptr<session>> sessions;

detached kick(int id) {
  co_await proof::sleep{duration(15)};
  sessions.erase(id);
}

int main() {
  sessions[1] = std::make_shared<session>();
  sessions[1]->start();
  kick(1);
  loop::current().run();
}
