#include <string>

unsigned crc(const std::string &bytes);
