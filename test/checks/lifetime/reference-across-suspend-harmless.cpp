// RUN: %check_coro_tidy --std=c++20,c++23 %s coro-reference-across-suspend %t -- -- -isystem %inputs/system
// Suspensions that nobody comes back from, and changes that end no borrow.
#include "task.h"
#include "makers.h"
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

task<> later();
void use(int);
struct Entry {
  int bytes = 0;
  int users = 0;
  int hits = 0;
  std::vector<int> waiting;
};

//===----------------------------------------------------------------------===//
// An await that hands on an error: it goes on at once, or its coroutine ends.
//===----------------------------------------------------------------------===//

struct result {
  int error = 0;
};
struct job {
  struct promise_type {
    job get_return_object();
    std::suspend_always initial_suspend() { return {}; }
    struct ending {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type>) noexcept;
      void await_resume() noexcept {}
    };
    ending final_suspend() noexcept { return {}; }
    void return_value(result r) { value = r; }
    void unhandled_exception() {}
    result value;
    std::coroutine_handle<> parent;
    void wake();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  result await_resume();
};
struct or_return {
  result value;
  bool await_ready() { return value.error == 0; }
  template <class P> std::coroutine_handle<> await_suspend(std::coroutine_handle<P> h) noexcept {
    if (value.error) {
      h.promise().return_value(value);
      return h.promise().final_suspend().await_suspend(h);
    }
    return h;
  }
  void await_resume() {}
};
struct or_destroy {
  result value;
  bool await_ready() { return value.error == 0; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) {
    h.promise().value = value;
    h.destroy();
  }
  void await_resume() {}
};
// These do come back.
std::vector<std::coroutine_handle<>> ready;
struct or_retry {
  result value;
  bool await_ready() { return value.error == 0; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) {
    h.promise().return_value(value);
    ready.push_back(h);
  }
  void await_resume() {}
};
struct or_wake {
  result value;
  bool await_ready() { return value.error == 0; }
  template <class P> void await_suspend(std::coroutine_handle<P> h) {
    h.promise().return_value(value);
    h.promise().wake();
  }
  void await_resume() {}
};
struct asks {
  bool await_ready();
  bool await_suspend(std::coroutine_handle<> h) { return !h.done(); }
  void await_resume() {}
};

struct table {
  std::map<int, Entry> entries;
  result check(int);
  void gc() { entries.erase(1); }

  job returns_the_error(int id) {
    auto it = entries.find(id);
    co_await or_return{check(id)};
    use(it->second.bytes);
    co_await or_destroy{check(id)};
    use(it->second.bytes);
    co_return {};
  }
  job comes_back(int id) {
    auto it = entries.find(id);
    co_await or_retry{check(id)};
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'table::gc' may remove elements of 'entries' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    co_return {};
  }
  job is_woken(int id) {
    auto it = entries.find(id);
    co_await or_wake{check(id)};
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    co_return {};
  }
  job only_asks(int id) {
    auto it = entries.find(id);
    co_await asks{};
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    co_return {};
  }
  job a_real_wait_between(int id) {
    auto it = entries.find(id);
    co_await or_return{check(id)};
    co_await later();
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle after the co_await on line [[@LINE-2]]:
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    co_return {};
  }
};

//===----------------------------------------------------------------------===//
// An element that is marked as used, and that who removes elements looks at.
//===----------------------------------------------------------------------===//

struct pinned {
  std::map<int, Entry> entries;
  void collect() {
    for (auto it = entries.begin(); it != entries.end();)
      if (it->second.users == 0)
        it = entries.erase(it);
      else
        ++it;
  }
  task<> reads(int id) {
    Entry &entry = entries[id];
    ++entry.users;
    co_await later();
    --entry.users;
  }
  task<> by_iterator(int id) {
    auto it = entries.find(id);
    it->second.users += 1;
    co_await later();
    it->second.users -= 1;
  }
  // Nobody looks at that, or it comes too late.
  task<> counts(int id) {
    Entry &entry = entries[id];
    ++entry.hits;
    co_await later();
    use(entry.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'entry' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
  }
  task<> late(int id) {
    Entry &entry = entries[id];
    co_await later();
    ++entry.users;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'entry' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    co_await later();
    --entry.users;
  }
};

//===----------------------------------------------------------------------===//
// What only gets a value while it has none.
//===----------------------------------------------------------------------===//

struct filled {
  std::optional<Entry> entry;
  std::unique_ptr<Entry> owned;
  std::shared_ptr<Entry> shared;
  void set() {
    if (entry.has_value())
      return;
    entry = Entry{};
  }
  void make() {
    if (!owned)
      owned = std::make_unique<Entry>();
    if (shared == nullptr)
      shared = std::make_shared<Entry>();
  }
  task<> looks() {
    Entry &one = *entry;
    Entry *two = owned.get();
    Entry &three = *shared;
    co_await later();
    use(one.bytes + two->bytes + three.bytes);
  }
};
struct replaced {
  std::optional<Entry> entry;
  std::unique_ptr<Entry> owned;
  void set() {
    if (!entry.has_value())
      return;
    entry = Entry{};
  }
  void make(bool again) {
    if (!owned || again)
      owned = std::make_unique<Entry>();
  }
  task<> looks() {
    Entry &one = *entry;
    Entry *two = owned.get();
    co_await later();
    use(one.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]: 'replaced::set' may replace 'entry' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
    use(two->bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'two' may dangle after the co_await on line [[@LINE-7]]: 'replaced::make' may replace 'owned' meanwhile
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
  }
};

//===----------------------------------------------------------------------===//
// A loop that begins after the suspension uses what it goes over.
//===----------------------------------------------------------------------===//

struct groups {
  std::vector<Entry> all;
  void add() { all.push_back({}); }
  task<> tells(unsigned n) {
    Entry &group = all[n];
    co_await later();
    for (int one : group.waiting)
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'group' may dangle after the co_await on line [[@LINE-2]]: 'groups::add' may move the elements of 'all' meanwhile; copy what is needed before it, or look it up again
      // CHECK-MESSAGES: note: obtained here
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
      use(one);
  }
  task<> waits_in_it(unsigned n) {
    Entry &group = all[n];
    for (int one : group.waiting) {
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: this loop holds an iterator into 'all' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
      co_await later();
      use(one);
    }
  }
};

//===----------------------------------------------------------------------===//
// An iterator that is the end, and a null pointer, refer to nothing.
//===----------------------------------------------------------------------===//

struct lookups {
  std::map<int, Entry> all;
  Entry *find(int id);
  void gc() { all.erase(1); }

  task<> adds(int id) {
    auto it = all.find(id);
    if (it == all.end()) {
      co_await later();
      it = all.emplace(id, Entry{}).first;
    }
    use(it->second.bytes);
  }
  task<> asks_again(int id) {
    auto it = all.find(id);
    if (it == all.end())
      co_await later();
    if (all.end() != it)
      use(it->second.bytes);
  }
  task<> takes_a_note(int id) {
    auto it = all.find(id);
    bool is_new = it == all.end();
    if (is_new)
      co_await later();
    if (!is_new)
      use(it->second.bytes);
  }
  task<> by_pointer(int id) {
    auto it = all.find(id);
    Entry *entry = it == all.end() ? nullptr : &it->second;
    if (!entry)
      co_await later();
    if (entry != nullptr)
      use(entry->bytes);
  }
  // The other way round.
  task<> waits_if_it_is_there(int id) {
    auto it = all.find(id);
    if (it != all.end())
      co_await later();
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
  }
  task<> the_note_changes(int id) {
    auto it = all.find(id);
    bool is_new = it == all.end();
    is_new = id > 1;
    if (is_new)
      co_await later();
    use(it->second.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: {{.*}} may end it meanwhile
  }
};

//===----------------------------------------------------------------------===//
// What is changed is not this object, or not any more.
//===----------------------------------------------------------------------===//

struct role {
  std::vector<int> members;
};
struct roles {
  std::map<int, std::shared_ptr<role>> all;
  // Fills what it has just made.
  task<> fetch(int id) {
    auto made = std::make_shared<role>();
    co_await later();
    made->members.push_back(1);
    all[id] = made;
  }
  task<> visits(std::shared_ptr<role> one) {
    for (int member : one->members) {
      co_await later();
      use(member);
    }
  }
};
struct group {
  std::vector<int> members;
};
struct published_roles {
  std::map<int, std::shared_ptr<group>> all;
  task<> fetch(int id) {
    auto made = std::make_shared<group>();
    all[id] = made;
    co_await later();
    made->members.push_back(1);
  }
  task<> visits(int id) {
    auto one = all[id];
    for (int member : one->members) {
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: this loop holds an iterator into 'members' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'published_roles::fetch' may end it meanwhile
      co_await later();
      use(member);
    }
  }
};
template <class F> task<> for_each(int n, F f) {
  for (int i = 0; i < n; ++i)
    co_await f(i);
}
struct backup {
  std::map<int, Entry> places;
  task<> prepares_first() {
    places.erase(1);
    co_await for_each(3, [&](int) -> task<> {
      for (auto &[id, place] : places) {
        co_await later();
        use(place.bytes);
      }
    });
  }
};
struct cleans_up_meanwhile {
  std::map<int, Entry> places;
  task<> starts_before() {
    auto copies = [&](int) -> task<> {
      for (auto &[id, place] : places) {
        // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: this loop holds an iterator into 'places' over the co_await on line [[@LINE+3]]
        // CHECK-MESSAGES: note: suspended here
        // CHECK-MESSAGES: note: 'cleans_up_meanwhile::starts_before' may end it meanwhile
        co_await later();
        use(place.bytes);
      }
    };
    task<> first = copies(1);
    places.erase(1);
    co_await first;
  }
};

// A member that may not change its object mostly belongs to a value.
struct plan {
  std::vector<int> steps;
  mutable std::vector<int> seen;
  void clear() { steps.clear(); }
  void forget() const { seen.clear(); }
  task<> walks() const {
    for (int step : steps) {
      co_await later();
      use(step);
    }
  }
  task<> recalls() const {
    for (int step : seen) {
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this loop holds an iterator into 'seen' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'plan::forget' may end it meanwhile
      co_await later();
      use(step);
    }
  }
  task<> walks_and_changes() {
    for (int step : steps) {
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this loop holds an iterator into 'steps' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'plan::clear' may end it meanwhile
      co_await later();
      use(step);
    }
  }
};

// A library's own function makes the object, by a function of a class.
template <class T> struct counted {
  template <class... A> static std::shared_ptr<T> make(A &&...a) {
    auto made = new T(std::forward<A>(a)...);
    return std::shared_ptr<T>(made);
  }
};
template <class T, class... A> std::shared_ptr<T> make_counted(A &&...a) { return counted<T>::make(std::forward<A>(a)...); }
template <class T> std::shared_ptr<T> the_only() {
  static std::shared_ptr<T> only = make_counted<T>();
  return only;
}
struct team {
  std::vector<int> members;
};
struct teams {
  std::map<int, std::shared_ptr<team>> all;
  task<> fetch(int id) {
    auto made = make_counted<team>();
    co_await later();
    made->members.push_back(1);
    all[id] = made;
  }
  task<> visits(std::shared_ptr<team> one) {
    for (int member : one->members) {
      co_await later();
      use(member);
    }
  }
};
struct crew {
  std::vector<int> members;
};
struct crews {
  task<> hires() {
    auto found = the_only<crew>();
    co_await later();
    found->members.push_back(1);
  }
  task<> visits(std::shared_ptr<crew> one) {
    for (int member : one->members) {
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: this loop holds an iterator into 'members' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'crews::hires' may end it meanwhile
      co_await later();
      use(member);
    }
  }
};

struct squad {
  std::vector<int> members;
};
struct squads {
  task<> hires() {
    auto made = makers::make<squad>();
    co_await later();
    made->members.push_back(1);
  }
  task<> visits(std::shared_ptr<squad> one) {
    for (int member : one->members) {
      co_await later();
      use(member);
    }
  }
};
struct band {
  std::vector<int> members;
};
struct bands {
  std::shared_ptr<band> last;
  // What it is given gets something new.
  task<> forms(std::shared_ptr<band> &made) {
    made = std::make_shared<band>();
    made->members.push_back(1);
    co_await later();
  }
  task<> visits(std::shared_ptr<band> one) {
    for (int member : one->members) {
      co_await later();
      use(member);
    }
  }
};
struct choir {
  std::vector<int> members;
};
struct choirs {
  task<> forms(std::shared_ptr<choir> &made, bool anew) {
    if (anew)
      made = std::make_shared<choir>();
    made->members.push_back(1);
    co_await later();
  }
  task<> visits(std::shared_ptr<choir> one) {
    for (int member : one->members) {
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: this loop holds an iterator into 'members' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'choirs::forms' may end it meanwhile
      co_await later();
      use(member);
    }
  }
};
struct club {
  std::vector<int> members;
};
struct clubs {
  task<> joins(std::shared_ptr<void> any) {
    auto same = makers::cast<club>(any);
    co_await later();
    same->members.push_back(1);
  }
  task<> visits(std::shared_ptr<club> one) {
    for (int member : one->members) {
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: this loop holds an iterator into 'members' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'clubs::joins' may end it meanwhile
      co_await later();
      use(member);
    }
  }
};
struct shop {
  std::vector<int> members;
};
struct shops {
  makers::registry known;
  task<> joins() {
    auto same = known.get<shop>();
    co_await later();
    same->members.push_back(1);
  }
  task<> visits(std::shared_ptr<shop> one) {
    for (int member : one->members) {
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: this loop holds an iterator into 'members' over the co_await on line [[@LINE+3]]
      // CHECK-MESSAGES: note: suspended here
      // CHECK-MESSAGES: note: 'shops::joins' may end it meanwhile
      co_await later();
      use(member);
    }
  }
};

//===----------------------------------------------------------------------===//
// A scope of started tasks that is a part of the element, and that is entered:
// who removes the element closes it first.
//===----------------------------------------------------------------------===//

namespace seastar {
struct gate {
  struct holder {
    ~holder();
  };
  holder hold();
  void enter();
  void leave();
  task<> close();
};
} // namespace seastar
struct tablet {
  seastar::gate busy;
  int size = 0;
  seastar::gate &gate() { return busy; }
};
struct tablets {
  std::map<int, std::unique_ptr<tablet>> all;
  seastar::gate own;
  task<> remove(int id) {
    auto gone = std::move(all[id]);
    all.erase(id);
    co_await gone->busy.close();
  }
  task<> holds_it(int id) {
    tablet &one = *all.at(id);
    auto holder = one.gate().hold();
    co_await later();
    use(one.size);
  }
  task<> enters_it(int id) {
    tablet *one = all.at(id).get();
    one->busy.enter();
    co_await later();
    use(one->size);
    one->busy.leave();
  }
  task<> holds_what_contains_it(int id) {
    auto holder = own.hold();
    tablet &one = *all.at(id);
    co_await later();
    use(one.size);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'tablets::remove' may end it meanwhile
  }
  task<> holds_it_too_late(int id) {
    tablet &one = *all.at(id);
    co_await later();
    auto holder = one.gate().hold();
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'one' may dangle after the co_await on line [[@LINE-2]]
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'tablets::remove' may end it meanwhile
  }
  task<> drops_the_holder(int id) {
    tablet &one = *all.at(id);
    one.gate().hold();
    co_await later();
    use(one.size);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'one' may dangle after the co_await on line [[@LINE-2]]
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'tablets::remove' may end it meanwhile
  }
};

//===----------------------------------------------------------------------===//
// A step of the function that changes the object, and waits for the step.
//===----------------------------------------------------------------------===//

struct page {
  std::vector<int> bytes;
};
template <bool Streaming> task<> write_page(std::shared_ptr<page> one) {
  int *begin = one->bytes.data();
  co_await later();
  use(*begin);
}
template <bool Client> task<> write_pages(std::shared_ptr<page> one) {
  for (int n = 0; n < 3; ++n) {
    one->bytes.resize(n);
    co_await write_page<true>(one);
  }
}
template task<> write_pages<true>(std::shared_ptr<page>);
template task<> write_pages<false>(std::shared_ptr<page>);

struct sheet {
  std::vector<int> bytes;
};
void spawn(task<>);
task<> write_sheet(std::shared_ptr<sheet> one) {
  int *begin = one->bytes.data();
  co_await later();
  use(*begin);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'begin' may dangle after the co_await on line [[@LINE-2]]
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'close_sheet' may end it meanwhile
}
void keep_writing(std::shared_ptr<sheet> one) { spawn(write_sheet(one)); }
task<> close_sheet(std::shared_ptr<sheet> one) {
  co_await write_sheet(one);
  one->bytes.clear();
}
