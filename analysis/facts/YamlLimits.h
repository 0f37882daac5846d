//===- YamlLimits.h - What LLVM's YAML parser is not given ----------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Models and configurations come with the code of strangers. LLVM's parser
// descends one call for each collection within another, without a bound, and
// would read any size.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_FACTS_YAMLLIMITS_H
#define CORO_ANALYSIS_FACTS_YAMLLIMITS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace coro {

/// The largest file that is read, in bytes. It also bounds how deeply blocks
/// can be nested, each of which is indented by more than the one around it.
constexpr uint64_t YamlSizeLimit = uint64_t(4) << 20;

/// The line at which collections are nested deeper than any file needs; 0
/// without one. Linear in \p Text.
int tooDeepAt(llvm::StringRef Text);

} // namespace coro

#endif // CORO_ANALYSIS_FACTS_YAMLLIMITS_H
