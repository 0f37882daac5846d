"""hostile_files.py TOOL TASK-HEADERS: pipes, devices and links where a file is expected, and models of any shape."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = int(os.environ.get("CORO_TIDY_PATIENCE", "1"))  # sanitizers make everything slow

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
                               stderr=subprocess.STDOUT, text=True, timeout=120 * PATIENCE)
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
# Commands that analyse in other ways keep to their time, too, and say what they could not analyse.
fresh("b.cpp")
os.mkfifo(repository / "pipe.h")
(repository / "b.cpp").write_text('#include "pipe.h"\n' + SOURCE.replace("all", "other"))
TOO_LONG = "b.cpp: the analysis took longer than 4 s"
for words in (("explain-cancellation", "other"), ("map", "-q", "--format", "text"), ("index", "-q")):
    run(f"a header that is a pipe: {words[0]}", 2, TOO_LONG, words=(*words, "--timeout", "4"))
run("explain-cancellation: how many", 2, "1 of the files that mention it do not compile or could not be analysed",
    words=("explain-cancellation", "other", "--timeout", "4"))
run("explain-cancellation beside it", 0, "all (a.cpp:3):", words=("explain-cancellation", "all", "a.cpp", "--timeout", "4"))
for flag in ("--fix", "--diff"):
    check(f"a header that is a pipe, {flag}", 2, "longer than 4 s", words=(flag, "--no-cache"), seconds=4)
(repository / "b.cpp").write_text("#pragma clang __debug crash\ntask other();\n")
run("a crash: explain-cancellation", 2, "b.cpp: the analysis crashed (signal", words=("explain-cancellation", "other"))

# Commands of a database.
for what, entry in {
        "without words": {"arguments": []}, "without a folder": {"directory": "", "arguments": ["c++", "-c", "b.cpp"]},
        "in a folder that is not there": {"directory": str(repository / "none"), "file": "../b.cpp",
                                          "arguments": ["c++", "-c", "../b.cpp"]},
        "of a null": {"file": "b\0.cpp", "arguments": ["c++", "b\0.cpp"]}, "of the root": {"file": "/", "arguments": ["c++", "/"]},
        "like an option": {"file": "--fix", "arguments": ["c++", "-c", "--fix"]},
        "that is long": {"file": "b" * 100_000, "arguments": ["c++", "b" * 100_000]},
        "far around": {"file": "../" * 3000 + str(repository)[1:] + "/b.cpp", "arguments": ["c++", "-c", "b.cpp"]},
        "without an end": {"command": "'" * 100_000}}.items():
    fresh("b.cpp")
    (repository / "b.cpp").write_text("int all;\n")
    entries = json.loads((repository / "compile_commands.json").read_text())
    if "command" in entry:
        del entries[1]["arguments"]
    entries[1].update(entry)
    (repository / "compile_commands.json").write_text(json.dumps(entries))
    check(f"a command {what}", None, FINDING)
    run(f"a command {what}: doctor", None, "database", words=("doctor",))
    run(f"a command {what}: explain-cancellation", 0, "all (a.cpp:3):", words=("explain-cancellation", "all"))
    run(f"a command {what}: map", None, words=("map", "--format", "text"))
    if "folder that" in what:
        check("a folder that is not there", 2, "the folder that the compile database names for this file")

# Response files that name each other twice, and one that is all words.
fresh("b.cpp", "@r0")
for n in range(40):
    (repository / f"r{n}").write_text(f"@{repository}/r{n + 1} @{repository}/r{n + 1}")
(repository / "r40").write_text("-DX")
for words in (("doctor",), ("explain-cancellation", "all")):
    run(f"response files that double: {words[0]}", None, "File too large", words=words)
check("response files that double", 2, FINDING)
(repository / "r0").write_text("x " * (40 << 20))
check("a response file of words", 2, FINDING)
(repository / "r0").write_text("-std=c++20 -c b.cpp")
(repository / "b.cpp").write_text("#if __cplusplus != 202002L\n#error\n#endif\n")
entries = json.loads((repository / "compile_commands.json").read_text())
(repository / "compile_commands.json").write_text(json.dumps(
    [entries[0], {**entries[1], "arguments": ["c++", "@r0"]}]))
check("a response file that is one", 1, FINDING)

# A configuration that is nested deeply, or enormous.
for what, text in {"nested": "Checks: " + "[" * 300_000, "lines": "Checks:\n  " + "- " * 100_000, "laughs": "a: &a [x]\n" + "".join(
        f"b{n}: &b{n} [{','.join([f'*b{n - 1}' if n else '*a'] * 9)}]\n" for n in range(12))}.items():
    fresh()
    (repository / ".clang-tidy").write_text(text)
    check(f".clang-tidy: {what}", 2, FINDING, ".clang-tidy")
    run(f".clang-tidy: {what}: doctor", 2, "WRONG   configuration", words=("doctor",))
for name, size, told in ((".clang-tidy", 100 << 20, "File too large"), (".coro-models.yaml", 5 << 30, "larger than 4 MiB")):
    fresh()
    (repository / name).touch()
    os.truncate(repository / name, size)
    check(f"{name} of {size} bytes", 2, FINDING, "larger than 4 MiB")
    run(f"{name} of {size} bytes: doctor", 2, told, words=("doctor",))
fresh()
(repository / ".clang-tidy").symlink_to(".clang-tidy")
check(".clang-tidy is a link to itself", 1, FINDING)
run(".clang-tidy is a link to itself: doctor", None, words=("doctor",))
fresh()
(repository / "config").symlink_to("/dev/zero")
check("--config-file is a device", 2, FINDING, "cannot read", words=("--config-file", "config"))

# Baselines and reports come with a repository, too.
for name, words in {"baseline": ("check", "--format", "concise", "--baseline", "theirs"), "report": ("merge", "theirs")}.items():
    for what, make in {"a pipe": os.mkfifo, "a device": lambda path: path.symlink_to("/dev/zero"), "a folder": Path.mkdir,
                       "nested": lambda path: path.write_text('{"findings": ' + "[" * 3_000_000),
                       "nested objects": lambda path: path.write_text('{"findings": ' + '{"a":' * 1_000_000),
                       "no text": lambda path: path.write_bytes(b"\xff\0" * 1000)}.items():
        fresh()
        make(repository / "theirs")
        run(f"a {name} that is {what}", 2, "'theirs'", words=words)
for count in (0, -5, 1 << 40):
    fresh()
    (repository / "theirs").write_text(json.dumps({"version": 2, "findings": [
        {"file": "x", "check": "y", "function": "f", "statement": "s", "count": count}]}))
    run(f"a baseline of {count} findings", 2, "'theirs'", words=("check", "--baseline", "theirs"))
fresh()
run("a report", 1, words=("check", "-q", "-o", "json:good.json", "-o", "sarif:good.sarif"))
os.mkfifo(repository / "pipe")
for form in ("json", "sarif"):
    good = (repository / f"good.{form}").read_text()
    for target in ("pipe", "/dev/zero", "gone"):
        (repository / "theirs").write_text(good.replace("a.cpp", target))
        run(f"a {form} report on {target}", 1, "Found 1 problem", words=("merge", "theirs"))
    # What is no number of a line is refused, or means none: that depends on the release of LLVM.
    for number in ("-1", "0", "4294967295", "9223372036854775807", "1e99"):
        (repository / "theirs").write_text(re.sub(r'("(?:start|end|)(?:[lL]ine|[cC]olumn|offset)": *)\d+', rf"\g<1>{number}", good))
        run(f"a {form} report with {number}", *((1, "Found 1 problem") if number in ("0", "4294967295") else (None,)), words=("merge", "theirs", *(
            word for f in ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson", "checkstyle", "sonarqube", "markdown")
            for word in ("-o", f"{f}:out.{f}"))))
    for end in range(0, len(good), len(good) // 40):
        (repository / "theirs").write_text(good[:end])
        run(f"a {form} report that ends at {end}", 2, "'theirs'", words=("merge", "theirs"))

# Links and pipes at places that are written to.
fresh()
run("an index to link", 1, words=("check", "-q"))
for name in ("a", "b", "c"):
    (repository / ".coro-tidy" / name).symlink_to("..")
    (repository / ".coro-tidy" / "units" / name).symlink_to("..")
run("links in a circle: link", 0, "Linked 1 summary", words=("link",))
for what, make in {"a pipe": os.mkfifo, "a link to a device": lambda path: path.symlink_to("/dev/full")}.items():
    (repository / ".coro-tidy" / "index").unlink()
    make(repository / ".coro-tidy" / "index")
    run(f"the index is {what}: explain-cancellation", 0, "all (a.cpp:3):", words=("explain-cancellation", "all"))
    run(f"the index is {what}: link", 0, "Linked 1 summary", words=("link",))
    if not (repository / ".coro-tidy" / "index").is_file() or (repository / ".coro-tidy" / "index").is_symlink():
        failed.append(f"the index is {what}: it was not replaced")
shutil.copytree(repository / ".coro-tidy", outside / "theirs", symlinks=True)
(outside / "theirs" / "index").unlink()
shutil.rmtree(repository / ".coro-tidy")
(repository / ".coro-tidy").symlink_to(outside / "theirs")
before = len(list(outside.rglob("*")))
run(".coro-tidy is a link: link", 2, "is a link", words=("link",), files=before)
fresh()
page = repository / "coro-map.html"
(outside / "theirs").write_text("as it was")
for what, make in {"a pipe": os.mkfifo, "a link to a device": lambda path: path.symlink_to("/dev/full"),
                   "a link": lambda path: path.symlink_to(outside / "theirs")}.items():
    make(page)
    run(f"the page is {what}", 0, "Wrote 'coro-map.html'", words=("map",), files=1)
    if page.is_symlink() or not page.is_file():
        failed.append(f"the page is {what}: it was not replaced")
    page.unlink()
for what, target in {"a link to a device": "/dev/full", "a link": outside / "theirs"}.items():
    report = repository / "report.json"
    report.symlink_to(target)
    check(f"a report is {what}", 1, words=("-q", "-o", "json:report.json"), files=1)
    if report.is_symlink():
        failed.append(f"a report is {what}: it was not replaced")
    report.unlink()
if (outside / "theirs").read_text() != "as it was":
    failed.append("written through a link")
fresh()
(repository / ".github").symlink_to(outside)
(repository / ".clang-tidy").symlink_to(outside / "none")
run("init", 2, "exists   .clang-tidy", "'.github' is a link", words=("init",))

# A file that the compiler is told lies elsewhere: it is not read there, and not fixed.
fresh()
BODY = "#pragma once\ninline task<> other() {\n  work();\n  co_return;\n}\n"
(repository / "text").write_text(BODY)
(outside / "victim.h").write_text("// as it was\n" * 9)
os.mkfifo(repository / "pipe.h")
entry = json.loads((repository / "compile_commands.json").read_text())[0]
entry["arguments"][1:1] = ["-ivfsoverlay", str(repository / "overlay.yaml")]
(repository / "compile_commands.json").write_text(json.dumps([entry]))
for target in (repository / "pipe.h", Path("/dev/zero"), outside / "victim.h"):
    (repository / "a.cpp").write_text(SOURCE.replace("task<> all", f'#include "{target}"\ntask<> all'))
    (repository / "overlay.yaml").write_text(json.dumps({"version": 0, "use-external-names": False, "roots": [
        {"type": "file", "name": str(target), "external-contents": str(repository / "text")}]}))
    for words in ((), ("--diff",), ("--fix",)):
        check(f"an overlay at {target} {words}", None, words=(*words, "--no-cache"), files=1, seconds=4)
if (outside / "victim.h").read_text() != "// as it was\n" * 9:
    failed.append("a file was changed that was not read")
if "co_await work()" not in (repository / "a.cpp").read_text():
    failed.append("with an overlay, a file was not fixed that was read")
fresh()
(repository / "sub").mkdir()
(repository / "sub" / "a.cpp").write_text("// theirs\n" * 20)
(outside / "a.cpp").write_text(SOURCE)
entry["arguments"] = ["c++", "-std=c++20", f"-I{headers}", f"-working-directory={outside}", "-c", "a.cpp"]
entry.update(directory=str(repository / "sub"))
(repository / "compile_commands.json").write_text(json.dumps([entry]))
check("another folder to work in", None, words=("--fix",), files=1)
if (repository / "sub" / "a.cpp").read_text() != "// theirs\n" * 20:
    failed.append("a file was changed in place of another")

# Fixes: the other name of a file stays what it was, and nothing is written through a link to it.
fresh()
(repository / "a.cpp").unlink()
(outside / "theirs").write_text(SOURCE)
os.link(outside / "theirs", repository / "a.cpp")
check("a file of two names, fixed", 0, words=("--fix", "--no-cache"), files=1)
if (outside / "theirs").read_text() != SOURCE or "co_await work()" not in (repository / "a.cpp").read_text():
    failed.append("the other name of a file was written to")
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
