// PROOF-FLAGS: -std=c++20 -O1
// PROOF-FAILS: the other task stood still while one computed
#include "../loop.h"
#include <string>

using namespace proof;

static int heartbeats = 0;
static bool finished = false;

task<> heartbeat() {
  while (!finished) {
    ++heartbeats;
    co_await yield();
  }
}

task<std::string> receive() {
  co_await yield();
  co_return std::string(1 << 16, 'x');
}

task<unsigned> serve() {
  std::string bytes = co_await receive();
  int before = heartbeats;
  unsigned crc = ~0u;
  for (unsigned char byte : bytes) {
    crc ^= byte;
    for (int k = 0; k < 8; ++k)
      crc = (crc >> 1) ^ (crc & 1) * 0xedb88320u;
  }
  crc = ~crc;
  require(heartbeats > before, "the other task stood still while one computed");
  co_await yield();
  co_return crc;
}

task<> run() {
  require(co_await serve() != 0, "a checksum");
  finished = true;
}

int main() {
  spawn(heartbeat());
  spawn(run());
  loop::current().run();
}
