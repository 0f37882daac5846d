#pragma once
#include "task.h"
#include <memory>
#include <vector>

struct session {
  int bytes = 0;
  detached run();
};
struct server {
  std::vector<std::unique_ptr<session>> all;
  void accept();
  void drop_oldest();
};
