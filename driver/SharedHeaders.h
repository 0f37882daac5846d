//===- SharedHeaders.h - External headers that are parsed once ------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Most of a unit is headers of libraries, and units of one project have most of
// them in common. Those that several units with the same flags include are
// parsed once, without function bodies, into a precompiled header.
//
// A unit that starts with that header sees the declarations that a plain parse
// would have made, if
//   - it includes all of the headers in it, outside of any braces;
//   - no macro that the user's code defines before the last of them has a name
//     that occurs in them. (The names are those of the preprocessor's table, to
//     which even the name in an #ifdef belongs.)
// This is looked at while the unit is parsed (SharedHeadersUse); when it does
// not hold, or when the unit has errors, it is parsed again as it stands. The
// plan before that is a guess, made from the text of `#include` lines.
//
// One thing is taken for granted: that headers of libraries do not depend on
// the order in which they are included.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_DRIVER_SHAREDHEADERS_H
#define CORO_DRIVER_SHAREDHEADERS_H

#include "driver/CompileDatabase.h"
#include "driver/IncludeScan.h"
#include "driver/Inputs.h"
#include "llvm/ADT/StringSet.h"
#include <memory>

namespace clang {
class CompilerInstance;
}

namespace coro {

struct AnalysisOptions;

/// A set of headers to parse for several units.
struct SharedPlan {
  std::vector<std::string> Includes; ///< as they are spelled between < and >
  std::vector<size_t> Units;         ///< positions in what was planned for
};

/// Groups \p Units by what they could share. Units that appear in no plan are
/// better parsed as they are.
std::vector<SharedPlan>
planSharedHeaders(llvm::ArrayRef<const UnitCommand *> Units, IncludeScan &Scan);

/// A precompiled header.
struct SharedHeaders {
  std::string File;
  /// Canonical paths: what a unit must include for all of it, and the files in
  /// it that are external by their folder, not as the system's.
  std::vector<std::string> Needed, Foreign;
  llvm::StringSet<> Names; ///< of all identifiers in it
  InputMap Inputs;
};

/// Makes the precompiled header \p File of \p Includes, as \p Sample is
/// compiled. Returns it as bytes for readSharedHeaders(); empty if it cannot be
/// made.
std::string makeSharedHeaders(llvm::ArrayRef<std::string> Includes,
                              const UnitCommand &Sample, llvm::StringRef File,
                              const AnalysisOptions &Options);
std::optional<SharedHeaders> readSharedHeaders(llvm::StringRef Bytes);

/// Watches a unit that is parsed with shared headers.
class SharedHeadersUse {
public:
  SharedHeadersUse(const SharedHeaders &Shared, const ExternalCode &External)
      : Shared(Shared), External(External) {}

  /// Before the preprocessor is made.
  void prepare(clang::CompilerInstance &Compiler);
  /// Before the first line is read.
  void watch(clang::CompilerInstance &Compiler);
  /// After the parse: is its result that of a plain one?
  bool isSame() const { return !Conflict && Left.empty(); }

private:
  class Callbacks;

  const SharedHeaders &Shared;
  const ExternalCode &External;
  std::string Base;       ///< the folder of the unit's main file
  llvm::StringSet<> Left; ///< needed and not yet included
  int Braces = 0;         ///< that are open where the preprocessor is
  bool Conflict = false;
};

} // namespace coro

#endif // CORO_DRIVER_SHAREDHEADERS_H
