#include "server.h"

void Server::drop(int id) { sessions_.erase(id); }
void Server::add(int id) { kept_.emplace(id, Session()); }
void Server::remove_own(int id) { own_.erase(id); }
void Server::forget(int id) { guarded_.erase(id); }
void Peers::drop(int id) { all_.erase(id); }
