//===- ProcessPool.cpp - Work in processes of its own ---------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/ProcessPool.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <new>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

using namespace coro;
using Clock = std::chrono::steady_clock;

// Exit codes of a job's process.
static constexpr int OutOfMemoryExit = 97;

/// AddressSanitizer takes terabytes of addresses for its shadow memory, so a
/// limit of addresses says nothing about memory there.
#if defined(__SANITIZE_ADDRESS__)
static constexpr bool ReservesAddresses = true;
#elif defined(__has_feature)
static constexpr bool ReservesAddresses = __has_feature(address_sanitizer);
#else
static constexpr bool ReservesAddresses = false;
#endif

/// How much of a job's log is kept: its end tells what went wrong.
static constexpr size_t LogLimit = 4096;

/// The most that a job may return. The largest results of real units are a few
/// MiB; identifiers of a megabyte make more of a small source.
static constexpr size_t OutputLimit = size_t(256) << 20;

namespace {
struct Running {
  size_t Index = 0;
  pid_t Process = -1;
  int Output = -1, Log = -1;
  Clock::time_point Start;
  JobOutcome Outcome;
};
} // namespace

static void writeAll(int File, llvm::StringRef Text) {
  while (!Text.empty()) {
    ssize_t Written = write(File, Text.data(), Text.size());
    if (Written < 0 && errno != EINTR)
      return;
    if (Written > 0)
      Text = Text.drop_front(Written);
  }
}

bool coro::forbidPrograms() {
#ifdef __linux__
  // What reports an error of a sanitizer starts a symbolizer.
  if (ReservesAddresses)
    return false;
  sock_filter Filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execve, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execveat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  sock_fprog Program = {sizeof Filter / sizeof *Filter, Filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &Program) == 0;
#else
  return false;
#endif
}

static volatile std::sig_atomic_t StoppedBy = 0;

void coro::stopOnSignals() {
  for (int Signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction Action = {};
    Action.sa_handler = [](int Signal) { StoppedBy = Signal; };
    // Calls that wait are to return, so that the signal is seen.
    Action.sa_flags = SA_RESETHAND;
    // Somebody may have said that the run is to survive the terminal (nohup).
    struct sigaction Present;
    if (sigaction(Signal, nullptr, &Present) == 0 &&
        Present.sa_handler != SIG_IGN)
      sigaction(Signal, &Action, nullptr);
  }
}

int coro::stopSignal() { return StoppedBy; }

void coro::endByStopSignal() {
  if (int Signal = StoppedBy) {
    std::signal(Signal, SIG_DFL);
    std::raise(Signal);
  }
}

std::string coro::whyNoResult(const JobOutcome &Outcome,
                              const JobLimits &Limits) {
  using llvm::Twine;
  switch (Outcome.How) {
  case JobOutcome::TimedOut:
    return ("the analysis took longer than " + Twine(Limits.TimeoutSeconds) +
            " s; give it more time with --timeout")
        .str();
  case JobOutcome::OutOfMemory:
    return Limits.MemoryMiB ? ("the analysis needed more than the " +
                               Twine(Limits.MemoryMiB) + " MiB of --memory")
                                  .str()
                            : "the analysis ran out of memory";
  case JobOutcome::TooLong:
    return ("what the analysis says is longer than " +
            Twine(OutputLimit >> 20) + " MiB")
        .str();
  case JobOutcome::Interrupted:
    return "not analysed, as the run was interrupted";
  case JobOutcome::Crashed:
    if (Outcome.Signal == SIGKILL)
      return "the analysis was killed; there may be too little memory: try a "
             "smaller -j";
    if (Outcome.Signal)
      return ("the analysis crashed (signal " + Twine(Outcome.Signal) + ")")
          .str();
    break;
  case JobOutcome::Finished:
    break;
  }
  return "the analysis ended without a result";
}

[[noreturn]] static void runChild(size_t Index, const JobLimits &Limits,
                                  int Output, int Log,
                                  llvm::function_ref<std::string(size_t)> Job) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  // A source may include /dev/stdin.
  int Nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(Nothing, STDIN_FILENO);
  dup2(Log, STDERR_FILENO);
  dup2(Log, STDOUT_FILENO);
  // LLVM's handlers remove files when a process dies; those are the parent's.
  for (int Signal : {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGILL, SIGTRAP, SIGABRT,
                     SIGFPE, SIGBUS, SIGSEGV, SIGSYS, SIGXCPU})
    std::signal(Signal, SIG_DFL);
  // A crash is reported by the parent: no core file, no report of the system.
  rlimit NoCore = {0, 0};
  setrlimit(RLIMIT_CORE, &NoCore);
  if (Limits.MemoryMiB && !ReservesAddresses) {
    rlimit Space;
    Space.rlim_cur = Space.rlim_max = rlim_t(Limits.MemoryMiB) << 20;
    setrlimit(RLIMIT_AS, &Space);
  }
  forbidPrograms();
  std::set_new_handler([] { _exit(OutOfMemoryExit); });
  llvm::install_bad_alloc_error_handler(
      [](void *, const char *, bool) { _exit(OutOfMemoryExit); });
  writeAll(Output, Job(Index));
  _exit(0);
}

static std::optional<Running> start(size_t Index, const JobLimits &Limits,
                                    llvm::function_ref<std::string(size_t)> Job,
                                    const std::vector<Running> &Others) {
  int Output[2], Log[2];
  if (pipe(Output) != 0)
    return std::nullopt;
  if (pipe(Log) != 0) {
    close(Output[0]);
    close(Output[1]);
    return std::nullopt;
  }
  Running R;
  R.Index = Index;
  R.Start = Clock::now();
  R.Process = fork();
  if (R.Process == 0) {
    // What belongs to others would count among the files that it may open.
    for (const Running &Other : Others)
      for (int File : {Other.Output, Other.Log})
        if (File >= 0)
          close(File);
    close(Output[0]);
    close(Log[0]);
    runChild(Index, Limits, Output[1], Log[1], Job);
  }
  close(Output[1]);
  close(Log[1]);
  R.Output = Output[0];
  R.Log = Log[0];
  if (R.Process > 0)
    return R;
  close(R.Output);
  close(R.Log);
  return std::nullopt;
}

/// Reads what is there; closes \p File and sets it to -1 at its end.
static void drain(int &File, std::string &To) {
  char Buffer[65536];
  ssize_t Read = read(File, Buffer, sizeof Buffer);
  if (Read > 0) {
    To.append(Buffer, Read);
    return;
  }
  if (Read < 0 && errno == EINTR)
    return;
  close(File);
  File = -1;
}

static void finish(Running &R) {
  int Status = 0;
  while (waitpid(R.Process, &Status, 0) < 0 && errno == EINTR)
    ;
  if (R.Outcome.How != JobOutcome::Finished)
    return;
  if (WIFEXITED(Status) && WEXITSTATUS(Status) == 0)
    return;
  // A terminal sends its signal to the jobs as well.
  if (stopSignal()) {
    R.Outcome.How = JobOutcome::Interrupted;
    return;
  }
  if (WIFEXITED(Status) && WEXITSTATUS(Status) == OutOfMemoryExit) {
    R.Outcome.How = JobOutcome::OutOfMemory;
    return;
  }
  R.Outcome.How = JobOutcome::Crashed;
  R.Outcome.Signal = WIFSIGNALED(Status) ? WTERMSIG(Status) : 0;
}

void coro::runIsolated(size_t Count, const JobLimits &Limits,
                       llvm::function_ref<std::string(size_t)> Job,
                       llvm::function_ref<void(size_t, JobOutcome)> Done) {
  std::vector<Running> Jobs;
  size_t Next = 0;
  while (Next < Count || !Jobs.empty()) {
    if (stopSignal())
      for (; Next < Count; ++Next) {
        JobOutcome Outcome;
        Outcome.How = JobOutcome::Interrupted;
        Done(Next, std::move(Outcome));
      }
    while (Next < Count && Jobs.size() < std::max(1u, Limits.Parallel)) {
      std::optional<Running> R = start(Next, Limits, Job, Jobs);
      if (R) {
        Jobs.push_back(std::move(*R));
        ++Next;
        continue;
      }
      // No process to be had: those that run give theirs back.
      if (!Jobs.empty())
        break;
      JobOutcome Outcome;
      Outcome.How = JobOutcome::Crashed;
      Outcome.Log = "no process could be started";
      Done(Next++, std::move(Outcome));
    }

    llvm::SmallVector<pollfd, 16> Files;
    for (Running &R : Jobs)
      for (int File : {R.Output, R.Log})
        Files.push_back({File, POLLIN, 0}); // poll() skips negative ones
    // A signal may end it, and what poll() says then is nothing.
    if (poll(Files.data(), Files.size(), 100) < 0)
      for (pollfd &File : Files)
        File.revents = 0;
    Clock::time_point Now = Clock::now();
    for (size_t I = 0; I < Jobs.size(); ++I) {
      Running &R = Jobs[I];
      if (Files[2 * I].revents)
        drain(R.Output, R.Outcome.Output);
      if (Files[2 * I + 1].revents)
        drain(R.Log, R.Outcome.Log);
      if (R.Outcome.Log.size() > 2 * LogLimit)
        R.Outcome.Log.erase(0, R.Outcome.Log.size() - LogLimit);
      if (R.Outcome.How != JobOutcome::Finished) {
        // It was killed: nobody wants the rest of what is in the pipe.
        R.Outcome.Output.clear();
        continue;
      }
      if (stopSignal()) {
        R.Outcome.How = JobOutcome::Interrupted;
        kill(R.Process, SIGKILL);
      } else if (R.Outcome.Output.size() > OutputLimit) {
        R.Outcome.How = JobOutcome::TooLong;
        kill(R.Process, SIGKILL);
      } else if (Limits.TimeoutSeconds &&
                 Now - R.Start > std::chrono::seconds(Limits.TimeoutSeconds)) {
        R.Outcome.How = JobOutcome::TimedOut;
        kill(R.Process, SIGKILL);
      }
    }
    for (size_t I = 0; I < Jobs.size();) {
      Running &R = Jobs[I];
      if (R.Output >= 0 || R.Log >= 0) {
        ++I;
        continue;
      }
      finish(R);
      Done(R.Index, std::move(R.Outcome));
      Jobs.erase(Jobs.begin() + I);
    }
  }
}
