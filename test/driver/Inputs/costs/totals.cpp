#include "work.h"

extern "C" int EVP_PBE_scrypt(const char *, unsigned long, const unsigned char *, unsigned long, unsigned long,
                              unsigned long, unsigned long, unsigned long, unsigned char *, unsigned long);

static double checked(const Row &values) { return sum_of(values); }
double total_of(const Row &values) { return checked(values); }
void protect(const std::string &password, Digest &key) {
  key.resize(32);
  EVP_PBE_scrypt(password.data(), password.size(), nullptr, 0, 16384, 8, 1, 0, key.data(), key.size());
}
