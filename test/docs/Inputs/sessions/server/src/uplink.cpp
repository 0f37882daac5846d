#include "task.h"
#include <chrono>
#include <thread>

bool connected();
task<> connect();

static void back_off() { std::this_thread::sleep_for(std::chrono::seconds(1)); }

task<> uplink() {
  while (!connected()) {
    back_off();
    co_await connect();
  }
}
