#include "farm.h"

task<> tick();
void use(int);
void spawn(task<>);

// main() sets it up once.
task<> farm::run() {
  fields.push_back(1);
  spawn(tend(0));
  co_await tick();
}
task<> farm::tend(int n) {
  int &field = fields[n];
  co_await tick();
  use(field);
}

// It is opened again and again.
task<> market::run() {
  stalls.push_back(1);
  spawn(tend(0));
  co_await tick();
}
task<> market::tend(int n) {
  int &stall = stalls[n];
  co_await tick();
  use(stall);
}
