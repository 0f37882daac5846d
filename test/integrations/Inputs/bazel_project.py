"""bazel_project.py FOLDER PROGRAM RULES TASK_HEADER GUIDE: lays out a project of four packages in FOLDER/work, in which the aspect of
RULES uses PROGRAM, the coro-tidy in the PATH, as GUIDE shows it, and builds it in steps. Prints, for each step, which actions ran; then the
findings. FOLDER/test.txt is what the test says."""
import json
import shutil
import subprocess
import sys
from pathlib import Path

folder, program, rules, header, guide = (Path(word).resolve() for word in sys.argv[1:6])
work = folder / "work"

PACKAGES = {
    "net": ("net.cpp", [], '''#include "net/net.h"
#include <netinet/in.h>
#include <sys/socket.h>
int dial(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_port = htons(port);
  return connect(fd, reinterpret_cast<sockaddr *>(&to), sizeof to);
}
'''),
    "report": ("report.cpp", ["//net"], '''#include "report/report.h"
#include "net/net.h"
bool send_report() { return dial(80) >= 0; }
'''),
    "app": ("app.cpp", ["//report", "//task"], '''#include "report/report.h"
#include "task/task.h"
task<> session() {
  send_report();
  co_return;
}
int main() {}
'''),
    "other": ("other.cpp", ["//task"], '''#include "other/other.h"
#include "task/task.h"
task<> work();
task<> careless() {
  work();
  co_return;
}
'''),
}
# What rules that lint do with a clang-tidy: an action for a target, its sources by name, the compiler's flags in a configuration
# file of clang, and what is printed as the output.
LINT = '''load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _lint_impl(target, ctx):
    sources = [file for file in ctx.rule.files.srcs if file.extension == "cpp"]
    if not sources:
        return []
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(ctx = ctx, cc_toolchain = toolchain)
    flags = ctx.actions.args()
    given = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
        variables = cc_common.create_compile_variables(feature_configuration = features, cc_toolchain = toolchain),
    )
    flags.add_all([flag for flag in given if flag != "-fno-canonical-system-headers"])
    flags.add_all(ctx.rule.attr.copts + ["-xc++"])
    context = target[CcInfo].compilation_context
    flags.add_all(context.quote_includes, before_each = "-iquote")
    flags.use_param_file("--config %s", use_always = True)
    printed = ctx.actions.declare_file(target.label.name + ".lint.txt")
    ctx.actions.run_shell(
        command = "out=$1; shift; $@ >$out 2>&1; echo exit code $? >>$out",
        arguments = [printed.path, ctx.executable._clang_tidy.path, "--config-file=" + ctx.file._config.path, "-header-filter=.*"] +
                    [file.short_path for file in sources] + ["--", flags],
        inputs = depset(sources + [ctx.file._config], transitive = [context.headers, toolchain.all_files]),
        tools = [ctx.executable._clang_tidy],
        outputs = [printed],
        mnemonic = "Lint",
    )
    return [OutputGroupInfo(lint = [printed])]

lint = aspect(
    implementation = _lint_impl,
    attrs = {
        "_clang_tidy": attr.label(default = "@coro_tidy_program//:coro-tidy", executable = True, cfg = "exec", allow_single_file = True),
        "_config": attr.label(default = "@coro_tidy_program//:config.clang-tidy", allow_single_file = True),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
'''
HEADERS = {"net": "int dial(int port);\n", "report": "bool send_report();\n", "app": "", "other": ""}


def lay_out() -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, (source, deps, text) in PACKAGES.items():
        package = work / name
        package.mkdir(parents=True)
        (package / source).write_text(text)
        (package / f"{name}.h").write_text("#pragma once\n" + HEADERS[name])
        kind = "cc_binary" if name == "app" else "cc_library"
        files = f'srcs = ["{source}", "{name}.h"]' if name == "app" else f'srcs = ["{source}"], hdrs = ["{name}.h"]'
        (package / "BUILD").write_text(f'{kind}(name = "{name}", {files}, deps = {json.dumps(deps)}, '
                                       'copts = ["-std=c++20"], visibility = ["//visibility:public"])\n')
    (work / "task").mkdir()
    shutil.copy(header, work / "task" / "task.h")
    (work / "task" / "BUILD").write_text(
        'cc_library(name = "task", hdrs = ["task.h"], visibility = ["//visibility:public"])\n')
    workspace, build_file = guide.read_text().split("# BUILD\n")
    (work / "WORKSPACE").write_text(workspace.replace("/usr/share/coro-tidy/bazel", str(rules)))
    # What Bazel fetches for its own C++ rules comes from Debian's packages; of rules_cc those have a release that is too new
    # for this Bazel, which has the rules built in.
    native = folder / "rules_cc"
    (native / "cc").mkdir(parents=True)
    for file in ["BUILD", "cc/BUILD"]:
        (native / file).write_text("")
    (native / "WORKSPACE").write_text('workspace(name = "rules_cc")\n')
    (native / "cc" / "defs.bzl").write_text("".join(
        f"{rule} = native.{rule}\n" for rule in ["cc_binary", "cc_import", "cc_library", "cc_test", "cc_toolchain",
                                                 "cc_toolchain_suite", "objc_library"]))
    # Tests name this, even when no coverage is wanted.
    coverage = folder / "coverage"
    coverage.mkdir(parents=True)
    (coverage / "WORKSPACE").write_text("")
    (coverage / "BUILD").write_text('filegroup(name = "coverage_report_generator", visibility = ["//visibility:public"])\n')
    debian = Path("/usr/share/bazel")
    overrides = {"rules_cc": native, "remote_coverage_tools": coverage, "rules_java": debian / "rules/java", "rules_proto": debian / "rules/proto",
                 "bazel_skylib": debian / "tools/skylib", "platforms": debian / "tools/platforms"}
    (work / ".bazelrc").write_text("".join(f"build --override_repository={name}={path}\n" for name, path in overrides.items()) +
                                   "build --spawn_strategy=sandboxed --nosandbox_debug --sandbox_default_allow_network=false\n"
                                   f"build --disk_cache={folder / 'disk'}\n"
                                   "build --noshow_progress --color=no\n")
    (work / "lint.bzl").write_text(LINT)
    # Not in the steps before the last.
    (work / "BUILD").write_text(build_file.replace("deps =", 'tags = ["manual"], deps ='))


def bazel(*words: str) -> subprocess.CompletedProcess:
    # A server of its own, which starts quickly rather than compiling itself well.
    return subprocess.run(["bazel", f"--output_user_root={folder / 'out'}", "--max_idle_secs=60",
                           "--host_jvm_args=-XX:TieredStopAtLevel=1", "--host_jvm_args=-XX:+UseSerialGC", *words], cwd=work,
                          capture_output=True, text=True)


def ours(log: Path) -> list[str]:
    """The actions of the aspect in an execution log, as 'Mnemonic source-or-target'."""
    text, decoder, at, found = log.read_text(), json.JSONDecoder(), 0, []
    while (at := text.find("{", at)) >= 0:
        spawn, at = decoder.raw_decode(text, at)
        if spawn["mnemonic"].startswith("CoroTidy"):
            output = spawn["listedOutputs"][0].split("/bin/")[1]
            where = " (cached)" if spawn["remoteCacheHit"] else ""
            assert all(not i["path"].startswith("/") for i in spawn["inputs"]), "an input is absolute"
            # The second is what is left where the kernel lets nobody make name spaces, as in a plain chroot.
            assert spawn["runner"] in ("linux-sandbox", "processwrapper-sandbox", "remote cache hit"), spawn["runner"]
            found.append(f"{spawn['mnemonic'].removeprefix('CoroTidy')} {output.split('.coro-tidy')[0]}{where}")
    return sorted(found)


def build(step: str, *words: str) -> None:
    log = folder / "log.json"
    log.unlink(missing_ok=True)
    ran = bazel("build", "//...", "--aspects=@coro_tidy_rules//:coro_tidy.bzl%coro_tidy_aspect", "--output_groups=coro_tidy",
                f"--execution_log_json_file={log}", *words)
    if ran.returncode:
        sys.exit(f"{step}: {ran.stderr}")
    print(f"{step}: {', '.join(ours(log)) or 'nothing'}", flush=True)


def edit(file: str, old: str, new: str) -> None:
    path = work / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def findings() -> None:
    reports = sorted(str(path) for path in (work / "bazel-bin").resolve().rglob("*.coro-tidy/**/*.json"))
    subprocess.run([program, "merge", "-q", "--format", "concise", *reports], cwd=work)


lay_out()
try:
    build("first")
    findings()
    for path in (work / "bazel-bin").resolve().rglob("*.coro-tidy/**/*"):
        if path.is_file() and str(folder).encode() in path.read_bytes():
            print("names a folder of this machine:", path.name)
    build("unchanged")
    edit("net/net.cpp", "htons(port)", "htons(port + 1)")
    build("another body with the same summary")
    blocks = "return connect(fd, reinterpret_cast<sockaddr *>(&to), sizeof to)"
    edit("net/net.cpp", blocks, "return fd")
    build("a leaf that blocks no more")
    findings()
    bazel("clean")
    build("a clean tree with the same cache")
    linted = bazel("build", "//other", "--aspects=//:lint.bzl%lint", "--output_groups=lint")
    if linted.returncode:
        sys.exit(linted.stderr)
    print("lint rule:", *(line for line in (work / "bazel-bin/other/other.lint.txt").read_text().splitlines() if not line.startswith(" ")), sep="\n")
    # Tests have the aspect's reports as their inputs.
    edit("net/net.cpp", "return fd", blocks)
    tested = bazel("test", "//:coro-tidy", "--test_output=errors")
    if "FAILED in" not in tested.stdout:
        sys.exit(tested.stderr)
    (folder / "test.txt").write_text(tested.stdout)
    print("test:", tested.returncode, "".join(line for line in tested.stdout.splitlines(True) if ": warning" in line))
finally:
    bazel("shutdown")
    # Outputs are write-protected.
    subprocess.run(["chmod", "-R", "u+w", folder / "out"])
    shutil.rmtree(folder / "out", ignore_errors=True)
