// PROOF-FLAGS: -std=c++20 -pthread
// PROOF-FAILS: the work ran on the thread of the event loop
#include "pool.h"

awaitable<void> request(asio::thread_pool &pool) {
  co_await asio::post(pool, use_awaitable); // goes to the pool, and comes back
  work();
}

int main() { return run(request); }
