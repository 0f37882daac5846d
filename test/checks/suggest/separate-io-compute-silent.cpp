// RUN: %check_coro_tidy --expect-clean %s coro-suggest-separate-io-compute %t
// Long stretches without a suspension that are no computing.
#include "task.h"
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

struct socket {
  task<std::string> receive();
  task<> send(const std::string &);
  void set_option(int, int);
  int native_handle() const;
};
extern "C" int setsockopt(int, int, int, const void *, unsigned);
struct tls;
tls *tls_new(int);
int tls_set_options(tls *, int);
int tls_set_ciphers(tls *, const char *);
int tls_set_verify(tls *, int);
void log(const char *, int);
struct pool {
  void post(std::function<void()>);
};
extern pool workers;

// Options of a socket.
task<> options(socket &s, bool fast, bool small) {
  int on = 1, size = 0;
  if (fast) {
    s.set_option(1, on);
    s.set_option(2, on);
  }
  if (small)
    size = 1024;
  else
    size = 65536;
  s.set_option(3, size);
  setsockopt(s.native_handle(), 1, 2, &on, sizeof on);
  setsockopt(s.native_handle(), 1, 3, &size, sizeof size);
  co_await s.send(std::to_string(size));
}

// To make a closure is no computing, whatever it will do.
using hook_t = std::function<void(const std::vector<int> &)>;
struct visitor {
  explicit visitor(hook_t hook);
  task<> run();
};
task<> keeps_a_closure(socket &s) {
  int sum = 0;
  co_await s.send("begin");
  hook_t hook = [&sum](const std::vector<int> &values) {
    int odd = 0, even = 0;
    for (int v : values) {
      sum += v;
      if (v % 2)
        ++odd;
      else
        ++even;
      sum ^= odd;
      sum += even * v;
      if (sum > 100)
        sum /= 2;
    }
    odd -= even;
    even += sum;
    sum -= odd;
  };
  visitor v(std::move(hook));
  co_await v.run();
  co_await s.send(std::to_string(sum));
}

// Setting up encryption.
task<> encryption(socket &s, int mode, bool strict) {
  tls *t = tls_new(mode);
  int ok = 0;
  if (strict)
    ok += tls_set_verify(t, 2);
  else
    ok += tls_set_verify(t, 1);
  ok += tls_set_options(t, 1);
  ok += tls_set_options(t, 2);
  ok += tls_set_ciphers(t, "HIGH");
  tls_set_ciphers(t, "LOW");
  co_await s.send(std::to_string(ok));
}

// Asserts and logging.
#define CHECK(x)                                                               \
  do {                                                                         \
    if (!(x))                                                                  \
      log(#x, __LINE__);                                                       \
  } while (false)
task<> asserts(socket &s) {
  std::string text = co_await s.receive();
  CHECK(text.size() > 1);
  CHECK(text.size() < 100);
  CHECK(text[0] == 'a');
  CHECK(text[1] == 'b');
  CHECK(text[2] == 'c');
  CHECK(text[3] == 'd');
  CHECK(text[4] == 'e');
  CHECK(text[5] == 'f');
  co_await s.send(text);
}
task<> logs(socket &s) {
  std::string text = co_await s.receive();
  for (unsigned i = 0; i < text.size(); ++i) {
    int c = text[i];
    log("byte", c);
    if (c > 100)
      log("large", c);
    else
      log("small", c);
  }
  log("size", text.size());
  log("done", 1);
  co_await s.send(text);
}

// A lambda that runs elsewhere.
task<> elsewhere(socket &s) {
  std::string text = co_await s.receive();
  auto sum = std::make_shared<int>(0);
  workers.post([text, sum] {
    int total = 0;
    for (char c : text) {
      total += c;
      total *= 3;
      if (total > 1000)
        total -= 7;
      if (total > 2000)
        total -= 9;
      total ^= 5;
    }
    *sum = total;
  });
  co_await s.send(text);
}

// A request is put together, line by line: nothing is decided or repeated.
struct request {
  std::string method, path, host, agent;
  std::map<std::string, std::string> headers;
  int version = 0;
};
task<> send_request(const request &);
task<> builds(std::string host) {
  request r;
  r.method = "GET";
  r.path = "/";
  r.host = host;
  r.agent = "test";
  r.version = 11;
  r.headers["a"] = "1";
  r.headers["b"] = "2";
  r.headers["c"] = "3";
  r.headers["d"] = "4";
  co_await send_request(r);
}

// Blocking IO is not computing.
task<> reads_a_file(socket &s) {
  int lines = 0, longest = 0, words = 0;
  std::ifstream file("data");
  std::string line;
  while (std::getline(file, line)) {
    ++lines;
    if (static_cast<int>(line.size()) > longest)
      longest = line.size();
    for (char c : line)
      if (c == ' ')
        ++words;
    words += 1;
  }
  co_await s.send(std::to_string(lines + words + longest));
}

// State that others share, under its lock.
extern std::map<std::string, int> table;
extern std::mutex table_lock;
task<> shared_state(socket &s) {
  std::string key = co_await s.receive();
  int sum = 0;
  {
    std::lock_guard<std::mutex> lock(table_lock);
    for (auto &[name, value] : table) {
      if (name == key)
        sum += value;
      else
        sum -= 1;
      value += 1;
      if (sum > 10)
        sum = 0;
    }
    table[key] = sum;
  }
  co_await s.send(key);
}

// Another object does it.
struct server {
  virtual ~server();
  virtual int handle(int) = 0;
  void close(int);
  int count = 0;
};
task<> serves(server &all, socket &s, std::unique_ptr<server> own) {
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    sum += all.handle(i);
    own->close(i);
    if (sum > 3)
      all.close(sum);
    else
      all.close(i);
    sum *= 2;
  }
  all.count += sum;
  co_await s.send(std::to_string(sum));
}

// A guard acts when its scope ends.
struct trace {
  explicit trace(int &);
  ~trace();
};
task<> traced(socket &s) {
  std::string text = co_await s.receive();
  int depth = 0, sum = 0;
  trace scope(depth);
  co_await s.send(text);
}

// What comes out refers to what was made.
task<> refers(socket &s) {
  std::string text = co_await s.receive();
  std::vector<std::string> words;
  std::string word;
  const std::string *longest = nullptr;
  for (char c : text) {
    if (c == ' ') {
      words.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  for (const std::string &one : words)
    if (!longest || one.size() > longest->size())
      longest = &one;
  if (longest)
    co_await s.send(*longest);
}

// Already separated.
int parse(const std::string &, std::string &error);
std::string render(int, const std::string &);
task<> separated(socket &s) {
  for (;;) {
    std::string text = co_await s.receive();
    std::string error;
    int parsed = parse(text, error);
    if (!error.empty())
      co_return;
    std::string reply = render(parsed, text);
    co_await s.send(reply);
  }
}

// Another configuration does something else.
task<> configured(socket &s) {
  std::string text = co_await s.receive();
  int sum = 0;
  for (char c : text) {
    sum += c;
    if (sum > 100)
      sum = 0;
    sum *= 3;
#ifdef LARGE
    sum *= 7;
#endif
    if (sum > 50)
      sum -= 1;
    sum ^= 1;
  }
  co_await s.send(std::to_string(sum));
}

// What has a member that is awaited is IO, whatever its declaration says: here
// the token decides what is returned.
struct use_task {};
struct incoming_request {
  template <class Token> auto read_some(Token) { return receive_some(); }
  static task<std::size_t> receive_some();
  std::string target() const;
  std::size_t position() const;
};
task<> io_object(socket &s, incoming_request &incoming) {
  std::size_t sum = co_await incoming.read_some(use_task());
  for (std::size_t i = 0; i < incoming.position(); ++i) {
    std::size_t odd = incoming.target().size() & 1;
    sum = sum ^ odd;
    sum = sum * 31;
    if (sum > 99)
      sum = sum - incoming.position();
    if (sum > 50)
      sum -= 3;
  }
  co_await s.send(std::to_string(sum));
}

// A constant, as tests compute what they expect.
task<> expects(socket &s) {
  std::string text = co_await s.receive();
  std::size_t expected = 0;
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t i = 0; i < 100; ++i) {
      expected += p * 100 + i;
      if (expected > 1000)
        expected -= 7;
    }
  }
  co_await s.send(text + std::to_string(expected));
}

// A token: it asks whether to go on.
task<> stoppable(socket &s, std::stop_token stop) {
  std::string text = co_await s.receive();
  int sum = 0;
  for (std::size_t i = 0; i < text.size() && !stop.stop_requested(); ++i) {
    int c = text[i];
    sum += c;
    if (sum > 100)
      sum = 0;
    if (c > 50)
      sum *= 3;
    sum ^= 5;
  }
  co_await s.send(std::to_string(sum));
}

// An executor: it is asked where to go on.
namespace asio {
struct any_io_executor {
  int context() const;
};
} // namespace asio
task<> on_executor(socket &s, asio::any_io_executor executor) {
  std::string text = co_await s.receive();
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int c = text[i];
    sum += c;
    if (sum > executor.context())
      sum = 0;
    if (c > 50)
      sum *= 3;
    sum ^= 5;
  }
  co_await s.send(std::to_string(sum));
}

// More flows out than a function should return.
task<> three_results(socket &s) {
  std::string text = co_await s.receive();
  int low = 0, high = 0, other = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int c = text[i];
    if (c > 100)
      high += c - low;
    else if (c > 50)
      low += c - other;
    else
      other += c - high;
    high *= 3;
    low *= 5;
  }
  co_await s.send(std::to_string(low));
  co_await s.send(std::to_string(high));
  co_await s.send(std::to_string(other));
}
