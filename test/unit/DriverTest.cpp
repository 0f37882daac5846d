//===- DriverTest.cpp - Tests of the parts of the driver ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "driver/ChangedLines.h"
#include "driver/CommandLine.h"
#include "driver/Fixes.h"
#include "driver/Nolint.h"
#include "driver/SourceText.h"
#include "driver/Statement.h"
#include "driver/UnitAnalysis.h"
#include "driver/UserCode.h"
#include "gtest/gtest.h"

using namespace coro;

static Edit edit(unsigned Offset, unsigned Length, std::string Text) {
  Edit E;
  E.Where.File = "a.cpp";
  E.Where.Offset = Offset;
  E.Length = Length;
  E.Text = std::move(Text);
  return E;
}

static Finding fixable(std::vector<Edit> Fix) {
  Finding F;
  F.Check = "coro-x";
  F.Fix = std::move(Fix);
  return F;
}

TEST(FindingTest, JsonKeepsEverything) {
  Finding F = fixable({edit(3, 4, "text\n")});
  F.Level = Severity::Suggestion;
  F.Message = "a \"message\" with ünïcode";
  F.Where = {"a.cpp", 7, 1, 2, 3, 4};
  F.Function = "a::f";
  F.Highlights = {F.Where};
  F.Notes = {{"a note", F.Where, {edit(9, 0, "x")}}};
  Finding Read;
  llvm::json::Path::Root Root;
  ASSERT_TRUE(fromJSON(toJSON(F), Read, Root));
  EXPECT_EQ(toJSON(Read), toJSON(F));
  EXPECT_FALSE(fromJSON(llvm::json::Object{{"check", "x"}}, Read, Root));
}

/// The statement at the `@` in \p Code, which is taken out.
static std::string statement(std::string Code) {
  size_t At = Code.find('@');
  Code.erase(At, 1);
  return statementAt(SourceText(llvm::MemoryBuffer::getMemBufferCopy(Code)),
                     At);
}

TEST(StatementTest, IsThatOfTheInnermostBlock) {
  EXPECT_EQ(statement("void f() { a(); @b(1, x); c(); }"), "b ( 1 , x )");
  EXPECT_EQ(statement("void f() { a(); b(1, @x); c(); }"), "b ( 1 , x )");
  EXPECT_EQ(statement("void f() { if (a) @b(); }"), "if ( a ) b ( )");
  EXPECT_EQ(statement("void f() { if (@a) { b(); } }"), "if ( a )");
  EXPECT_EQ(statement("void f() { if (a) { b(); } @c(); }"), "c ( )");
  EXPECT_EQ(statement("void f() { for (int i = 0; @i < 3; ++i) g(); }"),
            "for ( int i = 0 ; i < 3 ; ++ i ) g ( )");
  EXPECT_EQ(statement("task @f(int a) { g(); }"), "task f ( int a )");
}

TEST(StatementTest, LayoutAndCommentsDoNotCount) {
  EXPECT_EQ(statement("void f() { @b(1, x); }"),
            statement("void f() {\n  // why\n  @b( 1 /* one */,\n x)  ;\n}"));
}

TEST(StatementTest, BracesInExpressions) {
  EXPECT_EQ(statement("void f() { T x = T{1, 2} + @g(); }"),
            "T x = T { } + g ( )");
  EXPECT_EQ(statement("void f() { run([&] { a(); @b(); }); }"), "b ( )");
  EXPECT_EQ(statement("void f() { run([&] { a(); }, @x); }"),
            "run ( [ & ] { } , x )");
  EXPECT_EQ(statement("void f() { @run([&] { a(); b(); }); }"),
            statement("void f() { @run([&] { c(); }); }"));
}

TEST(StatementTest, DirectivesAndEnds) {
  EXPECT_EQ(statement("#define A  f( @x )\n#define B y\nint z;\n"),
            "#define A f( x )");
  EXPECT_EQ(statement("void f() { a();\n#if X\n  @b();\n#endif\n}"), "b ( )");
  EXPECT_EQ(statement("int a;\n  @"), "");
  EXPECT_EQ(statement("@"), "");
  EXPECT_EQ(statement("void f() { g(\"@unterminated); }"),
            "g ( \"unterminated); }");
}

static NolintComment comment(bool Used, bool Judged) {
  NolintComment C;
  C.Where.File = "a.h";
  C.Where.Line = C.Where.Offset = 3;
  C.Check = "coro-missing-await";
  C.Used = Used;
  C.Judged = Judged;
  return C;
}

TEST(NolintTest, OneUnitThatNeedsACommentIsEnough) {
  NolintUse Use;
  Use.add(comment(false, true));
  EXPECT_EQ(Use.unused().size(), 1u);
  Use.add(comment(true, true));
  Use.add(comment(false, true));
  EXPECT_TRUE(Use.unused().empty());
  NolintUse Doubtful;
  Doubtful.add(comment(false, true));
  Doubtful.add(comment(false, false));
  EXPECT_TRUE(Doubtful.unused().empty());
}

static Finding seen(unsigned Line, std::string Message, unsigned Notes = 0) {
  Finding F;
  F.Check = "coro-x";
  F.Message = std::move(Message);
  F.Where.File = "a.h";
  F.Where.Line = F.Where.Column = Line;
  F.Notes.resize(Notes);
  return F;
}

TEST(FindingTest, OneForAPlaceWhateverTheOrder) {
  Finding Other = seen(2, "takes 1 byte");
  Other.Check = "coro-y";
  std::vector<Finding> Findings = {
      seen(2, "takes 4 bytes"), seen(2, "takes 2 bytes"),
      seen(2, "takes 8 bytes", 1), Other, seen(1, "takes 4 bytes"),
      // The run as a whole is no place.
      seen(0, "one"), seen(0, "other"), seen(0, "one")};
  std::vector<Finding> Reversed(Findings.rbegin(), Findings.rend());
  unite(Findings);
  unite(Reversed);
  std::vector<std::string> Messages;
  for (const Finding &F : Findings)
    Messages.push_back(F.Message);
  EXPECT_EQ(Messages,
            (std::vector<std::string>{"one", "other", "takes 4 bytes",
                                      "takes 8 bytes", "takes 1 byte"}));
  EXPECT_EQ(llvm::json::Value(Findings), llvm::json::Value(Reversed));
}

TEST(FixesTest, SharedEditsAreMadeOnceAndConflictsAreTold) {
  std::vector<Finding> Findings = {
      fixable({edit(0, 0, "#include <x>\n"), edit(20, 2, "b")}),
      fixable({edit(0, 0, "#include <x>\n"), edit(30, 0, "c")}),
      fixable({edit(21, 5, "d")}),
      fixable({edit(30, 0, "other")}),
      fixable({}),
  };
  FixPlan Plan = planFixes(Findings, /*Suggestions=*/false);
  EXPECT_EQ(Plan.Edits["a.cpp"].size(), 3u);
  EXPECT_EQ(Plan.fixedCount(), 2u);
  ASSERT_EQ(Plan.Conflicts.size(), 2u);
  EXPECT_EQ(Plan.Conflicts[0], &Findings[2]);
  EXPECT_EQ(Plan.Conflicts[1], &Findings[3]);
}

TEST(FixesTest, SuggestionsOnlyWhenAskedFor) {
  Finding F = fixable({});
  F.Notes = {{"either", {}, {edit(0, 0, "x")}}, {"or", {}, {edit(0, 0, "y")}}};
  EXPECT_EQ(planFixes({F}, false).fixedCount(), 0u);
  FixPlan Plan = planFixes({F}, true);
  ASSERT_EQ(Plan.Edits["a.cpp"].size(), 1u);
  EXPECT_EQ(Plan.Edits["a.cpp"][0].Text, "x");
}

TEST(FixesTest, WholeLinesAtOnePlaceDoNotClash) {
  auto Lines = [](const char *Text) {
    Edit E = edit(4, 0, Text);
    E.Where.Column = 1;
    return E;
  };
  FixPlan Plan = planFixes({fixable({Lines("one\n"), edit(10, 1, "1")}),
                            fixable({Lines("two\n"), edit(20, 1, "2")}),
                            fixable({Lines("half"), edit(30, 1, "3")})},
                           false);
  EXPECT_EQ(Plan.fixedCount(), 2u);
  ASSERT_EQ(Plan.Edits["a.cpp"].size(), 4u);
  Plan.Edits["a.cpp"].resize(2);
  EXPECT_EQ(applyEdits("abc\nxyz\n", Plan.Edits["a.cpp"]),
            "abc\none\ntwo\nxyz\n");
}

TEST(FixesTest, UnifiedDiff) {
  std::string Text;
  for (int I = 1; I <= 20; ++I)
    Text += std::to_string(I) + "\n";
  // Offsets: lines 1–9 have two bytes, the others three.
  EXPECT_EQ(unifiedDiff("a.cpp", Text, {edit(2, 1, "two"), edit(45, 0, "+")}),
            "--- a/a.cpp\n+++ b/a.cpp\n"
            "@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n"
            "@@ -16,5 +16,5 @@\n 16\n 17\n 18\n-19\n++19\n 20\n");
  EXPECT_EQ(unifiedDiff("a.cpp", "x\ny", {edit(2, 1, "z")}),
            "--- a/a.cpp\n+++ b/a.cpp\n@@ -1,2 +1,2 @@\n x\n-y\n"
            "\\ No newline at end of file\n+z\n"
            "\\ No newline at end of file\n");
  EXPECT_EQ(unifiedDiff("a.cpp", "a\nb\nc\n", {edit(2, 2, "")}),
            "--- a/a.cpp\n+++ b/a.cpp\n@@ -1,3 +1,2 @@\n a\n-b\n c\n");
  EXPECT_EQ(applyEdits("a\nb\nc\n", {edit(2, 2, "")}), "a\nc\n");
}

TEST(ChangedLinesTest, ReadsADiff) {
  ChangedLines Lines = ChangedLines::parse(
      "diff --git a/x.cpp b/x.cpp\n--- a/x.cpp\n+++ b/x.cpp\n"
      "@@ -3,0 +4,2 @@ f()\n+++ b/not-a-file\n+@@ -1 +1 @@\n"
      "@@ -9 +11 @@\n-a\n+b\n"
      "diff --git a/gone.cpp b/gone.cpp\n--- a/gone.cpp\n+++ /dev/null\n"
      "@@ -1 +0,0 @@\n-x\n"
      "--- \"a/q\\303\\274.cpp\"\n+++ \"b/q\\303\\274.cpp\"\n"
      "@@ -7,2 +6,0 @@\n-x\n-y\n",
      "/no/such/top");
  EXPECT_EQ(Lines.files(), (std::vector<std::string>{"/no/such/top/q\u00fc.cpp",
                                                     "/no/such/top/x.cpp"}));
  auto Touches = [&](const char *File, unsigned Line) {
    Finding F;
    F.Where = {File, 0, Line, 1, Line, 2};
    return Lines.touches(F, "/no/such/top");
  };
  EXPECT_FALSE(Touches("x.cpp", 3));
  EXPECT_TRUE(Touches("x.cpp", 4));
  EXPECT_TRUE(Touches("x.cpp", 5));
  EXPECT_FALSE(Touches("x.cpp", 6));
  EXPECT_TRUE(Touches("x.cpp", 11));
  EXPECT_TRUE(Touches("q\u00fc.cpp", 7)) << "around a removal";
  // Any place of the path counts.
  Finding F;
  F.Where = {"x.cpp", 0, 1, 1, 1, 2};
  F.Notes = {{"here", {"x.cpp", 0, 4, 1, 4, 2}, {}}};
  EXPECT_TRUE(Lines.touches(F, "/no/such/top"));
}

TEST(SourceTextTest, NothingDrivesATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\tc"), "a\\x1b[31mb c");
  EXPECT_EQ(printable("\u00fc\u202e\xff"), "\u00fc\\u{202e}\uFFFD");
  EXPECT_EQ(printable("cut \xe2\x82"), "cut \uFFFD\uFFFD");
  EXPECT_EQ(utf16Column("a\u00fc\U0001F600b", 8), 5u);
}

TEST(ExternalCodeTest, OnlyWhatIsNotSharedWithTheUnitCounts) {
  ExternalCode External({"mine", "/opt/lib/", "./libs/theirs/"});
  EXPECT_TRUE(External.contains("/p/third_party/x/y.h", "/p/src"));
  EXPECT_TRUE(External.contains("/p/build/_deps/y.h", "/p/src"));
  EXPECT_FALSE(External.contains("/third_party/p/src/y.h", "/third_party/p"));
  EXPECT_TRUE(External.contains("/p/mine/y.h", "/p/src"));
  EXPECT_TRUE(External.contains("/opt/lib/y.h", "/opt/lib"));
  EXPECT_FALSE(External.contains("/opt/library/y.h", "/p"));
  EXPECT_FALSE(External.contains("/p/src/third_party", "/p/src"));
  EXPECT_TRUE(External.contains("/p/libs/theirs/y.h", "/p/libs/ours"));
  EXPECT_FALSE(External.contains("/p/libs/y.h", "/p/src"));
  EXPECT_FALSE(External.contains("/p/src/theirs/y.h", "/p/src"));
}

TEST(UnitAnalysisTest, ChecksOfAConfiguration) {
  AnalysisOptions O;
  EXPECT_EQ(effectiveChecks("", O), "-*,clang-tidy-config,coro-*");
  EXPECT_EQ(effectiveChecks("-*,bugprone-*", O), "-*,clang-tidy-config,coro-*");
  EXPECT_EQ(effectiveChecks("*,-coro-a", O),
            "-*,clang-tidy-config,coro-*,-coro-a");
  EXPECT_EQ(effectiveChecks("-*,coro-a, coro-b", O),
            "-*,clang-tidy-config,coro-a,coro-b");
  O.Ignore = {"coro-c"};
  EXPECT_EQ(effectiveChecks("", O), "-*,clang-tidy-config,coro-*,-coro-c");
  O.Select = {"coro-d"};
  EXPECT_EQ(effectiveChecks("coro-a", O),
            "-*,clang-tidy-config,coro-d,-coro-c");
}

TEST(UnitAnalysisTest, FlagsThatClangDoesNotKnowAreDropped) {
  std::vector<std::string> Words = {"g++",  "-fno-such",  "-O2",  "-o",
                                    "-odd", "-std=c++20", "a.cpp"};
  EXPECT_EQ(dropUnknownFlags(Words), std::vector<std::string>{"-fno-such"});
  EXPECT_EQ(Words, (std::vector<std::string>{"g++", "-O2", "-o", "-odd",
                                             "-std=c++20", "a.cpp"}));
}

TEST(CommandLineTest, SpellingsOfOptions) {
  const char *Words[] = {"-j4",       "-p",     "b",  "--format=json", "src",
                         "--changed", "-quiet", "--", "-std=c++20",    "-Dx"};
  llvm::Expected<Arguments> A = parseArguments("check", Words);
  ASSERT_TRUE(static_cast<bool>(A));
  EXPECT_EQ(A->Jobs, 4u);
  EXPECT_EQ(A->BuildDirectory, "b");
  EXPECT_EQ(A->Format, "json");
  EXPECT_EQ(A->Paths, std::vector<std::string>{"src"});
  EXPECT_EQ(A->ChangedSince, std::optional<std::string>(""));
  EXPECT_TRUE(A->Quiet);
  EXPECT_EQ(A->CompilerFlags, (std::vector<std::string>{"-std=c++20", "-Dx"}));
  auto Error = [](std::vector<const char *> Words) {
    llvm::Expected<Arguments> A = parseArguments("check", Words);
    return A ? std::string() : llvm::toString(A.takeError());
  };
  EXPECT_EQ(Error({"--jobs"}), "--jobs needs a value: N");
  EXPECT_EQ(Error({"--quiet=yes"}), "--quiet takes no value");
  EXPECT_EQ(Error({"--statistic"}), "'coro-tidy check' has no option "
                                    "'--statistic'; did you mean "
                                    "'--statistics'?");
}
