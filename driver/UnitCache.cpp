//===- UnitCache.cpp - Results of units that did not change ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/UnitCache.h"
#include "driver/WholeFile.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#ifdef __linux__
#include <elf.h>
#include <link.h>
#endif

using namespace llvm;

namespace coro {

/// LLVM prunes files of this prefix only.
static constexpr StringLiteral Prefix = "llvmcache-";
static constexpr StringLiteral InputsSuffix = ".inputs";
static constexpr StringLiteral ResultSuffix = ".result";
static constexpr StringLiteral Magic = "coro-tidy cache 1\n";

std::string UnitCache::defaultFolder() {
  if (auto Given = sys::Process::GetEnv("CORO_TIDY_CACHE_DIR"))
    return *Given;
  SmallString<256> Result;
  if (!sys::path::cache_directory(Result))
    return {};
  sys::path::append(Result, "coro-tidy");
  return Result.str().str();
}

/// The most that a cache may take, $CORO_TIDY_CACHE_MIB or 1 GiB.
static uint64_t sizeLimit() {
  uint64_t MiB = 1024;
  if (auto Given = sys::Process::GetEnv("CORO_TIDY_CACHE_MIB"))
    if (StringRef(*Given).getAsInteger(10, MiB) || MiB == 0)
      MiB = 1024;
  return MiB << 20;
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

#ifdef __linux__
/// The build id of a loaded program or library; empty if it has none.
static StringRef buildId(const dl_phdr_info &Loaded) {
  for (unsigned I = 0; I < Loaded.dlpi_phnum; ++I) {
    const auto &Segment = Loaded.dlpi_phdr[I];
    if (Segment.p_type != PT_NOTE)
      continue;
    const char *At =
        reinterpret_cast<const char *>(Loaded.dlpi_addr + Segment.p_vaddr);
    const char *End = At + Segment.p_memsz;
    while (At + sizeof(ElfW(Nhdr)) <= End) {
      const auto *Note = reinterpret_cast<const ElfW(Nhdr) *>(At);
      const char *Name = At + sizeof *Note;
      const char *Content = Name + alignTo(Note->n_namesz, 4);
      if (Note->n_type == NT_GNU_BUILD_ID && Note->n_namesz == 4 &&
          StringRef(Name, 3) == "GNU")
        return StringRef(Content, Note->n_descsz);
      At = Content + alignTo(Note->n_descsz, 4);
    }
  }
  return {};
}
#endif

/// Size and time of a file, for one that has no better name.
static std::string fileIdentity(StringRef File) {
  sys::fs::file_status Status;
  if (sys::fs::status(File, Status))
    return {};
  return (File + ":" + Twine(Status.getSize()) + ":" +
          Twine(Status.getLastModificationTime().time_since_epoch().count()))
      .str();
}

std::string UnitCache::toolIdentity() {
  std::string Self = sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&UnitCache::defaultFolder));
  std::string Result = CORO_VERSION " " + clang::getClangFullVersion();
#ifdef __linux__
  std::pair<std::string *, StringRef> State(&Result, Self);
  dl_iterate_phdr(
      [](dl_phdr_info *Loaded, size_t, void *Data) {
        auto &[Text, Self] =
            *static_cast<std::pair<std::string *, StringRef> *>(Data);
        StringRef File = Loaded->dlpi_name, Id = buildId(*Loaded);
        *Text += '\n';
        *Text += Id.empty() ? fileIdentity(File.empty() ? Self : File)
                            : toHex(Id, /*LowerCase=*/true);
        return 0;
      },
      &State);
#else
  Result += '\n' + fileIdentity(Self);
#endif
  return Result;
}

Digest UnitCache::key(ArrayRef<std::string> Words) {
  std::string Bytes;
  for (const std::string &Word : Words) {
    Bytes += utostr(Word.size());
    Bytes += ':';
    Bytes += Word;
  }
  return Digest::of(Bytes);
}

static Digest resultName(const Digest &Key, const Digest &Inputs) {
  return UnitCache::key({Key.hex(), Inputs.hex()});
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

std::string UnitCache::path(const Digest &Name, StringRef Suffix) const {
  SmallString<256> Result(Folder);
  sys::path::append(Result, Prefix + Name.hex() + Suffix);
  return Result.str().str();
}

// A file is: magic, digest of the rest, one letter for how the rest is packed,
// its size unpacked, a newline, the rest.

static std::string packed(StringRef Payload) {
  std::string Body;
  SmallVector<uint8_t, 0> Small;
  if (compression::zstd::isAvailable() && Payload.size() > 512) {
    compression::zstd::compress(arrayRefFromStringRef(Payload), Small,
                                /*Level=*/1);
    Body = "z" + utostr(Payload.size()) + "\n";
    Body += toStringRef(Small);
  } else {
    Body = "p" + utostr(Payload.size()) + "\n";
    Body += Payload;
  }
  return (Magic + Digest::of(Body).hex() + Body).str();
}

static std::optional<std::string> unpacked(StringRef File) {
  if (!File.consume_front(Magic) || File.size() < 33)
    return std::nullopt;
  StringRef Check = File.take_front(32), Body = File.drop_front(32);
  if (Digest::of(Body).hex() != Check)
    return std::nullopt;
  char How = Body.front();
  auto [Number, Rest] = Body.drop_front().split('\n');
  uint64_t Size = 0;
  if (Number.getAsInteger(10, Size))
    return std::nullopt;
  if (How == 'p')
    return Rest.str();
  SmallVector<uint8_t, 0> Whole;
  if (How != 'z' || !compression::zstd::isAvailable())
    return std::nullopt;
  if (Error E = compression::zstd::decompress(arrayRefFromStringRef(Rest),
                                              Whole, Size)) {
    consumeError(std::move(E));
    return std::nullopt;
  }
  return toStringRef(Whole).str();
}

std::optional<std::string> UnitCache::read(StringRef File) {
  auto Text = MemoryBuffer::getFile(File, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!Text)
    return std::nullopt;
  std::optional<std::string> Result = unpacked((*Text)->getBuffer());
  if (!Result)
    sys::fs::remove(File);
  return Result;
}

Error UnitCache::write(StringRef File, StringRef Payload) {
  if (std::error_code EC = sys::fs::create_directories(Folder))
    return errorCodeToError(EC);
  return replaceWholeFile(File, packed(Payload), Prefix);
}

std::optional<InputMap> UnitCache::inputs(const Digest &Key) {
  if (!isOn())
    return std::nullopt;
  std::string ListFile = path(Key, InputsSuffix);
  std::optional<std::string> List = read(ListFile);
  if (!List)
    return std::nullopt;
  Expected<InputMap> Noted = decodeInputs(*List);
  if (Noted)
    return std::move(*Noted);
  consumeError(Noted.takeError());
  sys::fs::remove(ListFile);
  return std::nullopt;
}

std::optional<std::string> UnitCache::find(const Digest &Key, InputStates &Now,
                                           InputMap *Inputs) {
  std::optional<InputMap> Noted = inputs(Key);
  if (!Noted)
    return std::nullopt;
  bool Moved = false;
  std::optional<Digest> Contents = Now.digest(*Noted, Moved);
  if (!Contents)
    return std::nullopt;
  std::optional<std::string> Result =
      read(path(resultName(Key, *Contents), ResultSuffix));
  if (!Result)
    return std::nullopt;
  if (Moved) {
    // So that the next run need not read these files again.
    *Noted = Now.refreshed(*Noted);
    consumeError(write(path(Key, InputsSuffix), encodeInputs(*Noted)));
  }
  if (Inputs)
    mergeInputs(*Inputs, *Noted);
  return Result;
}

Error UnitCache::store(const Digest &Key, const InputMap &Inputs,
                       StringRef Result) {
  if (!isOn())
    return Error::success();
  if (Error E =
          write(path(resultName(Key, InputStates::noted(Inputs)), ResultSuffix),
                Result))
    return E;
  return write(path(Key, InputsSuffix), encodeInputs(Inputs));
}

void UnitCache::prune() {
  if (!isOn() || !sys::fs::is_directory(Folder))
    return;
  CachePruningPolicy Policy;
  Policy.Expiration = std::chrono::hours(30 * 24);
  Policy.MaxSizeBytes = sizeLimit();
  pruneCache(Folder, Policy);
}

UnitCache::Statistics UnitCache::statistics() const {
  Statistics Result;
  Result.Limit = sizeLimit();
  std::error_code Error;
  for (sys::fs::directory_iterator It(Folder, Error), End; It != End && !Error;
       It.increment(Error)) {
    if (!sys::path::filename(It->path()).starts_with(Prefix))
      continue;
    if (StringRef(It->path()).ends_with(ResultSuffix))
      ++Result.Results;
    if (auto Status = It->status())
      Result.Bytes += Status->getSize();
  }
  return Result;
}

unsigned UnitCache::clear() {
  unsigned Left = 0;
  std::error_code Error;
  for (sys::fs::directory_iterator It(Folder, Error), End; It != End && !Error;
       It.increment(Error))
    if (sys::path::filename(It->path()).starts_with("llvmcache"))
      Left += static_cast<bool>(sys::fs::remove(It->path()));
  return Left;
}

} // namespace coro
