// PROOF-FLAGS: -std=c++20 -pthread
#include "pool.h"

awaitable<void> request(asio::thread_pool &pool) {
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  work();
}

int main() { return run(request); }
