// RUN: %check_coro_tidy %s coro-reference-across-suspend %t
// What must be reported, each with its path.
#include "task.h"
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
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

struct Entry {
  std::string name;
  int bytes = 0;
  std::vector<int> parts;
  task<> close();
  void drop_parts() { parts.clear(); }
};

struct Connection {
  int state = 0;
};

struct Table {
  std::map<int, Entry> entries_;
  std::unordered_map<int, Entry> hashed_;
  std::vector<Entry> list_;
  std::string title_;
  std::shared_ptr<Connection> connection_;
  std::unique_ptr<Connection> own_;
  std::optional<Entry> last_;
  std::map<int, std::shared_ptr<Entry>> kept_;

  void remove(int id) { entries_.erase(id); }
  void rehash(int id) { hashed_[id]; }
  void add() { list_.push_back({}); }
  void rename() { title_ = "new"; }
  void reconnect() { connection_ = std::make_shared<Connection>(); }
  void disconnect() { own_.reset(); }
  void forget() { last_.reset(); kept_.clear(); }

  const Entry &at(int id) { return entries_.find(id)->second; }

  task<> element(int id);
  task<> pointer(int id);
  task<> iterator(int id);
  task<> hashIterator(int id);
  task<> view();
  task<> characters();
  task<> spanOf();
  task<> backEdge();
  task<> otherPath(bool wait);
  task<> explicitLoop();
  task<> rangeLoop();
  task<> rawPointer();
  task<> rawPointerOfUnique();
  task<> optionalValue();
  task<> getter(int id);
  task<> derived(int id);
  task<> aggregate(int id);
  task<> copied(int id);
  task<> conditional(bool first);
  task<> compound(int id);
  task<> assigned(int id);
  task<> pointeeOfElement(int id);
  task<> closure(int id);
  task<> binding(int id);
  task<> alias(int id);
};

task<> Table::element(int id) {
  auto &e = entries_[id];
  co_await later();
  e.bytes += 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'Table::remove' may remove elements of 'entries_' meanwhile; copy what is needed before it, or look it up again [coro-reference-across-suspend]
  // CHECK-MESSAGES: :[[@LINE-4]]:13: note: obtained here
  // CHECK-MESSAGES: :[[@LINE-4]]:3: note: suspended here
  // CHECK-MESSAGES: :43:25: note: 'Table::remove' may end it meanwhile
  e.bytes += 2; // said once
}

task<> Table::pointer(int id) {
  Entry *e = &entries_.at(id);
  co_await later();
  use(e->bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::iterator(int id) {
  auto it = entries_.find(id);
  if (it == entries_.end())
    co_return;
  co_await later();
  use(it->second.name);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'it' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::hashIterator(int id) {
  auto it = hashed_.find(id);
  co_await later();
  use(it->second.name);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'it' may dangle after the co_await on line [[@LINE-2]]: 'Table::rehash' may move the elements of 'hashed_' meanwhile
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::rehash' may end it meanwhile
}

task<> Table::view() {
  std::string_view title = title_;
  co_await later();
  use(title);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'title' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::rename' may end it meanwhile
}

task<> Table::characters() {
  const char *title = title_.c_str();
  co_await later();
  use(title[0]);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'title' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::rename' may end it meanwhile
}

task<> Table::spanOf() {
  std::span<Entry> all(list_);
  co_await later();
  use(all[0].bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'all' may dangle after the co_await on line [[@LINE-2]]: 'Table::add' may move the elements of 'list_' meanwhile
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::add' may end it meanwhile
}

task<> Table::backEdge() {
  Entry &first = list_.front();
  for (int i = 0; i < 3; ++i) {
    use(first.bytes);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'first' may dangle after the co_await on line [[@LINE+4]]
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Table::add' may end it meanwhile
    co_await later();
  }
}

task<> Table::otherPath(bool wait) {
  Entry &first = list_.front();
  if (wait)
    co_await later();
  use(first.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'first' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::add' may end it meanwhile
}

task<> Table::explicitLoop() {
  for (auto it = entries_.begin(); it != entries_.end(); ++it)
    // CHECK-MESSAGES: :[[@LINE-1]]:36: warning: 'it' may dangle
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
    co_await it->second.close();
}

task<> Table::rangeLoop() {
  for (auto &[id, e] : entries_)
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: this loop holds an iterator into 'entries_' over the co_await on line [[@LINE+3]], and 'Table::remove' may remove elements of 'entries_' meanwhile; iterate over a copy of what is needed [coro-reference-across-suspend]
    // CHECK-MESSAGES: :[[@LINE+2]]:5: note: suspended here
    // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
    co_await e.close();
}

task<> Table::rawPointer() {
  Connection *c = connection_.get();
  co_await later();
  use(c->state);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'c' may dangle after the co_await on line [[@LINE-2]]: 'Table::reconnect' may replace 'connection_' meanwhile; keep a copy of the smart pointer in a local
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::reconnect' may end it meanwhile
  // CHECK-MESSAGES: note: keep the object in the frame: 'auto connection = connection_;' before this statement
}

task<> Table::rawPointerOfUnique() {
  auto &c = *own_;
  co_await later();
  use(c.state);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'c' may dangle after the co_await on line [[@LINE-2]]: 'Table::disconnect' may replace 'own_'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::disconnect' may end it meanwhile
}

task<> Table::optionalValue() {
  Entry &e = *last_;
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'Table::forget' may
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::forget' may end it meanwhile
}

task<> Table::getter(int id) {
  const Entry &e = at(id);
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'Table::remove' may remove elements of 'entries_'
  // CHECK-MESSAGES: :[[@LINE-4]]:20: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::derived(int id) {
  auto it = entries_.find(id);
  auto &name = it->second.name;
  std::string_view view = name;
  co_await later();
  use(view);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'view' may dangle
  // CHECK-MESSAGES: :[[@LINE-6]]:13: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

struct Cursor {
  Entry *at;
  int n;
};

task<> Table::aggregate(int id) {
  Cursor cursor{&entries_[id], 1};
  co_await later();
  use(cursor.n);
  use(cursor.at->bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'cursor' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::copied(int id) {
  Entry *first = &entries_[id];
  Entry *second = nullptr;
  second = first;
  co_await later();
  first = nullptr;
  use(second->bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'second' may dangle
  // CHECK-MESSAGES: :[[@LINE-7]]:19: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::conditional(bool first) {
  Entry own;
  Entry &e = first ? list_.front() : own;
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle
  // CHECK-MESSAGES: :[[@LINE-4]]:22: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::add' may end it meanwhile
}

task<> Table::compound(int id) {
  auto &e = entries_[id];
  e.bytes += co_await number();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'e' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: :[[@LINE-3]]:14: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::assigned(int id) {
  auto &e = entries_[id];
  e.bytes = co_await number();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'e' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::pointeeOfElement(int id) {
  Entry &e = *kept_[id];
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'Table::forget' may remove elements of 'kept_'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::forget' may end it meanwhile
}

task<> Table::closure(int id) {
  auto &e = entries_[id];
  auto show = [&e] { use(e.bytes); };
  co_await later();
  show();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'show' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::binding(int id) {
  auto [it, inserted] = entries_.try_emplace(id);
  co_await later();
  use(inserted);
  use(it->second.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'it' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

task<> Table::alias(int id) {
  auto &entries = entries_;
  auto &e = entries[id];
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'Table::remove' may end it meanwhile
}

// A container that came as a parameter: the caller shows that it is shared.
struct Registry {
  std::vector<Entry> all_;
  void clear() { all_.clear(); }
  task<> visitAll();
};
static task<> visitEach(std::vector<Entry> &entries) {
  for (Entry &e : entries)
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this loop holds an iterator into 'entries' over the co_await on line [[@LINE+4]], and 'Registry::clear' may remove elements of 'entries' meanwhile
    // CHECK-MESSAGES: :[[@LINE+5]]:40: note: this call passes the container
    // CHECK-MESSAGES: :[[@LINE+2]]:5: note: suspended here
    // CHECK-MESSAGES: note: 'Registry::clear' may end it meanwhile
    co_await e.close();
}
task<> Registry::visitAll() { co_await visitEach(all_); }

// Nobody owns what a temporary smart pointer pointed to.
std::shared_ptr<std::map<int, Entry>> current();
task<> temporaryOwner() {
  const auto &entries = *current();
  co_await later();
  use(entries.begin()->first);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'entries' may dangle after the co_await on line [[@LINE-2]]: nothing in this frame keeps what '*current()' refers to meanwhile; keep a copy of the smart pointer in a local
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: keep the object in the frame: 'auto kept = current();' before this statement
}
task<> temporaryOwnerInLoop() {
  for (auto &[id, e] : *current())
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: this loop holds an iterator into
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: keep the object in the frame: 'auto kept = current();' before this statement
    co_await e.close();
}

// A reference to what the awaiter had.
struct Reading {
  std::string text;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  const std::string &await_resume() { return text; }
};
Reading reading();
task<> ofTheAwaiter() {
  auto const &text = co_await reading();
  use(text);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'text' refers into a temporary that is gone after the co_await on line [[@LINE-2]]; keep a copy instead of the reference
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
}

// An object that is kept alive, and a container in it that is not.
task<> keptObject(std::shared_ptr<Entry> e) {
  for (int part : e->parts) {
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this loop holds an iterator into 'parts'
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Entry::drop_parts' may end it meanwhile
    co_await later();
    use(part);
  }
}

// Made here, but somebody has got a copy of the owner.
void keep(std::shared_ptr<Entry>);
task<> sharedAtOnce() {
  auto e = std::make_shared<Entry>();
  keep(e);
  for (int part : e->parts) {
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this loop holds an iterator into 'parts'
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Entry::drop_parts' may end it meanwhile
    co_await later();
    use(part);
  }
}
std::shared_ptr<Entry> foundEntry(int);
task<> foundSomewhere() {
  auto e = foundEntry(1);
  for (int part : e->parts) {
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this loop holds an iterator into 'parts'
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Entry::drop_parts' may end it meanwhile
    co_await later();
    use(part);
  }
}

// Globals.
std::map<int, Entry> table;
static std::vector<Entry> all;
void forget(int id) {
  table.erase(id);
  all.push_back({});
}
task<> globals(int id) {
  for (auto &[key, e] : table)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: this loop holds an iterator into 'table' over the co_await on line [[@LINE+3]], and 'forget' may remove elements of 'table'
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'forget' may end it meanwhile
    co_await e.close();
  auto &e = all[id];
  co_await later();
  use(e.bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'e' may dangle after the co_await on line [[@LINE-2]]: 'forget' may move the elements of 'all'
  // CHECK-MESSAGES: note: obtained here
  // CHECK-MESSAGES: note: suspended here
  // CHECK-MESSAGES: note: 'forget' may end it meanwhile
}

// A deque's references survive what is added at its ends, its iterators do not.
struct Queues {
  std::deque<int> grows_;
  std::deque<int> ends_;
  std::shared_ptr<Entry> entry_;
  void change() {
    grows_.push_back(1);
    ends_.pop_front();
    entry_ = nullptr;
  }
  task<> run() {
    auto &stays = grows_.front();
    auto it = grows_.begin();
    auto &first = ends_.front();
    std::string_view name = entry_->name;
    co_await later();
    use(stays);
    use(*it);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'it' may dangle after the co_await on line [[@LINE-3]]: 'Queues::change' may move the elements of 'grows_'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Queues::change' may end it meanwhile
    use(first);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'first' may dangle after the co_await on line [[@LINE-8]]: 'Queues::change' may remove elements of 'ends_'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Queues::change' may end it meanwhile
    use(name);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'name' may dangle after the co_await on line [[@LINE-13]]: 'Queues::change' may replace 'entry_'
    // CHECK-MESSAGES: note: obtained here
    // CHECK-MESSAGES: note: suspended here
    // CHECK-MESSAGES: note: 'Queues::change' may end it meanwhile
    // CHECK-MESSAGES: note: keep the object in the frame: 'auto entry = entry_;' before this statement
  }
};
