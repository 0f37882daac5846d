#include "band.h"

void form(std::shared_ptr<band> &made) {
  made = std::make_shared<band>();
  made->members.push_back(1);
}
void join(std::shared_ptr<choir> known) { known->members.push_back(1); }
