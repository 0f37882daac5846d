// RUN: %check_coro_tidy --expect-clean %s coro-this-after-suspend %t
#include "spawners.h"
#include <memory>
#include <string>
#include <thread>
#include <vector>

task<> tick();
task<> read(int &);
void use(int);
asio::executor ex;

// Kept by the coroutine itself.
struct session : std::enable_shared_from_this<session> {
  int n = 0;
  detached holds_self() {
    auto self = shared_from_this();
    co_await tick();
    ++n;
  }
  detached holds_locked_weak(std::weak_ptr<session> weak) {
    auto strong = weak.lock();
    co_await tick();
    ++n;
  }
  detached given_an_owner(std::shared_ptr<session> self) {
    co_await tick();
    ++n;
  }
  detached given_a_nameless_owner(std::shared_ptr<session>) {
    co_await tick();
    ++n;
  }
  task<> run() { co_await tick(); ++n; }
  task<> run_with(std::shared_ptr<session>) { co_await tick(); ++n; }
  // Kept beside the task.
  void start() {
    asio::co_spawn(ex, [self = shared_from_this()] { return self->run(); }, asio::detached);
    asio::co_spawn(ex, run(), [self = shared_from_this()](auto...) {});
    auto self = shared_from_this();
    asio::co_spawn(ex, run(), [self](auto...) {});
    asio::co_spawn(ex, run_with(shared_from_this()), asio::detached);
  }
  task<> awaits() { co_await run(); co_await this->run(); }
};

// The coroutine that spawns has to wait: the handler refers to its frame.
struct listener : std::enable_shared_from_this<listener> {
  int n = 0;
  task<> serve() { co_await tick(); ++n; }
  task<> listen() {
    int left = 1;
    asio::co_spawn(ex, serve(), [&](auto...) { --left; });
    while (left)
      co_await tick();
  }
};

// Used before the first suspension only, or not at all.
struct early {
  int n = 0;
  detached before() { ++n; co_await tick(); }
  detached copies() { int own = n; co_await tick(); use(own); }
  detached nothing() { co_await tick(); }
  static detached no_object() { co_await tick(); }
};

// The destructor may wait.
struct scope { ~scope(); };
struct joined {
  int n = 0;
  ~joined();
  detached run() { co_await tick(); ++n; }
};
struct joined_by_a_member {
  int n = 0;
  scope tasks;
  detached run() { co_await tick(); ++n; }
};

// The object is a part of the spawner's owner.
struct with_a_spawner : std::enable_shared_from_this<with_a_spawner> {
  struct nursery {
    void spawn(task<> t) { asio::co_spawn(ex, std::move(t), asio::detached); }
  } tasks;
  int n = 0;
  task<> run() { co_await tick(); ++n; }
  void start() { tasks.spawn(run()); }
};

// Lives as long as the program.
struct service {
  int n = 0;
  detached run() { co_await tick(); ++n; }
  task<> serve() { co_await tick(); ++n; }
  void start() { asio::co_spawn(ex, serve(), asio::detached); }
};
struct application {
  int n = 0;
  detached run() { co_await tick(); ++n; }
};
service the_service;
int main() {
  application app;
  app.run();
  service local;
  local.start();
}

// Not reference-counted: its owner may outlive everything.
struct server {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
  void start() { asio::co_spawn(ex, run(), asio::detached); }
};
