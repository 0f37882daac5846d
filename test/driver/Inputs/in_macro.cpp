#include "task.h"
#define INNER(statement) statement
#define MIDDLE(statement) INNER(statement)
#define EXPECT_RUNS(statement) MIDDLE(statement)

task<> work();
task<> test() {
  EXPECT_RUNS({
    work();
    co_return;
  });
}
