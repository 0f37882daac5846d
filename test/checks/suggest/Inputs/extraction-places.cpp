#include "extraction-places.h"
#include <cstdio>

using proof::task;

namespace places {

task<std::string> receive(int n) {
  co_await proof::yield();
  std::string bytes;
  for (int i = 0; i < n; ++i)
    bytes += static_cast<char>('a' + i * 7 % 26);
  co_return bytes;
}

// Two stretches in one coroutine.
task<unsigned> twice(int n) {
  std::string bytes = co_await receive(n);
  unsigned low = 1; // the first one
  for (unsigned char byte : bytes) {
    low += byte;
    for (int k = 0; k < 4; ++k) {
      unsigned odd = low & 1;
      low = (low >> 1) ^ (odd * 0xedb88320u);
    }
  }
  std::string more = co_await receive(static_cast<int>(low % 50));
  unsigned high = 2; // the second one
  for (unsigned char byte : more) {
    high ^= byte;
    for (int k = 0; k < 4; ++k) {
      unsigned odd = high & 1;
      high = (high << 1) ^ (odd * 0x04c11db7u);
    }
  }
  co_await proof::yield();
  co_return low ^ high;
}

// Whatever the type of the samples is.
template <class T, unsigned Limit>
task<T> smooth(std::vector<T> samples) {
  co_await proof::yield();
  T smallest{};
  std::vector<T> kept;
  for (unsigned i = 0; i + 1 < samples.size(); ++i) {
    T middle = (samples[i] + samples[i + 1]) / 2;
    if (middle > static_cast<T>(Limit))
      middle = Limit;
    if (middle < smallest)
      smallest = middle;
    kept.push_back(middle);
  }
  co_await proof::yield();
  for (const T &one : kept)
    smallest += one;
  co_return smallest;
}

// Nothing in the stretch depends on what the template is given.
template <class Sink> task<> put_sum(Sink sink, int n) {
  std::string bytes = co_await receive(n);
  unsigned sum = 0;
  for (unsigned char byte : bytes) {
    sum += byte;
    if (sum > 300)
      sum -= 299;
    if (sum % 3 == 1)
      sum ^= 5;
    sum *= 3;
  }
  co_await proof::yield();
  sink(sum);
}

// One inside of its class.
struct scanner {
  task<int> scan() {
    std::string text = co_await receive(70);
    state now;
    for (char c : text) {
      if (is_mark(c))
        now.marks += 1;
      else
        now.others += 1;
      if (now.marks > 3)
        now.others -= now.marks;
      now.marks += c % 2;
    }
    co_await proof::yield();
    co_return now.marks * 1000 + now.others;
  }

private:
  struct state {
    int marks = 0;
    int others = 0;
  };
  static bool is_mark(char c) { return c == 'a' || c == 'h'; }
};

task<int> reader::read(int n) {
  std::string text = co_await receive(n);
  std::vector<token> tokens;
  int longest = 0;
  for (char c : text) {
    int kind = kind_of(c);
    if (tokens.empty() || tokens.back().kind != kind)
      tokens.push_back({kind, 0});
    tokens.back().length += 1;
    if (tokens.back().length > longest)
      longest = tokens.back().length;
  }
  co_await proof::yield();
  int sum = longest;
  for (const token &one : tokens)
    sum = sum * 3 + one.kind * one.length;
  co_return sum;
}

} // namespace places

task<> all() {
  std::printf("%x\n", co_await places::twice(100));
  std::vector<int> small;
  std::vector<double> large;
  for (int i = 0; i < 30; ++i) {
    small.push_back(i * 37 % 101);
    large.push_back(i * 91 % 203 + 0.5);
  }
  std::printf("%d\n", co_await places::smooth<int, 60>(small));
  std::printf("%f\n", co_await places::smooth<double, 100>(large));
  co_await places::put_sum([](unsigned sum) { std::printf("%u\n", sum); }, 44);
  places::scanner s;
  std::printf("%d\n", co_await s.scan());
  places::reader r;
  std::printf("%d\n", co_await r.read(55));
}

int main() {
  proof::spawn(all());
  proof::loop::current().run();
}
