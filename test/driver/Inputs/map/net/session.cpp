#include "session.h"
#include "codec/codec.h"

task<std::string> receive() {
  co_await readable();
  co_return std::string();
}

task<> send(const std::string &) { co_await readable(); }

task<> serve() {
  for (;;) {
    std::string text = co_await receive();
    unsigned sum = crc(text);
    co_await send(std::to_string(sum));
  }
}
