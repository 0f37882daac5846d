#include "work.h"

task<> run() {
  log_line();
  save();
  co_return;
}
