//===- ExplainCancellationCommand.cpp - Why a guarantee is what it is -----===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
#include "analysis/cancel/Cancellation.h"
#include "driver/CommandLine.h"
#include "driver/CompileDatabase.h"
#include "driver/Driver.h"
#include "driver/ProcessPool.h"
#include "driver/ProjectIndex.h"
#include "driver/SourceText.h"
#include "driver/UnitVisit.h"
#include "driver/WholeFile.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"

using namespace clang;
using namespace llvm;

namespace coro {

namespace {

/// What was asked for: a function's name, or a place.
struct Question {
  std::string Name; ///< qualified or not; empty for a place
  std::string File; ///< absolute, without symbolic links
  unsigned Line = 0;
};

/// A function that the question may mean, with its answer.
struct Answer {
  std::string Name, Where;
  bool IsCoroutine = false;
  std::string Text;
};

StringRef toString(Guarantee Level) {
  switch (Level) {
  case Guarantee::Total:
    return "total";
  case Guarantee::Partial:
    return "partial";
  case Guarantee::Terminal:
    return "terminal";
  case Guarantee::Ignores:
    return "ignores cancellation";
  case Guarantee::Unknown:
    break;
  }
  return "unknown";
}

/// What may be relied upon after a cancellation.
StringRef meaning(Guarantee Level) {
  switch (Level) {
  case Guarantee::Total:
    return "when it is cancelled, nothing has happened";
  case Guarantee::Partial:
    return "when it is cancelled, what has happened is recorded where its "
           "caller sees it";
  case Guarantee::Terminal:
    return "when it is cancelled, something is lost: what it works on may only "
           "be closed or destroyed";
  case Guarantee::Ignores:
    return "it cannot be cancelled: it goes on";
  case Guarantee::Unknown:
    break;
  }
  return "nothing is known, and no check reports it";
}

/// \p File, as the compiler names it from the folder of its command.
std::string pathOf(StringRef File, const SourceManager &SM, StringRef Root) {
  SmallString<256> Path(File);
  SM.getFileManager().makeAbsolutePath(Path);
  return canonicalPath(Path, Root);
}

/// Writes the explanation of one unit's functions.
class Explainer {
public:
  Explainer(Unit &U, StringRef Root)
      : U(U), SM(U.ast().getSourceManager()), Root(Root),
        Guarantees(U.shared<Cancellations>()) {}

  std::string where(SourceLocation Location, bool Column = false) const {
    PresumedLoc Place = SM.getPresumedLoc(SM.getExpansionLoc(Location));
    if (Place.isInvalid())
      return "?";
    std::string File = pathOf(Place.getFilename(), SM, Root);
    StringRef Short = File;
    if (Short.consume_front(Root))
      Short.consume_front("/");
    std::string Text = shownPath(Short) + ":" + utostr(Place.getLine());
    return Column ? (Text + ":" + Twine(Place.getColumn())).str() : Text;
  }

  void explain(const FunctionDecl *Function, raw_ostream &OS, unsigned Depth) {
    const CancellationSummary &Summary = Guarantees.of(Function);
    OS.indent(Depth * 4) << Function->getQualifiedNameAsString() << " ("
                         << where(Function->getLocation())
                         << "): " << toString(Summary.Cancel) << '\n';
    if (Depth == 0)
      OS << "  " << meaning(Summary.Cancel) << '\n';
    printSteps(Summary, OS, Depth);
    const Flow *F = U.flow(Function);
    if (!F || Depth > MaxDepth)
      return;
    for (const CoroutineSuspendExpr *Await : F->suspensions())
      if (isa<CoawaitExpr>(Await) && U.maySuspend(Await))
        explainAwait(Await, OS, Depth);
  }

private:
  static constexpr unsigned MaxDepth = 8;

  void printSteps(const CancellationSummary &Summary, raw_ostream &OS,
                  unsigned Depth) const {
    auto Print = [&](ArrayRef<CancellationStep> Steps) {
      for (const CancellationStep &Step : Steps)
        OS.indent(Depth * 4 + 2)
            << "because of " << where(Step.Where.getBegin(), true) << ": "
            << Step.Message << '\n';
    };
    Print(Summary.Steps);
    Print(Summary.Why);
  }

  void explainAwait(const CoroutineSuspendExpr *Await, raw_ostream &OS,
                    unsigned Depth) {
    const AwaitedOperation Op = Guarantees.describe(Await->getOperand());
    OS.indent(Depth * 4 + 2)
        << "awaits " << (Op.Callee ? quoted(Op.Callee) : "something") << " at "
        << where(Await->getBeginLoc(), true) << ": " << toString(Op.Cancel);
    if (Op.Object && Op.Data == Payload::Consumes)
      OS << ", takes from " << printable(Op.Object.text());
    else if (Op.Object && Op.Data == Payload::Commits)
      OS << ", puts into " << printable(Op.Object.text());
    const FunctionModel *Model = U.models().function(Op.Callee);
    const FunctionDecl *Body = nullptr;
    if (Op.Callee && Unit::isAnnotated(Op.Callee, "cancel_safe")) {
      OS << " (annotated)\n";
    } else if (Model && (Model->Operation || Model->Select)) {
      OS << " (known from the model of " << printable(Model->Library) << ")\n";
    } else if (Op.Callee && !Op.Callee->hasBody() &&
               U.index().task(Op.Callee) && U.index().task(Op.Callee)->Cancel) {
      OS << " (from its body in another unit, "
         << shownPath(U.index().task(Op.Callee)->Where.File) << ":"
         << U.index().task(Op.Callee)->Where.Line << ")\n";
      const CancellationSummary &Theirs = Guarantees.of(Op.Callee);
      if (Explained.insert(Op.Callee->getCanonicalDecl()).second)
        printSteps(Theirs, OS, Depth + 1);
    } else if (Op.Callee && Op.Callee->hasBody(Body) && U.coroutine(Body)) {
      OS << " (from its body)\n";
      if (Explained.insert(Body->getCanonicalDecl()).second)
        explain(Body, OS, Depth + 1);
    } else {
      OS << (Op.Callee ? " (neither a body in this unit nor a model)\n"
                       : " (not a call)\n");
    }
  }

  Unit &U;
  const SourceManager &SM;
  StringRef Root;
  Cancellations &Guarantees;
  SmallPtrSet<const Decl *, 8> Explained;
};

/// What one unit says, as text for the process that asked.
struct Reply {
  std::vector<Answer> Answers;
  std::vector<std::string> ModelErrors;
  bool Broken = false;
};

std::string encode(const Reply &R) {
  json::Array Answers;
  for (const Answer &One : R.Answers)
    Answers.push_back(json::Array{json::fixUTF8(One.Name),
                                  json::fixUTF8(One.Where), One.IsCoroutine,
                                  printableLines(One.Text)});
  json::Array Errors;
  for (const std::string &Error : R.ModelErrors)
    Errors.push_back(json::fixUTF8(Error));
  return formatv("{0}",
                 json::Value(json::Object{{"answers", std::move(Answers)},
                                          {"errors", std::move(Errors)},
                                          {"broken", R.Broken}}))
      .str();
}

bool decode(StringRef Text, Reply &R) {
  Expected<json::Value> Value = json::parse(Text);
  if (!Value) {
    consumeError(Value.takeError());
    return false;
  }
  json::Path::Root Root;
  json::ObjectMapper M(*Value, Root);
  if (!M || !M.map("errors", R.ModelErrors) || !M.map("broken", R.Broken))
    return false;
  for (const json::Value &One : *Value->getAsObject()->getArray("answers")) {
    const json::Array &Parts = *One.getAsArray();
    R.Answers.push_back(
        {Parts[0].getAsString()->str(), Parts[1].getAsString()->str(),
         *Parts[2].getAsBoolean(), Parts[3].getAsString()->str()});
  }
  return true;
}

/// Finds the functions that are meant, and explains them.
class Answering {
public:
  Answering(const Question &Asked, StringRef Root,
            std::shared_ptr<const Index> Project, Reply &To)
      : Asked(Asked), Root(Root), Project(std::move(Project)), To(To) {}

  void visit(ASTContext &AST) {
    std::vector<std::string> Files;
    const SourceManager &SM = AST.getSourceManager();
    if (auto Main = SM.getFileEntryRefForID(SM.getMainFileID()))
      Files = findUserModels(Main->getName());
    Unit U(AST,
           Models::withFiles(
               Files,
               [&](StringRef Error) { To.ModelErrors.push_back(Error.str()); }),
           Project);
    for (const FunctionDecl *Function : Asked.Name.empty() ? at(U) : named(U)) {
      Explainer E(U, Root);
      Answer One;
      One.Name = Function->getQualifiedNameAsString();
      One.Where = E.where(Function->getLocation());
      One.IsCoroutine = U.coroutine(Function);
      if (One.IsCoroutine) {
        raw_string_ostream OS(One.Text);
        E.explain(Function, OS, 0);
      }
      To.Answers.push_back(std::move(One));
    }
  }

private:
  std::vector<const FunctionDecl *> named(Unit &U) const {
    std::vector<const FunctionDecl *> Found;
    for (const FunctionDecl *Function : U.functions()) {
      std::string Full = Function->getQualifiedNameAsString();
      StringRef Rest = Full;
      if (Rest.consume_back(Asked.Name) &&
          (Rest.empty() || Rest.ends_with("::")))
        Found.push_back(Function);
    }
    return Found;
  }

  /// The innermost function around the line.
  std::vector<const FunctionDecl *> at(Unit &U) const {
    const SourceManager &SM = U.ast().getSourceManager();
    const FunctionDecl *Best = nullptr;
    unsigned Fewest = ~0u;
    for (const FunctionDecl *Function : U.functions()) {
      SourceLocation Begin = SM.getExpansionLoc(Function->getBeginLoc()),
                     End = SM.getExpansionLoc(Function->getEndLoc());
      unsigned First = SM.getExpansionLineNumber(Begin),
               Last = SM.getExpansionLineNumber(End);
      if (Asked.Line < First || Asked.Line > Last || Last - First >= Fewest ||
          pathOf(SM.getFilename(Begin), SM, Root) != Asked.File)
        continue;
      Best = Function;
      Fewest = Last - First;
    }
    return Best ? std::vector<const FunctionDecl *>{Best}
                : std::vector<const FunctionDecl *>{};
  }

  const Question &Asked;
  StringRef Root;
  std::shared_ptr<const Index> Project;
  Reply &To;
};

/// Asks all of \p Units, each in a process of its own, and takes what they say
/// in their order; says which could not be asked. Returns how many of them have
/// errors, or gave no answer at all.
unsigned ask(ArrayRef<UnitCommand> Units, const Arguments &A,
             const Question &Asked, StringRef Root,
             const std::shared_ptr<const Index> &Project,
             std::vector<Answer> &Answers) {
  AnalysisOptions Options;
  Options.ResourceDir = findResourceDir();
  auto Job = [&](size_t I) {
    Reply Said;
    Said.Broken = !visitUnit(Units[I].Command, Options, [&](ASTContext &AST) {
                     Answering(Asked, Root, Project, Said).visit(AST);
                   }).empty();
    return encode(Said);
  };
  std::vector<JobOutcome> Outcomes(Units.size());
  auto Done = [&](size_t I, JobOutcome Outcome) {
    Outcomes[I] = std::move(Outcome);
  };
  JobLimits Limits;
  Limits.Parallel = hardware_concurrency().compute_thread_count();
  Limits.TimeoutSeconds = A.TimeoutSeconds;
  Limits.MemoryMiB = A.MemoryMiB;
  runIsolated(Units.size(), Limits, Job, Done);

  unsigned Bad = 0;
  std::vector<std::string> Told;
  for (size_t I = 0; I < Units.size(); ++I) {
    Reply Said;
    if (Outcomes[I].How == JobOutcome::Finished &&
        decode(Outcomes[I].Output, Said)) {
      Bad += Said.Broken;
      for (Answer &One : Said.Answers)
        if (none_of(Answers, [&](const Answer &Other) {
              return Other.Where == One.Where;
            }))
          Answers.push_back(std::move(One));
      for (std::string &Error : Said.ModelErrors)
        if (!is_contained(Told, Error)) {
          printError(Error);
          Told.push_back(std::move(Error));
        }
      continue;
    }
    ++Bad;
    StringRef File = Units[I].File;
    if (File.consume_front(Root))
      File.consume_front("/");
    printError(printable(File) + ": " + whyNoResult(Outcomes[I], Limits));
  }
  return Bad;
}

/// The index that was named, or the one that an earlier run left beside the
/// database, if any. False when it was named and cannot be used.
bool openIndex(const Arguments &A, const CompileDatabase &Database,
               StringRef Root, std::shared_ptr<const Index> &Project) {
  SmallString<256> Path(A.IndexFile);
  if (Path.empty()) {
    if (!A.Index || Database.File.empty())
      return true;
    Path = sys::path::parent_path(absolutePath(Database.File, Root));
    sys::path::append(Path, ProjectIndex::FolderName, ProjectIndex::FileName);
    if (!sys::fs::exists(Path))
      return true;
  }
  Expected<std::shared_ptr<const Index>> Opened = Index::open(Path);
  if (Opened) {
    Project = *Opened;
    return true;
  }
  printError(toString(Opened.takeError()));
  return A.IndexFile.empty();
}

/// FILE:LINE, or a name.
Question parse(StringRef Text, StringRef Root) {
  Question Asked;
  auto [File, Line] = Text.rsplit(':');
  if (!File.empty() && !File.ends_with(":") &&
      !Line.getAsInteger(10, Asked.Line)) {
    Asked.File = canonicalPath(File, Root);
    return Asked;
  }
  Asked.Line = 0;
  Text.consume_front("::");
  Text.consume_back("()");
  Asked.Name = Text.str();
  return Asked;
}

/// Does the text of \p File contain the last component of \p Name?
bool mentions(StringRef File, StringRef Name) {
  auto Text = readRegularFile(File);
  return Text &&
         (*Text)->getBuffer().contains(Name.substr(Name.rfind(':') + 1));
}

} // namespace

ExitCode runExplainCancellation(const Arguments &A) {
  if (A.Paths.empty()) {
    printError("name a coroutine: coro-tidy explain-cancellation FUNCTION or "
               "FILE:LINE");
    return Failed;
  }
  SmallString<256> Current;
  sys::fs::current_path(Current);
  const std::string Root = canonicalPath(Current, Current);
  const Question Asked = parse(A.Paths.front(), Root);
  std::vector<std::string> Paths(A.Paths.begin() + 1, A.Paths.end());
  if (!Asked.File.empty()) {
    if (!sys::fs::exists(Asked.File)) {
      printError("'" + printable(Asked.File) + "' does not exist");
      return Failed;
    }
    if (Paths.empty())
      Paths.push_back(Asked.File);
  }
  Expected<CompileDatabase> Database = CompileDatabase::open(A, Paths, Root);
  if (!Database) {
    printError(toString(Database.takeError()));
    return Failed;
  }
  UnitSelection Selected =
      selectUnits(*Database, Paths, Root, ExternalCode(A.External));
  for (const std::string &Error : Selected.Errors)
    printError(Error);
  if (!Selected.Errors.empty())
    return Failed;

  std::shared_ptr<const Index> Project;
  if (!openIndex(A, *Database, Root, Project))
    return Failed;
  std::vector<Answer> Answers;
  std::vector<UnitCommand> Wanted;
  for (UnitCommand &One : Selected.Units) {
    // A function in a header is seen through a file that is named.
    if (Paths.empty() && !mentions(One.File, Asked.Name))
      continue;
    if (sys::fs::is_regular_file(One.File))
      Wanted.push_back(std::move(One));
    else
      printError("'" + printable(One.File) + "' is not a regular file");
  }
  const unsigned Bad = ask(Wanted, A, Asked, Root, Project, Answers);
  const std::string Spelled = printable(A.Paths.front());
  if (Answers.empty()) {
    if (!Asked.File.empty())
      printError("no function with a body stands at " + Spelled);
    else if (Wanted.empty())
      printError("no file of the compile database mentions '" + Spelled +
                 "'; name a file that includes it behind it");
    else
      printError("no function with a body is called '" + Spelled + "'" +
                 (Bad ? "; " + utostr(Bad) +
                            " of the files that mention it do not compile or "
                            "could not be analysed"
                      : std::string()));
    return Failed;
  }
  std::vector<const Answer *> Coroutines;
  for (const Answer &One : Answers)
    if (One.IsCoroutine)
      Coroutines.push_back(&One);
  if (Coroutines.empty()) {
    printError("'" + printable(Answers.front().Name) + "' (" +
               Answers.front().Where + ") is not a coroutine");
    return Failed;
  }
  if (Coroutines.size() > 1) {
    std::string List;
    for (const Answer *One : Coroutines)
      List += "\n  " + One->Where + ": " + printable(One->Name);
    printError("'" + Spelled + "' is ambiguous: say which, as FILE:LINE" +
               List);
    return Failed;
  }
  outs() << Coroutines.front()->Text;
  return Clean;
}

} // namespace coro
