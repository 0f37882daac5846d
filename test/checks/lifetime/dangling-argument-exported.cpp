// RUN: %check_coro_tidy --expect-clean %s coro-dangling-argument %t
// RUN: %clang_tidy --quiet --checks=-*,coro-dangling-argument --config="{CheckOptions: {MinConfidence: medium}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefixes=MEDIUM --implicit-check-not=warning:
// RUN: %clang_tidy --quiet --checks=-*,coro-dangling-argument --config="{CheckOptions: {MinConfidence: low}}" %s -- -std=c++20 -I%inputs | FileCheck %s --check-prefixes=MEDIUM,LOW --implicit-check-not=warning:
// The signature is not the hazard, the call is: without one the confidence is
// low, and medium if the task is easily left to itself.
#include "spawners.h"
#include <string>

task<> tick();
void use(const std::string &);

task<> lazy(const std::string &s) { co_await tick(); use(s); }
// LOW: :[[@LINE-1]]:32: warning: parameter 's' of 'lazy' refers to what its caller owns and is used after a suspension; every caller has to keep that alive until the task has ended
eager<> storable(const std::string &s) { co_await tick(); use(s); }
// MEDIUM: :[[@LINE-1]]:37: warning: parameter 's' of 'storable' refers to what its caller owns
detached background(const std::string &s) { co_await tick(); use(s); }
// MEDIUM: :[[@LINE-1]]:40: warning: parameter 's' of 'background' refers to what its caller owns
// All calls that are visible await at once.
task<> seen(const std::string &s) { co_await tick(); use(s); }
task<> caller(std::string s) { co_await seen(s); co_await seen("x"); }
// It cannot be kept.
now_task<> at_once(const std::string &s) { co_await tick(); use(s); }
// An eager one that uses it up before it suspends.
eager<> early(const std::string &s) { use(s); co_await tick(); }
