#include "net.h"

namespace {
struct Report {
  explicit Report(const char *host) : Sent(open_channel(host)) {}
  bool Sent;
};
} // namespace

bool send_report(const char *host) { return Report(host).Sent; }
