// RUN: %check_coro_tidy %s coro-this-after-suspend %t
// A request of which nothing keeps the object.
#include "spawners.h"
#include <memory>

task<> tick();
asio::executor ex;

struct gateway : std::enable_shared_from_this<gateway> {
  struct other {};
  struct request {
    std::shared_ptr<other> device;
    int port = 0;
  };
  int n = 0;
  task<> process(std::shared_ptr<request> one) {
    co_await tick();
    ++n;
  }
  void start() {
    asio::co_spawn(ex, process(std::make_shared<request>()), asio::detached);
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'gateway::process' is left to itself, and nothing keeps its object until it has ended; hold 'shared_from_this()' in the coroutine or beside the task [coro-this-after-suspend]
    // CHECK-MESSAGES: note: started here, and nothing waits for it
    // CHECK-MESSAGES: note: it suspends here
    // CHECK-MESSAGES: note: and uses the object here, after that
  }
};
