#include "band.h"

task<> tick();
void use(int);

task<> band::plays() {
  for (int one : members) {
    co_await tick();
    use(one);
  }
}
task<> choir::sings() {
  for (int one : members) {
    co_await tick();
    use(one);
  }
}
task<> troupe::acts() {
  for (int one : members) {
    co_await tick();
    use(one);
  }
}
task<> circus::acts() {
  for (int one : members) {
    co_await tick();
    use(one);
  }
}
