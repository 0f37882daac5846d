//===- TaskLifeTest.cpp - Tests of how long tasks and arguments live ------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"
#include "analysis/lifetime/DyingArgument.h"
#include "analysis/lifetime/ObjectLife.h"

using namespace clang;
using namespace coro;
using namespace coro::test;

static const char Prelude[] = R"cpp(
  #include "spawners.h"
  struct text {
    text(const char *);
    ~text();
    const char *begin() const;
  };
  task<> tick();
  void use(const text &);
  asio::executor ex;
  task<> make();
)cpp";

static Parsed parseWith(std::string Code) {
  return parse(std::string(Prelude) + Code);
}

/// What becomes of the only call of \p Name in \p P.
static TaskLife lifeOf(Parsed &P, llvm::StringRef Name) {
  for (const TaskLives::Made &Made : P.U->shared<TaskLives>().all())
    if (Made.Callee->getNameAsString() == Name)
      return Made.Life;
  ADD_FAILURE() << "no call of " << Name.str();
  return {};
}

TEST(TaskLifeTest, FatesWithinOneExpression) {
  auto FateIn = [](std::string Body) {
    Parsed P = parseWith("task<> f(bool b) {" + Body + "}");
    return lifeOf(P, "make").What;
  };
  EXPECT_EQ(FateIn("co_await make();"), Fate::Awaited);
  EXPECT_EQ(FateIn("co_await (make());"), Fate::Awaited);
  EXPECT_EQ(FateIn("co_await when_all(make(), tick());"), Fate::Awaited);
  EXPECT_EQ(FateIn("co_await (b ? make() : tick());"), Fate::Awaited);
  EXPECT_EQ(FateIn("make(); co_return;"), Fate::Dropped);
  EXPECT_EQ(FateIn("(void)make(); co_return;"), Fate::Dropped);
  EXPECT_EQ(FateIn("(make(), b); co_return;"), Fate::Dropped);
  EXPECT_EQ(FateIn("if (b) make(); co_return;"), Fate::Dropped);
  EXPECT_EQ(FateIn("auto t = make(); co_await tick();"), Fate::Kept);
  EXPECT_EQ(FateIn("auto &&t = make(); co_await tick();"), Fate::Kept);
  EXPECT_EQ(FateIn("static auto t = make(); co_await tick();"), Fate::Stored);
  EXPECT_EQ(FateIn("list<task<>> l; l.push_back(make()); co_await tick();"),
            Fate::Kept);
  EXPECT_EQ(FateIn("asio::co_spawn(ex, make(), asio::detached); co_return;"),
            Fate::Spawned);
  EXPECT_EQ(FateIn("co_await asio::co_spawn(ex, make(), asio::use_awaitable);"),
            Fate::Awaited);
  EXPECT_EQ(FateIn("wait_for(make()); co_return;"), Fate::Unknown);
}

TEST(TaskLifeTest, FunctionsAtHandAreLookedThrough) {
  Parsed P = parseWith(R"cpp(
    void go(task<> t) { asio::co_spawn(ex, std::move(t), asio::detached); }
    detached fire(task<> t) { co_await std::move(t); }
    task<> one(); task<> two(); task<> three();
    task<> wrap(task<> t) { co_await std::move(t); }
    void f() { go(one()); fire(two()); }
    task<> g() { return wrap(three()); }
  )cpp");
  EXPECT_EQ(lifeOf(P, "one").What, Fate::Spawned);
  EXPECT_EQ(lifeOf(P, "two").What, Fate::Spawned);
  EXPECT_EQ(lifeOf(P, "three").What, Fate::Returned);
}

TEST(LateUseTest, EagerLazyAndWrapped) {
  Parsed P = parseWith(R"cpp(
    task<> lazy(const text &s) { use(s); co_await tick(); }
    task<> late(const text &s) { co_await tick(); use(s); }
    task<> unused(const text &s) { (void)s; co_await tick(); }
    eager<> early(const text &s) { use(s); co_await tick(); }
    eager<> around(const text &s) { for (;;) { use(s); co_await tick(); } }
    task<> give(const text &s);
    eager<> during(const text &s) { co_await give(s); }
    task<> by_value(text s) { co_await tick(); use(s); }
    task<> wrapper(int, const text &s) { return late(s); }
  )cpp");
  LateUses &Late = P.U->shared<LateUses>();
  auto Use = [&](llvm::StringRef Name, Slot What = 0) {
    return Late.find(P.function(Name), What);
  };
  ASSERT_TRUE(Use("lazy"));
  EXPECT_FALSE(Use("lazy")->Suspended);
  ASSERT_TRUE(Use("late"));
  EXPECT_TRUE(Use("late")->Suspended);
  EXPECT_FALSE(Use("unused"));
  EXPECT_FALSE(Use("early"));
  EXPECT_TRUE(Use("around"));
  ASSERT_TRUE(Use("during"));
  EXPECT_TRUE(Use("during")->Meanwhile);
  EXPECT_FALSE(Use("by_value"));
  ASSERT_TRUE(Use("wrapper", 1));
  EXPECT_EQ(Use("wrapper", 1)->In, P.function("late"));
  EXPECT_FALSE(Use("wrapper", 0));
  EXPECT_FALSE(Use("wrapper", 7));
}

TEST(ArgumentLifeTest, WhatIsBound) {
  auto StorageIn = [](std::string Argument) {
    Parsed P = parseWith(R"cpp(
      task<> made(const text &s);
      text global("x");
      text &somewhere();
      struct has { text member; text *pointer; text &reference; };
      struct object {
        text mine;
        void f(text value, const text &reference, text *pointer, has *far) {
          text local("x");
          text &alias = local;
          const text &extended = text("x");
          text array[1]{"x"};
          has near{"x", &local, local};
          auto [part, p, r] = near;
          (void)made()cpp" +
                         Argument +
                         R"cpp();
        }
      };)cpp");
    for (const TaskLives::Made &Made : P.U->shared<TaskLives>().all())
      return lifeOfSlot(Made.Call, 0, P.U->models()).Where;
    return ArgumentStorage::Unknown;
  };
  EXPECT_EQ(StorageIn("text(\"x\")"), ArgumentStorage::Temporary);
  EXPECT_EQ(StorageIn("\"x\""), ArgumentStorage::Temporary);
  EXPECT_EQ(StorageIn("local"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("alias"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("extended"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("std::move(local)"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("array[0]"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("near.member"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("*near.pointer"), ArgumentStorage::Unknown);
  EXPECT_EQ(StorageIn("near.reference"), ArgumentStorage::Unknown);
  EXPECT_EQ(StorageIn("part"), ArgumentStorage::Local);
  EXPECT_EQ(StorageIn("r"), ArgumentStorage::Unknown);
  EXPECT_EQ(StorageIn("value"), ArgumentStorage::Parameter);
  EXPECT_EQ(StorageIn("reference"), ArgumentStorage::Borrowed);
  EXPECT_EQ(StorageIn("*pointer"), ArgumentStorage::Borrowed);
  EXPECT_EQ(StorageIn("far->member"), ArgumentStorage::Borrowed);
  EXPECT_EQ(StorageIn("mine"), ArgumentStorage::Object);
  EXPECT_EQ(StorageIn("global"), ArgumentStorage::Global);
  EXPECT_EQ(StorageIn("somewhere()"), ArgumentStorage::Unknown);
}

TEST(DyingArgumentTest, SureOnlyWhereNothingCanWait) {
  auto SureIn = [](std::string Rest) -> std::optional<Confidence> {
    Parsed P = parseWith(R"cpp(
      task<> late(const text &s) { co_await tick(); use(s); }
      struct pool { ~pool(); };
      void unknown();
      event done;
      )cpp" + Rest);
    auto All = P.U->shared<DyingArguments>().all();
    return All.empty() ? std::nullopt : std::optional(All.front().Sure);
  };
  const std::string Spawn =
      "text s(\"x\"); asio::co_spawn(ex, late(s), asio::detached);";
  EXPECT_EQ(SureIn("void f() {" + Spawn + "}"), Confidence::High);
  EXPECT_EQ(SureIn("void f() {" + Spawn + "unknown(); }"), Confidence::Medium);
  EXPECT_EQ(SureIn("void f() { pool p; { " + Spawn + "} }"), Confidence::High);
  EXPECT_EQ(SureIn("void f() { text s(\"x\"); pool p; asio::co_spawn(ex, "
                   "late(s), asio::detached); }"),
            Confidence::Medium);
  EXPECT_EQ(SureIn("task<> f() {" + Spawn + "co_await done; }"),
            Confidence::Medium);
  EXPECT_EQ(SureIn("task<> f(bool b) {" + Spawn + "if (b) co_await done; }"),
            Confidence::High);
  EXPECT_EQ(SureIn("int main() {" + Spawn + "}"), std::nullopt);
  EXPECT_EQ(SureIn("void f(text &s) { asio::co_spawn(ex, late(s), "
                   "asio::detached); }"),
            std::nullopt);
}

TEST(DyingArgumentTest, CodeWithErrorsIsNoTrouble) {
  Parsed P = parse("#include \"spawners.h\"\n"
                   "task<> made(const int &);\n"
                   "task<> f() { auto t = made(1); co_await t; }\n"
                   "template <class T> task<> g(T &t) { co_await made(t); }\n");
  EXPECT_TRUE(P.U->shared<DyingArguments>().all().empty());
  EXPECT_TRUE(P.U->shared<ObjectLives>().all().empty());
}
