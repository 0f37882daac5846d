//===- Watch.cpp - Waiting for a change -----------------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Watch.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>
#include <chrono>
#include <thread>

using namespace llvm;
using Clock = std::chrono::steady_clock;

namespace coro {

/// A person does not notice that much.
static constexpr std::chrono::milliseconds ShortestWait(200);

/// At most a twentieth of the time is spent on polls.
static constexpr int WaitsPerPoll = 20;

/// Editors and version control write several files one after the other.
static constexpr std::chrono::milliseconds Settling(100);

/// A pipe or a device is never the same, and would end each wait at once. It is
/// as good as nothing until a file takes its place.
static void forgetSpecialFiles(InputMap &Inputs) {
  for (auto &[Path, One] : Inputs) {
    sys::fs::file_status Status;
    if (One.How == Input::Present && !sys::fs::status(Path, Status) &&
        !sys::fs::is_regular_file(Status) && !sys::fs::is_directory(Status))
      One = Input();
  }
}

void waitForChange(InputMap Inputs) {
  forgetSpecialFiles(Inputs);
  const Digest Noted = InputStates::noted(Inputs);
  while (true) {
    auto Start = Clock::now();
    InputStates Now;
    bool Moved = false;
    std::optional<Digest> Current = Now.digest(Inputs, Moved);
    if (!Current || !(*Current == Noted))
      break;
    // Files with another time and the same contents are not read again.
    if (Moved)
      Inputs = Now.refreshed(Inputs);
    std::this_thread::sleep_for(std::max<Clock::duration>(
        ShortestWait, WaitsPerPoll * (Clock::now() - Start)));
  }
  std::this_thread::sleep_for(Settling);
}

} // namespace coro
