"""ci_session.py FOLDER SOURCE_ROOT INCLUDES: the jobs of GitHub and GitLab on a small repository."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

folder, source_root, includes = (Path(p) for p in sys.argv[1:4])
# Not below the build folder, whose compile database would be found.
work = Path(tempfile.mkdtemp())
upstream, clone = work / "upstream", work / "clone"
base = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(work), "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@t", "CI": "true"}


def git(*arguments: str, where: Path = upstream) -> str:
    return subprocess.run(["git", *arguments], cwd=where, env=base, text=True, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout.strip()


def coroutine(name: str) -> str:
    return f"task<> {name}() {{\n  work();\n  co_return;\n}}\n"


def github(title: str, inputs: dict, environment: dict) -> None:
    """Runs the composite action's steps as the runner does, from its own definition."""
    print(f"== GitHub, {title}", flush=True)
    action = yaml.safe_load((source_root / "integrations/github/action.yml").read_text())
    values = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()}
    values.update(inputs)
    install, step = action["runs"]["steps"]
    files = {name: work / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    assert install["if"] == "inputs.package != ''", install
    for step in [install, step] if values["package"] else [step]:
        step_environment = {name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")]
                            for name, text in step["env"].items()}
        ended = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=clone, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**base, "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(clone), "RUNNER_TEMP": str(work),
                                    "GITHUB_ACTION_PATH": str(source_root / "integrations/github"),
                                    **{name: str(file) for name, file in files.items()}, **step_environment, **environment})
        print(ended.stdout, end="")
        print("exit", ended.returncode, flush=True)
        if ended.returncode:
            break
    for file in files.values():
        print(file.read_text(), end="", flush=True)


def gitlab(title: str, environment: dict) -> None:
    print(f"== GitLab, {title}", flush=True)
    job = yaml.safe_load((source_root / "integrations/gitlab/coro-tidy.yml").read_text())[".coro-tidy"]
    report = clone / job["artifacts"]["reports"]["codequality"]
    report.unlink(missing_ok=True)
    ended = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], cwd=clone, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           env={**base, "GITLAB_CI": "true", **{k: str(v) for k, v in job["variables"].items()},
                                "CORO_TIDY_CONFIGURE": "true", **environment})
    print(ended.stdout, end="")
    print("exit", ended.returncode, flush=True)
    issues = json.loads(report.read_text()) if report.exists() else []
    print("code quality:", [f"{i['location']['path']}:{i['location']['lines']['begin']}" for i in issues], flush=True)


(upstream / "src").mkdir(parents=True)
git("init", "-q", "-b", "main", ".")
source = upstream / "src" / "one.cpp"
# A mistake on line 3 was there before; the branch adds one on line 8.
source.write_text('#include "task.h"\ntask<> old() { extern task<> work();\n  work();\n  co_return;\n}\n')
git("add", ".")
git("commit", "-qm", "one")
git("checkout", "-q", "-b", "feature")
source.write_text(source.read_text() + "task<> work();\n" + coroutine("added"))
git("commit", "-qam", "three")
# What actions/checkout leaves: one commit, and no other branch.
git("clone", "-q", "--depth", "1", "--branch", "feature", f"file://{upstream}", str(clone), where=work)
(clone / "build").mkdir()
database = clone / "build" / "compile_commands.json"
database.write_text(json.dumps([{"directory": str(clone), "file": "src/one.cpp",
                                 "arguments": ["c++", "-std=c++20", f"-I{includes}", "-c", "src/one.cpp"]}]))

github("a pull request", {"sarif": "out.sarif"}, {"GITHUB_BASE_REF": "main"})
results = json.loads((clone / "out.sarif").read_text())["runs"][0]["results"]
print(f"sarif: {len(results)} result", flush=True)
github("a push: all lines, findings do not fail", {"fail": "false"}, {})
github("a pull request, all lines are asked for", {"all": "true", "fail": "false"}, {"GITHUB_BASE_REF": "main"})
github("options", {"options": "--ignore coro-missing-await --no-cache"}, {})
# The machine's package manager is not called here.
stand_ins = work / "stand-ins"
stand_ins.mkdir()
for name, text in {"sudo": 'printf "sudo: "; exec "$@"', "id": "echo $USER_ID",
                   "apt-get": 'echo "apt-get $1 $2 $([ -z "$3" ] || cat "$3")"'}.items():
    (stand_ins / name).write_text(f"#!/bin/sh\n{text}\n")
    (stand_ins / name).chmod(0o755)
(work / "a.deb").write_text("a package")
hosted = {"PATH": f"{stand_ins}:{base['PATH']}", "USER_ID": "1001"}
github("a package", {"package": f"file://{work}/a.deb", "fail": "false"}, hosted)
github("a package, in a container", {"package": f"file://{work}/a.deb", "fail": "false"}, {**hosted, "USER_ID": "0"})
github("a package that is not there", {"package": f"file://{work}/no.deb"}, hosted)
github("no compile database: that fails all the same", {"build-dir": "nowhere", "fail": "false"}, {})
github("an input is no code", {"build-dir": "$(touch run)", "options": "$(touch run) ; touch run"}, {})
print("not run:", not (clone / "run").exists(), flush=True)
github("not installed", {}, {"PATH": "/usr/bin:/bin"})
gitlab("a merge request", {"CI_MERGE_REQUEST_DIFF_BASE_SHA": git("rev-parse", "main")})
gitlab("the default branch", {})
shutil.copytree(clone / "build", clone / "out")
gitlab("another folder, and options", {"CORO_TIDY_BUILD_DIR": "out", "CORO_TIDY_OPTIONS": "--fail-on never --quiet"})
gitlab("what configures fails", {"CORO_TIDY_CONFIGURE": "echo no compiler; false"})
gitlab("an image without the program", {"PATH": "/usr/bin:/bin"})
shutil.rmtree(work)
