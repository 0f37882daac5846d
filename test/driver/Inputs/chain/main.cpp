#include "net.h"
#include "task.h"

static bool notify(const char *host) { return send_report(host); }

task<> session(const char *host) {
  notify(host);
  co_return;
}
