// PROOF-FLAGS: -std=c++20 -pthread
#include "ticker.h"

using namespace proof;

static task<> back_off() { co_await proof::sleep{duration(300)}; }

static task<> server() {
  co_await yield{};
  int before = turns;
  co_await back_off(); // only this coroutine sleeps
  meanwhile = turns - before;
}

int main() { return run_beside_ticker(server()); }
