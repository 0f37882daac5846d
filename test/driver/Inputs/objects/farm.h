#pragma once
#include "task.h"
#include <vector>

class farm {
public:
  task<> run();

private:
  task<> tend(int n);
  std::vector<int> fields;
};
class market {
public:
  task<> run();

private:
  task<> tend(int n);
  std::vector<int> stalls;
};
