#include "task.h"
#include <memory>
#include <vector>

task<> tick();

// Made once, and for good.
struct keyboard {
  int keys = 0;
  detached run() {
    co_await tick();
    ++keys;
  }
};
struct controller {
  std::unique_ptr<keyboard> attached;
  void start() { (attached = std::make_unique<keyboard>())->run(); }
};

// Another unit takes them off its list.
#include "session.h"
detached session::run() {
  co_await tick();
  ++bytes;
}
// Made in another unit, for good.
#include "mouse.h"
detached mouse::run() {
  co_await tick();
  ++clicks;
}
