"""hostile_files.py TOOL TASK-HEADERS: pipes, devices and links where a file is expected, and models of any shape."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

tool, headers = sys.argv[1:3]
base = Path.cwd()
repository, outside = base / "repository", base / "outside"
SOURCE = '#include "task.h"\ntask<> work();\ntask<> all() {\n  work();\n  co_return;\n}\n'
failed = []


def fresh(*others: str) -> None:
    """A repository with one good source, and OTHERS that the test makes."""
    for folder in (repository, outside):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    (repository / "a.cpp").write_text(SOURCE)
    (repository / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(repository), "file": f, "arguments": ["c++", "-std=c++20", f"-I{headers}", "-c", f]}
         for f in ("a.cpp", *others)]))


def check(what: str, code: int | None, *texts: str, words: tuple[str, ...] = (), seconds: int = 200, files: int = 0) -> None:
    run(what, code, *texts, words=("check", "--format", "concise", "--timeout", str(seconds), *words), files=files)


def run(what: str, code: int | None, *texts: str, words: tuple[str, ...], files: int = 0) -> None:
    environment = {**os.environ, "CORO_TIDY_CACHE_DIR": str(base / "cache")}
    # Nobody writes to this input, and nobody closes it.
    waiting, kept_open = os.pipe()
    try:
        ended = subprocess.run([tool, *words], cwd=repository, env=environment, stdin=waiting, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        failed.append(f"{what}: it hangs")
        return
    finally:
        os.close(waiting)
        os.close(kept_open)
    if ended.returncode not in ((0, 1, 2) if code is None else (code,)) or any(text not in ended.stdout for text in texts):
        failed.append(f"{what}: exit status {ended.returncode}:\n{ended.stdout[-2000:]}")
    if len(left := [str(p.relative_to(outside)) for p in outside.rglob("*")]) != files:
        failed.append(f"{what}: written outside: {left}")


FINDING = "a.cpp:4:3: warning:"
models = repository / ".coro-models.yaml"
for what, make in {"a device": lambda: models.symlink_to("/dev/zero"), "a pipe": lambda: os.mkfifo(models)}.items():
    fresh()
    make()
    check(f"models that are {what}", 2, FINDING, "not a regular file")
for what, text in {
        "flow": "library: x\nfunctions: " + "[" * 100_000,
        "maps": "library: x\nfunctions: " + "{a: " * 100_000,
        "lines": "library: x\nfunctions:\n  " + "- " * 100_000,
        "aliases": "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)),
        "one word": "x" * 5_000_000, "nulls": "\0" * 1000, "no text": "\xff\xfe\xfd" * 1000}.items():
    fresh()
    models.write_text(text, encoding="latin-1")
    check(f"models of {what}", 2, FINDING, ".coro-models.yaml")
for name in ("compile_commands.json",):
    fresh()
    (repository / name).unlink()
    os.mkfifo(repository / name)
    check(f"{name} is a pipe", 2, "not a regular file", words=("-p", "."))
    (repository / name).unlink()
    (repository / name).symlink_to("/dev/zero")
    check(f"{name} is a device", 2, "not a regular file", words=("-p", "."))
    (repository / name).unlink()
    (repository / name).write_text("[" * 100_000)
    check(f"{name} is nested", 2, "cannot read", words=("-p", "."))
fresh()
os.mkfifo(repository / ".clang-tidy")
check(".clang-tidy is a pipe", 1, FINDING)
# The index of a project lies beside its database: a link there leads nowhere.
for link in (".coro-tidy", ".coro-tidy/units"):
    fresh()
    (repository / link).parent.mkdir(exist_ok=True)
    (repository / link).symlink_to(outside)
    check(f"{link} is a link", 1, FINDING)
for name in ("index", ".gitignore", "units"):
    for what, make in {"pipe": os.mkfifo, "link to a device": lambda path: path.symlink_to("/dev/full")}.items():
        fresh()
        (repository / ".coro-tidy").mkdir()
        make(repository / ".coro-tidy" / name)
        check(f".coro-tidy/{name} is a {what}", 1, FINDING)
    fresh()
    (outside / "theirs").write_text("as it was")
    (repository / ".coro-tidy").mkdir()
    (repository / ".coro-tidy" / name).symlink_to(outside / "theirs")
    check(f".coro-tidy/{name} is a link to a file", 1, FINDING, files=1)
    if (outside / "theirs").read_text() != "as it was":
        failed.append(f".coro-tidy/{name}: written through a link")
fresh()
os.mkfifo(repository / "index")
(repository / ".clang-tidy").write_text("CheckOptions:\n  Index: index\n  Models: index\n")
check("Models and Index name a pipe", 2, FINDING, "not a regular file")

# Sources that are none.
for what, make in {"a pipe": os.mkfifo, "a device": lambda path: path.symlink_to("/dev/zero"), "a folder": Path.mkdir}.items():
    fresh("b.cpp")
    make(repository / "b.cpp")
    check(f"a source that is {what}", 2, FINDING, "not a regular one")
    for words in (("check", "--timeout", "20", "a.h"), ("explain-cancellation", "--all"), ("explain-cancellation", "all"),
                  ("doctor",), ("map", "-q", "--timeout", "5", "--format", "text")):
        (repository / "a.h").write_text("int x;\n")
        run(f"a source that is {what}: {words[0]}", None, words=words)
fresh("/dev/zero", "b.cpp", "c.cpp")
(repository / "b.cpp").symlink_to("b.cpp")
(repository / "c.cpp").symlink_to("d.cpp")
(repository / "d.cpp").symlink_to("c.cpp")
(repository / "loop").symlink_to(".")
check("links in a circle", 2, FINDING, "b.cpp: error:", "c.cpp: error:", "/dev/zero: error:")
for what, text in {"stdin": '#include "/dev/stdin"\n', "a device": '#include "/dev/zero"\n', "itself": '#include "b.cpp"\n',
                   "through a circle": '#include "loop/loop/loop/a.cpp"\n', "as bytes": 'char x[] = {\n#embed "/dev/zero"\n};',
                   "another line": '#line 1 "/dev/zero"\n'}.items():
    fresh("b.cpp")
    (repository / "loop").symlink_to(".")
    (repository / "b.cpp").write_text(text + SOURCE)
    check(f"a source that includes {what}", None, FINDING)
fresh("b.cpp")
os.mkfifo(repository / "pipe.h")
(repository / "b.cpp").write_text('#include "pipe.h"\n' + SOURCE)
check("a header that is a pipe", 2, FINDING, "b.cpp: error: the analysis took longer than 8 s", seconds=8)
(repository / "a.h").write_text("int x;\n")
check("a header that is a pipe, looked for", 2, "a.h", words=("a.h",), seconds=8)
# Large, but it takes no room on the disk.
fresh("b.cpp")
(repository / "b.cpp").write_text(SOURCE)
os.truncate(repository / "b.cpp", (2 << 30) + 1)
check("a source of 2 GiB", 2, FINDING, "b.cpp: error:")
# Response files.
for what, make in {"a pipe": os.mkfifo, "a device": lambda path: path.symlink_to("/dev/zero"),
                   "itself": lambda path: path.write_text("@flags.rsp @flags.rsp"),
                   "large": lambda path: (path.touch(), os.truncate(path, 5 << 30))}.items():
    fresh("@flags.rsp")
    make(repository / "flags.rsp")
    check(f"a response file that is {what}", 2, FINDING)
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
