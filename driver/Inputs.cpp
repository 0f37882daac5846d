//===- Inputs.cpp - What the result of an analysis depends on -------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/Inputs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace coro {

Digest Digest::of(StringRef Bytes) {
  XXH128_hash_t Hash = xxh3_128bits(arrayRefFromStringRef(Bytes));
  return {Hash.low64, Hash.high64};
}

std::string Digest::hex() const {
  return utohexstr(High, /*LowerCase=*/true, 16) +
         utohexstr(Low, /*LowerCase=*/true, 16);
}

void mergeInputs(InputMap &To, const InputMap &More) {
  for (const auto &[Path, One] : More) {
    auto [It, IsNew] = To.try_emplace(Path, One);
    if (!IsNew && It->second.How < One.How)
      It->second = One;
  }
}

void dropInputsBelow(StringRef Folder, InputMap &From) {
  for (auto It = From.begin(); It != From.end();) {
    StringRef Rest = It->first;
    bool Below =
        Rest.consume_front(Folder) && (Rest.empty() || Rest.starts_with("/"));
    It = Below ? From.erase(It) : std::next(It);
  }
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

// Paths are sorted, so most share a long beginning with the one before.
std::string encodeInputs(const InputMap &Inputs) {
  std::string Result;
  raw_string_ostream OS(Result);
  support::endian::Writer Out(OS, endianness::little);
  StringRef Before;
  for (const auto &[Path, One] : Inputs) {
    size_t Shared =
        std::mismatch(Before.begin(),
                      Before.begin() + std::min(Before.size(), Path.size()),
                      Path.begin())
            .first -
        Before.begin();
    Out.write<uint8_t>(One.How);
    Out.write<uint32_t>(Shared);
    Out.write<uint32_t>(Path.size() - Shared);
    OS << StringRef(Path).drop_front(Shared);
    if (One.How >= Input::Contents) {
      Out.write<uint64_t>(One.Size);
      Out.write<int64_t>(One.Time);
      Out.write<uint64_t>(One.Content.Low);
      Out.write<uint64_t>(One.Content.High);
    }
    Before = Path;
  }
  return Result;
}

Expected<InputMap> decodeInputs(StringRef Bytes) {
  InputMap Result;
  DataExtractor Data(Bytes, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  DataExtractor::Cursor At(0);
  std::string Path;
  while (At && !Data.eof(At)) {
    uint8_t How = Data.getU8(At);
    uint32_t Shared = Data.getU32(At);
    uint32_t Length = Data.getU32(At);
    StringRef Rest = Data.getBytes(At, Length);
    if (!At)
      break;
    if (How > Input::Directory || Shared > Path.size()) {
      consumeError(At.takeError());
      return createStringError(inconvertibleErrorCode(),
                               "not a list of inputs");
    }
    Path.resize(Shared);
    Path += Rest;
    Input One;
    One.How = static_cast<Input::Kind>(How);
    if (One.How >= Input::Contents) {
      One.Size = Data.getU64(At);
      One.Time = static_cast<int64_t>(Data.getU64(At));
      One.Content.Low = Data.getU64(At);
      One.Content.High = Data.getU64(At);
    }
    Result.emplace_hint(Result.end(), Path, One);
  }
  if (Error E = At.takeError())
    return std::move(E);
  return Result;
}

//===----------------------------------------------------------------------===//
// Recording
//===----------------------------------------------------------------------===//

/// File systems give times in steps of up to two seconds.
static int64_t trustedTime(sys::TimePoint<> Modified) {
  auto Age = std::chrono::system_clock::now() - Modified;
  return Age > std::chrono::seconds(2) ? Modified.time_since_epoch().count()
                                       : Input::Untrusted;
}

/// The names in \p Folder, sorted.
static Digest listing(StringRef Folder) {
  std::vector<std::string> Names;
  std::error_code Error;
  for (sys::fs::directory_iterator It(Folder, Error), End; It != End && !Error;
       It.increment(Error))
    Names.push_back(sys::path::filename(It->path()).str());
  llvm::sort(Names);
  return Digest::of(join(Names, StringRef("\0", 1)));
}

std::unique_ptr<MemoryBuffer> readInput(StringRef File, Input &To) {
  To = Input();
  sys::fs::file_status Status;
  if (sys::fs::status(File, Status) || !sys::fs::exists(Status))
    return nullptr;
  To.How = Input::Present;
  // Reading a device or a pipe might never end.
  if (!sys::fs::is_regular_file(Status))
    return nullptr;
  auto Text = MemoryBuffer::getFile(File, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!Text)
    return nullptr;
  To.How = Input::Contents;
  To.Size = (*Text)->getBufferSize();
  To.Time = trustedTime(Status.getLastModificationTime());
  To.Content = Digest::of((*Text)->getBuffer());
  return std::move(*Text);
}

void recordFile(StringRef File, InputMap &To) {
  Input One;
  readInput(File, One);
  mergeInputs(To, {{File.str(), One}});
}

namespace {

/// Notes what is read: the bytes that the analysis sees, not those that a later
/// look at the file would find.
class RecordingFile : public vfs::File {
public:
  RecordingFile(std::unique_ptr<vfs::File> Below, std::string Path,
                InputMap &Inputs)
      : Below(std::move(Below)), Path(std::move(Path)), Inputs(Inputs) {}

  ErrorOr<vfs::Status> status() override { return Below->status(); }
  ErrorOr<std::string> getName() override { return Below->getName(); }
  std::error_code close() override { return Below->close(); }

  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name,
                                                   int64_t FileSize,
                                                   bool RequiresNullTerminator,
                                                   bool IsVolatile) override {
    ErrorOr<vfs::Status> Status = Below->status();
    auto Buffer =
        Below->getBuffer(Name, FileSize, RequiresNullTerminator, IsVolatile);
    if (Buffer) {
      Input One;
      One.How = Input::Contents;
      One.Size = (*Buffer)->getBufferSize();
      if (Status)
        One.Time = trustedTime(Status->getLastModificationTime());
      One.Content = Digest::of((*Buffer)->getBuffer());
      mergeInputs(Inputs, {{Path, One}});
    }
    return Buffer;
  }

private:
  std::unique_ptr<vfs::File> Below;
  std::string Path;
  InputMap &Inputs;
};

} // namespace

std::string RecordingFileSystem::absolute(const Twine &Path) const {
  SmallString<256> Result;
  Path.toVector(Result);
  (void)makeAbsolute(Result);
  return Result.str().str();
}

void RecordingFileSystem::note(const Twine &Path, bool Exists) {
  Input One;
  One.How = Exists ? Input::Present : Input::Absent;
  // The first answer stands: it is what the analysis went by.
  Inputs.try_emplace(absolute(Path), One);
}

ErrorOr<vfs::Status> RecordingFileSystem::status(const Twine &Path) {
  ErrorOr<vfs::Status> Result = ProxyFileSystem::status(Path);
  note(Path, static_cast<bool>(Result));
  return Result;
}

bool RecordingFileSystem::exists(const Twine &Path) {
  bool Result = ProxyFileSystem::exists(Path);
  note(Path, Result);
  return Result;
}

ErrorOr<std::unique_ptr<vfs::File>>
RecordingFileSystem::openFileForRead(const Twine &Path) {
  auto Result = ProxyFileSystem::openFileForRead(Path);
  note(Path, static_cast<bool>(Result));
  if (!Result)
    return Result;
  return std::make_unique<RecordingFile>(std::move(*Result), absolute(Path),
                                         Inputs);
}

vfs::directory_iterator RecordingFileSystem::dir_begin(const Twine &Folder,
                                                       std::error_code &Error) {
  std::string Path = absolute(Folder);
  sys::fs::file_status Status;
  Input One;
  if (!sys::fs::status(Path, Status) && sys::fs::is_directory(Status)) {
    One.How = Input::Directory;
    One.Time = trustedTime(Status.getLastModificationTime());
    One.Content = listing(Path);
  }
  mergeInputs(Inputs, {{Path, One}});
  return ProxyFileSystem::dir_begin(Folder, Error);
}

//===----------------------------------------------------------------------===//
// Looking again
//===----------------------------------------------------------------------===//

namespace {
/// Digests path, kind and contents of inputs in order.
class InputsDigest {
public:
  void add(StringRef Path, Input::Kind How, const Digest &Content) {
    Bytes += Path;
    Bytes += '\0';
    Bytes += static_cast<char>(How);
    if (How >= Input::Contents) {
      Bytes.append(reinterpret_cast<const char *>(&Content.Low),
                   sizeof Content.Low);
      Bytes.append(reinterpret_cast<const char *>(&Content.High),
                   sizeof Content.High);
    }
  }
  Digest result() const { return Digest::of(Bytes); }

private:
  std::string Bytes;
};
} // namespace

InputStates::State &InputStates::stateOf(StringRef Path) {
  auto [It, IsNew] = States.try_emplace(Path);
  State &S = It->second;
  if (!IsNew)
    return S;
  sys::fs::file_status Status;
  // What is neither a file nor a folder is never the same: reading a device or
  // a pipe might never end.
  if (!sys::fs::status(Path, Status) &&
      (sys::fs::is_regular_file(Status) || sys::fs::is_directory(Status))) {
    S.Exists = true;
    S.IsDirectory = sys::fs::is_directory(Status);
    S.Size = S.IsDirectory ? 0 : Status.getSize();
    S.Time = trustedTime(Status.getLastModificationTime());
  }
  return S;
}

std::optional<Digest> InputStates::digest(const InputMap &Inputs, bool &Moved) {
  InputsDigest Result;
  for (const auto &[Path, One] : Inputs) {
    State &S = stateOf(Path);
    if (S.Exists != (One.How != Input::Absent) ||
        (One.How == Input::Contents && S.IsDirectory) ||
        (One.How == Input::Directory && !S.IsDirectory))
      return std::nullopt;
    if (One.How >= Input::Contents) {
      bool Same = One.Time != Input::Untrusted && One.Time == S.Time &&
                  One.Size == S.Size;
      if (!Same)
        Moved = true;
      if (!S.Content) {
        if (Same)
          S.Content = One.Content;
        else if (S.IsDirectory)
          S.Content = listing(Path);
        else if (auto Text = MemoryBuffer::getFile(
                     Path, /*IsText=*/false, /*RequiresNullTerminator=*/false))
          S.Content = Digest::of((*Text)->getBuffer());
        else
          return std::nullopt;
      }
      Result.add(Path, One.How, *S.Content);
    } else {
      Result.add(Path, One.How, {});
    }
  }
  return Result.result();
}

Digest InputStates::noted(const InputMap &Inputs) {
  InputsDigest Result;
  for (const auto &[Path, One] : Inputs)
    Result.add(Path, One.How, One.Content);
  return Result.result();
}

InputMap InputStates::refreshed(const InputMap &Inputs) const {
  InputMap Result = Inputs;
  for (auto &[Path, One] : Result) {
    auto It = States.find(Path);
    if (One.How < Input::Contents || It == States.end() || !It->second.Content)
      continue;
    One.Size = It->second.Size;
    One.Time = It->second.Time;
    One.Content = *It->second.Content;
  }
  return Result;
}

} // namespace coro
