//===- Models.h - What is known about libraries ---------------------------===//
// Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The typed view of the library models (models/*.yaml). Everything that is
// known about a library and cannot be told from its declarations stands in
// such a file; docs/guides/writing-a-model.md describes the format for people.
//
//===----------------------------------------------------------------------===//
#ifndef CORO_ANALYSIS_FACTS_MODELS_H
#define CORO_ANALYSIS_FACTS_MODELS_H

#include "analysis/facts/Report.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clang {
class CXXRecordDecl;
class Decl;
class Expr;
class FunctionDecl;
class NamedDecl;
class QualType;
} // namespace clang

namespace coro {

/// How a call can block the thread that runs it.
enum class BlockingKind {
  Sleep,    ///< std::this_thread::sleep_for and the like
  Wait,     ///< a future, condition variable, join, semaphore, latch, barrier
  SyncWait, ///< drives a coroutine or an event loop to its end: sync_wait, run
  Network,
  DNS,
  Process,
  Database,
  Console,
  File,
  Lock,
};

/// When does a lazily or eagerly started task run its body?
enum class StartKind { Unknown, Lazy, Eager };

/// What may a program rely on after an operation was cancelled?
enum class Guarantee {
  Unknown,
  Total,    ///< nothing happened
  Partial,  ///< what happened is told to the caller
  Terminal, ///< only closing or destroying the object is allowed afterwards
  Ignores,  ///< it cannot be cancelled
};

/// What an operation does with data that exists once.
enum class Payload {
  None,      ///< not stated
  Readiness, ///< only waits until something can be done
  Consumes,  ///< takes data out of a stream, channel or queue
  Commits,   ///< puts data in
};

/// What an awaited operation waits for if it is for time to pass, not for an
/// event.
enum class PauseKind {
  None,
  Time,  ///< an argument says how long
  Armed, ///< the object, a timer, was told how long
  Turn,  ///< until the others have had their turn
};

/// What a function does with a callable that it is given.
enum class CallableUse {
  None,
  RunsHere,      ///< calls it before it returns
  RunsElsewhere, ///< calls it on another thread or executor, or later
  Keeps,         ///< keeps the closure alive until the coroutine it makes ends
  DropsEarly,    ///< destroys the closure as soon as its call returned
};

/// What a function does with a task or awaitable that it is given.
enum class TaskUse {
  None,
  Awaits, ///< hands back something that has to be awaited in its place
  Runs,   ///< runs it to its end before it returns
  Spawns, ///< starts it; nobody has to await it
  Stores, ///< keeps it for later
};

/// What becomes of the branches that lose a select.
enum class LoserFate {
  Cancelled, ///< asked to stop and awaited
  Destroyed, ///< their frame is destroyed
  Abandoned, ///< they go on by themselves
  Awaited,   ///< they run to their end
};

/// How a coroutine learns that it was cancelled.
enum class CancelledBy {
  Nothing,    ///< only by asking
  Throwing,   ///< the operation that it awaits fails with an exception
  Destroying, ///< its frame is destroyed where it is suspended; nothing throws
};

/// What fails once a coroutine is cancelled.
enum class CancelledAgain {
  Nothing,    ///< only the one await
  Operations, ///< every further operation that can be cancelled
  Awaits,     ///< every further await, before it starts anything
};

/// What a function does with a scope of started tasks.
enum class ScopeUse {
  None,
  Starts, ///< starts work that belongs to the scope
  Joins,  ///< what it returns waits for all of it
  Enters, ///< keeps the scope from being joined, until it is left again
};

/// When a scope guard acts.
enum class GuardOn {
  None,
  Failure, ///< an exception leaves its scope
  Success, ///< its scope is left without one
  Either,  ///< it asks which of the two it is
};

/// What a function does with a lock.
enum class LockEffect {
  None,
  Acquire,    ///< takes it before it returns
  TryAcquire, ///< may take it: its result tells
  Release,    ///< gives it back
  Forget,     ///< a guard gives up its lock, which stays taken
  Keeps,      ///< may give it back meanwhile, but has it again at its return
};

/// What a tag argument says about the lock of a new guard.
enum class LockTag {
  None,
  Defer, ///< it is not taken
  Try,   ///< it may be taken
  Adopt, ///< it was taken already
};

/// A condition on the arguments of a call. All stated parts must hold.
struct ArgumentCondition {
  std::optional<int> Argument;     ///< index; negative counts from the end
  std::optional<int64_t> Bits;     ///< its constant value has all these bits
  std::optional<int64_t> Equals;   ///< its constant value
  std::optional<std::string> Is;   ///< "zero", "null", "nonzero"
  std::optional<std::string> Type; ///< qualified name of its type
  std::optional<int> Count;        ///< number of arguments written
  std::optional<int> AtLeast;      ///< at least so many arguments written
  /// Qualified name of the class of the object that a member is called on, or
  /// of one of its bases.
  std::optional<std::string> Object;
  /// Qualified name of a variable that an argument or the object is.
  std::optional<std::string> Variable;
};

/// What a call blocks on, and when.
struct BlockingModel {
  BlockingKind Kind = BlockingKind::Wait;
  std::vector<ArgumentCondition> When;   ///< any of them; empty: always
  std::vector<ArgumentCondition> Unless; ///< none of them
  std::string Reason;                    ///< printed: "waits until …"
  /// How sure it is that such a call is a mistake in a coroutine; by default
  /// medium for files, where local disks answer fast, and high otherwise.
  std::optional<Confidence> Sure;
  /// Members that tell that a call on the same object, or with it as the first
  /// argument, will not block; "co_await": so does that it was awaited, or came
  /// out of an await.
  std::vector<std::string> Ready;
  /// Members after which the destructor of the object does not block.
  std::vector<std::string> ReleasedBy;
  /// Macros whose use in the function, or in one that is asked there, shows the
  /// descriptor to be non-blocking.
  std::vector<std::string> UnlessMentioned;
  /// What to write instead: by the library of the coroutine's task type, or
  /// under "any".
  std::map<std::string, std::string> Replacement;
};

/// A combinator that ends with the first of several awaitables.
struct SelectModel {
  LoserFate Losers = LoserFate::Cancelled;
  bool DropsResults = false; ///< a loser that completed too loses its result
  bool Deadline = false;     ///< one branch and a time limit
  /// The operands: "this" or indices of arguments; empty: all arguments are.
  std::vector<std::string> Branches;
  /// It is a completion token: what it is given to is the only branch.
  bool Token = false;
  std::string Replacement; ///< the sibling that loses nothing, in words
  /// The same as a plain rename that changes no type, for a fix-it.
  std::string Rename;
  /// How an operation is begun once and awaited in several rounds, in words.
  std::string Keep;
  bool LvaluesSurvive = false; ///< an lvalue operand goes on after it lost
};

/// The cancellation guarantee of an asynchronous operation.
struct OperationModel {
  Guarantee Cancel = Guarantee::Unknown;
  Payload Data = Payload::None;
  /// What it works on: "this" or the index of an argument.
  std::string Object;
  /// What it takes or puts is a whole that exists once (a message of a queue),
  /// as opposed to some bytes of a stream.
  bool Message = false;
  /// The argument that holds what was done of it so far, and which says how
  /// much that is unless its type is plain memory.
  std::optional<int> Progress;
  /// Among the branches of a select of its library, only the one that wins
  /// takes: nothing that it took is dropped.
  bool Transaction = false;
  /// Waiters are served in their order, and who is cancelled loses its place.
  bool Queue = false;
  std::string Reason;
};

/// Does an awaited transfer move the coroutine to another executor?
struct TransferModel {
  bool Moves = false;
  std::vector<ArgumentCondition> When;
  bool ToPool = false; ///< blocking is allowed where it goes
  /// The function, in the same namespace, that binds an executor to a
  /// completion token; for the fix-it of a transfer that does not move.
  std::string Binder;
};

/// What a function does with a lock, and with which.
struct LockModel {
  LockEffect Effect = LockEffect::None;
  /// "this", the index of an argument, or "all": every argument.
  std::string Object = "this";
};

/// Who hears of the exception that ends a task which was started.
struct ErrorsModel {
  std::vector<ArgumentCondition> LostWhen; ///< any of them; empty: never
  /// The argument that is told, a callable; none: there is no such argument.
  std::optional<int> Handler;
  std::string Reason; ///< printed: what becomes of a lost exception
};

/// What is known about one function (all overloads of a name, unless a
/// condition tells them apart).
struct FunctionModel {
  std::string Name;
  std::optional<BlockingModel> Blocks;
  bool Nonblocking = false;
  CallableUse Callable = CallableUse::None;
  TaskUse Task = TaskUse::None;
  std::optional<int> TaskArgument; ///< which argument; none: any
  std::optional<SelectModel> Select;
  std::optional<OperationModel> Operation;
  std::optional<TransferModel> Transfer;
  /// After the call its object, "this" or the index of an argument, can only
  /// be destroyed or begun anew: close, shutdown, reset.
  std::string Closes;
  /// Sets a timer, its object, to the time that this argument says.
  std::optional<int> SetsTimer;
  /// Changes which cancellations the coroutine that calls it lets through.
  bool ChangesCancellation = false;
  std::optional<LockModel> Lock;
  /// Runs a suspended coroutine, or a callable that it holds, before it
  /// returns: "coroutine" or "callback".
  std::string Resumes;
  /// Which argument other threads can see from this call on; if it returns a
  /// bool, only when that is true.
  std::optional<int> Shares;
  bool ReturnsBorrow =
      false; ///< the result refers into the object or argument 0
  /// Indices of the container arguments from which it removes elements.
  std::vector<int> RemovesFrom;
  bool ThreadState = false; ///< its result holds on the calling thread only
  /// It tells how the last system call on this thread ended (or, if it returns
  /// a pointer, where that stands): errno.
  bool LastError = false;
  bool Heavy = false;    ///< takes long on large data
  std::string HeavyCost; ///< "n log n" …
  /// Why it takes long on data of any size (a key derivation); empty: it
  /// does so on large data only.
  std::string AlwaysHeavy;
  std::string Library; ///< the file it comes from
  /// Destroying what it returns blocks (the future of std::async).
  std::optional<BlockingModel> ResultBlocks;
  bool Pool = false; ///< returns an executor whose threads may block
  PauseKind Pause = PauseKind::None;
  /// Why cancelling the operation does not end it sooner; empty: it may.
  std::string Uncancellable;
  ScopeUse Scope = ScopeUse::None;
  std::optional<ErrorsModel> Errors;
  /// The function that does the same and takes a token by which it can be
  /// cancelled.
  std::string CancellableAs;

  /// Takes over every fact that \p Other states; \returns the key of one that
  /// both state, or an empty string.
  std::string merge(const FunctionModel &Other);
};

/// What becomes of the elements of a container, of references and of iterators
/// to them. Each list has only the members that a stronger one does not have.
struct ContainerModel {
  /// Another container type whose lists hold here, too.
  std::string Like;
  /// Members that end the life of elements: erase, clear, assignment.
  std::vector<std::string> Removes;
  /// Members that move elements: references to them are invalid.
  std::vector<std::string> InvalidatesReferences;
  /// Members after which references are valid and iterators are not.
  std::vector<std::string> InvalidatesIterators;
};

/// What is known about one type (a class or class template).
struct TypeModel {
  std::string Name;
  std::optional<ContainerModel> Container;
  /// "owner": keeps what it points to (shared_ptr); "unique"; "view": refers
  /// to something it does not own (string_view, span, reference_wrapper);
  /// "holds": a value of each of its template arguments (tuple).
  std::string Pointer;
  StartKind Start = StartKind::Unknown; ///< of a task type
  bool Task = false;                    ///< it is a task or awaitable
  bool MayDiscard = false;              ///< made to be dropped
  bool CancelledByDrop = false; ///< its destructor ends what it stands for
  bool SurvivesDrop = false;    ///< its coroutine goes on without it
  bool Detached = false;
  bool Shared = false; ///< may be awaited more than once
  /// An await uses it up although the declarations allow a second one.
  bool SingleShot = false;
  bool NeverSuspends = false;  ///< awaiting it does not suspend
  bool LockGuard = false;      ///< holds a thread lock while it lives
  bool Mutex = false;          ///< a lock of threads
  bool CoroutineAware = false; ///< a lock that may be held over awaits
  bool Recursive = false;      ///< its thread may take it again
  /// An argument that says how to lock.
  LockTag Tag = LockTag::None;
  /// Why no object of this type may live across a suspension; empty: it may.
  std::string MustNotSuspend;
  bool IoObject = false;    ///< socket, executor, timer, token …
  bool PlainMemory = false; ///< bytes; nobody notes how many are used
  /// How a function that only reads elements would take it; {0} is the element
  /// type: "std::span<const {0}>".
  std::string ReadAs;
  /// The member by which an object of a derived class gets an owner of itself:
  /// "shared_from_this".
  std::string SelfOwner;
  bool Pool = false;     ///< an executor whose threads may block
  bool Strand = false;   ///< an executor that runs one thing at a time
  bool Duration = false; ///< a length of time
  /// Why an object must be used and destroyed on the thread that it was made
  /// on; empty: it need not.
  std::string ThreadBound;
  /// A scope of started tasks, which must be joined: what happens when it is
  /// destroyed before.
  std::string Unjoined;
  GuardOn Guard = GuardOn::None; ///< a scope guard that looks at exceptions
  bool StopToken = false;        ///< by which the holder learns of cancellation
  bool ErrorCode = false;        ///< tells how an operation ended
  std::string Library;

  /// Takes over every fact that \p Other states.
  void merge(const TypeModel &Other);
};

/// What a member of a certain name says about the type that declares it. A
/// member type that is a false constant (std::false_type) says nothing.
struct MarkerModel {
  std::string Member;          ///< its plain name
  bool CoroutineAware = false; ///< a lock that may be held over awaits
  /// Why no object of this type may live across a suspension.
  std::string MustNotSuspend;
  bool Sender = false; ///< nothing happens until it is awaited or connected
};

/// How coroutines of a library are cancelled.
struct CancellationModel {
  CancelledBy How = CancelledBy::Nothing;
  /// The classes of the exceptions by which they learn of it.
  std::vector<std::string> Exceptions;
  CancelledAgain Repeats = CancelledAgain::Nothing;
  /// Whoever awaits a coroutine can cancel it. Otherwise somebody has to be
  /// seen to do it.
  bool Ambient = false;
  std::string Shield; ///< how to await in spite of it, in words
};

/// One library: its files' heading.
struct LibraryModel {
  std::string Name;
  std::string Title;
  std::string Documentation;
  /// Other namespaces under which the same names are found: `asio` is also
  /// `boost::asio`.
  std::map<std::string, std::vector<std::string>> Aliases;
  /// If not empty: in a unit that declares none of these, its namespaces are
  /// somebody else's.
  std::vector<std::string> OnlyWith;
  /// What to write in a coroutine of this library instead of a blocking call,
  /// by blocking kind ("sleep", …), worded to follow "use"; "poll": instead of
  /// a loop that polls.
  std::map<std::string, std::string> Instead;
  /// After each await a coroutine is back on the executor it was started on,
  /// wherever the operation completed.
  bool ReturnsToExecutor = false;
  /// How to move work to a thread pool, "co_await …"; for suggestions.
  std::string Offload;
  /// How to run two awaitables at once, "co_await …"; for suggestions.
  std::string Concurrent;
  /// Conventions by which a type in anybody's code declares something.
  std::vector<MarkerModel> Markers;
  /// A coroutine of this library is always resumed on the thread that it
  /// started on.
  bool ThreadAffine = false;
  std::optional<CancellationModel> Cancellation;
};

/// All models that are in force. Immutable once made; look-ups are constant
/// time and may be done from several threads.
class Models {
public:
  /// An error in a model file, already worded "file:line:column: what".
  using ErrorHandler = llvm::function_ref<void(llvm::StringRef)>;

  /// The models that are compiled in. They are parsed once a process.
  static std::shared_ptr<const Models> builtin();

  /// The built-in models with \p Files added, in order; a fact that is
  /// stated later replaces the earlier one. Errors go to \p OnError, and a file
  /// with an error adds nothing.
  static std::shared_ptr<const Models>
  withFiles(llvm::ArrayRef<std::string> Files, ErrorHandler OnError);

  /// \p All without the libraries that the unit \p AST does not have, though
  /// it has a namespace of that name. Cost: a look-up for each such library;
  /// where something is left out, a copy.
  static std::shared_ptr<const Models> inUnit(std::shared_ptr<const Models> All,
                                              const clang::ASTContext &AST);

  /// Parses one file's \p Text into this object. Returns false, and reports,
  /// when it is not a valid model; nothing is added then.
  /// With \p Replaces its row of a type takes the place of earlier ones;
  /// without, it adds to them.
  bool add(llvm::StringRef FileName, llvm::StringRef Text, ErrorHandler OnError,
           bool Replaces = false);

  /// The row for \p Function, or null. A member function is looked for in its
  /// class and in the classes that it overrides.
  const FunctionModel *function(const clang::FunctionDecl *Function) const;
  const FunctionModel *function(llvm::StringRef QualifiedName) const;

  /// The row for the function that \p Call, a CallExpr or a CXXConstructExpr,
  /// calls, or null. A function object is looked up by the name of its
  /// variable: std::ranges::for_each is one.
  const FunctionModel *callee(const clang::Expr *Call) const;

  /// The row for the class of \p Type (or of the class template it is made
  /// from, or of one of its bases), or null.
  const TypeModel *type(clang::QualType Type) const;
  const TypeModel *type(const clang::CXXRecordDecl *Record) const;
  const TypeModel *type(llvm::StringRef QualifiedName) const;

  const LibraryModel *library(llvm::StringRef Name) const;
  /// The library whose namespace \p Declaration is in, or null.
  const LibraryModel *libraryOf(const clang::NamedDecl *Declaration) const;

  const llvm::StringMap<FunctionModel> &functions() const { return Functions; }
  const llvm::StringMap<TypeModel> &types() const { return Types; }
  const std::vector<LibraryModel> &libraries() const { return Libraries; }
  /// All names of BlockingModel::UnlessMentioned: they tell how a descriptor or
  /// a request behaves.
  const llvm::StringSet<> &telling() const { return Telling; }

private:
  std::vector<std::string> spellings(const LibraryModel &Library,
                                     llvm::StringRef Name) const;

  llvm::StringMap<FunctionModel> Functions;
  llvm::StringMap<TypeModel> Types;
  std::vector<LibraryModel> Libraries;
  /// Last components of the names in Functions and Types: most declarations
  /// are told apart without building their qualified name.
  llvm::StringSet<> FunctionIds, TypeIds;
  llvm::StringSet<> Telling;
  /// First namespace component(s) to library, for libraryOf.
  llvm::StringMap<unsigned> Namespaces;
};

/// The name of a file with models of the user.
inline constexpr llvm::StringLiteral UserModelsName = ".coro-models.yaml";

/// Finds the `.coro-models.yaml` files that apply to \p SourceFile: in its
/// folder and the folders above, outermost first.
std::vector<std::string> findUserModels(llvm::StringRef SourceFile);

/// The qualified name of \p Declaration without inline namespaces and template
/// arguments, as models spell it.
std::string modelName(const clang::NamedDecl *Declaration);

/// Does \p Condition hold for \p Call? Unknown values do not satisfy it.
/// \p Call is a CallExpr or a CXXConstructExpr.
bool holds(const ArgumentCondition &Condition, const clang::Expr *Call,
           const clang::Decl *Context);

/// Do the arguments of \p Call, a CallExpr or a CXXConstructExpr, let it block?
bool mayBlock(const BlockingModel &Model, const clang::Expr *Call,
              const clang::Decl *Context);

/// How sure a report of a call that \p Model describes is.
Confidence confidence(const BlockingModel &Model);

llvm::StringRef toString(BlockingKind Kind);

} // namespace coro

#endif // CORO_ANALYSIS_FACTS_MODELS_H
