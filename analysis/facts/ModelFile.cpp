//===- ModelFile.cpp - The YAML format of library models ------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// LLVM's YAML traits are the schema: they report unknown keys, bad values and
// duplicate keys with line and column. What they cannot know is checked in the
// validate() functions, which report at the same place.
//
//===----------------------------------------------------------------------===//
#include "analysis/facts/Models.h"
#include "analysis/facts/YamlLimits.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"
#include <tuple>
#include <utility>

using namespace coro;

namespace {

/// A model file as it is written.
struct ModelFile {
  LibraryModel Library;
  std::vector<FunctionModel> Functions;
  std::vector<TypeModel> Types;
};

/// What was read of a file so far: each fact may be stated once. It is the
/// context of the parser, so that the second one is reported where it stands.
struct FactsSoFar {
  llvm::StringMap<FunctionModel> Functions;
  llvm::StringSet<> Types;

  static FactsSoFar &of(llvm::yaml::IO &Io) {
    return *static_cast<FactsSoFar *>(Io.getContext());
  }
};
/// Is this how a row names an object: nothing, "this", or a number?
bool isObject(llvm::StringRef Text) {
  unsigned Index;
  return Text.empty() || Text == "this" || !Text.getAsInteger(10, Index);
}

} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(ArgumentCondition)
LLVM_YAML_IS_SEQUENCE_VECTOR(FunctionModel)
LLVM_YAML_IS_SEQUENCE_VECTOR(TypeModel)
LLVM_YAML_IS_SEQUENCE_VECTOR(MarkerModel)
LLVM_YAML_IS_STRING_MAP(std::string)
LLVM_YAML_IS_STRING_MAP(std::vector<std::string>)

namespace llvm::yaml {

template <> struct ScalarEnumerationTraits<BlockingKind> {
  static void enumeration(IO &Io, BlockingKind &Value) {
    for (BlockingKind Kind :
         {BlockingKind::Sleep, BlockingKind::Wait, BlockingKind::SyncWait,
          BlockingKind::Network, BlockingKind::DNS, BlockingKind::Process,
          BlockingKind::Database, BlockingKind::Console, BlockingKind::File,
          BlockingKind::Lock})
      Io.enumCase(Value, toString(Kind).data(), Kind);
  }
};
template <> struct ScalarEnumerationTraits<Confidence> {
  static void enumeration(IO &Io, Confidence &Value) {
    Io.enumCase(Value, "low", Confidence::Low);
    Io.enumCase(Value, "medium", Confidence::Medium);
    Io.enumCase(Value, "high", Confidence::High);
  }
};
template <> struct ScalarEnumerationTraits<StartKind> {
  static void enumeration(IO &Io, StartKind &Value) {
    Io.enumCase(Value, "lazy", StartKind::Lazy);
    Io.enumCase(Value, "eager", StartKind::Eager);
  }
};
template <> struct ScalarEnumerationTraits<Guarantee> {
  static void enumeration(IO &Io, Guarantee &Value) {
    Io.enumCase(Value, "total", Guarantee::Total);
    Io.enumCase(Value, "partial", Guarantee::Partial);
    Io.enumCase(Value, "terminal", Guarantee::Terminal);
    Io.enumCase(Value, "ignores", Guarantee::Ignores);
  }
};
template <> struct ScalarEnumerationTraits<Payload> {
  static void enumeration(IO &Io, Payload &Value) {
    Io.enumCase(Value, "readiness", Payload::Readiness);
    Io.enumCase(Value, "consumes", Payload::Consumes);
    Io.enumCase(Value, "commits", Payload::Commits);
  }
};
template <> struct ScalarEnumerationTraits<PauseKind> {
  static void enumeration(IO &Io, PauseKind &Value) {
    Io.enumCase(Value, "time", PauseKind::Time);
    Io.enumCase(Value, "armed", PauseKind::Armed);
    Io.enumCase(Value, "turn", PauseKind::Turn);
  }
};
template <> struct ScalarEnumerationTraits<CallableUse> {
  static void enumeration(IO &Io, CallableUse &Value) {
    Io.enumCase(Value, "runs-here", CallableUse::RunsHere);
    Io.enumCase(Value, "runs-elsewhere", CallableUse::RunsElsewhere);
    Io.enumCase(Value, "keeps", CallableUse::Keeps);
    Io.enumCase(Value, "drops-early", CallableUse::DropsEarly);
  }
};
template <> struct ScalarEnumerationTraits<TaskUse> {
  static void enumeration(IO &Io, TaskUse &Value) {
    Io.enumCase(Value, "awaits", TaskUse::Awaits);
    Io.enumCase(Value, "runs", TaskUse::Runs);
    Io.enumCase(Value, "spawns", TaskUse::Spawns);
    Io.enumCase(Value, "stores", TaskUse::Stores);
  }
};
template <> struct ScalarEnumerationTraits<LoserFate> {
  static void enumeration(IO &Io, LoserFate &Value) {
    Io.enumCase(Value, "cancelled", LoserFate::Cancelled);
    Io.enumCase(Value, "destroyed", LoserFate::Destroyed);
    Io.enumCase(Value, "abandoned", LoserFate::Abandoned);
    Io.enumCase(Value, "awaited", LoserFate::Awaited);
  }
};
template <> struct ScalarEnumerationTraits<CancelledBy> {
  static void enumeration(IO &Io, CancelledBy &Value) {
    Io.enumCase(Value, "nothing", CancelledBy::Nothing);
    Io.enumCase(Value, "throwing", CancelledBy::Throwing);
    Io.enumCase(Value, "destroying", CancelledBy::Destroying);
  }
};
template <> struct ScalarEnumerationTraits<CancelledAgain> {
  static void enumeration(IO &Io, CancelledAgain &Value) {
    Io.enumCase(Value, "operations", CancelledAgain::Operations);
    Io.enumCase(Value, "awaits", CancelledAgain::Awaits);
  }
};
template <> struct ScalarEnumerationTraits<ScopeUse> {
  static void enumeration(IO &Io, ScopeUse &Value) {
    Io.enumCase(Value, "starts", ScopeUse::Starts);
    Io.enumCase(Value, "joins", ScopeUse::Joins);
    Io.enumCase(Value, "enters", ScopeUse::Enters);
  }
};
template <> struct ScalarEnumerationTraits<GuardOn> {
  static void enumeration(IO &Io, GuardOn &Value) {
    Io.enumCase(Value, "failure", GuardOn::Failure);
    Io.enumCase(Value, "success", GuardOn::Success);
    Io.enumCase(Value, "either", GuardOn::Either);
  }
};
template <> struct ScalarEnumerationTraits<LockEffect> {
  static void enumeration(IO &Io, LockEffect &Value) {
    Io.enumCase(Value, "acquire", LockEffect::Acquire);
    Io.enumCase(Value, "try-acquire", LockEffect::TryAcquire);
    Io.enumCase(Value, "release", LockEffect::Release);
    Io.enumCase(Value, "forget", LockEffect::Forget);
    Io.enumCase(Value, "keeps", LockEffect::Keeps);
  }
};
template <> struct ScalarEnumerationTraits<LockTag> {
  static void enumeration(IO &Io, LockTag &Value) {
    Io.enumCase(Value, "defer", LockTag::Defer);
    Io.enumCase(Value, "try", LockTag::Try);
    Io.enumCase(Value, "adopt", LockTag::Adopt);
  }
};

template <> struct MappingTraits<ArgumentCondition> {
  static void mapping(IO &Io, ArgumentCondition &Condition) {
    Io.mapOptional("argument", Condition.Argument);
    Io.mapOptional("bits", Condition.Bits);
    Io.mapOptional("equals", Condition.Equals);
    Io.mapOptional("is", Condition.Is);
    Io.mapOptional("type", Condition.Type);
    Io.mapOptional("count", Condition.Count);
    Io.mapOptional("at-least", Condition.AtLeast);
    Io.mapOptional("object", Condition.Object);
    Io.mapOptional("variable", Condition.Variable);
  }
  static std::string validate(IO &, ArgumentCondition &Condition) {
    if (Condition.Is && *Condition.Is != "zero" && *Condition.Is != "null" &&
        *Condition.Is != "nonzero")
      return "'is' must be zero, nonzero or null, not '" + *Condition.Is + "'";
    bool Tests =
        Condition.Bits || Condition.Equals || Condition.Is || Condition.Type;
    if (Tests && !Condition.Argument)
      return "a test of a value needs 'argument', the index it looks at";
    if (!Tests && !Condition.Count && !Condition.AtLeast && !Condition.Object &&
        !Condition.Variable)
      return "this condition tests nothing: add 'is', 'bits', 'equals', "
             "'type', 'count', 'at-least', 'object' or 'variable'";
    return {};
  }
};
template <> struct MappingTraits<BlockingModel> {
  static void mapping(IO &Io, BlockingModel &Model) {
    Io.mapRequired("kind", Model.Kind);
    Io.mapOptional("when", Model.When);
    Io.mapOptional("unless", Model.Unless);
    Io.mapRequired("reason", Model.Reason);
    Io.mapOptional("confidence", Model.Sure);
    Io.mapOptional("ready", Model.Ready);
    Io.mapOptional("released-by", Model.ReleasedBy);
    Io.mapOptional("unless-mentioned", Model.UnlessMentioned);
    Io.mapOptional("replacement", Model.Replacement);
  }
};
template <> struct MappingTraits<SelectModel> {
  static void mapping(IO &Io, SelectModel &Model) {
    Io.mapRequired("losers", Model.Losers);
    Io.mapOptional("drops-results", Model.DropsResults);
    Io.mapOptional("deadline", Model.Deadline);
    Io.mapOptional("branches", Model.Branches);
    Io.mapOptional("token", Model.Token);
    Io.mapOptional("replacement", Model.Replacement);
    Io.mapOptional("rename", Model.Rename);
    Io.mapOptional("keep", Model.Keep);
    Io.mapOptional("lvalues-survive", Model.LvaluesSurvive);
  }
  static std::string validate(IO &, SelectModel &Model) {
    for (const std::string &Branch : Model.Branches)
      if (Branch.empty() || !isObject(Branch))
        return "'branches' must be this or indices of arguments, not '" +
               Branch + "'";
    return {};
  }
};
template <> struct MappingTraits<OperationModel> {
  static void mapping(IO &Io, OperationModel &Model) {
    Io.mapRequired("cancel", Model.Cancel);
    Io.mapOptional("payload", Model.Data);
    Io.mapOptional("object", Model.Object);
    Io.mapOptional("message", Model.Message);
    Io.mapOptional("progress", Model.Progress);
    Io.mapOptional("transaction", Model.Transaction);
    Io.mapOptional("queue", Model.Queue);
    Io.mapOptional("reason", Model.Reason);
  }
  static std::string validate(IO &, OperationModel &Model) {
    if (!isObject(Model.Object))
      return "'object' must be this or the index of an argument, not '" +
             Model.Object + "'";
    return {};
  }
};
template <> struct MappingTraits<ErrorsModel> {
  static void mapping(IO &Io, ErrorsModel &Model) {
    Io.mapOptional("lost-when", Model.LostWhen);
    Io.mapOptional("handler", Model.Handler);
    Io.mapRequired("reason", Model.Reason);
  }
  static std::string validate(IO &, ErrorsModel &Model) {
    if (Model.LostWhen.empty() && !Model.Handler)
      return "'errors' needs 'lost-when' or 'handler'";
    return {};
  }
};
template <> struct MappingTraits<CancellationModel> {
  static void mapping(IO &Io, CancellationModel &Model) {
    Io.mapRequired("by", Model.How);
    Io.mapOptional("exceptions", Model.Exceptions);
    Io.mapOptional("repeats", Model.Repeats);
    Io.mapOptional("ambient", Model.Ambient);
    Io.mapOptional("shield", Model.Shield);
  }
  static std::string validate(IO &, CancellationModel &Model) {
    if ((Model.How == CancelledBy::Throwing) == Model.Exceptions.empty())
      return "'exceptions' go with 'by: throwing', and only with it";
    return {};
  }
};
template <> struct MappingTraits<TransferModel> {
  static void mapping(IO &Io, TransferModel &Model) {
    Io.mapRequired("moves", Model.Moves);
    Io.mapOptional("when", Model.When);
    Io.mapOptional("to-pool", Model.ToPool);
    Io.mapOptional("binder", Model.Binder);
  }
};
template <> struct MappingTraits<LockModel> {
  static void mapping(IO &Io, LockModel &Model) {
    Io.mapRequired("effect", Model.Effect);
    Io.mapOptional("object", Model.Object);
  }
  static std::string validate(IO &, LockModel &Model) {
    unsigned Index;
    if (Model.Object != "this" && Model.Object != "all" &&
        llvm::StringRef(Model.Object).getAsInteger(10, Index))
      return "'object' must be this, all or the index of an argument, not '" +
             Model.Object + "'";
    return {};
  }
};
template <> struct MappingTraits<MarkerModel> {
  static void mapping(IO &Io, MarkerModel &Model) {
    Io.mapRequired("member", Model.Member);
    Io.mapOptional("coroutine-aware", Model.CoroutineAware);
    Io.mapOptional("must-not-suspend", Model.MustNotSuspend);
    Io.mapOptional("sender", Model.Sender);
  }
  static std::string validate(IO &, MarkerModel &Model) {
    if (Model.CoroutineAware + !Model.MustNotSuspend.empty() + Model.Sender !=
        1)
      return "marker '" + Model.Member +
             "' must say one of 'coroutine-aware', 'must-not-suspend' and "
             "'sender'";
    return {};
  }
};
template <> struct MappingTraits<ContainerModel> {
  static void mapping(IO &Io, ContainerModel &Model) {
    Io.mapOptional("like", Model.Like);
    Io.mapOptional("removes", Model.Removes);
    Io.mapOptional("references", Model.InvalidatesReferences);
    Io.mapOptional("iterators", Model.InvalidatesIterators);
  }
  static std::string validate(IO &, ContainerModel &Model) {
    if (Model.Like.empty() && Model.Removes.empty() &&
        Model.InvalidatesReferences.empty() &&
        Model.InvalidatesIterators.empty())
      return "this container says nothing: add 'like', 'removes', "
             "'references' or 'iterators'";
    return {};
  }
};
template <> struct MappingTraits<FunctionModel> {
  static void mapping(IO &Io, FunctionModel &Model) {
    Io.mapRequired("name", Model.Name);
    Io.mapOptional("blocks", Model.Blocks);
    Io.mapOptional("nonblocking", Model.Nonblocking);
    Io.mapOptional("callable", Model.Callable);
    Io.mapOptional("task", Model.Task);
    Io.mapOptional("task-argument", Model.TaskArgument);
    Io.mapOptional("select", Model.Select);
    Io.mapOptional("operation", Model.Operation);
    Io.mapOptional("transfer", Model.Transfer);
    Io.mapOptional("closes", Model.Closes);
    Io.mapOptional("sets-timer", Model.SetsTimer);
    Io.mapOptional("changes-cancellation", Model.ChangesCancellation);
    Io.mapOptional("lock", Model.Lock);
    Io.mapOptional("resumes", Model.Resumes);
    Io.mapOptional("shares", Model.Shares);
    Io.mapOptional("returns-borrow", Model.ReturnsBorrow);
    Io.mapOptional("removes-from", Model.RemovesFrom);
    Io.mapOptional("thread-state", Model.ThreadState);
    Io.mapOptional("last-error", Model.LastError);
    Io.mapOptional("heavy", Model.HeavyCost);
    Io.mapOptional("always-heavy", Model.AlwaysHeavy);
    Model.Heavy = !Model.HeavyCost.empty() || !Model.AlwaysHeavy.empty();
    Io.mapOptional("result-blocks", Model.ResultBlocks);
    Io.mapOptional("pool", Model.Pool);
    Io.mapOptional("pause", Model.Pause);
    Io.mapOptional("uncancellable", Model.Uncancellable);
    Io.mapOptional("scope", Model.Scope);
    Io.mapOptional("errors", Model.Errors);
    Io.mapOptional("cancellable-as", Model.CancellableAs);
  }
  static std::string validate(IO &Io, FunctionModel &Model) {
    if (Model.Blocks && Model.Nonblocking)
      return "'" + Model.Name + "' cannot both block and be nonblocking";
    // A function may have a row in several sections of a file (what it blocks
    // on, how it is cancelled), but each fact is stated once.
    std::string Key = FactsSoFar::of(Io).Functions[Model.Name].merge(Model);
    if (!Key.empty())
      return "function '" + Model.Name + "': '" + Key + "' is stated twice";
    if (!isObject(Model.Closes))
      return "'closes' must be this or the index of an argument, not '" +
             Model.Closes + "'";
    if (!Model.Resumes.empty() && Model.Resumes != "coroutine" &&
        Model.Resumes != "callback")
      return "'resumes' must be coroutine or callback, not '" + Model.Resumes +
             "'";
    return {};
  }
};
template <> struct MappingTraits<TypeModel> {
  static void mapping(IO &Io, TypeModel &Model) {
    Io.mapRequired("name", Model.Name);
    Io.mapOptional("container", Model.Container);
    Io.mapOptional("pointer", Model.Pointer);
    Io.mapOptional("start", Model.Start);
    Io.mapOptional("task", Model.Task);
    Io.mapOptional("may-discard", Model.MayDiscard);
    Io.mapOptional("cancelled-by-drop", Model.CancelledByDrop);
    Io.mapOptional("survives-drop", Model.SurvivesDrop);
    Io.mapOptional("detached", Model.Detached);
    Io.mapOptional("shared", Model.Shared);
    Io.mapOptional("single-shot", Model.SingleShot);
    Io.mapOptional("never-suspends", Model.NeverSuspends);
    Io.mapOptional("lock-guard", Model.LockGuard);
    Io.mapOptional("mutex", Model.Mutex);
    Io.mapOptional("coroutine-aware", Model.CoroutineAware);
    Io.mapOptional("recursive", Model.Recursive);
    Io.mapOptional("lock-tag", Model.Tag);
    Io.mapOptional("must-not-suspend", Model.MustNotSuspend);
    Io.mapOptional("io-object", Model.IoObject);
    Io.mapOptional("thread-bound", Model.ThreadBound);
    Io.mapOptional("read-as", Model.ReadAs);
    Io.mapOptional("self-owner", Model.SelfOwner);
    Io.mapOptional("plain-memory", Model.PlainMemory);
    Io.mapOptional("pool", Model.Pool);
    Io.mapOptional("strand", Model.Strand);
    Io.mapOptional("duration", Model.Duration);
    Io.mapOptional("unjoined", Model.Unjoined);
    Io.mapOptional("scope-guard", Model.Guard);
    Io.mapOptional("stop-token", Model.StopToken);
    Io.mapOptional("error-code", Model.ErrorCode);
  }
  static std::string validate(IO &Io, TypeModel &Model) {
    if (!Model.Pointer.empty() && Model.Pointer != "owner" &&
        Model.Pointer != "unique" && Model.Pointer != "view" &&
        Model.Pointer != "holds")
      return "'pointer' must be owner, unique, view or holds, not '" +
             Model.Pointer + "'";
    if (!FactsSoFar::of(Io).Types.insert(Model.Name).second)
      return "type '" + Model.Name + "' has two rows: merge them";
    if (Model.Shared && Model.SingleShot)
      return "'" + Model.Name + "' cannot both be shared and single-shot";
    return {};
  }
};
template <> struct MappingTraits<ModelFile> {
  static void mapping(IO &Io, ModelFile &File) {
    Io.mapRequired("library", File.Library.Name);
    Io.mapOptional("title", File.Library.Title);
    Io.mapOptional("documentation", File.Library.Documentation);
    Io.mapOptional("namespaces", File.Library.Aliases);
    Io.mapOptional("only-with", File.Library.OnlyWith);
    Io.mapOptional("instead", File.Library.Instead);
    Io.mapOptional("offload", File.Library.Offload);
    Io.mapOptional("concurrent", File.Library.Concurrent);
    Io.mapOptional("markers", File.Library.Markers);
    Io.mapOptional("returns-to-executor", File.Library.ReturnsToExecutor);
    Io.mapOptional("thread-affine", File.Library.ThreadAffine);
    Io.mapOptional("cancellation", File.Library.Cancellation);
    Io.mapOptional("functions", File.Functions);
    Io.mapOptional("types", File.Types);
  }
};

} // namespace llvm::yaml

std::string FunctionModel::merge(const FunctionModel &Other) {
  std::string Twice;
  auto Take = [&](auto &Mine, const auto &Theirs, bool Stated, bool Had,
                  llvm::StringRef Key) {
    if (!Stated)
      return;
    if (Had)
      Twice = Key.str();
    Mine = Theirs;
  };
  Take(Blocks, Other.Blocks, Other.Blocks.has_value(), Blocks.has_value(),
       "blocks");
  Take(Nonblocking, Other.Nonblocking, Other.Nonblocking, Nonblocking,
       "nonblocking");
  Take(Callable, Other.Callable, Other.Callable != CallableUse::None,
       Callable != CallableUse::None, "callable");
  Take(Task, Other.Task, Other.Task != TaskUse::None, Task != TaskUse::None,
       "task");
  Take(TaskArgument, Other.TaskArgument, Other.TaskArgument.has_value(),
       TaskArgument.has_value(), "task-argument");
  Take(Select, Other.Select, Other.Select.has_value(), Select.has_value(),
       "select");
  Take(Operation, Other.Operation, Other.Operation.has_value(),
       Operation.has_value(), "operation");
  Take(Transfer, Other.Transfer, Other.Transfer.has_value(),
       Transfer.has_value(), "transfer");
  Take(Closes, Other.Closes, !Other.Closes.empty(), !Closes.empty(), "closes");
  Take(SetsTimer, Other.SetsTimer, Other.SetsTimer.has_value(),
       SetsTimer.has_value(), "sets-timer");
  Take(ChangesCancellation, Other.ChangesCancellation,
       Other.ChangesCancellation, ChangesCancellation, "changes-cancellation");
  Take(Lock, Other.Lock, Other.Lock.has_value(), Lock.has_value(), "lock");
  Take(Resumes, Other.Resumes, !Other.Resumes.empty(), !Resumes.empty(),
       "resumes");
  Take(Shares, Other.Shares, Other.Shares.has_value(), Shares.has_value(),
       "shares");
  Take(ReturnsBorrow, Other.ReturnsBorrow, Other.ReturnsBorrow, ReturnsBorrow,
       "returns-borrow");
  Take(RemovesFrom, Other.RemovesFrom, !Other.RemovesFrom.empty(),
       !RemovesFrom.empty(), "removes-from");
  Take(ThreadState, Other.ThreadState, Other.ThreadState, ThreadState,
       "thread-state");
  Take(LastError, Other.LastError, Other.LastError, LastError, "last-error");
  Take(HeavyCost, Other.HeavyCost, !Other.HeavyCost.empty(), !HeavyCost.empty(),
       "heavy");
  Take(AlwaysHeavy, Other.AlwaysHeavy, !Other.AlwaysHeavy.empty(),
       !AlwaysHeavy.empty(), "always-heavy");
  Heavy |= Other.Heavy;
  Take(ResultBlocks, Other.ResultBlocks, Other.ResultBlocks.has_value(),
       ResultBlocks.has_value(), "result-blocks");
  Take(Pool, Other.Pool, Other.Pool, Pool, "pool");
  Take(Pause, Other.Pause, Other.Pause != PauseKind::None,
       Pause != PauseKind::None, "pause");
  Take(Uncancellable, Other.Uncancellable, !Other.Uncancellable.empty(),
       !Uncancellable.empty(), "uncancellable");
  Take(Scope, Other.Scope, Other.Scope != ScopeUse::None,
       Scope != ScopeUse::None, "scope");
  Take(Errors, Other.Errors, Other.Errors.has_value(), Errors.has_value(),
       "errors");
  Take(CancellableAs, Other.CancellableAs, !Other.CancellableAs.empty(),
       !CancellableAs.empty(), "cancellable-as");
  Name = Other.Name;
  Library = Other.Library;
  return Twice;
}

void TypeModel::merge(const TypeModel &Other) {
  if (Other.Container)
    Container = Other.Container;
  if (Other.Start != StartKind::Unknown)
    Start = Other.Start;
  if (Other.Tag != LockTag::None)
    Tag = Other.Tag;
  if (Other.Guard != GuardOn::None)
    Guard = Other.Guard;
  for (std::string TypeModel::*Fact :
       {&TypeModel::Pointer, &TypeModel::ReadAs, &TypeModel::ThreadBound,
        &TypeModel::MustNotSuspend, &TypeModel::SelfOwner,
        &TypeModel::Unjoined})
    if (!(Other.*Fact).empty())
      this->*Fact = Other.*Fact;
  for (bool TypeModel::*Fact :
       {&TypeModel::Task, &TypeModel::MayDiscard, &TypeModel::CancelledByDrop,
        &TypeModel::SurvivesDrop, &TypeModel::Detached, &TypeModel::Shared,
        &TypeModel::SingleShot, &TypeModel::NeverSuspends,
        &TypeModel::LockGuard, &TypeModel::Mutex, &TypeModel::CoroutineAware,
        &TypeModel::Recursive, &TypeModel::IoObject, &TypeModel::PlainMemory,
        &TypeModel::Pool, &TypeModel::Strand, &TypeModel::Duration,
        &TypeModel::StopToken, &TypeModel::ErrorCode})
    this->*Fact |= Other.*Fact;
  Library = Other.Library;
}

/// Names of the same library in the conditions of a row follow the spelling of
/// the row's own name: boost::asio::post is given a boost::asio::thread_pool.
static void respell(FunctionModel &Row, const LibraryModel &Library,
                    llvm::StringRef Spelling) {
  if (Row.Name == Spelling)
    return;
  llvm::StringRef From, To;
  for (const auto &[Space, Others] : Library.Aliases)
    for (const std::string &Other : Others)
      if (Spelling == Other + Row.Name.substr(Space.size())) {
        From = Space;
        To = Other;
      }
  auto Change = [&](std::optional<std::string> &Name) {
    if (Name && llvm::StringRef(*Name).starts_with(From) &&
        llvm::StringRef(*Name).substr(From.size()).starts_with("::"))
      Name = To.str() + Name->substr(From.size());
  };
  auto ChangeAll = [&](std::vector<ArgumentCondition> &Conditions) {
    for (ArgumentCondition &Condition : Conditions) {
      Change(Condition.Type);
      Change(Condition.Object);
      Change(Condition.Variable);
    }
  };
  for (std::optional<BlockingModel> *Model : {&Row.Blocks, &Row.ResultBlocks})
    if (*Model) {
      ChangeAll((*Model)->When);
      ChangeAll((*Model)->Unless);
    }
  if (Row.Transfer)
    ChangeAll(Row.Transfer->When);
  if (Row.Errors)
    ChangeAll(Row.Errors->LostWhen);
}

bool Models::add(llvm::StringRef FileName, llvm::StringRef Text,
                 ErrorHandler OnError, bool Replaces) {
  struct Handler {
    ErrorHandler OnError;
    llvm::StringRef FileName;
    bool Reported = false;
    static void handle(const llvm::SMDiagnostic &Diagnostic, void *Self) {
      // What follows the first error may be nothing but its consequence.
      auto *H = static_cast<Handler *>(Self);
      if (!std::exchange(H->Reported, true))
        H->report(Diagnostic.getLineNo(), Diagnostic.getColumnNo() + 1,
                  wording(Diagnostic));
    }
    void report(int Line, int Column, const llvm::Twine &Message) {
      OnError((FileName + ":" + llvm::Twine(Line) + ":" + llvm::Twine(Column) +
               ": " + Message)
                  .str());
    }
    /// LLVM's parser does not say which word it did not know, nor what to
    /// write in its place.
    static std::string wording(const llvm::SMDiagnostic &Diagnostic) {
      constexpr llvm::StringLiteral Guide =
          "docs/guides/writing-a-model.md lists them";
      llvm::StringRef Said = Diagnostic.getMessage();
      if (Said == "unknown enumerated scalar")
        return "'" + scalarAt(Diagnostic) +
               "' is none of the words that this key takes; " + Guide.str();
      if (Said.starts_with("unknown key"))
        return Said.str() + " at this place; " + Guide.str();
      if (Said == "not a mapping")
        return "keys with values belong here, as in '{key: value}', not '" +
               scalarAt(Diagnostic) + "'";
      if (Said == "not a sequence")
        return "a list belongs here: '[one, other]', or lines that begin with "
               "'- '";
      if (Said == "invalid number")
        return "a number belongs here, not '" + scalarAt(Diagnostic) + "'";
      if (Said.starts_with("Unexpected token"))
        return "this is not YAML: a text with ': ', ', ' or braces needs "
               "quotes, and what belongs together begins in the same column";
      return Said.str();
    }
    /// What is written where \p Diagnostic points to, up to what ends it.
    static std::string scalarAt(const llvm::SMDiagnostic &Diagnostic) {
      llvm::StringRef Rest =
          Diagnostic.getLineContents().drop_front(Diagnostic.getColumnNo());
      return Rest
          .take_until([](char C) { return C == ',' || C == '}' || C == '#'; })
          .rtrim()
          .str();
    }
  } OnDiagnostic{OnError, FileName};

  if (int Line = tooDeepAt(Text)) {
    OnDiagnostic.report(Line, 1, "this is nested too deeply");
    return false;
  }
  ModelFile File;
  FactsSoFar Facts;
  llvm::yaml::Input In(llvm::MemoryBufferRef(Text, FileName), &Facts,
                       Handler::handle, &OnDiagnostic);
  In >> File;
  if (In.error() || File.Library.Name.empty()) {
    if (!OnDiagnostic.Reported)
      OnDiagnostic.report(1, 1,
                          "this model file is empty: it starts with "
                          "'library: NAME'");
    return false;
  }

  auto Existing = llvm::find_if(Libraries, [&](const LibraryModel &L) {
    return L.Name == File.Library.Name;
  });
  if (Existing == Libraries.end()) {
    Libraries.push_back(File.Library);
    Existing = std::prev(Libraries.end());
  } else {
    // A library may have several files, and a user's file may add to it.
    if (!File.Library.Title.empty())
      Existing->Title = File.Library.Title;
    if (!File.Library.Documentation.empty())
      Existing->Documentation = File.Library.Documentation;
    for (auto &[Space, Others] : File.Library.Aliases)
      Existing->Aliases[Space] = Others;
    for (auto &[Kind, Words] : File.Library.Instead)
      Existing->Instead[Kind] = Words;
    Existing->ThreadAffine |= File.Library.ThreadAffine;
    llvm::append_range(Existing->OnlyWith, File.Library.OnlyWith);
    if (!File.Library.Offload.empty())
      Existing->Offload = File.Library.Offload;
    if (!File.Library.Concurrent.empty())
      Existing->Concurrent = File.Library.Concurrent;
    llvm::append_range(Existing->Markers, File.Library.Markers);
    Existing->ReturnsToExecutor |= File.Library.ReturnsToExecutor;
    if (File.Library.Cancellation)
      Existing->Cancellation = File.Library.Cancellation;
  }
  const LibraryModel &Library = *Existing;
  unsigned Index = Existing - Libraries.begin();
  for (const auto &[Space, Others] : Library.Aliases) {
    Namespaces[Space] = Index;
    for (const std::string &Other : Others)
      Namespaces[Other] = Index;
  }
  auto LastComponent = [](llvm::StringRef Name) {
    size_t At = Name.rfind("::");
    return At == llvm::StringRef::npos ? Name : Name.substr(At + 2);
  };
  for (FunctionModel &Row : File.Functions) {
    Row.Library = Library.Name;
    for (const auto *Blocks : {&Row.Blocks, &Row.ResultBlocks})
      if (*Blocks)
        Telling.insert((*Blocks)->UnlessMentioned.begin(),
                       (*Blocks)->UnlessMentioned.end());
    for (const std::string &Name : spellings(Library, Row.Name)) {
      FunctionIds.insert(LastComponent(Name));
      FunctionModel Copy = Row;
      respell(Copy, Library, Name);
      Functions[Name].merge(Copy);
      Functions[Name].Name = Name;
    }
  }
  for (TypeModel &Row : File.Types) {
    Row.Library = Library.Name;
    for (const std::string &Name : spellings(Library, Row.Name)) {
      TypeIds.insert(LastComponent(Name));
      if (Replaces)
        Types.erase(Name);
      Types[Name].merge(Row);
      Types[Name].Name = Name;
    }
  }
  return true;
}
