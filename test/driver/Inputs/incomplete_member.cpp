#include "task.h"

struct Missing;
struct Holder {
  Missing part;
  ~Holder() { stop(); }
  void stop();
};
task<> work();
task<> run() {
  Holder held;
  work();
  co_await work();
}
