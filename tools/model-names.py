#!/usr/bin/env python3
# Part of coro-tidy, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks the rows about blocking in the library models up in the libraries' own headers.

  model-names.py [--clang=CLANG++] [--include=DIR]... [--library=NAME]... MODEL.yaml...

For each library whose headers are installed Clang parses a file that includes them and lists everything that they
declare. A row is wrong, and the exit status 1, when

  * its function or type is declared nowhere under one of the library's namespaces,
  * it looks at an argument that the C function does not have,
  * a member in `ready` or `released-by`, or a macro in `unless-mentioned`, does not exist.

Libraries without headers are named and left out; --include adds a folder with headers that are not installed, and
--library confines the run. Names that only other systems, releases or implementations of a library have are listed
below with where they are found.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

QT = "/usr/include/x86_64-linux-gnu/qt6"

# By library: the headers, the first of which decides whether the library is there, and the compiler's options.
HEADERS = {
    "posix": (["unistd.h", "aio.h", "arpa/nameser.h", "dirent.h", "dlfcn.h", "errno.h", "fcntl.h", "ftw.h", "glob.h",
              "mqueue.h", "netdb.h", "poll.h", "pthread.h", "pwd.h", "resolv.h", "sched.h", "semaphore.h",
              "signal.h", "spawn.h", "stdio.h", "stdlib.h", "sys/epoll.h", "sys/eventfd.h", "sys/file.h",
              "sys/ioctl.h", "sys/mman.h", "sys/msg.h", "sys/select.h", "sys/sem.h", "sys/sendfile.h",
              "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/timerfd.h", "sys/uio.h", "sys/wait.h",
              "sys/xattr.h", "grp.h", "wchar.h", "wordexp.h",
              "termios.h", "threads.h", "time.h", "readline/readline.h"], []),
    "std": (["version", "algorithm", "any", "array", "atomic", "barrier", "bitset", "chrono", "condition_variable",
              "coroutine", "deque", "filesystem", "forward_list", "fstream", "functional", "future", "iostream",
              "latch", "list", "map", "memory", "memory_resource", "mutex", "numeric", "optional", "queue", "random",
              "ranges", "regex", "semaphore", "set", "shared_mutex", "span", "stack", "string", "string_view",
              "syncstream", "thread", "tuple", "unordered_map", "unordered_set", "utility", "variant", "vector",
              "cmath", "complex", "cstdio", "cstdlib", "cstring", "expected", "flat_map", "generator", "iterator",
              "locale", "stop_token", "system_error", "valarray"], []),
    "asio": (["asio.hpp", "asio/ssl.hpp", "asio/experimental/awaitable_operators.hpp",
              "asio/experimental/as_tuple.hpp", "asio/experimental/channel.hpp",
              "asio/experimental/concurrent_channel.hpp", "asio/experimental/coro.hpp",
              "asio/experimental/deferred.hpp", "asio/experimental/parallel_group.hpp",
              "asio/experimental/promise.hpp", "asio/experimental/use_coro.hpp",
              "asio/experimental/co_spawn.hpp", "asio/experimental/use_promise.hpp", "asio/deadline_timer.hpp"],
              ["-DASIO_HAS_CO_AWAIT=1", "-DASIO_HAS_STD_COROUTINE=1"]),
    "beast": (["boost/beast.hpp", "boost/beast/ssl.hpp", "boost/beast/websocket/ssl.hpp"], []),
    "qt": (["QtCore/QThread", "QtConcurrent/QtConcurrent", "QtCore/QtCore", "QtNetwork/QtNetwork", "QtSql/QtSql",
             "QtWidgets/QDialog", "QtWidgets/QMessageBox", "QtDBus/QtDBus"], ["-I" + QT, "-fPIC"]),
    "qcoro": (["QCoro/QCoroTask", "QCoro/QCoroTimer", "QCoro/QCoroFuture", "QCoro/QCoroSignal", "QCoro/QCoroCore",
              "QCoro/QCoroNetwork"], ["-I" + QT, "-I" + QT + "/QtCore", "-I" + QT + "/QtNetwork", "-fPIC",
                                        "-I/usr/include/qcoro6", "-I/usr/include/qcoro6/qcoro"]),
    "curl": (["curl/curl.h"], []),
    "libpq": (["libpq-fe.h"], ["-I/usr/include/postgresql"]),
    "mysql": (["mysql.h"], ["-I/usr/include/mysql", "-I/usr/include/mariadb"]),
    "sqlite": (["sqlite3.h"], []),
    "hiredis": (["hiredis/hiredis.h"], []),
    "openssl": (["openssl/ssl.h", "openssl/bio.h", "openssl/err.h", "openssl/ocsp.h", "openssl/rand.h"], []),
    "zlib": (["zlib.h"], []),
    "glib": (["gio/gio.h"], ["-I/usr/include/glib-2.0", "-I/usr/lib/x86_64-linux-gnu/glib-2.0/include"]),
    "grpc": (["grpcpp/grpcpp.h", "grpcpp/support/sync_stream.h", "grpcpp/impl/codegen/client_unary_call.h",
              "grpcpp/impl/client_unary_call.h"], []),
    "boost": (["boost/version.hpp", "boost/thread.hpp", "boost/thread/lock_guard.hpp",
              "boost/thread/shared_lock_guard.hpp", "boost/thread/strict_lock.hpp",
              "boost/fiber/mutex.hpp", "boost/fiber/recursive_mutex.hpp", "boost/fiber/recursive_timed_mutex.hpp",
              "boost/fiber/timed_mutex.hpp",
              "boost/interprocess/sync/file_lock.hpp", "boost/interprocess/sync/interprocess_mutex.hpp",
              "boost/interprocess/sync/interprocess_recursive_mutex.hpp",
              "boost/interprocess/sync/interprocess_sharable_mutex.hpp",
              "boost/interprocess/sync/named_mutex.hpp", "boost/interprocess/sync/scoped_lock.hpp",
              "boost/interprocess/sync/sharable_lock.hpp"], ["-DBOOST_THREAD_VERSION=4"]),
    "absl": (["absl/synchronization/mutex.h", "absl/container/flat_hash_map.h", "absl/container/flat_hash_set.h",
              "absl/container/node_hash_map.h", "absl/container/node_hash_set.h", "absl/container/btree_map.h",
              "absl/container/btree_set.h", "absl/container/inlined_vector.h",
              "absl/container/fixed_array.h"], []),
    # Not in Debian as headers for the host: mingw-w64-x86-64-dev has these.
    "win32": (["windows.h", "winsock2.h", "ws2tcpip.h", "winhttp.h", "wininet.h", "wincon.h", "mswsock.h",
               "synchapi.h", "windns.h"], ["--target=x86_64-w64-windows-gnu", "-D_WIN32_WINNT=0x0A00", "-ffreestanding"]),
    # Not in Debian at all: checked where --include names a checkout.
    "stdexec": (["stdexec/execution.hpp", "exec/static_thread_pool.hpp", "exec/async_scope.hpp", "exec/task.hpp",
                 "exec/when_any.hpp", "exec/start_detached.hpp"], []),
    "unifex": (["unifex/sync_wait.hpp", "unifex/task.hpp", "unifex/async_scope.hpp", "unifex/static_thread_pool.hpp",
                "unifex/scheduler_concepts.hpp", "unifex/async_mutex.hpp", "unifex/inplace_stop_token.hpp",
                "unifex/v1/async_scope.hpp", "unifex/v2/async_scope.hpp", "unifex/stop_when.hpp"], []),
    "seastar": (["seastar/core/future.hh", "seastar/core/semaphore.hh", "seastar/core/rwlock.hh",
                 "seastar/core/thread.hh", "seastar/core/alien.hh", "seastar/core/sleep.hh", "seastar/core/smp.hh",
                 "seastar/core/shared_mutex.hh", "seastar/core/gate.hh", "seastar/core/app-template.hh",
                 "seastar/core/coroutine.hh", "seastar/core/reactor.hh", "seastar/core/with_timeout.hh",
                 "seastar/coroutine/maybe_yield.hh", "seastar/coroutine/all.hh",
                 "seastar/coroutine/parallel_for_each.hh", "seastar/core/with_scheduling_group.hh",
                 "seastar/util/later.hh"], ["-DSEASTAR_API_LEVEL=9"]),
    "libcoro": (["coro/coro.hpp"], ["-DLIBCORO_FEATURE_NETWORKING"]),
    "concurrencpp": (["concurrencpp/concurrencpp.h"], []),
    "cppcoro": (["cppcoro/sync_wait.hpp", "cppcoro/static_thread_pool.hpp", "cppcoro/io_service.hpp",
                 "cppcoro/async_mutex.hpp", "cppcoro/when_all.hpp", "cppcoro/schedule_on.hpp",
                 "cppcoro/resume_on.hpp", "cppcoro/async_scope.hpp", "cppcoro/read_only_file.hpp",
                 "cppcoro/net/socket.hpp", "cppcoro/task.hpp", "cppcoro/single_consumer_event.hpp",
                 "cppcoro/async_manual_reset_event.hpp", "cppcoro/async_auto_reset_event.hpp",
                 "cppcoro/async_latch.hpp"], []),
    "async_simple": (["async_simple/coro/Lazy.h", "async_simple/coro/SyncAwait.h", "async_simple/coro/Sleep.h",
                      "async_simple/coro/Mutex.h", "async_simple/coro/SpinLock.h", "async_simple/coro/Semaphore.h",
                      "async_simple/coro/ConditionVariable.h", "async_simple/coro/SharedMutex.h",
                      "async_simple/coro/Latch.h", "async_simple/coro/Dispatch.h", "async_simple/Future.h",
                      "async_simple/Promise.h", "async_simple/coro/Collect.h",
                      "async_simple/executors/SimpleExecutor.h", "async_simple/uthread/Await.h",
                      "async_simple/uthread/Async.h"], []),
    "tmc": (["tmc/all_headers.hpp"], []),
    "tbb": (["oneapi/tbb.h", "oneapi/tbb/mutex.h", "oneapi/tbb/rw_mutex.h"], ["-DTBB_PREVIEW_MUTEXES=1"]),
}

# Rows for what the headers above do not have on Debian with libstdc++, and where it is found.
ELSEWHERE = {
    "kevent": "BSD and macOS",
    "readline": "GNU readline",
    "std::atomic_flag_wait": "libc++",
    "std::atomic_flag_wait_explicit": "libc++",
    "std::future::wait": "libc++: no base class",
    "std::future::wait_for": "libc++: no base class",
    "std::future::wait_until": "libc++: no base class",
    "std::shared_future::wait": "libc++: no base class",
    "std::shared_future::wait_for": "libc++: no base class",
    "std::shared_future::wait_until": "libc++: no base class",
    "std::atomic_ref::wait": "libc++: no base class",
    "std::experimental::coroutine_handle::resume": "the coroutines TS",
    "std::experimental::coroutine_handle::operator()": "the coroutines TS",
    "asio::co_composed": "Asio 1.30",
    "asio::experimental::co_composed": "Asio 1.26",
    "asio::basic_deadline_timer::wait": "Boost.Asio",
    "asio::basic_deadline_timer::async_wait": "Boost.Asio",
    "asio::basic_file::open": "with io_uring or on Windows",
    "asio::basic_file::sync_all": "with io_uring or on Windows",
    "asio::basic_file::sync_data": "with io_uring or on Windows",
    "asio::basic_stream_file::read_some": "with io_uring or on Windows",
    "asio::basic_stream_file::write_some": "with io_uring or on Windows",
    "asio::basic_random_access_file::read_some_at": "with io_uring or on Windows",
    "asio::basic_random_access_file::write_some_at": "with io_uring or on Windows",
    "boost::beast::file_win32::open": "Windows",
    "QMutex::lock": "Qt 5",
    "CCriticalSection": "MFC",
    "CMutex": "MFC",
    "winrt::slim_mutex": "C++/WinRT",
    "winrt::slim_lock_guard": "C++/WinRT",
    "winrt::slim_shared_lock_guard": "C++/WinRT",
    "std::this_thread::sync_wait": "C++26",
    "stdexec::run_loop::run": "stdexec before it had a base class",
}

# Classes that newer releases have under another name.
OLDER = ("coro::io_scheduler::",)

# The facts that make a row one about blocking: what containers and cancellation rows need is read elsewhere.
BLOCKING = {"blocks", "result-blocks", "nonblocking", "callable", "transfer", "pause", "lock", "resumes", "pool",
            "strand", "lock-guard", "mutex", "recursive", "coroutine-aware", "lock-tag", "duration"}

INLINE_NAMESPACES = re.compile(r"\b(?:__cxx11|_V2|__1|v1|lts_\d+)::")


def rows_of(files: list[str]) -> dict[str, dict[str, list[dict]]]:
    """By library: its rows, each with the file that it stands in, and the spellings of its namespaces."""
    libraries: dict[str, dict[str, list]] = {}
    for file in files:
        model = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
        library = libraries.setdefault(model["library"], {"rows": [], "aliases": []})
        library["aliases"] += [(space, other) for space, others in (model.get("namespaces") or {}).items()
                               for other in others]
        for key in ("functions", "types"):
            for row in model.get(key) or []:
                if BLOCKING & row.keys():
                    library["rows"].append({"file": Path(file).name, "key": key, **row})
    return libraries


def strip_arguments(name: str) -> str:
    """A qualified name without template arguments."""
    result, depth = [], 0
    if "operator" in name:
        head, operator, tail = name.rpartition("operator")
        return strip_arguments(head) + operator + (tail if not tail[:1].isspace() else "")
    for at in name:
        depth += at == "<"
        if depth == 0:
            result.append(at)
        depth -= at == ">"
    return "".join(result)


def indices(row: dict) -> int:
    """The highest index of an argument that a row looks at, or -1."""
    highest = -1
    for block in (row.get("blocks"), row.get("result-blocks")):
        for condition in (block or {}).get("when", []) + (block or {}).get("unless", []):
            highest = max(highest, condition.get("argument", -1))
    lock = (row.get("lock") or {}).get("object", "")
    return max(highest, int(lock)) if str(lock).isdigit() else highest


def source(headers: list[str], rows: list[dict]) -> str:
    lines = ["#ifndef _GNU_SOURCE", "#define _GNU_SOURCE 1", "#endif"]
    for header in headers:
        lines += [f"#if __has_include(<{header}>)", f"#include <{header}>", "#endif"]
    macros = sorted({macro for row in rows for macro in (row.get("blocks") or {}).get("unless-mentioned", [])})
    for macro in macros:
        lines += [f"#ifdef {macro}", f"int coro_macro_{macro};", "#endif"]
    lines += ["template <class R, class... A> constexpr int coro_arity(R (*)(A...)) { return sizeof...(A); }",
              "template <class R, class... A> constexpr int coro_arity(R (*)(A..., ...)) { return 99; }"]
    for row in rows:
        if (row["key"] == "functions" and "::" not in row["name"] and indices(row) >= 0
                and row["name"] not in ELSEWHERE):
            lines.append(f"static_assert(coro_arity(&::{row['name']}) > {indices(row)}, "
                         f"\"coro_few_arguments {row['name']}\");")
    return "\n".join(lines) + "\n"


def declared(clang: str, headers: list[str], options: list[str], rows: list[dict]) -> tuple[set[str], str] | None:
    """Everything that the headers declare, and the errors; nothing when the first header is not there."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "names.cpp")
        file.write_text(f"#if !__has_include(<{headers[0]}>)\n#error\n#endif\n", encoding="utf-8")
        base = [clang, "-std=c++23", "-w", "-fsyntax-only", "-ferror-limit=0", *options, str(file)]
        if subprocess.run(base, capture_output=True, check=False).returncode:
            return None
        file.write_text(source(headers, rows), encoding="utf-8")
        run = subprocess.run([*base, "-Xclang", "-ast-list"], capture_output=True, text=True, check=False)
    names = set()
    for line in set(run.stdout.splitlines()):
        names.add(INLINE_NAMESPACES.sub("", strip_arguments(line)))
    return names, run.stderr


def check(library: str, rows: list[dict], aliases: list[tuple[str, str]], names: set[str], errors: str) -> list[str]:
    identifiers = {name.rpartition("::")[2] for name in names}
    wrong = []

    def known(name: str) -> bool:
        spellings = [name] + [other + name[len(space):] for space, other in aliases if name.startswith(space + "::")]
        return any(spelling in names for spelling in spellings) or name in ELSEWHERE or name.startswith(OLDER)

    few = set(re.findall(r"coro_few_arguments (\w+)", errors))
    for row in rows:
        name = row["name"]
        where = f"{row['file']}: {name}"
        if not known(name):
            wrong.append(f"{where}: the headers of {library} declare nothing of this name")
            continue
        if name in few:
            wrong.append(f"{where}: has no argument {indices(row)}")
        blocks = row.get("blocks") or {}
        for member in blocks.get("ready", []) + blocks.get("released-by", []):
            if member != "co_await" and member not in identifiers:
                wrong.append(f"{where}: there is no '{member}'")
        for macro in blocks.get("unless-mentioned", []):
            if "coro_macro_" + macro not in names and macro not in identifiers and macro not in ELSEWHERE:
                wrong.append(f"{where}: there is no macro '{macro}'")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="Looks the names in the models up in the libraries' headers.")
    parser.add_argument("--clang", default="clang++")
    parser.add_argument("--include", action="append", default=[], help="a folder with further headers")
    parser.add_argument("--library", action="append", default=[], help="check only this library")
    parser.add_argument("models", nargs="+")
    options = parser.parse_args()
    failed = False
    for library, model in sorted(rows_of(options.models).items()):
        if options.library and library not in options.library:
            continue
        if not model["rows"]:
            continue
        headers, flags = HEADERS.get(library, ([], []))
        include = [f"-I{folder}" for folder in options.include]
        found = declared(options.clang, headers, flags + include, model["rows"]) if headers else None
        if not found:
            print(f"{library}: skipped, its headers are not installed")
            continue
        wrong = check(library, model["rows"], model["aliases"], *found)
        for message in wrong:
            print(message)
        failed |= bool(wrong)
        print(f"{library}: {len(model['rows'])} rows, {len(wrong)} wrong")
    return failed


if __name__ == "__main__":
    sys.exit(main())
