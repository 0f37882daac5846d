#include "store.h"
#include "task.h"

void pause_here();

task<> all_overriders_sleep() {
  waiter().until_done();
  co_return;
}

task<> one_overrider_does_not() {
  store().flush();
  co_return;
}

task<> handed_on() {
  run_now(pause_here);
  run_later(pause_here);
  co_return;
}

// Defined in two programs, and only one of them sleeps.
void either();
task<> two_definitions() {
  either();
  co_return;
}
