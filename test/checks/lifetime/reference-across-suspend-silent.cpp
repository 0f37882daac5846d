// RUN: %check_coro_tidy --expect-clean --std=c++20,c++23 %s coro-reference-across-suspend %t
// What looks like it and is none.
#include "task.h"
#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

task<> later();
task<int> number();
void use(int);
void use(const std::string &);
void use(std::string_view);
bool ready();

struct Entry {
  std::string name;
  int bytes = 0;
  task<> close();
};
struct Stats {
  int n = 0;
};
struct units {
  ~units();
};
struct semaphore {
  task<units> get_units(int);
  task<> wait(int);
  void signal(int);
};
struct async_mutex {
  task<units> scoped_lock();
  task<> lock();
  void unlock();
};

struct Table {
  std::map<int, Entry> entries_;
  std::map<int, Entry> grows_;
  std::unordered_map<int, Entry> hashed_;
  std::vector<Entry> list_;
  std::list<Entry> chain_;
  std::string title_;
  Stats stats_;
  std::vector<Entry> fixed_;
  std::shared_ptr<Stats> shared_;
  semaphore sem_;
  async_mutex mutex_;
  unsigned long revision_ = 0;

  Table() { fixed_.resize(4); }
  ~Table() { fixed_.clear(); }

  void remove(int id) { entries_.erase(id), hashed_.erase(id); }
  void grow(int id) { grows_[id], hashed_[id]; }
  void add() { list_.push_back({}), chain_.push_back({}); }
  void rename() { title_ = "new"; }
  void replace() { shared_.reset(); }
  unsigned long revision() const { return revision_; }
  void check_revision(unsigned long) const;
  std::vector<Entry> snapshot() const { return list_; }
  std::vector<Entry> &list() { return list_; }

  task<> usedBefore(int id) {
    auto &e = entries_[id];
    e.bytes = 1;
    co_await later();
  }
  task<> copiedBefore(int id) {
    auto e = entries_[id];
    co_await later();
    use(e.bytes);
  }
  task<> copiedByDroppingTheReference() {
    auto list = this->list();
    for (auto &e : list)
      co_await e.close();
  }
  task<> obtainedAgain(int id) {
    auto *e = &entries_[id];
    co_await later();
    e = &entries_[id];
    use(e->bytes);
  }
  task<> obtainedAgainOnEveryPath(int id) {
    auto it = entries_.find(id);
    while (it != entries_.end()) {
      use(it->second.bytes);
      int key = it->first;
      if (key) {
        co_await later();
        it = entries_.lower_bound(key);
      } else {
        ++it;
      }
    }
  }
  task<> obtainedInEachRound(int id) {
    for (;;) {
      auto &e = entries_[id];
      use(e.bytes);
      co_await later();
    }
  }
  task<> argumentOfTheAwaitedCall(int id) {
    auto it = entries_.find(id);
    co_await it->second.close();
  }
  task<> pathLeaves(int id) {
    auto &e = entries_[id];
    if (e.bytes) {
      co_await later();
      co_return;
    }
    use(e.bytes);
  }
  task<> loopLeaves() {
    for (auto &[id, e] : entries_) {
      if (id) {
        co_await e.close();
        break;
      }
      use(e.bytes);
    }
  }
  task<> neverSuspends(int id) {
    auto &e = entries_[id];
    co_await std::suspend_never();
    use(e.bytes);
  }
  task<> plainMember() {
    auto &stats = stats_;
    auto *pointer = &this->stats_;
    const std::string &title = title_;
    co_await later();
    stats.n = pointer->n;
    use(title);
  }
  task<> onlyInsertedInto(int id) {
    auto &e = grows_[id];
    auto it = grows_.find(id);
    co_await later();
    use(e.bytes + it->second.bytes);
  }
  task<> referencesSurviveInList() {
    auto &e = chain_.front();
    co_await later();
    use(e.bytes);
  }
  task<> filledByTheConstructor() {
    for (auto &e : fixed_)
      co_await e.close();
  }
  task<> snapshotByValue() {
    for (auto &e : snapshot())
      co_await e.close();
  }
  task<> keysFirst() {
    std::vector<int> keys;
    for (auto &[id, e] : entries_)
      keys.push_back(id);
    for (int id : keys) {
      if (auto it = entries_.find(id); it != entries_.end())
        co_await it->second.close();
    }
  }
  task<> lookedUpAgain(int id) {
    auto &e = entries_[id];
    co_await later();
    if (!entries_.contains(id))
      co_return;
    use(e.bytes);
  }
  task<> versionTest() {
    auto rev = revision();
    for (auto &[id, e] : entries_) {
      use(e.bytes);
      co_await later();
      if (revision() != rev)
        co_return;
    }
  }
  task<> versionCheck() {
    auto rev = revision_;
    for (auto &[id, e] : entries_) {
      co_await later();
      check_revision(rev);
      use(e.bytes);
    }
  }
  task<> identityTest() {
    Stats *before = shared_.get();
    co_await later();
    if (before == shared_.get())
      use(before->n);
  }
  task<> unitsHeld(int id) {
    auto held = co_await sem_.get_units(1);
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
  }
  task<> lockHeld(int id) {
    auto guard = co_await mutex_.scoped_lock();
    for (auto &[key, e] : entries_)
      co_await e.close();
  }
  task<> lockedByHand(int id) {
    co_await mutex_.lock();
    auto &e = entries_[id];
    co_await later();
    use(e.bytes);
    mutex_.unlock();
  }
  task<> lockHeldByTheCaller() {
    auto guard = co_await mutex_.scoped_lock();
    co_await inner();
  }
  task<> inner() {
    for (auto &[key, e] : entries_)
      co_await e.close();
  }
  task<> ownerInTheFrame() {
    auto keep = shared_;
    auto &stats = *keep;
    co_await later();
    stats.n++;
  }
  task<> sizeOfAView() {
    std::string_view title = title_;
    co_await later();
    use(static_cast<int>(title.size()));
  }
  task<> comparedOnly() {
    Entry *e = &list_[0];
    co_await later();
    if (e)
      use(1);
  }
  task<> assignedBeforeUse() {
    std::string_view title = title_;
    co_await later();
    title = "constant";
    use(title);
  }
};

// What the frame owns.
task<> locals(std::vector<Entry> parameter) {
  std::vector<Entry> own(3);
  std::map<int, Entry> table;
  auto unique = std::make_unique<std::vector<Entry>>();
  auto shared = std::make_shared<std::vector<Entry>>();
  auto &e = own[0];
  auto &p = parameter[0];
  auto it = table.begin();
  std::span<Entry> all(own);
  co_await later();
  use(e.bytes + p.bytes + it->second.bytes + all[0].bytes);
  for (auto &one : own)
    co_await one.close();
  for (auto &one : *unique)
    co_await one.close();
  for (auto &one : *shared)
    co_await one.close();
}

struct Holder {
  std::vector<Entry> list;
  void clear() { list.clear(); }
};
task<> partOfALocal() {
  Holder holder;
  for (auto &e : holder.list)
    co_await e.close();
}
task<> movedInto(Holder &&from) {
  auto mine = std::move(from.list);
  for (auto &e : mine)
    co_await e.close();
}
task<std::vector<Entry>> fetch();
task<> resultOfAnAwait() {
  auto &&list = co_await fetch();
  co_await later();
  use(list[0].bytes);
  for (auto &e : co_await fetch())
    co_await e.close();
}

// A local of the only caller, which is suspended in this very call.
static task<> closeEach(std::vector<Entry> &entries) {
  for (Entry &e : entries)
    co_await e.close();
}
task<> caller() {
  std::vector<Entry> own;
  co_await closeEach(own);
}
struct Request {
  std::vector<Entry> parts;
  void reset() { parts.clear(); }
  task<> send() {
    for (Entry &e : parts)
      co_await e.close();
  }
};
task<> requestIsALocal() {
  Request request;
  co_await request.send();
}
task<> noCallerIsSeen(std::vector<Entry> &entries, Holder &holder) {
  for (Entry &e : entries)
    co_await e.close();
  for (Entry &e : holder.list)
    co_await e.close();
}

// An awaiter that hands out a pointer or reference that it was given.
struct Slot {
  int n;
};
struct ready_pointer {
  Slot *slot;
  Slot &other;
  Slot **where;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  Slot *await_resume() { return slot; }
};
struct ready_reference : ready_pointer {
  Slot &await_resume() { return other; }
};
struct ready_pointee : ready_pointer {
  Slot &await_resume() { return **where; }
};
ready_pointer current_slot();
ready_reference other_slot();
ready_pointee stored_slot();
task<> resultOutlivesTheAwaiter() {
  auto slot = co_await current_slot();
  auto &other = co_await other_slot();
  auto &stored = co_await stored_slot();
  co_await later();
  use(slot->n + other.n + stored.n);
}

// Tables that nobody changes.
const std::map<int, Entry> constants;
static std::map<int, Entry> filledInMain;
task<> constant(int id) {
  auto &e = constants.at(id);
  auto it = filledInMain.find(id);
  static const std::map<int, Entry> table;
  auto &t = table.at(id);
  co_await later();
  use(e.bytes + it->second.bytes + t.bytes);
}
int main() { filledInMain.clear(); }

// Unknown functions return unknown references.
Entry &somewhere();
Entry *find(int);
struct Service {
  Entry &entry(int);
  static std::shared_ptr<Service> instance();
  int n;
};
task<> unknown(Service &service, int id) {
  auto &a = somewhere();
  auto *b = find(id);
  auto &c = service.entry(id);
  auto &d = *Service::instance();
  co_await later();
  use(a.bytes + b->bytes + c.bytes + d.n);
}

// Only this coroutine erases its own entry, at last.
std::map<int, Entry> running;
task<> singleFlight(int id) {
  auto it = running.emplace(id, Entry()).first;
  co_await later();
  use(it->second.bytes);
  running.erase(it);
}

struct Shared : std::enable_shared_from_this<Shared> {
  int n;
  task<> self() {
    auto &me = *shared_from_this();
    co_await later();
    use(me.n);
  }
};

// Nothing is awaited in the loop itself.
void spawn(task<>);
struct Spawner {
  std::vector<Entry> list;
  void add() { list.push_back({}); }
  task<> run() {
    for (auto &e : list)
      spawn([](Entry copy) -> task<> { co_await copy.close(); }(e));
    co_await later();
  }
};

// A template is looked at where it is instantiated.
template <class T> task<> generic(std::vector<T> list) {
  for (auto &e : list)
    co_await e.close();
}
template task<> generic(std::vector<Entry>);
