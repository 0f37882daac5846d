#include "task.h"

struct box {
  int size;
  bool operator<(const box &other) const { return size < other.size; }
};

bool smaller(box a, box b) { return a < b; }
