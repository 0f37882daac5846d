#include "task.h"
void back_off();
task<> connect();

task<> uplink() {
  back_off();
  co_await connect();
}
