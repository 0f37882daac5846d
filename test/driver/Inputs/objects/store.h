#pragma once
#include "task.h"
#include <memory>
#include <optional>

struct table {
  int rows = 0;
};
// main() opens it once.
struct store {
  void open();
  task<> counts();
  std::optional<table> rows;
};
// Somebody else opens it again.
struct shared_store {
  void open();
  task<> counts();
  std::optional<table> rows;
};
// It may be closed.
struct closed_store {
  void open();
  void close();
  task<> counts();
  std::optional<table> rows;
};
// It is open from the beginning.
struct open_store {
  open_store();
  void open();
  task<> counts();
  std::optional<table> rows;
};
