// Each function is defined in another unit.
#pragma once
bool send_report(const char *host);
bool open_channel(const char *host);
int dial(const char *host, int port);
