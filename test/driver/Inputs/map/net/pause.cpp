#include "session.h"
#include <chrono>
#include <thread>

static void back_off() {
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

task<> idle() {
  back_off();
  co_await readable();
}
