// RUN: %check_coro_tidy %s coro-large-frame %t -- --config="{CheckOptions: {coro-large-frame.Threshold: 100}}"
#include "task.h"

task<> io();
void use(const void *);

task<> small() {
  char buffer[64];
  co_await io();
  use(buffer);
}

task<> larger() {
  char buffer[128];
  co_await io();
  use(buffer);
}
