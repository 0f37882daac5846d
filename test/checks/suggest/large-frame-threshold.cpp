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

// CHECK-MESSAGES: :[[@LINE-5]]:8: warning: 'buffer' makes the frame of 'larger' large: 128 of at least 128 bytes, which each call allocates and keeps over its suspensions; allocate it apart, share it between calls, or end its scope before the suspension [coro-large-frame]
// CHECK-MESSAGES: :[[@LINE-6]]:3: note: 'buffer' takes 128 bytes
// CHECK-MESSAGES: :[[@LINE-6]]:3: note: 'buffer' is kept over this suspension
