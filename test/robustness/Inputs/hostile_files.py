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


def fresh() -> None:
    for folder in (repository, outside):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    (repository / "a.cpp").write_text(SOURCE)
    (repository / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(repository), "file": "a.cpp", "arguments": ["c++", "-std=c++20", f"-I{headers}", "-c", "a.cpp"]}]))


def check(what: str, code: int, *texts: str, words: tuple[str, ...] = ()) -> None:
    environment = {**os.environ, "CORO_TIDY_CACHE_DIR": str(base / "cache")}
    try:
        ended = subprocess.run([tool, "check", "--format", "concise", "--timeout", "60", *words], cwd=repository,
                               env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=50)
    except subprocess.TimeoutExpired:
        failed.append(f"{what}: it hangs")
        return
    if ended.returncode != code or any(text not in ended.stdout for text in texts):
        failed.append(f"{what}: exit status {ended.returncode}:\n{ended.stdout[-2000:]}")
    if left := [str(p.relative_to(outside)) for p in outside.rglob("*")]:
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
for one in failed:
    print(one)
sys.exit(1 if failed else 0)
