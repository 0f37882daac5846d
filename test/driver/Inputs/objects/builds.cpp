#include "stage.h"
#include <functional>

std::unique_ptr<stage> build(std::vector<int> lamps) {
  auto made = std::make_unique<stage>();
  made->set(std::move(lamps));
  return made;
}
std::shared_ptr<open_stage> build_open(std::vector<int> lamps) {
  auto made = std::make_shared<open_stage>();
  made->set(lamps);
  return made;
}
void on_click(std::function<void()>);
std::shared_ptr<late_stage> build_late() {
  auto made = std::make_shared<late_stage>();
  on_click([made] { made->set({}); });
  return made;
}
