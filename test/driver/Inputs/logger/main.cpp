#include "log.h"

task<> talks() {
  log_line("one");
  log_line("two");
  log_line("three");
  prepare();
  co_return;
}
