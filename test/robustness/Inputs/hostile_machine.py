"""hostile_machine.py TOOL TASK-HEADERS: surroundings in which things fail: outputs that end, small limits, strange folders."""
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = int(os.environ.get("CORO_TIDY_PATIENCE", "1"))  # sanitizers make everything slow

tool, headers = sys.argv[1:3]
base = Path.cwd()
SOURCE = '#include "task.h"\ntask<> work();\ntask<> all() {\n  work();\n  co_return;\n}\n'
failed = []


def project(folder: Path, *names: str) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(SOURCE)
    (folder / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(folder), "file": f, "arguments": ["c++", "-std=c++20", f"-I{headers}", "-c", f]} for f in names]))
    return folder


def run(what: str, code: int, *texts: str, words: tuple[str, ...], cwd: Path, environment: dict[str, str | None] = {}, **how) -> None:
    variables = {**os.environ, "CORO_TIDY_CACHE_DIR": str(base / "cache"), **environment}
    variables = {name: value for name, value in variables.items() if value is not None}
    ended = subprocess.run([tool, *words], **{"cwd": cwd, "env": variables, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                                              "stderr": subprocess.PIPE, "timeout": 120 * PATIENCE, **how})
    text = (ended.stdout or b"").decode(errors="replace") + (ended.stderr or b"").decode(errors="replace")
    if ended.returncode != code or any(t not in text for t in texts) or "LLVM ERROR" in text:
        failed.append(f"{what}: exit status {ended.returncode}:\n{text[-2000:]}")


here = project(base / "project", "a.cpp")
COMMANDS = {("check", "--no-cache"): 1, ("map", "--format", "text"): 0, ("explain-cancellation", "all"): 0, ("doctor",): 0}

# Standard output that takes nothing, is closed, or is read by nobody.
for words, code in {**COMMANDS, ("list",): 0, ("man",): 0, ("explain", "coro-missing-await"): 0, ("help",): 0,
                    ("check", "-q", "--format", "json"): 1, ("check", "-q", "--no-cache", "-o", "json:out.json"): 1}.items():
    with open("/dev/full", "w") as full:
        run(f"{words} to a full disk", 2, "cannot write to standard output", words=words, cwd=here, stdout=full)
    run(f"{words} without standard output", code, words=words, cwd=here, stdout=None, preexec_fn=lambda: os.close(1))
    reader, writer = os.pipe()
    os.close(reader)
    run(f"{words} that nobody reads", -13, words=words, cwd=here, stdout=writer)
    os.close(writer)

# Few files, another language, no home, a folder for temporary files that is not there.
LIMIT = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
many = project(base / "many", *(f"{n}.cpp" for n in range(12)))
run("16 files", 1, "in 12 of 12 files", words=("check", "--no-cache", "-j8"), cwd=many, preexec_fn=LIMIT)
for words, code in COMMANDS.items():
    run(f"16 files: {words}", code, words=words, cwd=here, preexec_fn=LIMIT)
    for what, variables in {"no home": {"HOME": None, "CORO_TIDY_CACHE_DIR": None, "XDG_CACHE_HOME": None},
                            "no folder for temporary files": {"TMPDIR": str(base / "none")}, "C": {"LC_ALL": "C", "LANG": "C"},
                            "no path": {"PATH": ""}, "a cache that is a file": {"CORO_TIDY_CACHE_DIR": "/dev/null"},
                            "a cache that is a link to itself": {"CORO_TIDY_CACHE_DIR": str(base / "self")}}.items():
        if what == "a cache that is a link to itself" and not (base / "self").is_symlink():
            (base / "self").symlink_to("self")
        run(f"{what}: {words}", code, words=words, cwd=here, environment=variables)
run("no git", 2, "git is not installed", words=("check", "--changed"), cwd=here, environment={"PATH": ""})

# A `%` in a name is no place to fill.
strange = project(base / "50%" / "%d", "a%b.cpp")
for name in "0123456789abcdefABCDEF":
    (base / f"50{name}").symlink_to(base / "outside")
(base / "outside").mkdir(exist_ok=True)
run("% in names", 1, "a%b.cpp:4:3", words=("check", "-o", "json:%o.json", "--format", "concise"), cwd=strange)
run("% in names: fixes", 0, words=("check", "--fix"), cwd=strange)
if "co_await work()" not in (strange / "a%b.cpp").read_text() or not (strange / "%o.json").exists() or not (strange / ".coro-tidy/index").exists():
    failed.append(f"% in names: {sorted(str(p) for p in strange.rglob('*'))}")
if left := [*(base / "outside").iterdir(), *strange.rglob("*.new"), *strange.rglob("*.coro"), *strange.rglob("*.tmp")]:
    failed.append(f"left: {left}")

# What a run that was killed has left is removed; what others lead there is not.
temporary = base / "temporary"
shutil.rmtree(temporary, ignore_errors=True)
dead = subprocess.Popen(["true"])
dead.wait()
(temporary / f"coro-tidy-{dead.pid}-1").mkdir(parents=True)
(temporary / f"coro-tidy-{dead.pid}-1" / "x.pch").write_text("x")
(base / "valued").mkdir(exist_ok=True)
(base / "valued" / "work").write_text("valued")
(temporary / f"coro-tidy-{dead.pid}-2").symlink_to(base / "valued")
run("folders of others", 1, words=("check", "--no-cache"), cwd=many, environment={"TMPDIR": str(temporary)})
if not (base / "valued" / "work").exists():
    failed.append("the files behind a link were removed")
if (temporary / f"coro-tidy-{dead.pid}-1").exists():
    failed.append("the folder of a run that was killed was not removed")

# A folder of a clone that is a repository of its own, with a configuration that git would run programs of.
clone = project(base / "clone", "a.cpp")
git = lambda *words, **how: subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", *words], cwd=clone, check=True,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
git("init", "-q")
git("add", "a.cpp")
git("commit", "-q", "-m", "x")
inner = clone / "inner"
inner.mkdir()
for name in ("HEAD", "config", "objects", "refs"):
    (shutil.copytree if (clone / ".git" / name).is_dir() else shutil.copy)(clone / ".git" / name, inner / name)
(clone / "run").write_text(f"#!/bin/sh\ntouch {base}/ran\n")
(clone / "run").chmod(0o755)
(inner / "config").write_text(f'[core]\n  repositoryformatversion = 0\n  bare = false\n  worktree = ../\n  fsmonitor = {clone}/run\n'
                              f'[diff]\n  external = {clone}/run\n')
ran = base / "ran"
ran.unlink(missing_ok=True)
subprocess.run(["git", "-C", str(inner), "diff"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
assert ran.exists(), "the trap does not work"
ran.unlink()
for flag in ("--changed", "--staged"):
    run(f"{flag} in a repository within", 2, words=("check", "-p", "..", flag), cwd=inner)
if ran.exists():
    failed.append("a configuration in the clone ran a program")
# Of an archive, the configuration of the repository itself.
with open(clone / ".git" / "config", "a") as config:
    config.write(f"[core]\n  fsmonitor = {clone}/run\n[diff]\n  external = {clone}/run\n[diff \"x\"]\n  command = {clone}/run\n"
                 f"  textconv = {clone}/run\n")
    config.write(f"[filter \"y\"]\n  clean = {clone}/run\n  process = {clone}/run\n  required = true\n")
(clone / ".gitattributes").write_text("*.cpp diff=x filter=y\n")
hook = clone / ".git" / "hooks" / "post-index-change"
shutil.copy(clone / "run", hook)
# git asks a filter, and updates its index, for files that look as if they had been changed.
traps = {"monitor": ["core.fsmonitor=false"], "hook": ["core.hooksPath=/dev/null"],
         "filter": ["filter.y.clean=", "filter.y.process=", "filter.y.required=false"]}
for time, what in enumerate(traps, 1):
    os.utime(clone / "a.cpp", (time, time))
    others = [word for other in traps if other != what for off in traps[other] for word in ("-c", off)]
    subprocess.run(["git", *others, "diff", "--no-ext-diff", "--no-textconv"], cwd=clone, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    assert ran.exists(), f"the trap of the {what} does not work"
    ran.unlink()
(clone / "a.cpp").write_text(SOURCE + "\n")
for flag in ("--changed", "--staged"):
    run(f"{flag} in an archive", 0, words=("check", flag), cwd=clone)
if ran.exists():
    failed.append("a configuration in an archive ran a program")

# Identifiers of a megabyte, in messages that take more than the source by far.
big = project(base / "big", "a.cpp", "b.cpp")
name = "z" * 1_000_000
(big / "b.cpp").write_text(f'#include "task.h"\ntask<> {name}();\ntask<> f() {{\n' + f"  {name}();\n" * 400 + "  co_return;\n}\n")
run("long messages", 2, "a.cpp:4:3:", "b.cpp: error: what the analysis says is longer than 256 MiB",
    words=("check", "--no-cache", "--format", "concise"), cwd=big)

# 10,000 commands, one of a file that is there.
large = project(base / "large", "a.cpp")
entries = json.loads((large / "compile_commands.json").read_text())
(large / "compile_commands.json").write_text(json.dumps(entries + [{**entries[0], "file": f"{n}.cpp"} for n in range(10_000)]))
run("10,000 commands", 2, "a.cpp:4:3:", "10000 files could not be analysed", words=("check", "--no-cache", "--format", "concise"), cwd=large)
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
