// RUN: %check_coro_tidy --expect-clean %s coro-this-after-suspend %t
// More ways in which real code keeps an object while its coroutine runs.
#include "spawners.h"
#include <latch>
#include <memory>
#include <utility>

namespace asio {
template <class Token, class... Kept> struct consigned {};
template <class Token, class... Kept> consigned<Token, Kept...> consign(Token, Kept &&...) { return {}; }
template <class Executor, class Token> struct bound {};
template <class Executor, class Token> bound<Executor, Token> bind_executor(Executor, Token &&) { return {}; }
} // namespace asio
struct wait_group {
  void add();
  void done();
  ~wait_group();
};

task<> tick();
asio::executor ex;

struct session : std::enable_shared_from_this<session> {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
  task<> run_as(std::shared_ptr<session> self) { co_await tick(); ++self->n; ++n; }
  task<> with_self() { auto self = shared_from_this(); co_await tick(); ++n; }
  task<> static_cast_self() { auto self = std::static_pointer_cast<session>(shared_from_this()); co_await tick(); ++n; }
  void start() {
    asio::co_spawn(ex, run(), asio::consign(asio::detached, shared_from_this()));
    auto self = shared_from_this();
    asio::co_spawn(ex, run(), asio::consign(asio::detached, self));
    asio::co_spawn(ex, run(), asio::bind_executor(ex, [self](auto...) {}));
    asio::co_spawn(ex, run_as(shared_from_this()), asio::detached);
    asio::co_spawn(ex, with_self(), asio::detached);
    asio::co_spawn(ex, static_cast_self(), asio::detached);
    asio::co_spawn(ex, [self]() { return self->run(); }, asio::detached);
    asio::co_spawn(ex, [self = shared_from_this()]() -> task<> { co_await self->run(); }, asio::detached);
  }
};

// It asks whether a part of the object is still there.
struct client : std::enable_shared_from_this<client> {
  struct socket { bool timed_out = false; };
  std::shared_ptr<socket> socket_;
  task<> timeout() {
    auto watcher = std::weak_ptr(socket_);
    co_await tick();
    if (auto socket = watcher.lock(); socket)
      socket_->timed_out = true;
  }
  void start() { asio::co_spawn(ex, timeout(), asio::detached); }
};

// The destructor waits.
struct group : std::enable_shared_from_this<group> {
  wait_group all;
  int n = 0;
  detached run() { co_await tick(); ++n; all.done(); }
};
struct joins {
  int n = 0;
  detached run() { co_await tick(); ++n; }
  void wait();
  ~joins() { wait(); }
};

// run() is the last thing in main.
struct application {
  asio::io_context context;
  int n = 0;
  detached tick_on() { co_await tick(); ++n; }
  task<> serve() { co_await tick(); ++n; }
  void run() {
    tick_on();
    asio::co_spawn(context.get_executor(), serve(), asio::detached);
    context.run();
  }
};
int main() {
  application app;
  app.run();
}

// What the destructor calls waits for the task.
struct scanner : std::enable_shared_from_this<scanner> {
  std::latch running{1};
  int n = 0;
  task<> scan() {
    co_await tick();
    ++n;
    running.count_down();
  }
  void start() { asio::co_spawn(ex, scan(), asio::detached); }
  void stop() { running.wait(); }
  ~scanner() { stop(); }
};

// Who starts it owns the object, and runs the loop until all has ended.
struct peer : std::enable_shared_from_this<peer> {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
};
void test_of_a_peer() {
  asio::io_context context;
  auto one = std::make_shared<peer>();
  asio::co_spawn(context.get_executor(), one->run(), asio::detached);
  context.run();
}

// The request that it is given has its object.
struct gateway : std::enable_shared_from_this<gateway> {
  struct request {
    std::shared_ptr<gateway> device;
    int port = 0;
  };
  int n = 0;
  task<> process(std::shared_ptr<request> one) {
    co_await tick();
    ++n;
  }
  task<> process_copy(request one) {
    co_await tick();
    ++n;
  }
  void start() {
    auto one = std::make_shared<request>();
    one->device = shared_from_this();
    asio::co_spawn(ex, process(one), asio::detached);
    asio::co_spawn(ex, process_copy(*one), asio::detached);
  }
};
