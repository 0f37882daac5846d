// RUN: %check_coro_tidy --fix-notes %s coro-dangling-argument %t
// Where the parameter cannot become the coroutine's own without further thought.
#include "spawners.h"
#include <memory>
#include <string>

task<> tick();
void use(const std::string &);
asio::executor ex;

// It is shared.
task<> into(std::string &s) { co_await tick(); use(s); }
// It would be sliced.
struct shape {
  virtual ~shape();
  std::string name;
};
struct circle : shape {};
task<> draw(const shape &s) { co_await tick(); use(s.name); }
// It cannot be copied.
task<> hold(const std::unique_ptr<std::string> &s) { co_await tick(); use(*s); }
// Others override it, or are instances of it.
struct base {
  virtual task<> run(const std::string &s) { co_await tick(); use(s); }
};
template <class T> task<> generic(const T &s) { co_await tick(); use(s); }
#define TEXT const std::string &s
task<> macro(TEXT) { co_await tick(); use(s); }

void spawn_shared() {
  std::string s;
  asio::co_spawn(ex, into(s), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'into'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'into' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
}
void spawn(base &b) {
  asio::co_spawn(ex, draw(circle()), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'draw'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'draw' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, hold(std::make_unique<std::string>("x")), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'hold'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'hold' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, b.run("x"), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'base::run'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'base::run' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, generic(std::string("x")), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'generic'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'generic' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
  asio::co_spawn(ex, macro("x"), asio::detached);
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'macro'
  // CHECK-MESSAGES: note: it is started here, and nothing waits for it
  // CHECK-MESSAGES: note: 'macro' suspends here
  // CHECK-MESSAGES: note: and uses it here, after that
}
