// RUN: %check_coro_tidy --fix-notes --clean-when-fixed %s coro-dangling-argument %t
// The note that lets the coroutine own its parameter changes every declaration
// of that.
#include "spawners.h"
#include <string>

task<> tick();
void use(const std::string &);
asio::executor ex;
struct settings {
  std::string name;
};

task<> by_ref(const std::string &s);
// CHECK-FIXES: task<> by_ref(std::string s);
task<> by_ref(std::string const& text) {
// CHECK-FIXES: task<> by_ref(std::string text) {
  co_await tick();
  use(text);
}
struct server {
  task<> by_rvalue(int n, settings&&s, bool last = false);
  // CHECK-FIXES: task<> by_rvalue(int n, settings s, bool last = false);
  task<> pending;
  void start() {
    asio::co_spawn(ex, by_ref("x"), asio::detached);
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: the task of 'by_ref', which nothing here waits for, outlives the temporary bound to its parameter 'text'
    // CHECK-MESSAGES: note: it is started here, and nothing waits for it
    // CHECK-MESSAGES: note: 'by_ref' suspends here
    // CHECK-MESSAGES: note: and uses it here, after that
    // CHECK-MESSAGES: :[[@LINE-15]]:15: note: let 'by_ref' own it: take 'text' by value
    pending = by_rvalue(1, {"x"});
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the task of 'server::by_rvalue', which is put away, outlives the temporary bound to its parameter 's'
    // CHECK-MESSAGES: note: it is put away here
    // CHECK-MESSAGES: note: 'server::by_rvalue' suspends here
    // CHECK-MESSAGES: note: and uses it here, after that
    // CHECK-MESSAGES: note: let 'server::by_rvalue' own it: take 's' by value
  }
};
task<> server::by_rvalue(int n, settings &&s, bool last) {
// CHECK-FIXES: task<> server::by_rvalue(int n, settings s, bool last) {
  co_await tick();
  use(s.name);
}
