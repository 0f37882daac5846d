//===- YamlLimits.cpp - What LLVM's YAML parser is not given --------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/facts/YamlLimits.h"

namespace coro {

int tooDeepAt(llvm::StringRef Text) {
  constexpr int Deepest = 64;
  int Open = 0, Number = 0;
  for (llvm::StringRef Line; !Text.empty();) {
    std::tie(Line, Text) = Text.split('\n');
    ++Number;
    int Nested = 0; // "- - - x", and the same with "? "
    for (llvm::StringRef Rest = Line.ltrim();
         Rest.starts_with("- ") || Rest.starts_with("? ");
         Rest = Rest.drop_front().ltrim())
      ++Nested;
    for (char C : Line) {
      if (C == '[' || C == '{')
        ++Open;
      else if ((C == ']' || C == '}') && Open > 0)
        --Open;
      if (Open + Nested > Deepest)
        return Number;
    }
  }
  return 0;
}

} // namespace coro
