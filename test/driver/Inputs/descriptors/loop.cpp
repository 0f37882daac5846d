#include "loop.h"
#include <thread>

static std::thread::id mine;
bool loop::is_here() const { return std::this_thread::get_id() == mine; }
bool loop::is_idle() const { return mine == std::thread::id(); }
