"""pre_commit_session.py FOLDER SOURCE_ROOT INCLUDES TOOL: a day of commits with the hooks."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

folder, source_root, includes, tool = (Path(p) for p in sys.argv[1:5])
# Not below the build folder, whose compile database would be found.
project = Path(tempfile.mkdtemp()) / "project"
hooks = folder / "hooks"
environment = dict(os.environ, PRE_COMMIT_HOME=str(folder / "home"), PATH=f"{folder / 'bin'}:{os.environ['PATH']}",
                   GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@t", GIT_COMMITTER_NAME="t",
                   GIT_COMMITTER_EMAIL="t@t", PRE_COMMIT_COLOR="never")


def run(*command: str, where: Path = project, quiet: bool = True, **extra: str) -> int:
    ended = subprocess.run(command, cwd=where, env={**environment, **extra}, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if not quiet or (ended.returncode and quiet is None):
        print(ended.stdout, end="")
    return ended.returncode


def git(*arguments: str, where: Path = project) -> None:
    if run("git", *arguments, where=where):
        sys.exit(f"failed: git {arguments}")


def commit(title: str, *arguments: str, **extra: str) -> None:
    print(f"== {title}", flush=True)
    print("exit", run("git", "commit", "-m", title, *arguments, quiet=False, **extra), flush=True)


def write(name: str, text: str) -> None:
    (project / name).write_text(text)


def use(hook: str) -> None:
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, text=True, stdout=subprocess.PIPE).stdout.strip()
    write(".pre-commit-config.yaml", f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n")


def coroutine(name: str, body: str) -> str:
    return f'#include "shared.h"\ntask<> {name}() {{\n  {body}\n  co_return;\n}}\n'


# A repository that offers the hooks as ours does.
(hooks / "integrations").mkdir(parents=True)
shutil.copy(source_root / ".pre-commit-hooks.yaml", hooks)
shutil.copytree(source_root / "integrations" / "pre-commit", hooks / "integrations" / "pre-commit")
git("init", "-q", "-b", "main", ".", where=hooks)
git("add", ".", where=hooks)
git("commit", "-qm", "hooks", where=hooks)

project.mkdir()
for part in ("src", "build"):
    (project / part).mkdir()
git("init", "-q", "-b", "main", ".")
use("coro-tidy")
write(".gitignore", "/build\n")
write("src/shared.h", '#pragma once\n#include "task.h"\ntask<> work();\n')
run("pre-commit", "install", quiet=None)
git("add", ".")
commit("a commit without a compile database")

units = ["one", "two", "other", "built"]
(project / "build" / "compile_commands.json").write_text(json.dumps([
    {"directory": str(project), "file": f"src/{unit}.cpp",
     "arguments": ["c++", "-std=c++20", f"-I{includes}", "-c", f"src/{unit}.cpp"]} for unit in units]))
for unit in units:
    write(f"src/{unit}.cpp", coroutine(unit, "co_await work();"))
git("add", ".")
commit("a good commit")

write("src/one.cpp", coroutine("one", "work();"))
git("add", ".")
commit("a bad commit")

git("commit", "-qm", "not looked at", "--no-verify")
write("src/one.cpp", coroutine("one", "work();") + coroutine("another", "co_await work();"))
git("add", ".")
commit("an old mistake beside a new line")

write("src/two.cpp", coroutine("two", "co_await work();") + "// a staged line\n")
git("add", ".")
write("src/two.cpp", coroutine("two", "work();") + "// a staged line\n")
commit("partly staged: the mistake is not staged")
git("add", ".")
write("src/two.cpp", coroutine("two", "co_await work();") + "// mended\n")
commit("partly staged: the mistake is staged, and mended on disk")
git("checkout", "-q", "HEAD", "--", "src/two.cpp")

write("src/shared.h", '#pragma once\n#include "task.h"\ntask<> work();\n\ninline task<> again() { work(); co_return; }\n')
git("add", ".")
commit("a mistake in a header")
git("checkout", "-q", "HEAD", "--", "src/shared.h")

write("README.md", "text\n")
git("add", ".")
commit("nothing for it to look at")
commit("an empty commit", "--allow-empty")

git("checkout", "-q", "-b", "side")
write("src/one.cpp", coroutine("one", "work();") + coroutine("from_side", "work();"))
write("src/other.cpp", coroutine("other", "work();"))
git("add", ".")
git("commit", "-qm", "side", "--no-verify")
git("checkout", "-q", "main")
write("src/one.cpp", coroutine("one", "work();") + coroutine("from_main", "co_await work();"))
git("add", ".")
git("commit", "-qm", "main", "--no-verify")
run("git", "merge", "side")
write("src/one.cpp", coroutine("one", "work();") + coroutine("from_side", "work();")
      + coroutine("from_main", "co_await work();"))
git("add", ".")
commit("a merge with a conflict, resolved")
git("reset", "-q", "--hard", "HEAD^1")
run("git", "merge", "side")
write("src/one.cpp", coroutine("one", "work();") + coroutine("from_both", "work(); work();"))
git("add", ".")
commit("a merge that adds a mistake")
git("reset", "-q", "--hard", "HEAD")

use("coro-tidy-built")
git("add", ".")
git("commit", "-qm", "the other hook", "--no-verify")
run("pre-commit", "install-hooks", quiet=None)
built = next((folder / "home").glob("repo*/integrations")).parent / "build" / "hook-22" / "bin"
built.mkdir(parents=True)
(built / "coro-tidy").symlink_to(tool)
write("src/built.cpp", coroutine("built", "work();"))
git("add", ".")
commit("the hook that is built, where it is built already")
commit("the hook that is built, where it cannot be", CORO_LLVM_MAJOR="99")
shutil.rmtree(project.parent)
