#include "task.h"
#include <map>

task<> send(int peer);

struct sessions {
  std::map<int, int> sent;

  task<> greet(int id) {
    int &count = sent[id];
    co_await send(id);
    ++count;
  }
  void drop(int id) { sent.erase(id); }
  task<> greet_all() {
    for (int id = 0; id < 10; ++id)
      greet(id);
    co_await send(0);
  }
};

task<> start(sessions &all) { co_await all.greet_all(); }
