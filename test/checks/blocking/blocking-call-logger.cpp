// RUN: %check_coro_tidy %s coro-blocking-call %t -- --config="{CheckOptions: {coro-blocking-call.MinConfidence: medium}}"
// Many calls lead to one that may block: one report. Up to three have their own.
#include "task.h"
#include <fstream>
#include <string>
#include <thread>

using namespace std::chrono_literals;
task<> other();

void log_line(const char *text) {
  std::ofstream file("log", std::ios::app);
  file << text;
}
void debug(const char *text) { log_line(text); }

task<> talks() {
  log_line("one");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'log_line' leads to the constructor of 'std::ofstream', which opens a file, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-8]]:17: note: 'log_line' calls the constructor of 'std::ofstream', which opens a file
  // CHECK-MESSAGES: :[[@LINE-9]]:17: note: 4 more calls of coroutines in this unit lead here
  debug("two");
  co_await other();
  log_line("three");
}
task<> talks_too() {
  debug("four");
  log_line("five");
  co_await other();
}

void save(const std::string &path) { std::ofstream file(path); }
task<> saves(std::string path) {
  save(path);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'save' leads to the constructor of 'std::ofstream', which opens a file, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-4]]:52: note: 'save' calls the constructor of 'std::ofstream', which opens a file
  co_await other();
  save(path);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'save' leads to the constructor of 'std::ofstream', which opens a file, and no other coroutine of this thread runs meanwhile; await an asynchronous operation, or move it to a thread pool [coro-blocking-call]
  // CHECK-MESSAGES: :[[@LINE-8]]:52: note: 'save' calls the constructor of 'std::ofstream', which opens a file
}

// What is sure is told for each call.
void naps() { std::this_thread::sleep_for(1s); }
task<> sleeps() {
  naps();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'naps' leads to 'sleep_for', which puts the thread to sleep
  // CHECK-MESSAGES: :[[@LINE-4]]:15: note: 'naps' calls 'sleep_for', which puts the thread to sleep
  naps();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'naps' leads to 'sleep_for', which puts the thread to sleep
  // CHECK-MESSAGES: :[[@LINE-7]]:15: note: 'naps' calls 'sleep_for', which puts the thread to sleep
  naps();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'naps' leads to 'sleep_for', which puts the thread to sleep
  // CHECK-MESSAGES: :[[@LINE-10]]:15: note: 'naps' calls 'sleep_for', which puts the thread to sleep
  naps();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'naps' leads to 'sleep_for', which puts the thread to sleep
  // CHECK-MESSAGES: :[[@LINE-13]]:15: note: 'naps' calls 'sleep_for', which puts the thread to sleep
  co_await other();
}
