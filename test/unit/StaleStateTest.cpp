//===- StaleStateTest.cpp - Tests of decisions that a suspension outdates -===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/lifetime/StaleState.h"
#include "Parse.h"

using namespace coro;
using namespace coro::test;

namespace {

struct StaleStateTest : testing::Test {
  Parsed P;
  void parse(llvm::StringRef Code) {
    P = test::parse((R"cpp(
      #include "task.h"
      #include <map>
      #include <memory>
      #include <string>
      task<std::shared_ptr<int>> connect();
      task<std::string> fetch(int);
      task<int> measure();
    )cpp" + Code)
                        .str());
  }
  std::vector<StaleState> of(llvm::StringRef Name) {
    return findStaleState(*P.U, *P.coroutine(Name));
  }
};

} // namespace

TEST_F(StaleStateTest, TheThreeShapes) {
  parse(R"cpp(
    struct S {
      std::shared_ptr<int> connection_;
      std::map<int, std::string> cache_;
      int total_ = 0;
      task<> empty() { if (!connection_) connection_ = co_await connect(); }
      task<> missing(int key) {
        if (!cache_.contains(key)) {
          auto text = co_await fetch(key);
          cache_.emplace(key, text);
        }
      }
      task<> read() { total_ = total_ + co_await measure(); }
    };
  )cpp");
  ASSERT_EQ(of("empty").size(), 1u);
  EXPECT_EQ(of("empty")[0].Shape, StaleShape::Empty);
  EXPECT_EQ(of("empty")[0].Object.text(), "'connection_'");
  ASSERT_EQ(of("missing").size(), 1u);
  EXPECT_EQ(of("missing")[0].Shape, StaleShape::Missing);
  ASSERT_EQ(of("read").size(), 1u);
  EXPECT_EQ(of("read")[0].Shape, StaleShape::Read);
  EXPECT_NE(of("read")[0].Await, nullptr);
}

TEST_F(StaleStateTest, TestedAgainOrTheFramesOwn) {
  parse(R"cpp(
    struct S {
      std::shared_ptr<int> connection_;
      std::map<int, std::string> cache_;
      task<> again() {
        if (!connection_) {
          auto fresh = co_await connect();
          if (!connection_) connection_ = fresh;
        }
      }
      task<> looked_up_again(int key) {
        if (!cache_.contains(key)) {
          auto text = co_await fetch(key);
          if (!cache_.contains(key)) cache_.emplace(key, text);
        }
      }
      task<> before() { if (!connection_) connection_ = nullptr; co_await connect(); }
    };
    task<> local() {
      std::shared_ptr<int> mine;
      if (!mine) mine = co_await connect();
    }
  )cpp");
  for (llvm::StringRef Name : {"again", "looked_up_again", "before", "local"})
    EXPECT_TRUE(of(Name).empty()) << Name.str();
}
