#include "work.h"

// The body of the inner loop is in another unit.
task<> correlates(Row keys) {
  Row values = co_await receive();
  double best = 0;
  for (double key : keys)
    best += key * sum_of(values);
  co_await send(&best);
}
// By a unit in between.
task<> correlates_totals(Row keys) {
  Row values = co_await receive();
  double best = 0;
  for (double key : keys)
    best += key * total_of(values);
  co_await send(&best);
}
// Both loops are there.
task<> multiplies(Row keys) {
  Row values = co_await receive();
  double best = product_of(keys, values);
  co_await send(&best);
}
// It takes long whatever the data.
task<> signs_up(std::string password) {
  co_await send(&password);
  Digest key;
  protect(password, key);
  co_await send(&key);
}

// No loop there; a task, which runs by its own account; any overrider; all
// parts of a whole.
task<> cheap(Row keys, std::vector<Row> rows, Scorer &scorer) {
  Row values = co_await receive();
  double best = 0;
  for (double key : keys)
    best += key * first_of(values);
  co_await send(&best);
  for (double key : keys)
    sum_later(values);
  co_await send(&best);
  for (double key : keys)
    best += scorer.score(values);
  co_await send(&best);
  for (const Row &row : rows)
    best += sum_of(row);
  co_await send(&best);
}
