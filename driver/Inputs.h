//===- Inputs.h - What the result of an analysis depends on ---------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// While a unit is analysed, everything it asks the file system is written down:
// the files that it read, with their contents, those that it only looked for,
// and those that were not there (a header that appears in an earlier include
// folder changes the result too). Later, InputStates tells whether all of that
// is as it was, reading again only what has another size or time.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_INPUTS_H
#define CORO_DRIVER_INPUTS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <optional>
#include <string>

namespace coro {

/// A digest of contents: 128 bits of XXH3, which guards against accidents, not
/// against somebody who may write to the user's files anyway.
struct Digest {
  uint64_t Low = 0, High = 0;

  static Digest of(llvm::StringRef Bytes);
  std::string hex() const;
  bool operator==(const Digest &O) const {
    return Low == O.Low && High == O.High;
  }
};

struct Input {
  enum Kind : uint8_t {
    Absent,    ///< there was nothing of that name
    Present,   ///< its existence was asked for, not its contents
    Contents,  ///< it was read
    Directory, ///< it was listed
  };
  Kind How = Absent;
  uint64_t Size = 0;
  /// Modification time in ns; Untrusted if the file had just been written, so
  /// that another change could have the same time.
  int64_t Time = Untrusted;
  Digest Content; ///< of the contents or of the list of names

  static constexpr int64_t Untrusted = -1;
};

/// By absolute path.
using InputMap = std::map<std::string, Input>;

/// Adds \p More to \p To; what was read counts more than what was looked for.
void mergeInputs(InputMap &To, const InputMap &More);

/// Takes out \p Folder and what is below it.
void dropInputsBelow(llvm::StringRef Folder, InputMap &From);

/// \p Inputs as bytes, and back. The error says that they are no such bytes.
std::string encodeInputs(const InputMap &Inputs);
llvm::Expected<InputMap> decodeInputs(llvm::StringRef Bytes);

/// Reads \p File, and says in \p To what it is now; null if it is no regular
/// file that can be read.
std::unique_ptr<llvm::MemoryBuffer> readInput(llvm::StringRef File, Input &To);

/// Notes what \p File is now, and its contents, as an input.
void recordFile(llvm::StringRef File, InputMap &To);

/// The file system below it, with a memory of what it was asked.
class RecordingFileSystem : public llvm::vfs::ProxyFileSystem {
public:
  RecordingFileSystem(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Below,
                      InputMap &Inputs)
      : ProxyFileSystem(std::move(Below)), Inputs(Inputs) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &Folder,
                                          std::error_code &Error) override;

private:
  std::string absolute(const llvm::Twine &Path) const;
  void note(const llvm::Twine &Path, bool Exists);

  InputMap &Inputs;
};

/// What files are now; each is looked at once.
class InputStates {
public:
  /// The digest that \p Inputs have now, in which each path and content counts;
  /// none if one of them came or went. \p Moved is set if a file has another
  /// time than the one noted.
  std::optional<Digest> digest(const InputMap &Inputs, bool &Moved);

  /// The digest of \p Inputs as they were noted.
  static Digest noted(const InputMap &Inputs);

  /// \p Inputs with the sizes and times that digest() saw.
  InputMap refreshed(const InputMap &Inputs) const;

private:
  struct State {
    bool Exists = false, IsDirectory = false;
    uint64_t Size = 0;
    int64_t Time = Input::Untrusted;
    std::optional<Digest> Content;
  };
  State &stateOf(llvm::StringRef Path);

  llvm::StringMap<State> States;
};

} // namespace coro

#endif // CORO_DRIVER_INPUTS_H
