#include "wire.h"

asio::awaitable<void> pause_a_while(asio::steady_timer &timer) {
  co_await timer.async_wait();
}
