// RUN: %check_coro_tidy %s coro-missing-await %t -- --config="{CheckOptions: {coro-missing-await.MinConfidence: low}}"
#include "task.h"
#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

task<> work();
task<int> number();
bool decide();
void use(int);

// Filled, looked at, emptied, and nothing in it ever ran.
task<> containers() {
  std::map<int, task<>> map;
  map.emplace(1, work());
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'map' holds a lazy task that nothing awaits: its body never runs; await it, or hand it to something that runs it [coro-missing-await]
  map[2] = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'map' holds a lazy task that nothing awaits
  std::unordered_map<int, task<>> hashed;
  hashed.try_emplace(1, work());
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'hashed' holds a lazy task that nothing awaits
  std::vector<task<>> sized(3);
  sized[0] = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'sized' holds a lazy task that nothing awaits
  std::list<task<>> counted;
  for (int i = 0; i < 3; ++i)
    counted.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'counted' holds a lazy task that nothing awaits
  use(counted.size());
  std::vector<task<>> cleared;
  cleared.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'cleared' holds a lazy task that nothing awaits
  if (!cleared.empty())
    cleared.clear();
  std::deque<task<>> front;
  front.push_front(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'front' holds a lazy task that nothing awaits
  co_return;
}

task<> after_the_await(std::vector<task<>> &&) { co_return; }
task<> filled_too_late() {
  std::vector<task<>> tasks;
  tasks.push_back(work());
  co_await after_the_await(std::move(tasks));
  tasks.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'tasks' holds a lazy task that nothing awaits
}

struct job {
  task<> body;
  int priority;
};
task<> small_holders() {
  std::optional<task<>> assigned;
  assigned = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'assigned' holds a lazy task that nothing awaits
  std::optional<task<>> emplaced;
  emplaced.emplace(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'emplaced' holds a lazy task that nothing awaits
  std::array<task<>, 2> array{work(), work()};
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'array' holds a lazy task that nothing awaits
  task<> plain[2];
  plain[0] = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'plain' holds a lazy task that nothing awaits
  auto tuple = std::make_tuple(work(), number());
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'tuple' holds a lazy task that nothing awaits
  auto pair = std::make_pair(work(), 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'pair' holds a lazy task that nothing awaits
  auto owned = std::make_unique<task<>>(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'owned' holds a lazy task that nothing awaits
  auto shared = std::make_shared<task<>>(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:42: warning: 'shared' holds a lazy task that nothing awaits
  std::variant<int, task<>> either = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'either' holds a lazy task that nothing awaits
  job set;
  set.body = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'set' holds a lazy task that nothing awaits
  job made{.body = work(), .priority = 1};
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'made' holds a lazy task that nothing awaits
  use(made.priority);
  auto [first, second] = std::make_tuple(work(), number());
  // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'second' holds a lazy task that nothing awaits
  co_await std::move(first);
}

// Moved on, to where nothing reads it either.
task<> moved_around() {
  auto one = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'one' holds a lazy task that nothing awaits
  auto two = std::move(one);
  auto pushed = work();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'pushed' holds a lazy task that nothing awaits
  std::vector<task<>> tasks;
  tasks.push_back(std::move(pushed));
  std::vector<task<>> more;
  more.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'more' holds a lazy task that nothing awaits
  std::vector<task<>> others;
  others = std::move(more);
  co_return;
}

//===--- Silent ---===//

task<> when_all(std::vector<task<>>);
void take(task<> &);
void take_all(std::vector<task<>> &);
void take_owned(std::unique_ptr<task<>>);

// Somebody else's, by reference, by pointer, static, in a member.
struct owner {
  std::map<int, task<>> map;
  std::optional<task<>> maybe;
  std::vector<task<>> all;
  std::vector<task<>> *elsewhere;
};
void out_parameters(owner &o, std::vector<task<>> &out,
                    std::optional<task<>> &slot, task<> &one,
                    std::array<task<>, 2> &array) {
  o.map.emplace(1, work());
  o.map[2] = work();
  o.maybe = work();
  o.all.push_back(work());
  out.push_back(work());
  slot = work();
  slot.emplace(work());
  one = work();
  array[0] = work();
  auto &last = out.back();
  last = work();
  auto &all = o.all;
  all.push_back(work());
  auto *pointer = &out;
  pointer->push_back(work());
  std::vector<task<>> local;
  o.elsewhere = &local;
  local.push_back(work());
  static std::vector<task<>> kept;
  kept.push_back(work());
}

task<> taken_out() {
  std::map<int, task<>> map;
  map.emplace(1, work());
  for (auto &[key, t] : map)
    co_await std::move(t);
  std::map<int, task<>> indexed;
  indexed[1] = work();
  co_await std::move(indexed[1]);
  std::map<int, task<>> at;
  at.emplace(1, work());
  co_await std::move(at.at(1));
  auto tuple = std::make_tuple(work(), number());
  co_await std::move(std::get<0>(tuple));
  auto owned = std::make_unique<task<>>(work());
  co_await std::move(*owned);
  auto given = std::make_unique<task<>>(work());
  take_owned(std::move(given));
  auto [a, b] = std::make_tuple(work(), number());
  co_await std::move(a);
  co_await std::move(b);
  std::vector<task<>> iterated;
  iterated.push_back(work());
  auto it = iterated.begin();
  co_await std::move(*it);
  std::vector<task<>> visited;
  visited.push_back(work());
  std::for_each(visited.begin(), visited.end(), [](task<> &t) { take(t); });
  std::variant<int, task<>> either = work();
  if (auto *t = std::get_if<task<>>(&either))
    co_await std::move(*t);
  job j{work(), 1};
  co_await std::move(j.body);
}

task<> passed_on() {
  std::vector<task<>> tasks;
  tasks.push_back(work());
  take_all(tasks);
  std::vector<task<>> first;
  first.push_back(work());
  std::vector<task<>> second = std::move(first);
  co_await when_all(std::move(second));
  std::vector<task<>> aliased;
  aliased.push_back(work());
  auto &alias = aliased;
  co_await when_all(std::move(alias));
  std::vector<task<>> captured;
  auto add = [&](task<> t) { captured.push_back(std::move(t)); };
  add(work());
  co_await when_all(std::move(captured));
  std::vector<task<>> nested;
  nested.push_back(work());
  std::array<std::vector<task<>>, 1> outer{std::move(nested)};
  co_await when_all(std::move(outer[0]));
  auto shared = std::make_shared<job>();
  shared->body = work();
  auto later = [shared] { take(shared->body); };
  later();
  std::promise<task<>> promise;
  promise.set_value(work());
  auto elsewhere = std::async([](task<> t) { take(t); }, work());
}

task<> loops(int n) {
  std::optional<task<>> previous;
  for (int i = 0; i < n; ++i) {
    if (previous)
      co_await std::move(*previous);
    previous = work();
  }
  if (previous)
    co_await std::move(*previous);
  std::queue<task<>> queue;
  queue.push(work());
  while (!queue.empty()) {
    auto t = std::move(queue.front());
    queue.pop();
    co_await std::move(t);
  }
  std::vector<task<>> batch;
  for (int i = 0; i < n; ++i) {
    batch.push_back(work());
    if (batch.size() == 3) {
      co_await when_all(std::move(batch));
      batch.clear();
    }
  }
  if (!batch.empty())
    co_await when_all(std::move(batch));
}

std::vector<task<>> returned() {
  std::vector<task<>> tasks;
  tasks.push_back(work());
  return tasks;
}
job returned_aggregate() {
  job j{work(), 1};
  j.priority = 2;
  return j;
}

// Ended on purpose.
task<> ended() {
  auto [first, second] = std::make_tuple(work(), number());
  { auto gone = std::move(second); }
  co_await std::move(first);
}

// They do something with what they hold.
struct group {
  void add(task<>, const char *name);
  void start();
};
struct joined {
  std::vector<task<>> all;
  ~joined();
};
struct joinable {
  std::vector<task<>> all;
  task<> join();
};
task<> owners_that_act() {
  group g;
  g.add(work(), "one");
  g.start();
  joined at_end;
  at_end.all.push_back(work());
  joinable later;
  later.all.push_back(work());
  co_await later.join();
}

// What a lambda puts into a variable of the body around it is taken out there.
task<task<>> prepare_one();
task<> waits_for_the_inner_task() {
  std::optional<task<>> inner;
  task<> other;
  auto outer = [&]() -> task<> {
    inner = co_await prepare_one();
    other = co_await prepare_one();
  };
  co_await outer();
  co_await std::move(inner.value());
  co_await std::move(other);
}

// A function template whose result is made from a template that it was given.
template <template <class> class Task> Task<int> made_by() { co_return 1; }
task<> keeps_what_was_made_by_a_template() {
  std::vector<task<int>> all;
  all.push_back(made_by<task>());
  std::array<task<int>, 1> taken{made_by<task>()};
  co_await std::move(taken[0]);
  // CHECK-MESSAGES: :[[@LINE-3]]:17: warning: 'all' holds a lazy task that nothing awaits
}

// What runs a task takes it, too, and is no container.
template <class Loop> class runtime {
  Loop loop;

public:
  template <class... A> runtime(A &&...a) : loop(std::forward<A>(a)...) {}
  void block_on(task<> &&t) { loop.run(std::move(t)); }
};
struct event_loop {
  void run(task<> &&);
};
int runs_it() {
  runtime<event_loop> main_loop;
  main_loop.block_on(work());
  return 0;
}
template <class T> class small_list {
public:
  using value_type = T;
  void push_back(T &&);
};
int keeps_it() {
  small_list<task<>> all;
  all.push_back(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'all' holds a lazy task that nothing awaits
  // CHECK-MESSAGES: note: this function is no coroutine
  return 0;
}
