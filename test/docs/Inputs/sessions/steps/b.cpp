#include <chrono>
#include <thread>

void back_off() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
