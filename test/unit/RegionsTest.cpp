//===- RegionsTest.cpp - Regions, what they change, what they cost --------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/compute/Regions.h"
#include "Parse.h"
#include "analysis/ast/Mutation.h"
#include "analysis/ast/Walk.h"
#include "analysis/compute/Extraction.h"
#include "analysis/compute/Portrait.h"

using namespace clang;
using namespace coro;
using namespace coro::test;

static const char Container[] = R"cpp(
  template <class T> struct list {
    struct iterator {
      T &operator*() const;
      iterator &operator++();
      bool operator!=(const iterator &) const;
    };
    struct const_iterator {
      const T &operator*() const;
      const_iterator &operator++();
      bool operator!=(const const_iterator &) const;
    };
    iterator begin();
    const_iterator begin() const;
    iterator end();
    const_iterator end() const;
    T &operator[](unsigned);
    const T &operator[](unsigned) const;
    unsigned size() const;
    void push(T);
  };
  void fill(list<int>::iterator, list<int>::iterator);
)cpp";

static bool changesItsParameter(const char *Body) {
  Parsed P = parse(std::string(Container) + "int f(list<int> l) { int n = 0; " +
                   Body + " return n; }");
  const FunctionDecl *F = P.function("f");
  return changes(F->getBody(), F->getParamDecl(0), *P.U->flow(F),
                 P.Owner->getASTContext());
}

TEST(MutationTest, ReadingThroughMembersThatAreNotConst) {
  EXPECT_FALSE(changesItsParameter("for (int x : l) n += x;"));
  EXPECT_FALSE(changesItsParameter("for (auto &x : l) n += x;"));
  EXPECT_FALSE(changesItsParameter(
      "for (auto i = l.begin(); i != l.end(); ++i) n += *i;"));
  EXPECT_FALSE(changesItsParameter("auto i = l.begin(); auto k = i; n = *k;"));
  EXPECT_FALSE(changesItsParameter("n = l[1] + l[l.size() - 1];"));
  EXPECT_FALSE(changesItsParameter("auto copy = l; n = copy[0];"));
}

TEST(MutationTest, WritingIsSeen) {
  EXPECT_TRUE(changesItsParameter("l.push(1);"));
  EXPECT_TRUE(changesItsParameter("for (auto &x : l) x = 1;"));
  EXPECT_TRUE(changesItsParameter(
      "for (auto i = l.begin(); i != l.end(); ++i) *i = 1;"));
  EXPECT_TRUE(changesItsParameter("auto i = l.begin(); auto k = i; ++*k;"));
  EXPECT_TRUE(changesItsParameter("l[1] = 2;"));
  EXPECT_TRUE(changesItsParameter("int &r = l[1]; r = 2;"));
  EXPECT_TRUE(changesItsParameter("fill(l.begin(), l.end());"));
  EXPECT_TRUE(changesItsParameter("auto g = [&l] { l.push(1); }; g();"));
}

static std::string costOf(const char *Body) {
  Parsed P = parse(std::string(Container) +
                   "list<int> part(int);"
                   "int sum(const list<int> &v) { int n = 0;"
                   "  for (int x : v) n += x; return n; }"
                   "int rec(int n) { return n ? rec(n - 1) : 0; }"
                   "void f(list<int> l, list<list<int>> rows, int n, int m) {" +
                   std::string(Body) + "}");
  return P.U->shared<Costs>().of(P.function("f")->getBody()).text();
}

TEST(CostTest, Loops) {
  EXPECT_EQ(costOf("for (int i = 0; i < 8; ++i) n += i;"), "O(1)");
  EXPECT_EQ(costOf("for (int i = 0; i < n; ++i) m += i;"), "O(n)");
  EXPECT_EQ(costOf("for (int i = n; i > 0; --i) m += i;"), "O(n)");
  EXPECT_EQ(costOf("for (int i = 0; i < n; ++i)"
                   "  for (int k = 0; k < i; ++k) m += k;"),
            "O(n·i)");
  EXPECT_EQ(costOf("for (int x : l) for (int y : l) n += x * y;"), "O(l·l)");
  EXPECT_EQ(costOf("for (auto i = l.begin(); i != l.end(); ++i) n += *i;"),
            "O(l)");
  EXPECT_EQ(costOf("while (n < m) ++n;"), "O(m)");
}

TEST(CostTest, WhatIsNoFactor) {
  // Parts of a whole.
  EXPECT_EQ(costOf("for (auto &r : rows) for (int x : r) n += x;"), "O(rows)");
  EXPECT_EQ(costOf("for (unsigned i = 0; i < rows.size(); ++i)"
                   "  for (unsigned k = 0; k < rows[i].size(); ++k) ++n;"),
            "O(rows.size())");
  EXPECT_EQ(costOf("for (auto &r : rows) n += sum(r);"), "O(rows)");
  // Goes on where it stopped.
  EXPECT_EQ(costOf("unsigned i = 0; while (i < l.size()) {"
                   "  while (i < l.size() && l[i]) ++i; ++i; }"),
            "O(l.size())");
  // Digits, roots, powers.
  EXPECT_EQ(costOf("while (n > m) n /= 10;"), "O(1)");
  EXPECT_EQ(costOf("for (int i = 2; i * i <= n; ++i) ++m;"), "O(1)");
  EXPECT_EQ(costOf("for (int i = 1; i < n; i *= 2) ++m;"), "O(1)");
}

TEST(CostTest, ThroughCalls) {
  EXPECT_EQ(costOf("for (int x : l) n += x * sum(l);"), "O(l·v)");
  EXPECT_EQ(costOf("n = rec(m);"), "O(recursion of rec)");
}

static std::vector<ComputeRegion> regions(const Parsed &P, const char *Name) {
  return findComputeRegions(*P.coroutine(Name), *P.U, RegionLimits());
}

TEST(RegionsTest, BestPartOfARun) {
  Parsed P = parse(std::string("#include \"task.h\"\n") + Container + R"cpp(
    task<> io(int);
    task<> best(list<int> l, int a, int b, int c, int d, int e) {
      int first = a + b + c + d + e;
      int sum = 0, most = 0;
      for (int x : l) {
        if (x > most)
          most = x;
        sum += x;
        sum *= 3;
        sum -= most;
        if (sum > 100)
          sum = 0;
      }
      co_await io(sum);
      co_await io(first);
    }
  )cpp");
  std::vector<ComputeRegion> Found = regions(P, "best");
  ASSERT_EQ(Found.size(), 1u);
  // Not the first line: it needs five values more.
  EXPECT_EQ(Found[0].Statements.size(), 2u);
  ASSERT_EQ(Found[0].LiveIns.size(), 1u);
  EXPECT_TRUE(Found[0].LiveIns[0].ElementsOnly);
  ASSERT_EQ(Found[0].LiveOuts.size(), 1u);
  llvm::StringSet<> Taken;
  ProposedFunction Function = proposeFunction(Found[0], *P.U, Taken);
  EXPECT_EQ(Function.Signature, "int compute_sum(const list<int> &l)");
  EXPECT_EQ(Function.Call, "auto sum = compute_sum(l);");
  // The next one gets another name.
  EXPECT_NE(proposeFunction(Found[0], *P.U, Taken).Call, Function.Call);
}

TEST(PortraitTest, KindsAndStatements) {
  Parsed P = parse(std::string("#include \"task.h\"\n") + Container + R"cpp(
    event readable();
    task<int> receive() { co_await readable(); co_return 1; }
    int pure(int n) { return n * 2; }
    task<int> caller() { co_return pure(co_await receive()); }
    auto starts() { return receive(); }
  )cpp");
  std::map<std::string, FunctionPortrait> By;
  for (FunctionPortrait &One : portray(*P.U))
    By[One.Name] = std::move(One);
  EXPECT_EQ(By["receive"].Kind, FunctionKind::AsyncIo);
  EXPECT_TRUE(By["receive"].IsCoroutine);
  EXPECT_EQ(By["receive"].Statements, 2u);
  EXPECT_EQ(By["receive"].Io, 1u);
  EXPECT_EQ(By["pure"].Kind, FunctionKind::Compute);
  EXPECT_EQ(By["starts"].Kind, FunctionKind::AsyncIo);
  EXPECT_EQ(By["caller"].Calls,
            (std::vector<std::string>{By["pure"].Id, By["receive"].Id}));
}
