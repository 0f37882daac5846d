#pragma once
#include "task.h"
#include <memory>
#include <vector>

struct band {
  std::vector<int> members;
  task<> plays();
};
struct choir {
  std::vector<int> members;
  task<> sings();
};
void form(std::shared_ptr<band> &made);
void join(std::shared_ptr<choir> known);
struct troupe {
  std::vector<int> members;
  task<> acts();
};
struct circus {
  std::vector<int> members;
  task<> acts();
};
std::unique_ptr<troupe> assemble(std::shared_ptr<choir> with = nullptr);
std::shared_ptr<circus> find();
