// RUN: %check_coro_tidy --expect-clean %s coro-reference-across-suspend %t
// The coroutine changes its containers, and ends nothing that it uses again.
#include "task.h"
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

task<> later();
void use(int);
void use(std::string_view);
void take(std::unique_ptr<int>);
struct Entry {
  int bytes = 0;
  std::string name;
  task<> close();
};

task<> stable() {
  std::map<int, Entry> ordered;
  std::unordered_map<int, Entry> hashed;
  std::list<Entry> chain(2);
  std::deque<Entry> both(2);
  auto &a = ordered[1];
  auto &b = hashed[1];
  auto &c = chain.front();
  auto &d = both.front();
  co_await later();
  ordered[2], hashed[2];
  chain.push_back({}), both.push_back({});
  use(a.bytes + b.bytes + c.bytes + d.bytes);
}
task<> anotherElement(int id, int other) {
  std::map<int, Entry> own;
  std::deque<Entry> both(3);
  auto &e = own[id];
  auto it = own.find(id);
  auto &front = both.front();
  co_await later();
  own.erase(other);
  both.pop_back();
  use(e.bytes + it->second.bytes + front.bytes);
}
task<> erasesWhatIsBehind() {
  std::map<int, Entry> own;
  for (auto it = own.begin(); it != own.end();) {
    co_await it->second.close();
    if (it->second.bytes)
      own.erase(it++);
    else
      ++it;
  }
  for (auto it = own.begin(); it != own.end();) {
    co_await it->second.close();
    it = it->second.bytes ? own.erase(it) : std::next(it);
  }
  for (auto it = own.begin(); it != own.end(); ++it) {
    co_await it->second.close();
    if (it->second.bytes) {
      own.erase(it);
      break;
    }
  }
}
task<> reserved(int n) {
  std::vector<Entry> own;
  own.reserve(n);
  auto &first = own.emplace_back();
  co_await later();
  own.emplace_back();
  use(first.bytes);
}
task<> obtainedAgain(int id) {
  std::vector<Entry> own(2);
  for (;;) {
    auto &e = own.back();
    co_await e.close();
    own.push_back({});
    auto &f = own.back();
    use(f.bytes);
  }
}
task<> usedBefore() {
  std::queue<Entry> own;
  while (!own.empty()) {
    auto &e = own.front();
    co_await e.close();
    use(e.bytes);
    own.pop();
  }
}
task<> otherPath(bool done) {
  std::vector<Entry> own(2);
  auto &e = own[0];
  co_await later();
  if (done) {
    own.clear();
    co_return;
  }
  use(e.bytes);
}
task<> assignedInPlace() {
  std::optional<Entry> own{Entry()};
  auto &e = *own;
  co_await later();
  own = Entry();
  use(e.bytes);
}
task<> handedOn() {
  auto own = std::make_unique<int>(1);
  int *number = own.get();
  co_await later();
  take(std::move(own));
  use(*number);
}
task<> sharedWithOthers(std::shared_ptr<Entry> parameter) {
  std::vector<std::shared_ptr<Entry>> own{parameter};
  Entry &e = *own[0];
  co_await later();
  own.clear();
  use(e.bytes);
}
task<> anotherObject(int id) {
  std::vector<std::vector<Entry>> own(2);
  auto &e = own[0][id];
  co_await later();
  own[1].clear();
  use(e.bytes);
}
struct Parts {
  std::vector<int> parts;
};
task<> sameMemberOfAnother(Parts one, Parts other) {
  int &part = one.parts[0];
  co_await later();
  other.parts.clear();
  use(part);
}
// No suspension in between: other tools look at plain functions.
task<> nothingSuspends() {
  std::vector<Entry> own(2);
  co_await later();
  auto &e = own[0];
  own.clear();
  use(e.bytes);
}
