//===- Parse.h - Parses a snippet for a unit test -------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#ifndef CORO_TEST_UNIT_PARSE_H
#define CORO_TEST_UNIT_PARSE_H

#include "analysis/unit/Unit.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"
#include "gtest/gtest.h"

namespace coro::test {

/// A parsed snippet with its unit.
struct Parsed {
  std::unique_ptr<clang::ASTUnit> Owner;
  std::unique_ptr<Unit> U;

  /// The coroutine or function of that name; the test fails without it.
  const clang::FunctionDecl *function(llvm::StringRef Name) const {
    for (const clang::FunctionDecl *Function : U->functions())
      if (Function->getNameAsString() == Name)
        return Function;
    ADD_FAILURE() << "no function " << Name.str();
    return nullptr;
  }
  const Coroutine *coroutine(llvm::StringRef Name) const {
    return U->coroutine(function(Name));
  }
};

/// Parses \p Code with the headers of test/Inputs at hand.
inline Parsed parse(llvm::StringRef Code,
                    std::vector<std::string> Flags = {"-std=c++20"}) {
  Flags.push_back("-I" CORO_SOURCE_DIR "/test/Inputs");
  Flags.push_back("-Wno-everything");
  Parsed Result;
  Result.Owner = clang::tooling::buildASTFromCodeWithArgs(Code, Flags);
  EXPECT_TRUE(Result.Owner);
  EXPECT_FALSE(Result.Owner->getDiagnostics().hasUncompilableErrorOccurred())
      << Code.str();
  Result.U =
      std::make_unique<Unit>(Result.Owner->getASTContext(), Models::builtin());
  return Result;
}

} // namespace coro::test

#endif // CORO_TEST_UNIT_PARSE_H
