#include "store.h"

int main() {
  store first;
  first.open();
  shared_store second;
  second.open();
  closed_store third;
  third.open();
  open_store fourth;
  fourth.open();
}
