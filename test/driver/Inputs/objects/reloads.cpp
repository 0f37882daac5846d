#include "store.h"

task<> tick();
task<> reloads(store &one) {
  co_await tick();
  one.open();
}
