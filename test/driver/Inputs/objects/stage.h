#pragma once
#include "task.h"
#include <memory>
#include <vector>

// Who makes one sets it up.
struct stage {
  std::vector<int> lamps;
  void set(std::vector<int> to);
  task<> plays();
};
// Somebody sets up one that plays.
struct open_stage {
  std::vector<int> lamps;
  void set(std::vector<int> to);
  task<> plays();
};
// A handler sets it up later.
struct late_stage {
  std::vector<int> lamps;
  void set(std::vector<int> to);
  task<> plays();
};
std::unique_ptr<stage> build(std::vector<int> lamps);
