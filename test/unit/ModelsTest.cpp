//===- ModelsTest.cpp - Tests of the library models -----------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "Parse.h"
#include "analysis/facts/EmbeddedFile.h"
#include "clang/AST/ASTContext.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"

using namespace clang;
using namespace clang::ast_matchers;
using namespace coro;
using namespace coro::test;

namespace {

/// The errors of one model file.
std::vector<std::string> add(Models &Known, llvm::StringRef Text) {
  std::vector<std::string> Errors;
  Known.add("test.yaml", Text,
            [&](llvm::StringRef Error) { Errors.push_back(Error.str()); });
  return Errors;
}

Models valid(llvm::StringRef Text) {
  Models Known;
  std::vector<std::string> Errors = add(Known, Text);
  EXPECT_TRUE(Errors.empty()) << Errors.front();
  return Known;
}

/// The first call of \p Name in \p P.
const CallExpr *call(const Parsed &P, llvm::StringRef Name) {
  auto Found = match(callExpr(callee(functionDecl(hasName(Name)))).bind("call"),
                     P.U->ast());
  EXPECT_FALSE(Found.empty()) << Name.str();
  return Found.empty() ? nullptr : Found[0].getNodeAs<CallExpr>("call");
}

} // namespace

TEST(ModelsTest, EveryBuiltinModelIsValid) {
  EXPECT_FALSE(embeddedModels().empty());
  for (const EmbeddedFile &File : embeddedModels()) {
    Models Known;
    EXPECT_TRUE(Known.add(File.Name, File.Text, [](llvm::StringRef Error) {
      ADD_FAILURE() << Error.str();
    }));
    // A library may have files by topic: asio.yaml, asio.owners.yaml.
    for (const LibraryModel &Library : Known.libraries())
      EXPECT_TRUE(File.Name.starts_with(Library.Name + ".")) << File.Name.str();
  }
}

TEST(ModelsTest, AFileWithAnErrorAddsNothing) {
  Models Known;
  EXPECT_EQ(add(Known, "library: acme\n"
                       "functions:\n"
                       "  - name: acme::start\n"
                       "    nonblocking: true\n"
                       "  - name: acme::stop\n"
                       "    nonblocking: perhaps\n"),
            std::vector<std::string>{"test.yaml:6:18: invalid boolean"});
  EXPECT_FALSE(Known.function("acme::start"));
  EXPECT_TRUE(Known.libraries().empty());
}

TEST(ModelsTest, NamesAreFoundUnderTheAliasesOfANamespace) {
  Models Known = valid("library: acme\n"
                       "namespaces:\n"
                       "  acme: [vendor::acme]\n"
                       "functions:\n"
                       "  - {name: acme::socket::read, nonblocking: true}\n"
                       "types:\n"
                       "  - {name: acme::job, start: lazy}\n");
  EXPECT_TRUE(Known.function("acme::socket::read"));
  EXPECT_TRUE(Known.function("vendor::acme::socket::read"));
  EXPECT_FALSE(Known.function("other::acme::socket::read"));
  ASSERT_TRUE(Known.type("vendor::acme::job"));
  EXPECT_EQ(Known.type("vendor::acme::job")->Library, "acme");
}

TEST(ModelsTest, DeclarationsAreFoundThroughBasesOverridesAndInlineNamespaces) {
  Models Known = valid("library: acme\n"
                       "namespaces: {acme: []}\n"
                       "functions:\n"
                       "  - {name: acme::stream::read, nonblocking: true}\n"
                       "  - {name: acme::guard::guard, nonblocking: true}\n"
                       "types:\n"
                       "  - {name: acme::job, start: lazy}\n");
  Parsed P = parse(R"cpp(
    namespace acme {
    inline namespace v2 {
    struct stream { virtual void read() {} };
    struct guard { guard() {} };
    template <class T> struct job {};
    }
    }
    struct file : acme::stream { void read() override {} };
    struct own : acme::job<int> {};
    struct nested { struct stream { void read() {} }; };
    own value() { return {}; }
  )cpp");
  auto Find = [&](llvm::StringRef Name) {
    auto Found =
        match(functionDecl(hasName(Name), isDefinition(), unless(isImplicit()))
                  .bind("f"),
              P.U->ast());
    return Found.empty() ? nullptr : Found[0].getNodeAs<FunctionDecl>("f");
  };
  EXPECT_TRUE(Known.function(Find("::acme::v2::stream::read")));
  EXPECT_TRUE(Known.function(Find("::file::read")));
  EXPECT_TRUE(Known.function(Find("::acme::v2::guard::guard")));
  EXPECT_FALSE(Known.function(Find("::nested::stream::read")));
  const TypeModel *Job = Known.type(P.function("value")->getReturnType());
  ASSERT_TRUE(Job);
  EXPECT_EQ(Job->Name, "acme::job");
  const LibraryModel *Library =
      Known.libraryOf(Find("::acme::v2::stream::read"));
  ASSERT_TRUE(Library);
  EXPECT_EQ(Library->Name, "acme");
  EXPECT_FALSE(Known.libraryOf(Find("::file::read")));
}

TEST(ModelsTest, LaterFilesAddToEarlierOnes) {
  Models Known = valid("library: acme\n"
                       "instead: {sleep: co_await acme::pause(d)}\n"
                       "functions:\n"
                       "  - {name: acme::start, task: spawns}\n");
  EXPECT_TRUE(add(Known, "library: acme\n"
                         "functions:\n"
                         "  - {name: acme::start, nonblocking: true}\n"
                         "  - {name: acme::stop, nonblocking: true}\n")
                  .empty());
  ASSERT_TRUE(Known.function("acme::start"));
  EXPECT_EQ(Known.function("acme::start")->Task, TaskUse::Spawns);
  EXPECT_TRUE(Known.function("acme::start")->Nonblocking);
  EXPECT_TRUE(Known.function("acme::stop"));
  ASSERT_TRUE(Known.library("acme"));
  EXPECT_EQ(Known.library("acme")->Instead.at("sleep"),
            "co_await acme::pause(d)");
  EXPECT_EQ(Known.libraries().size(), 1u);
}

TEST(ModelsTest, ConditionsOnArguments) {
  Parsed P = parse(R"cpp(
    namespace acme {
    enum flags { none = 0, wait = 2, peek = 4 };
    struct duration { long count; };
    struct fast {};
    struct loop { void operator()(int) {} };
    void flagged(int, int) {}
    void timed(duration) {}
    void defaulted(int = 0) {}
    void pointed(void *) {}
    void tagged(const fast &) {}
    }
    void caller(int unknown) {
      acme::flagged(1, acme::wait | acme::peek);
      acme::timed(acme::duration{0});
      acme::defaulted();
      acme::pointed(nullptr);
      acme::tagged(acme::fast());
      acme::loop()(unknown);
    }
  )cpp");
  const Decl *Context = P.function("caller");
  auto Holds = [&](llvm::StringRef Name, ArgumentCondition Condition) {
    return holds(Condition, call(P, Name), Context);
  };
  ArgumentCondition Bits;
  Bits.Argument = -1;
  Bits.Bits = 2;
  EXPECT_TRUE(Holds("flagged", Bits));
  Bits.Bits = 3;
  EXPECT_FALSE(Holds("flagged", Bits));
  Bits.Argument = 5;
  EXPECT_FALSE(Holds("flagged", Bits)) << "there is no such argument";

  ArgumentCondition Zero;
  Zero.Argument = 0;
  Zero.Is = "zero";
  EXPECT_TRUE(Holds("timed", Zero)) << "a duration is a class around a count";
  EXPECT_TRUE(Holds("defaulted", Zero)) << "a default argument has a value";
  EXPECT_FALSE(Holds("flagged", Zero));
  EXPECT_FALSE(Holds("operator()", Zero)) << "unknown satisfies nothing";
  ArgumentCondition Nonzero = Zero;
  Nonzero.Is = "nonzero";
  EXPECT_TRUE(Holds("flagged", Nonzero));
  EXPECT_FALSE(Holds("operator()", Nonzero));
  ArgumentCondition Null = Zero;
  Null.Is = "null";
  EXPECT_TRUE(Holds("pointed", Null));

  ArgumentCondition Type;
  Type.Argument = 0;
  Type.Type = "acme::fast";
  EXPECT_TRUE(Holds("tagged", Type));
  EXPECT_FALSE(Holds("timed", Type));

  ArgumentCondition Written;
  Written.Count = 0;
  EXPECT_TRUE(Holds("defaulted", Written)) << "defaults are not written";
  Written.Count = 1;
  EXPECT_TRUE(Holds("operator()", Written)) << "the object is no argument";
  ArgumentCondition AtLeast;
  AtLeast.AtLeast = 2;
  EXPECT_TRUE(Holds("flagged", AtLeast));
  EXPECT_FALSE(Holds("timed", AtLeast));
}

TEST(ModelsTest, BlocksWhenAnyAndUnlessNone) {
  Parsed P = parse(R"cpp(
    void poll(int timeout) {}
    void caller() { poll(0); }
    void other(int t) { poll(t); }
  )cpp");
  BlockingModel Model;
  ArgumentCondition Zero;
  Zero.Argument = 0;
  Zero.Is = "zero";
  const CallExpr *Call = call(P, "poll");
  const Decl *Context = P.function("caller");
  EXPECT_TRUE(mayBlock(Model, Call, Context));
  Model.Unless = {Zero};
  EXPECT_FALSE(mayBlock(Model, Call, Context));
  Model.Unless.clear();
  Model.When = {Zero};
  EXPECT_TRUE(mayBlock(Model, Call, Context));
  Model.When[0].Is = "nonzero";
  EXPECT_FALSE(mayBlock(Model, Call, Context));
}
