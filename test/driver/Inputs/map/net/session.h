#include "task.h"
#include <string>

event readable();
task<std::string> receive();
task<> send(const std::string &);
task<> serve();
task<> idle();
