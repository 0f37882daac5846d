// RUN: %check_coro_tidy %s coro-task-outlives-scope %t -- --config='{CheckOptions: {coro-task-outlives-scope.Models: %inputs/guard.yaml}}'
#include "spawners.h"
#include <fstream>
#include <string>
#include <string_view>

task<> tick();
void use(std::string_view);
struct mutex {};
struct guard { guard(mutex &); ~guard(); }; // by the model file
mutex m;

task<> by_ref(const std::string &s) { co_await tick(); use(s); }
task<> by_view(std::string_view s) { co_await tick(); use(s); }
task<int> answer(int n) { co_await tick(); co_return n; }
struct helper {
  int n = 0;
  task<> run() { co_await tick(); ++n; }
};
bool flag();

task<> parameter(std::string s) { return by_ref(s); }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: the returned task of 'by_ref' outlives the parameter 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:35: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-12]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-13]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
task<> local() {
  std::string s = "x";
  return by_view(s);
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the returned task of 'by_view' outlives 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-19]]:38: note: 'by_view' suspends here
// CHECK-MESSAGES: :[[@LINE-20]]:59: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_view' own it: take 's' as 'std::string'
}
task<> temporary() { return by_ref("x"); }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: the returned task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:22: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-27]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-28]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
task<> object() {
  helper h;
  return h.run();
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the returned task of 'helper::run' outlives 'h', the object that it is called on, which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-30]]:18: note: 'helper::run' suspends here
// CHECK-MESSAGES: :[[@LINE-31]]:37: note: and uses it here, after that
}
task<> object_is_temporary() { return helper{}.run(); }
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: the returned task of 'helper::run' outlives the temporary that it is called on, which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:32: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-36]]:18: note: 'helper::run' suspends here
// CHECK-MESSAGES: :[[@LINE-37]]:37: note: and uses it here, after that
task<> by_variable(std::string s) {
  auto t = by_ref(s);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the returned task of 'by_ref' outlives the parameter 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-47]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-48]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  return t;
}
task<> conditional(bool b, std::string s) { return b ? by_ref(s) : tick(); }
// CHECK-MESSAGES: :[[@LINE-1]]:56: warning: the returned task of 'by_ref' outlives the parameter 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:45: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-55]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-56]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
task<> combined(std::string s) { return when_all(by_ref(s), tick()); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: the returned task of 'by_ref' outlives the parameter 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:34: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-61]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-62]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
auto lambda = [](std::string s) { return by_ref(s); };
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: the returned task of 'by_ref' outlives the parameter 's', bound to its parameter 's', which dies at the return and is used after that; make this function a coroutine that awaits the call, or let the callee own what it needs [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:35: note: it is returned here
// CHECK-MESSAGES: :[[@LINE-67]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-68]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value

task<int> guarded() {
  guard lock(m);
  return answer(1);
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the task of 'answer' runs after this function returned, when 'lock' is released; make this function a coroutine that awaits the call [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-3]]:3: note: taken here
}

task<int> caught() {
  try {
    return answer(1);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'answer' runs after this function returned, so that this 'try' never sees what it throws; make this function a coroutine that awaits the call [coro-task-outlives-scope]
// CHECK-MESSAGES: :[[@LINE+1]]:5: note: the handler is here
  } catch (...) {
    return answer(2);
  }
}

// A file that is closed at the return.
task<> read_all(std::ifstream &f, std::string &into) { co_await tick(); f >> into; }
task<> from_file(std::string &into) {
  std::ifstream file("x");
  return read_all(file, into);
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the returned task of 'read_all' outlives 'file', bound to its parameter 'f', which dies at the return
// CHECK-MESSAGES: note: it is returned here
// CHECK-MESSAGES: note: 'read_all' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
}
