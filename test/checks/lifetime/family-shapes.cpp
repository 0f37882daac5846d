// RUN: %check_coro_tidy --std=c++23 %s coro-dangling-argument,coro-task-outlives-scope,coro-reference-across-suspend,coro-capturing-lambda,coro-this-after-suspend %t
// RUN: %clang_tidy --quiet --checks=-*,coro-dangling-argument,coro-task-outlives-scope,coro-reference-across-suspend,coro-capturing-lambda,coro-this-after-suspend --config="{CheckOptions: {MinConfidence: low}}" %s -- -std=c++23 -w -I%inputs | FileCheck %s --check-prefix=LOW
// The shapes of the family beside their lookalikes, a line each, with every
// check of it: where one speaks, no other does. LOW is said only when asked for.
#include "task.h"
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

task<> bar();
void use(int);
void use(std::string_view);
void use(const std::string &);
std::map<int, std::string> table;
void drop(int k) { table.erase(k); }
std::shared_ptr<std::map<int, std::string>> current();
struct object {
  std::vector<int> v;
  std::string s;
  int n = 0;
  void add() { v.push_back(1); }
  void set() { s = "x"; }
  task<> loop();
  task<> plain();
  task<> view();
  detached alone();
};

// Parameters: the calls are the hazard.
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: parameter 's' of 'by_reference' refers to what its caller owns
task<> by_reference(const std::string &s) { co_await bar(); use(s); }
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: parameter 's' of 'by_view'
task<> by_view(std::string_view s) { co_await bar(); use(s); }
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: parameter 's' of 'by_span'
task<> by_span(std::span<int> s) { co_await bar(); use(s[0]); }
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: parameter 'p' of 'by_pointer'
task<> by_pointer(int *p) { co_await bar(); use(*p); }
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: parameter 's' of 'by_rvalue'
task<> by_rvalue(std::string &&s) { co_await bar(); use(s); }
eager<> used_first(const std::string &s) { use(s); co_await bar(); }
eager<> copied_first(const std::string &s) { auto c = s; co_await bar(); use(c); }
task<> returned(std::string s) { return by_reference(s); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: the returned task of 'by_reference' outlives the parameter 's'{{.*}} [coro-task-outlives-scope]
// CHECK-MESSAGES: note: it is returned here
// CHECK-MESSAGES: note: 'by_reference' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_reference' own it: take 's' by value
task<> kept() { auto t = by_reference("x"); co_await std::move(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: the task of 'by_reference' outlives the temporary bound to its parameter 's'{{.*}} [coro-dangling-argument]
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: 'by_reference' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
task<> kept_view(std::string a) { auto t = by_view(a + "x"); co_await std::move(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: the task of 'by_view' outlives the temporary bound to its parameter 's'{{.*}} [coro-dangling-argument]
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: 'by_view' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
task<> at_once() { co_await by_reference("x"); }
task<> in_this_frame(std::string s) { auto t = by_reference(s); co_await std::move(t); }

// What the frame does not own.
task<> element(int k) { auto &r = table[k]; co_await bar(); use(r); }
// CHECK-MESSAGES: :[[@LINE-1]]:65: warning: 'r' may dangle after the co_await on line [[@LINE-1]]: 'drop' may remove elements of 'table'{{.*}} [coro-reference-across-suspend]
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: 'drop' may end it meanwhile
task<> iterator(int k) { auto it = table.find(k); co_await bar(); use(it->second); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: 'it' may dangle
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: 'drop' may end it meanwhile
task<> object::loop() { for (auto &x : v) { co_await bar(); use(x); } }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: this loop holds an iterator into 'v'{{.*}}'object::add' may move the elements of 'v'
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: 'object::add' may end it meanwhile
task<> owner_is_gone() { const auto &m = *current(); co_await bar(); use(m.begin()->second); }
// CHECK-MESSAGES: :[[@LINE-1]]:74: warning: 'm' may dangle {{.*}}nothing in this frame keeps what '*current()' refers to
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: keep the object in the frame: 'auto kept = current();' before this statement
struct reading {
  std::string s;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  const std::string &await_resume() const & [[clang::lifetimebound]];
};
reading read();
task<> of_the_awaiter() { auto const &r = co_await read(); use(r); }
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: 'r' refers into a temporary that is gone after the co_await
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
task<> binding(int k) { auto &[a, b] = *table.find(k); co_await bar(); use(b); }
// CHECK-MESSAGES: :[[@LINE-1]]:76: warning: 'b' may dangle
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: 'drop' may end it meanwhile
task<> object::view() { std::string_view sv = s; co_await bar(); use(sv); }
// CHECK-MESSAGES: :[[@LINE-1]]:70: warning: 'sv' may dangle {{.*}}'object::set' may {{replace|remove elements of}} 's'
// CHECK-MESSAGES: note: obtained here
// CHECK-MESSAGES: note: suspended here
// CHECK-MESSAGES: note: 'object::set' may end it meanwhile
task<> not_used_after(int k) { auto &r = table[k]; use(r); co_await bar(); }
task<> a_copy(int k) { auto r = table[k]; co_await bar(); use(r); }
task<> again(int k) { auto *r = &table[k]; co_await bar(); r = &table[k]; use(*r); }
task<> own() { std::vector<int> own{1, 2}; for (auto &x : own) { co_await bar(); use(x); } }
task<> leaves() { for (auto &[k, s] : table) { if (k) { co_await bar(); break; } use(s); } }
task<> keeps() { auto keep = current(); for (auto &kv : *keep) { co_await bar(); use(kv.first); } }

// The object.
// LOW: :[[@LINE+1]]:{{[0-9]+}}: warning: 'object::plain' uses 'this' after a suspension
task<> object::plain() { co_await bar(); n++; }
detached object::alone() { co_await bar(); n++; }
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'object::alone' uses 'this' after a suspension{{.*}} [coro-this-after-suspend]
// CHECK-MESSAGES: note: it suspends here
// CHECK-MESSAGES: note: and uses the object here, after that

// Closures.
task<> called(int n) { auto t = [n]() -> task<> { co_await bar(); use(n); }(); co_await std::move(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:33: warning: the closure of this coroutine lambda dies at the end of the statement{{.*}} [coro-capturing-lambda]
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
// CHECK-FIXES: task<> called(int n) { auto t = [n](this auto) -> task<> { co_await bar(); use(n); }(); co_await std::move(t); }
task<> called_at_once(int n) { co_await [n]() -> task<> { co_await bar(); use(n); }(); }
task<> named(int n) { auto l = [n]() -> task<> { co_await bar(); use(n); }; co_await l(); }
task<> by_value(int n) { auto t = [n](this auto) -> task<> { co_await bar(); use(n); }(); co_await std::move(t); }
task<> by_reference_object(int n) { auto f = [n](this auto &self) -> task<> { co_await bar(); use(n); }; return f(); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: the closure of this coroutine lambda dies at the return{{.*}} [coro-capturing-lambda]
// CHECK-MESSAGES: note: it is called here
// CHECK-MESSAGES: note: it is returned here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
// CHECK-FIXES: task<> by_reference_object(int n) { auto f = [n](this auto self) -> task<> { co_await bar(); use(n); }; return f(); }
