#include "loop.h"
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using proof::task;

namespace app {

struct Limits {
  unsigned maximum = 200;
  unsigned step = 3;
};

task<std::string> receive(int n) {
  co_await proof::yield();
  std::string bytes;
  for (int i = 0; i < n; ++i)
    bytes += static_cast<char>('a' + i * 7 % 26);
  co_return bytes;
}

// Elements only, one number out, with a comment that belongs to it.
task<unsigned> checksum(int n) {
  std::string bytes = co_await receive(n);
  // The polynomial of Ethernet.
  unsigned crc = 0xffffffffu;
  for (unsigned char byte : bytes) {
    crc ^= byte; // low bits first
    for (int k = 0; k < 8; ++k) {
      unsigned odd = crc & 1;
      crc = (crc >> 1) ^ (odd * 0xedb88320u);
    }
  }
  crc = ~crc; // as the standard has it
  co_await proof::yield();
  co_return crc;
}

/// Two results.
task<int> statistics(std::vector<int> samples, const Limits &limits) {
  co_await proof::yield();
  int smallest = 1000;
  std::vector<int> kept;
  for (auto it = samples.begin(); it != samples.end(); ++it) {
    if (static_cast<unsigned>(*it) > limits.maximum)
      continue;
    if (*it < smallest)
      smallest = *it;
    kept.push_back(*it * static_cast<int>(limits.step));
    smallest -= smallest % 2;
  }
  co_await proof::yield();
  int sum = smallest;
  for (int k : kept)
    sum += k;
  co_return sum;
}

// A number goes in and comes out, in each round of a loop.
task<unsigned> rolling(std::vector<std::uint8_t> input) {
  unsigned state = 17;
  for (int round = 0; round < 3; ++round) {
    co_await proof::yield();
    for (std::uint8_t byte : input) {
      unsigned high = state >> 24;
      state = (state << 5) + byte;
      if (high > 100)
        state ^= high;
      else
        state += 1;
      state *= 31;
    }
    state ^= state >> 7;
  }
  co_return state;
}

class session {
public:
  task<int> run() {
    std::string text = co_await receive(40);
    int longest = 0, current = 0;
    char last = '\0';
    for (char c : text) {
      if (c > last)
        ++current;
      else
        current = 1;
      if (current > longest)
        longest = current;
      last = c;
    }
    longest = longest * m_weight + this->bias_;
    co_await proof::yield();
    co_return longest;
  }
  task<> count();
  int total() const { return static_cast<int>(words_.size()); }

private:
  std::map<std::string, int> words_;
  int m_weight = 3;
  int bias_ = 4;
};

// Changes a container of its object.
task<> session::count() {
  std::string text = co_await receive(60);
  std::string word;
  for (char c : text) {
    if (c < 'e') {
      if (!word.empty())
        words_[word] += 1;
      word.clear();
      continue;
    }
    word += c;
  }
  if (!word.empty())
    words_[word] += 1;
  co_await proof::yield();
}

} // namespace app

task<> all() {
  std::printf("%x\n", co_await app::checksum(100));
  std::vector<int> samples;
  for (int i = 0; i < 50; ++i)
    samples.push_back(i * 37 % 301 + 5);
  std::printf("%d\n", co_await app::statistics(samples, app::Limits()));
  std::printf("%x\n", co_await app::rolling({1, 2, 3, 250, 251}));
  app::session s;
  std::printf("%d\n", co_await s.run());
  co_await s.count();
  std::printf("%d\n", s.total());
}

int main() {
  proof::spawn(all());
  proof::loop::current().run();
}
