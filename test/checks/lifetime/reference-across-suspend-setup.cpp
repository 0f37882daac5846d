// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What a program sets up before it starts the tasks that borrow from it.
#include "task.h"
#include <vector>

task<> later();
void use(int);
void spawn(task<>);

struct node {
  int users = 0;
};

class server {
public:
  task<> run() {
    for (int n = 0; n < 3; ++n)
      nodes.push_back({});
    for (int n = 0; n < 3; ++n)
      start(n);
    spawn(tells());
    co_await later();
  }

private:
  void start(int n) { spawn(serves(n)); }
  task<> serves(int n) {
    node &one = nodes[n];
    co_await later();
    use(one.users);
  }
  task<> tells() {
    for (node &one : nodes) {
      co_await later();
      use(one.users);
    }
  }
  std::vector<node> nodes;
};

// More come while the first are served.
class growing_server {
public:
  task<> run() {
    while (true) {
      co_await later();
      nodes.push_back({});
      spawn(serves(0));
    }
  }

private:
  task<> serves(int n) {
    node &one = nodes[n];
    co_await later();
    use(one.users);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]: 'growing_server::run' may move the elements of 'nodes' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'growing_server::run' may end it meanwhile
  }
  std::vector<node> nodes;
};

// It is run again by somebody.
class restarted_server {
public:
  task<> run() {
    for (int n = 0; n < 3; ++n)
      nodes.push_back({});
    spawn(serves(0));
    co_await later();
  }
  task<> restart() { co_await run(); }

private:
  task<> serves(int n) {
    node &one = nodes[n];
    co_await later();
    use(one.users);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]: 'restarted_server::run' may move the elements of 'nodes' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'restarted_server::run' may end it meanwhile
  }
  std::vector<node> nodes;
};

// Others can start what borrows.
class open_server {
public:
  task<> run() {
    for (int n = 0; n < 3; ++n)
      nodes.push_back({});
    spawn(serves(0));
    co_await later();
  }
  task<> serves(int n) {
    node &one = nodes[n];
    co_await later();
    use(one.users);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]: 'open_server::run' may move the elements of 'nodes' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'open_server::run' may end it meanwhile
  }

private:
  std::vector<node> nodes;
};
void serve_more(open_server &to) { spawn(to.serves(1)); }

template <class T> void ask(T &on, task<> (T::*what)()) { spawn((on.*what)()); }
template <class F> void in_context(F f) { f(); }

int main() {
  server first;
  in_context([&] { ask(first, &server::run); });
  growing_server second;
  spawn(second.run());
  restarted_server third;
  spawn(third.run());
  open_server fourth;
  spawn(fourth.run());
}
