//===- WholeFile.cpp - Files that are written as a whole ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace coro {

/// Writes \p Text; a stream that is destroyed with an error would end the
/// process.
static std::error_code print(raw_fd_ostream &OS, StringRef Text) {
  OS << Text;
  OS.flush();
  std::error_code EC = OS.error();
  OS.clear_error();
  return EC;
}

ErrorOr<std::unique_ptr<MemoryBuffer>> readRegularFile(StringRef File,
                                                       uint64_t Most) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return EC;
  if (!sys::fs::is_regular_file(Status))
    return std::make_error_code(std::errc::invalid_argument);
  if (Status.getSize() > Most)
    return std::make_error_code(std::errc::file_too_large);
  return MemoryBuffer::getFile(File);
}

Expected<json::Value> parseForeignJson(StringRef Text) {
  constexpr unsigned Deepest = 200;
  unsigned Depth = 0;
  bool Quoted = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (Quoted) {
      if (C == '\\')
        ++I;
      Quoted = C != '"';
    } else if (C == '"') {
      Quoted = true;
    } else if (C == '[' || C == '{') {
      if (++Depth > Deepest)
        return createStringError(inconvertibleErrorCode(),
                                 "it is nested too deeply");
    } else if ((C == ']' || C == '}') && Depth) {
      --Depth;
    }
  }
  return json::parse(Text);
}

std::error_code createFileBeside(StringRef File, StringRef Suffix,
                                 int &Descriptor, SmallVectorImpl<char> &Path) {
  constexpr unsigned Attempts = 100;
  std::error_code EC;
  for (unsigned I = 0; I < Attempts; ++I) {
    Path.clear();
    (File + "-" + utohexstr(sys::Process::GetRandomNumber()) + Suffix)
        .toVector(Path);
    EC = sys::fs::openFileForReadWrite(Twine(Path), Descriptor,
                                       sys::fs::CD_CreateNew, sys::fs::OF_None);
    if (EC != std::errc::file_exists)
      break;
  }
  return EC;
}

/// Is \p File, which is no regular file, what somebody meant who gave its name?
/// A link in a repository may lead to any device.
static bool isMeant(StringRef File) {
  if (!sys::fs::is_symlink_file(File))
    return true;
  SmallString<256> Folder(File);
  if (sys::fs::make_absolute(Folder))
    return false;
  sys::path::remove_filename(Folder);
  return Folder == "/dev" || Folder.starts_with("/dev/") ||
         Folder.starts_with("/proc/");
}

Error writeWholeFile(StringRef File, StringRef Text, StringRef Prefix) {
  if (sys::fs::exists(File) && !sys::fs::is_regular_file(File) &&
      isMeant(File)) {
    std::error_code EC;
    raw_fd_ostream OS(File, EC);
    return errorCodeToError(EC ? EC : print(OS, Text));
  }
  return replaceWholeFile(File, Text, Prefix);
}

Error replaceWholeFile(StringRef File, StringRef Text, StringRef Prefix) {
  SmallString<256> Base(File), New;
  if (!Prefix.empty()) {
    sys::path::remove_filename(Base);
    sys::path::append(Base, Prefix);
  }
  int Descriptor;
  if (std::error_code EC = createFileBeside(Base, ".new", Descriptor, New))
    return errorCodeToError(EC);
  sys::RemoveFileOnSignal(New);
  std::error_code EC;
  {
    raw_fd_ostream OS(Descriptor, /*shouldClose=*/true);
    EC = print(OS, Text);
  }
  if (!EC)
    EC = sys::fs::rename(New, File);
  if (EC)
    sys::fs::remove(New);
  sys::DontRemoveFileOnSignal(New);
  return errorCodeToError(EC);
}

} // namespace coro
