// RUN: %check_coro_tidy --expect-clean --std=c++20,c++23 %s coro-reference-across-suspend %t
// More of what real code does that looks like a stale borrow and is none.
#include "task.h"
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

task<> later();
void use(int);
void use(std::string_view);
struct Entry {
  std::string name;
  int bytes = 0;
  task<> close();
};
struct units {
  units(units &&) noexcept;
  ~units();
};
struct apply_lock {
  task<units> get();
};
namespace seastar {
struct gate {
  task<> close();
};
} // namespace seastar
struct mutex_holder {
  mutex_holder(mutex_holder &&) noexcept;
  ~mutex_holder();
};
struct shared_mutex {
  task<mutex_holder> hold_write_lock();
};
struct turnstile {
  struct inside {
    inside(inside &&) noexcept;
    ~inside();
  };
  task<inside> take();
  task<> enter();
  void unlock();
};

struct Table {
  std::map<int, Entry> entries_;
  std::vector<Entry> list_;
  std::list<Entry> chain_;
  std::map<int, Entry> flight_;
  std::string title_;
  unsigned long generation_ = 0;
  apply_lock apply_mutex_;
  shared_mutex rw_;
  seastar::gate gate_;
  turnstile turns_;

  void remove(int id) { entries_.erase(id), chain_.clear(), title_.clear(); }
  void add() { list_.push_back({}), list_.clear(); }
  std::vector<Entry> listed() const { return list_; }
  const std::vector<Entry> &list() const { return list_; }

  // Looked up again on every path that suspended.
  task<> begin_again() {
    auto it = entries_.begin();
    while (it != entries_.end()) {
      use(it->second.bytes);
      ++it;
      if (it != entries_.end() && it->second.bytes) {
        co_await later();
        it = entries_.begin();
      }
    }
  }
  task<> emplaced_again(int id) {
    auto it = entries_.find(id);
    if (it == entries_.end()) {
      co_await later();
      it = entries_.emplace(id, Entry()).first;
    }
    use(it->second.bytes);
  }
  task<> checkpoint() {
    int at = 0;
    for (auto it = entries_.lower_bound(at); it != entries_.end();) {
      use(it->second.bytes);
      at = it->first + 1;
      co_await later();
      it = entries_.lower_bound(at);
    }
  }
  task<> found_again_by_a_helper(int id) {
    auto *e = lookup(id);
    co_await later();
    e = lookup(id);
    if (e)
      use(e->bytes);
  }
  Entry *lookup(int id) { auto it = entries_.find(id); return it == entries_.end() ? nullptr : &it->second; }

  // Used for the last time as an argument of the awaited call.
  task<> last_use(int id) {
    auto &e = entries_[id];
    use(e.bytes);
    co_await send(e);
  }
  task<> send(const Entry &e);
  task<> last_use_as_text() {
    std::string_view text = title_;
    co_await write(text);
  }
  task<> write(std::string_view);

  // A copy of the range.
  task<> getter_by_value() {
    for (const auto &e : listed())
      co_await send(e);
  }
  task<> auto_drops_the_reference() {
    auto list = this->list();
    for (const auto &e : list)
      co_await send(e);
  }
  task<> copied_in_place() {
    for (const auto &e : std::vector<Entry>(list_))
      co_await send(e);
  }
  task<> copied_by_auto() {
    for (const auto &e : std::vector(list_))
      co_await send(e);
  }
  task<> moved_out() {
    auto list = std::exchange(list_, {});
    for (const auto &e : list)
      co_await send(e);
  }

  // Locks of coroutines.
  task<> holder(int id) {
    auto holder = co_await rw_.hold_write_lock();
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }
  task<> apply_mutex(int id) {
    auto lock = co_await apply_mutex_.get();
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }
  task<> caller(int id) {
    auto holder = co_await rw_.hold_write_lock();
    co_await called(id);
  }
  task<> called(int id) { co_await called_from_there(id); }
  task<> called_from_there(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }

  // A lock by its type alone: the words say nothing.
  task<> by_type(int id) {
    auto inside = co_await turns_.take();
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }
  task<> by_type_and_hand(int id) {
    co_await turns_.enter();
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
    turns_.unlock();
  }
  // Nobody is seen who calls it; by its name, those who do hold the lock.
  task<> flush_locked(int id) {
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }

  // The mutators are shut out first.
  task<> wind_up() {
    co_await gate_.close();
    for (auto &[id, e] : entries_)
      co_await e.close();
  }

  // A version test after the suspension and before the next use.
  task<> version_in_the_loop() {
    const auto seen = generation_;
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      use(it->second.bytes);
      co_await later();
      if (seen != generation_)
        break;
    }
  }
  // Single flight.
  task<> single_flight(int id) {
    auto [it, inserted] = flight_.try_emplace(id);
    if (!inserted)
      co_return;
    co_await later();
    use(it->second.bytes);
    flight_.erase(it);
  }
};
// A local of the only caller that is suspended in this very call.
static task<> append(std::vector<Entry> &into) {
  auto &last = into.emplace_back();
  co_await later();
  last.bytes = 1;
}
task<> collects() {
  std::vector<Entry> found;
  co_await append(found);
  found.clear();
}

// An object that the coroutine has made itself, and that nobody else has yet.
struct Batch {
  std::vector<Entry> items;
  std::unique_ptr<Entry> current;
  void drop() { items.clear(), current.reset(); }
  static std::shared_ptr<Batch> make() { return std::shared_ptr<Batch>(new Batch); }
};
void publish(std::shared_ptr<Batch>);
task<> fills() {
  auto batch = std::make_shared<Batch>();
  batch->items.resize(2);
  for (auto &e : batch->items)
    co_await e.close();
  publish(batch);
}
task<> fills_another() {
  auto batch = Batch::make();
  Entry *e = batch->current.get();
  co_await later();
  use(e->bytes);
  publish(batch);
}

// The container of an object that each caller of its caller has in its frame.
struct message {
  std::map<int, Entry> parts;
  static task<> write_all(const std::map<int, Entry> &all) {
    for (const auto &[id, part] : all) {
      co_await later();
      use(part.bytes);
    }
  }
  task<> write() const { co_await write_all(parts); }
  void clear() { parts.clear(); }
};
task<> answers() {
  message reply;
  co_await reply.write();
  reply.clear();
}
