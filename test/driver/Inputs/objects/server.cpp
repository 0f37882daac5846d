#include "session.h"

void server::accept() { all.push_back(std::make_unique<session>()); all.back()->run(); }
void server::drop_oldest() { all.erase(all.begin()); }
