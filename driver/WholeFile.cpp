//===- WholeFile.cpp - Files that are written as a whole ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/WholeFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
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

ErrorOr<std::unique_ptr<MemoryBuffer>> readRegularFile(StringRef File) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return EC;
  if (!sys::fs::is_regular_file(Status))
    return std::make_error_code(std::errc::invalid_argument);
  return MemoryBuffer::getFile(File);
}

Error writeWholeFile(StringRef File, StringRef Text, StringRef Prefix) {
  if (sys::fs::exists(File) && !sys::fs::is_regular_file(File)) {
    std::error_code EC;
    raw_fd_ostream OS(File, EC);
    return errorCodeToError(EC ? EC : print(OS, Text));
  }
  return replaceWholeFile(File, Text, Prefix);
}

Error replaceWholeFile(StringRef File, StringRef Text, StringRef Prefix) {
  SmallString<256> Model(sys::path::parent_path(File));
  sys::path::append(Model,
                    (Prefix.empty() ? sys::path::filename(File) : Prefix) +
                        "%%%%%%%%%%%%.new");
  Expected<sys::fs::TempFile> New =
      sys::fs::TempFile::create(Model, sys::fs::all_read | sys::fs::all_write);
  if (!New)
    return New.takeError();
  raw_fd_ostream OS(New->FD, /*shouldClose=*/false);
  if (std::error_code EC = print(OS, Text)) {
    consumeError(New->discard());
    return errorCodeToError(EC);
  }
  return New->keep(File);
}

} // namespace coro
