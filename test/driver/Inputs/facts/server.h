#ifndef SERVER_H
#define SERVER_H
#include "spawners.h"
#include <map>
#include <memory>
#include <string>

task<> tick();
void use(const std::string &);

struct Session {
  int bytes = 0;
};

struct Server {
  std::map<int, Session> sessions_, kept_, own_, guarded_;
  task<> serve(int id);
  task<> keeps(int id);
  task<> closes(int id);
  task<> reads(int id);
  void drop(int id);
  void add(int id);
  void remove_own(int id);
  void forget(int id);
};

/// Owned by reference counts.
struct Connection : std::enable_shared_from_this<Connection> {
  int bytes = 0;
  task<> run();
  task<> serve();
};

/// Owned by a container.
struct Peer {
  int bytes = 0;
  ~Peer();
  task<> run();
};
struct Peers {
  std::map<int, std::unique_ptr<Peer>> all_;
  void drop(int id);
};

task<> greet(const std::string &name);
task<> log_name(const std::string &name);
task<int> parse_size(const std::string &text);
task<int> twice_the_size(const std::string &text);
#endif
