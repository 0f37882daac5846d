#include "task.h"
#include <stddef.h>

task<> work();
task<> dropped() {
  work();
  co_return;
}
