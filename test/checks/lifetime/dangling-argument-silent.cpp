// RUN: %check_coro_tidy --expect-clean %s coro-dangling-argument %t
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
task<> by_view(std::string_view s) { co_await tick(); use(s); }
task<> by_pointer(const int *p) { co_await tick(); use(*p); }
task<> by_value(std::string s) { co_await tick(); use(s); }
eager<> early(const std::string &s) { use(s); co_await tick(); }
eager<> copies(const std::string &s) { auto own = s; co_await tick(); use(own); }
eager<> unused(const std::string &) { co_await tick(); }
detached background(const std::string &s) { co_await tick(); use(s); }
detached background_early(const std::string &s) { use(s); co_await tick(); }
now_task<> at_once(const std::string &s) { co_await tick(); use(s); }
template <class T> task<> copied_into_frame(T s) { co_await tick(); use(s); }
struct session {
  std::string name;
  task<> run() { co_await tick(); use(name); }
};

// The signature is not the hazard: awaited in the same full-expression.
task<> at_the_call(std::string a) {
  co_await by_ref("x");
  co_await by_view(a + "x");
  co_await (by_ref("x"));
  co_await when_all(by_ref("x"), by_view(a + "y"));
  co_await session{"x"}.run();
  co_await at_once("x");
  (co_await by_ref("x"), use(1));
  co_await asio::co_spawn(ex, by_ref("x"), asio::use_awaitable);
}

// The argument lives in the frame that awaits.
task<> beside_the_task(std::string s) {
  std::string local = "x";
  auto t = by_ref(s);
  auto u = by_view(local);
  co_await std::move(t);
  co_await std::move(u);
}

task<> both_in_the_loop(const std::vector<int> &ids) {
  for (int id : ids) {
    std::string name = std::to_string(id);
    auto t = by_ref(name);
    co_await std::move(t);
  }
}

task<> awaited_inside() {
  task<> t;
  {
    std::string s;
    t = by_ref(s);
    co_await std::move(t);
  }
  t = by_value("x");
  co_await std::move(t);
}

// The container's elements outlive the loop.
task<> elements(const std::vector<std::string> &names) {
  list<task<>> tasks;
  for (auto &name : names)
    tasks.push_back(by_ref(name));
  co_await when_all(std::move(tasks));
}

task<> elements_of_a_local() {
  std::vector<std::string> names{"a", "b"};
  list<task<>> tasks;
  for (std::size_t i = 0; i < names.size(); ++i)
    tasks.push_back(by_ref(names[i]));
  co_await when_all(std::move(tasks));
}

// By value, static, literal.
const std::string global = "x";
void owned_or_static() {
  static std::string s;
  asio::co_spawn(ex, by_value("x"), asio::detached);
  asio::co_spawn(ex, by_value(std::string("x")), asio::detached);
  asio::co_spawn(ex, by_ref(global), asio::detached);
  asio::co_spawn(ex, by_ref(s), asio::detached);
  asio::co_spawn(ex, by_view("literal"), asio::detached);
  asio::co_spawn(ex, copied_into_frame(std::string("x")), asio::detached);
}

// Eager, and used before the first suspension only.
void eager_ones() {
  early("x");
  copies("x");
  unused("x");
  background_early("x");
}

task<> eager_ones_kept() {
  auto t = early("x");
  co_await std::move(t);
}

// What the caller gave is the caller's to keep.
void borrowed(const std::string &s, std::string_view v, int *p, session &object) {
  asio::co_spawn(ex, by_ref(s), asio::detached);
  asio::co_spawn(ex, by_view(v), asio::detached);
  asio::co_spawn(ex, by_pointer(p), asio::detached);
  asio::co_spawn(ex, object.run(), asio::detached);
}

struct server {
  std::string name;
  int n = 0;
  std::vector<session> sessions;
  void members() {
    asio::co_spawn(ex, by_ref(name), asio::detached);
    asio::co_spawn(ex, by_pointer(&n), asio::detached);
    asio::co_spawn(ex, sessions[0].run(), asio::detached);
  }
};

// Nobody knows who else owns it.
void shared(std::shared_ptr<session> s, std::shared_ptr<std::string> name) {
  asio::co_spawn(ex, s->run(), asio::detached);
  asio::co_spawn(ex, by_ref(*name), asio::detached);
}

// The loop is run here, while the locals live.
void runs_the_loop() {
  asio::io_context context;
  std::string s = "x";
  asio::co_spawn(context.get_executor(), by_ref(s), asio::detached);
  context.run();
}

// A suspension may wait for what was started.
task<> waits(event &done) {
  std::string s = "x";
  asio::co_spawn(ex, by_ref(s), asio::detached);
  co_await done;
}

struct pool {
  ~pool(); // joins
  asio::executor get_executor();
};
void joined_by_a_destructor() {
  std::string s = "x";
  pool p;
  asio::co_spawn(p.get_executor(), by_ref(s), asio::detached);
}

// Nothing is known of these.
void unknown_takers(list<task<>> tasks) {
  wait_for(by_ref("x"));
  auto t = by_ref(global);
  (void)t;
}

// Another parameter, perhaps without a name, keeps it.
void kept_by_a_parameter(std::shared_ptr<session> s) {
  asio::co_spawn(ex, [](session &one, std::shared_ptr<session>) -> task<> { co_await tick(); use(one.name); }(*s, s), asio::detached);
}

int main() {
  std::string s = "x";
  session object;
  asio::co_spawn(ex, by_ref(s), asio::detached);
  asio::co_spawn(ex, object.run(), asio::detached);
}
