#include "store.h"

void store::open() { rows.emplace(); }
void shared_store::open() { rows.emplace(); }
void closed_store::open() { rows.emplace(); }
void closed_store::close() { rows.reset(); }
open_store::open_store() : rows(table()) {}
void open_store::open() { rows.emplace(); }
