// RUN: %check_coro_tidy %s coro-missing-await %t -- --config='{CheckOptions: {coro-missing-await.Models: %inputs/early_dropper.yaml}}'
// Functions that a model says drop the callable as soon as it returned.
#include "task.h"
#include <functional>

namespace early {
void start(std::function<task<>()>);
template <class F> void later(F &&f) { f(); }
} // namespace early
task<> work();

void starts() {
  early::later([]() -> task<> { co_await work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'later' takes a callback whose result it drops, and this coroutine returns a lazy task: its body never runs; give it a plain function that starts the task [coro-missing-await]
}

// It asks for a callable that gives a task, and will know what to do with it.
void silent() {
  early::start([]() -> task<> { co_await work(); });
  early::start(work);
  early::later([] {});
}
