#include "store.h"

task<> tick();

task<> store::counts() {
  table &mine = *rows;
  co_await tick();
  ++mine.rows;
}
task<> shared_store::counts() {
  table &mine = *rows;
  co_await tick();
  ++mine.rows;
}
task<> closed_store::counts() {
  table &mine = *rows;
  co_await tick();
  ++mine.rows;
}
task<> open_store::counts() {
  table &mine = *rows;
  co_await tick();
  ++mine.rows;
}
void on_hangup(shared_store &one) { one.open(); }
