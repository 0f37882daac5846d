// RUN: %check_coro_tidy %s coro-dangling-argument %t
// Views and owners of a library's own, which a model tells apart.
#include "continuations.h"

namespace kj {
class StringPtr {
public:
  StringPtr(const char *);
  unsigned size() const;
};
class String {
public:
  String(String &&);
  ~String();
  operator StringPtr() const;
};
template <class... Parts> String str(Parts &&...);
struct TaskSet {
  void add(Promise<> &&);
};
} // namespace kj

kj::Promise<> ready();
void use(kj::StringPtr);
kj::Promise<> greet(kj::StringPtr name) { co_await ready(); use(name); }
kj::Promise<> keep(kj::String name) { co_await ready(); use(name); }

kj::Promise<> kept_in_a_variable(int id) {
  auto greeting = greet(kj::str("user ", id));
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the task of 'greet' outlives the temporary bound to its parameter 'name', which dies at the end of this statement and is used after that; await the call in the same full-expression, or keep the argument in a variable that outlives the task [coro-dangling-argument]
// CHECK-MESSAGES: :[[@LINE+4]]:3: note: the task is awaited here
// CHECK-MESSAGES: note: 'greet' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
  auto kept = keep(kj::str("user ", id));
  co_await greeting;
  co_await kept;
  co_await greet(kj::str("user ", id));
}

void put_away(kj::TaskSet &tasks, int id) {
  tasks.add(greet(kj::str("user ", id)));
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the task of 'greet', which is put away, outlives the temporary bound to its parameter 'name', which dies at the end of this statement and is used after that;
// CHECK-MESSAGES: :[[@LINE-2]]:3: note: it is put away here
// CHECK-MESSAGES: note: 'greet' suspends here
// CHECK-MESSAGES: note: and uses it here, after that
// CHECK-MESSAGES: note: let 'greet' own it
  tasks.add(greet("a literal"));
  tasks.add(keep(kj::str("user ", id)));
}
