// PROOF-FLAGS: -std=c++20 -pthread
// PROOF-FAILS: no other task of the loop ran for [0-9]+ ms
#include "ticker.h"
#include <thread>

using namespace proof;

static void back_off() {
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

static task<> server() {
  co_await yield{};
  int before = turns;
  back_off(); // the thread sleeps, and all that runs on it
  meanwhile = turns - before;
}

int main() { return run_beside_ticker(server()); }
