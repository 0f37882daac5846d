#ifndef LOG_H
#define LOG_H
#include "task.h"
#include <fstream>

inline void log_line(const char *text) {
  std::ofstream file("log", std::ios::app);
  file << text;
}
void prepare();
#endif
