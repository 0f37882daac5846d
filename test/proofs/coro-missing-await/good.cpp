// PROOF-FLAGS: -std=c++20
// The same with both awaited: one owner at a time, and every record is saved.
#include "../loop.h"
#include "mutex.h"
#include <algorithm>

int inside = 0, most = 0, saved = 0;

proof::task<> save() {
  ++saved;
  co_return;
}

proof::task<> worker(proof_mutex::mutex &m) {
  auto lock = co_await m.scoped_lock();
  most = std::max(most, ++inside);
  co_await proof::sleep{proof::duration(10)};
  --inside;
  co_await save();
}

int main() {
  proof_mutex::mutex m;
  proof::spawn(worker(m));
  proof::spawn(worker(m));
  proof::loop::current().run();
  char what[80];
  std::snprintf(what, sizeof what, "%s and %d of 2 records saved",
                most == 1 ? "one owner at a time" : "two owners at once",
                saved);
  proof::require(most == 1 && saved == 2, what);
}
