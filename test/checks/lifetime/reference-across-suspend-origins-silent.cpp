// RUN: %check_coro_tidy --expect-clean --std=c++20,c++23 %s coro-reference-across-suspend %t
// Copies, owners in the frame, new look-ups: what looks like a borrow and is none.
#include "task.h"
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>
task<> later();
task<int> number();
void use(int);
void use(const std::string &);
void use(std::string_view);
struct Entry {
  std::string name;
  int bytes = 0;
  std::vector<int> parts;
  task<> close();
};
struct gate {
  struct holder {
    ~holder();
  };
  holder hold();
};
struct rwlock {
  struct holder {
    ~holder();
  };
  task<holder> hold_read_lock();
  task<holder> hold_write_lock();
};
struct T : std::enable_shared_from_this<T> {
  std::map<int, Entry> map_;
  std::map<int, std::shared_ptr<Entry>> smap_;
  std::vector<Entry> vec_;
  std::unordered_map<int, Entry> hash_;
  std::string title_;
  std::shared_ptr<const std::map<int, Entry>> snapshot_;
  gate gate_;
  rwlock rw_;
  int generation_ = 0;
  void mutate() {
    map_.erase(1);
    vec_.push_back({});
    vec_.clear();
    title_.clear();
    smap_.clear();
    hash_.erase(1);
    snapshot_ = nullptr;
    generation_++;
  }
  std::vector<Entry> copy() const { return vec_; }
  task<> ownerCopied() {
    auto e = smap_[1];
    co_await later();
    use(e->bytes);
  }
  task<> copyFiltered() {
    for (auto &e : copy() | std::views::filter([](const Entry &e) { return e.bytes > 0; }))
      co_await e.close();
  }
  task<> localReversed() {
    auto v = vec_;
    for (auto &e : v | std::views::reverse)
      co_await e.close();
  }
  task<> snapshotKept() {
    auto snap = snapshot_;
    for (auto &[k, e] : *snap) {
      co_await later();
      use(e.bytes);
    }
  }
  task<> textCopied() {
    std::string title(title_);
    std::string_view sv = title;
    co_await later();
    use(sv);
  }
  task<> readLockHeld() {
    auto lock = co_await rw_.hold_read_lock();
    for (auto &[k, e] : map_) {
      co_await later();
      use(e.bytes);
    }
  }
  task<> nameCopied() {
    auto it = map_.find(1);
    auto name = it->second.name;
    co_await later();
    use(name);
  }
  task<> keysThenLookUp() {
    std::vector<int> ids;
    std::ranges::copy(map_ | std::views::keys, std::back_inserter(ids));
    for (int id : ids) {
      co_await later();
      if (auto it = map_.find(id); it != map_.end())
        use(it->second.bytes);
    }
  }
  task<> keysIntoVector() {
    auto keys = map_ | std::views::keys;
    std::vector<int> ids(keys.begin(), keys.end());
    co_await later();
    use(ids[0]);
  }
  task<> bindingCopies() {
    auto [name, bytes, parts] = vec_[0];
    co_await later();
    use(name);
  }
  task<> pairOfCopies() {
    auto &e = vec_[0];
    auto p = std::make_pair(e.bytes, e.name);
    co_await later();
    use(p.second);
  }
  task<> tupleOfCopies() {
    auto t = std::tuple(vec_[0].bytes, vec_[0].name);
    co_await later();
    use(std::get<1>(t));
  }
  task<> movedOut() {
    auto moved = std::move(vec_);
    auto &e = moved[0];
    co_await later();
    use(e.bytes);
  }
  task<> exchanged() {
    auto moved = std::exchange(vec_, {});
    for (auto &e : moved)
      co_await e.close();
  }
  task<> swappedOut() {
    std::vector<Entry> local;
    local.swap(vec_);
    for (auto &e : local)
      co_await e.close();
  }
  task<> staticTable() {
    static const std::map<int, Entry> table;
    auto &e = table.at(1);
    co_await later();
    use(e.bytes);
  }
  task<> constantTable() {
    static constexpr std::array<int, 3> table{1, 2, 3};
    for (auto &n : table) {
      co_await later();
      use(n);
    }
  }
  task<> nodeExtracted() {
    auto node = map_.extract(1);
    auto &e = node.mapped();
    co_await later();
    use(e.bytes);
  }
  task<> viewOfParameter(std::string s) {
    std::string_view v = s;
    auto w = v.substr(1);
    co_await later();
    use(w);
  }
  task<> closureCopies() {
    auto f = [v = vec_] { return v.size(); };
    co_await later();
    use((int)f());
  }
  task<> closureOfLocals() {
    int id = 1;
    auto f = [&id] { use(id); };
    co_await later();
    f();
  }
  task<> aliasOfThis() {
    auto *self = this;
    co_await later();
    use((int)self->vec_.size());
  }
  task<> memberByReference() {
    auto &v = vec_;
    co_await later();
    use((int)v.size());
    for (auto &e : v)
      use(e.bytes);
  }
  task<> takenOutFirst() {
    while (!map_.empty()) {
      auto it = map_.begin();
      auto e = std::move(it->second);
      map_.erase(it);
      co_await e.close();
    }
  }
  task<> upperBoundOfKey() {
    for (auto it = map_.begin(); it != map_.end();) {
      int key = it->first;
      co_await it->second.close();
      it = map_.upper_bound(key);
    }
  }
  task<> forgotten() {
    auto *p = vec_.empty() ? nullptr : &vec_[0];
    if (p)
      use(p->bytes);
    co_await later();
    p = nullptr;
  }
  task<> answerOnly() {
    bool found = map_.find(1) != map_.end();
    co_await later();
    use(found);
  }
  task<> partCopied() {
    auto &e = map_[1];
    int n = e.bytes;
    co_await later();
    use(n);
  }
  task<> pathThatSuspendedLooksUp() {
    auto it = map_.find(1);
    if (it == map_.end()) {
      co_await later();
      it = map_.emplace(1, Entry{}).first;
    }
    use(it->second.bytes);
  }
  task<> usedInTryOnly() {
    Entry *e = &map_[1];
    try {
      use(e->bytes);
    } catch (...) {
      co_return;
    }
    co_await later();
  }
  task<> generationTest() {
    auto gen = generation_;
    auto &e = map_[1];
    co_await later();
    if (gen != generation_)
      co_return;
    use(e.bytes);
  }
  task<> sharedWithFrame() {
    auto e = std::make_shared<Entry>();
    smap_[1] = e;
    auto &r = *e;
    co_await later();
    use(r.bytes);
  }
  task<> literal() {
    auto x = std::string_view("literal");
    co_await later();
    use(x);
  }
  task<> parameterByValue(std::map<int, Entry> m) {
    auto &e = m[1];
    for (auto &[k, v] : m) {
      co_await later();
      use(v.bytes + e.bytes);
    }
  }
  task<> selfKept() {
    auto self = shared_from_this();
    int n = self->generation_;
    co_await later();
    use(n);
  }
};
