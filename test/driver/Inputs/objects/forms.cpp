#include "band.h"

void form(std::shared_ptr<band> &made) {
  made = std::make_shared<band>();
  made->members.push_back(1);
}
void join(std::shared_ptr<choir> known) { known->members.push_back(1); }

std::unique_ptr<troupe> form_troupe() {
  auto made = assemble();
  made->members.push_back(1);
  return made;
}
std::shared_ptr<circus> grow() {
  auto found = find();
  found->members.push_back(1);
  return found;
}
