// RUN: %check_coro_tidy %s coro-dangling-argument %t
#include "spawners.h"
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

task<> tick();
void use(const std::string &);
void use(std::string_view);
void use(int);
asio::executor ex;

task<> by_ref(const std::string &s) { co_await tick(); use(s); }
task<> by_rvalue(std::string &&s) { co_await tick(); use(s); }
task<> by_view(std::string_view s) { co_await tick(); use(s); }
task<> by_span(std::span<int> s) { co_await tick(); use(s[0]); }
task<> by_pointer(const int *p) { co_await tick(); use(*p); }
task<> by_iterator(std::vector<int>::iterator i) { co_await tick(); use(*i); }
task<> by_wrapper(std::reference_wrapper<std::string> s) { co_await tick(); use(s.get()); }
task<> by_value(std::string s) { co_await tick(); use(s); }
task<> before(const std::string &s) { use(s); co_await tick(); }
eager<> early(const std::string &s) { use(s); co_await tick(); }
eager<> copies(const std::string &s) { auto own = s; co_await tick(); use(own); }
eager<> late(const std::string &s) { co_await tick(); use(s); }
eager<> unused(const std::string &) { co_await tick(); }
task<> inner(const std::string &s);
eager<> passes_on(const std::string &s) { co_await inner(s); }
detached background(const std::string &s) { co_await tick(); use(s); }
detached background_early(const std::string &s) { use(s); co_await tick(); }
task<> default_argument(const std::string &s = "x") { co_await tick(); use(s); }
struct session {
  std::string name;
  task<> run() { co_await tick(); use(name); }
};

// --- a temporary whose task is not awaited in the same full-expression

task<> kept(std::string a) {
  auto t = by_ref("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-29]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-30]]:60: note: and uses it here, after that
  co_await std::move(t);
  auto u = by_view(a + "x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_view' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-33]]:38: note: 'by_view' suspends here
// CHECK-MESSAGES: :[[@LINE-34]]:59: note: and uses it here, after that
  co_await std::move(u);
  auto v = by_rvalue(std::string("x"));
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_rvalue' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-40]]:37: note: 'by_rvalue' suspends here
// CHECK-MESSAGES: :[[@LINE-41]]:58: note: and uses it here, after that
  co_await std::move(v);
  auto w = default_argument();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'default_argument' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-30]]:55: note: 'default_argument' suspends here
// CHECK-MESSAGES: :[[@LINE-31]]:76: note: and uses it here, after that
  co_await std::move(w);
}

task<> kept_and_passed_on() {
  auto t = by_ref("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-56]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-57]]:60: note: and uses it here, after that
  co_await when_all(std::move(t));
}

task<> assigned() {
  task<> t;
  t = by_ref("x");
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-66]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-67]]:60: note: and uses it here, after that
  co_await std::move(t);
}

task<> object_is_temporary() {
  auto t = session{"x"}.run();
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: the task of 'session::run' outlives the temporary that it is called on, which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-55]]:18: note: 'session::run' suspends here
// CHECK-MESSAGES: :[[@LINE-56]]:39: note: and uses it here, after that
  co_await std::move(t);
}

task<> element_of_temporary() {
  auto t = by_ref(std::vector<std::string>{"x"}[0]);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-84]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-85]]:60: note: and uses it here, after that
  co_await std::move(t);
}

task<> wrapped(bool b) {
  auto t = when_all(by_ref("x"), by_value("y"));
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-93]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-94]]:60: note: and uses it here, after that
  co_await std::move(t);
  auto u = b ? by_ref("x") : by_value("y");
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-99]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-100]]:60: note: and uses it here, after that
  co_await std::move(u);
}

void spawned() {
  asio::co_spawn(ex, by_ref("x"), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_ref', which nothing here waits for, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-108]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-109]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
}

void starts_by_itself() {
  background("x");
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the task of 'background', which nothing here waits for, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-101]]:45: note: 'background' suspends here
// CHECK-MESSAGES: :[[@LINE-102]]:66: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'background' own it: take 's' by value
}

struct owner {
  task<> pending;
  void put_away() {
    pending = by_ref("x");
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the task of 'by_ref', which is put away, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it, or keep the argument beside the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-127]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-128]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  }
};

void into_a_container(list<task<>> &tasks) {
  tasks.push_back(by_ref("x"));
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the task of 'by_ref', which is put away, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it, or keep the argument beside the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-137]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-138]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
}

task<> an_eager_one() {
  auto t = late("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'late' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-135]]:38: note: 'late' suspends here
// CHECK-MESSAGES: :[[@LINE-136]]:59: note: and uses it here, after that
  co_await std::move(t);
  auto u = passes_on("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'passes_on' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-138]]:43: note: 'passes_on' suspends here
// CHECK-MESSAGES: :[[@LINE-139]]:58: note: and what it awaits uses it meanwhile
  co_await std::move(u);
}

// --- a local that the task outlives

task<> loop(const std::vector<int> &ids) {
  list<task<>> tasks;
  for (int id : ids) {
    std::string name = std::to_string(id);
    tasks.push_back(by_ref(name));
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the task of 'by_ref' outlives 'name', bound to its parameter 's', which dies with its scope and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-166]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-167]]:60: note: and uses it here, after that
  }
  co_await when_all(std::move(tasks));
}

task<> loop_variable(std::vector<std::string> names) {
  list<task<>> tasks;
  for (auto name : names)
    tasks.push_back(by_view(name));
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the task of 'by_view' outlives 'name', bound to its parameter 's', which dies with its scope and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-176]]:38: note: 'by_view' suspends here
// CHECK-MESSAGES: :[[@LINE-177]]:59: note: and uses it here, after that
  co_await when_all(std::move(tasks));
}

task<> inner_scope() {
  task<> t;
  {
    int n = 1;
    t = by_pointer(&n);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the task of 'by_pointer' outlives 'n', bound to its parameter 'p', which dies with its scope and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-186]]:35: note: 'by_pointer' suspends here
// CHECK-MESSAGES: :[[@LINE-187]]:57: note: and uses it here, after that
  }
  co_await std::move(t);
}

void spawned_with_a_local() {
  std::string s = "x";
  asio::co_spawn(ex, by_ref(s), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_ref', which nothing here waits for, outlives 's', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-201]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-202]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
}

void spawned_with_parts_of_locals(std::vector<int> v, std::optional<std::string> o) {
  asio::co_spawn(ex, by_span(v), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_span', which nothing here waits for, outlives the parameter 'v', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-207]]:36: note: 'by_span' suspends here
// CHECK-MESSAGES: :[[@LINE-208]]:57: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_span' own it: take 's' as 'std::vector<int>'
  asio::co_spawn(ex, by_iterator(v.begin()), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_iterator', which nothing here waits for, outlives the parameter 'v', bound to its parameter 'i', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-211]]:52: note: 'by_iterator' suspends here
// CHECK-MESSAGES: :[[@LINE-212]]:74: note: and uses it here, after that
  asio::co_spawn(ex, by_pointer(v.data()), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_pointer', which nothing here waits for, outlives the parameter 'v', bound to its parameter 'p', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-217]]:35: note: 'by_pointer' suspends here
// CHECK-MESSAGES: :[[@LINE-218]]:57: note: and uses it here, after that
  asio::co_spawn(ex, by_ref(*o), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_ref', which nothing here waits for, outlives the parameter 'o', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-226]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-227]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  asio::co_spawn(ex, by_rvalue(std::move(*o)), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: the task of 'by_rvalue', which nothing here waits for, outlives the parameter 'o', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-231]]:37: note: 'by_rvalue' suspends here
// CHECK-MESSAGES: :[[@LINE-232]]:58: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_rvalue' own it: take 's' by value
}

void spawned_on_a_local() {
  session s;
  asio::co_spawn(ex, s.run(), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'session::run', which nothing here waits for, outlives 's', the object that it is called on, which dies with its scope and is used after that; let the coroutine own the object, or keep it until the task has ended [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-222]]:18: note: 'session::run' suspends here
// CHECK-MESSAGES: :[[@LINE-223]]:39: note: and uses it here, after that
}

task<> spawned_in_a_loop() {
  for (;;) {
    std::string s = "x";
    asio::co_spawn(ex, by_ref(s), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'by_ref', which nothing here waits for, outlives 's', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-252]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-253]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  }
}

struct stores_a_local {
  task<> pending;
  void go() {
    std::string s;
    pending = by_ref(s);
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the task of 'by_ref', which is put away, outlives 's', bound to its parameter 's', which dies with its scope and is used after that; let the coroutine own it, or keep the argument beside the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is put away here
// CHECK-MESSAGES: :[[@LINE-265]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-266]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  }
};

// --- a wrapper passes the reference on

task<> wrapper(const std::string &s) { return by_ref(s); }

task<> through_a_wrapper() {
  auto t = wrapper("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'wrapper' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-279]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-280]]:60: note: and uses it here, after that
  co_await std::move(t);
}

// --- a function that spawns what it is given

void run_in_background(task<> t) { asio::co_spawn(ex, std::move(t), asio::detached); }
detached fire(task<> t) { co_await std::move(t); }

void with_own_spawners() {
  run_in_background(by_ref("x"));
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the task of 'by_ref', which nothing here waits for, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-293]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-294]]:60: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_ref' own it: take 's' by value
  fire(by_view("x" + std::string("y")));
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task of 'by_view', which nothing here waits for, outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; let the coroutine own it: take the parameter by value [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: :[[@LINE-297]]:38: note: 'by_view' suspends here
// CHECK-MESSAGES: :[[@LINE-298]]:59: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'by_view' own it: take 's' as 'std::string'
}

// --- in a template: once

template <class T> task<> generic(T value) {
  auto t = by_ref(std::to_string(value));
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'by_ref' outlives the temporary bound to its parameter 's', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+3]]:3: note: the task is awaited here
// CHECK-MESSAGES: :[[@LINE-310]]:39: note: 'by_ref' suspends here
// CHECK-MESSAGES: :[[@LINE-311]]:60: note: and uses it here, after that
  co_await std::move(t);
}
void instantiate() {
  wait_for(generic(1));
  wait_for(generic(2L));
}

// --- views of every kind, and the parameters of a lambda

task<> kept_with_a_wrapper() {
  list<task<>> tasks;
  {
    std::string s;
    tasks.push_back(by_wrapper(s));
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the task of 'by_wrapper' outlives 's', bound to its parameter 's', which dies with its scope
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: 'by_wrapper' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  }
  co_await when_all(std::move(tasks));
}
task<> parameter_of_a_lambda() {
  auto t = [](const std::string &s) -> task<> { co_await tick(); use(s); }("x");
// CHECK-MESSAGES: :[[@LINE-1]]:{{12|75}}: warning: the task of this lambda outlives the temporary bound to its parameter 's', which dies at the end of this statement
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: this lambda suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  co_await std::move(t);
}
// A lazy one has suspended before its first line.
task<> used_at_the_start() {
  auto t = before("x");
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task of 'before' outlives the temporary bound to its parameter 's', which dies at the end of this statement
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: 'before' uses it here, once it is started
  co_await std::move(t);
}

// Something else is awaited in the scope: the task does not tell by that.
task<> waits_for_something_else() {
  task<> t;
  {
    std::string s = "x";
    t = by_ref(s);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the task of 'by_ref' outlives 's', bound to its parameter 's', which dies with its scope
// CHECK-MESSAGES: note: the task is awaited here
// CHECK-MESSAGES: note: 'by_ref' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
    co_await tick();
  }
  co_await std::move(t);
}

// In main, what dies before the loop is run.
int main() {
  asio::io_context context;
  {
    session s;
    asio::co_spawn(context.get_executor(), s.run(), asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: the task of 'session::run', which nothing here waits for, outlives 's', the object that it is called on, which dies with its scope and is used after that; let the coroutine own the object, or keep it until the task has ended [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE-2]]:5: note: it is started here, and nothing waits for it
// CHECK-MESSAGES: note: 'session::run' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  }
  context.run();
}
