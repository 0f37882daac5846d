//===- ProcessPool.h - Work in processes of its own -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Each job runs in a forked process, so that a crash, an endless loop or an
// enormous unit costs its own result only, and no job sees another's state.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_PROCESSPOOL_H
#define CORO_DRIVER_PROCESSPOOL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstddef>
#include <string>

namespace coro {

struct JobLimits {
  unsigned Parallel = 1;
  unsigned TimeoutSeconds = 0; ///< of wall time; 0: none
  unsigned MemoryMiB = 0;      ///< of address space; 0: none
};

struct JobOutcome {
  enum {
    Finished,
    Crashed,
    TimedOut,
    OutOfMemory,
    TooLong,
    Interrupted, ///< by a signal to this process, see stopOnSignals()
  } How = Finished;
  int Signal = 0;     ///< of a crash; 0 when the process just exited
  std::string Output; ///< what the job returned
  std::string Log;    ///< the end of what it printed
};

/// Why there is no result, for the user.
std::string whyNoResult(const JobOutcome &Outcome, const JobLimits &Limits);

/// From now on this process can start no program. The driver of clang starts
/// some, that its flags name, to find out about the machine. Says whether the
/// system can do that (Linux).
bool forbidPrograms();

/// From now on the first SIGINT, SIGTERM or SIGHUP does not end this process,
/// but the jobs of runIsolated(), at present and later ones. The second ends
/// this process, too.
void stopOnSignals();

/// The signal that came since stopOnSignals(), or 0.
int stopSignal();

/// Ends this process by the signal that came, so that whoever started it sees
/// what happened; returns if none came.
void endByStopSignal();

/// Runs \p Job for 0 … Count-1, at most Parallel at once, and calls \p Done in
/// this process as each one ends. The calling process must have one thread.
/// Jobs end with this process, even when it is killed. They can start no
/// program, and what they return is limited, as it is kept in this process.
void runIsolated(size_t Count, const JobLimits &Limits,
                 llvm::function_ref<std::string(size_t)> Job,
                 llvm::function_ref<void(size_t, JobOutcome)> Done);

} // namespace coro

#endif // CORO_DRIVER_PROCESSPOOL_H
