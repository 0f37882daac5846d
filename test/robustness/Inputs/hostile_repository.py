"""hostile_repository.py TOOL CLANG TASK-HEADERS: a repository that tries to run code, or to write where it must not.

Everything that a checkout can bring is tried: flags of the compile database, .clang-tidy, models, links. The
working directory is the attacker's `repository`; `outside` beside it must be empty at the end.
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

tool, clang, headers = sys.argv[1:4]
base = Path.cwd()
outside, repository = base / "outside", base / "repository"
for folder in (outside, repository):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()

# What runs when it is loaded, whoever loads it.
(base / "plugin.cpp").write_text(f'#include <fstream>\n__attribute__((constructor)) void run() {{ '
                                 f'std::ofstream("{outside}/ran-code") << 1; }}\n')
plugin = str(repository / "plugin.so")
subprocess.run([clang, "-shared", "-fPIC", str(base / "plugin.cpp"), "-o", plugin], check=True)
# The trap works: without this the test would prove nothing.
subprocess.run([clang, "-fsyntax-only", f"-fplugin={plugin}", str(base / "plugin.cpp")], stderr=subprocess.DEVNULL)
assert (outside / "ran-code").exists()
(outside / "ran-code").unlink()
# Clang's driver asks programs about the machine, which flags can name, by their paths or by a folder to look in.
tools = repository / "tools"
tools.mkdir()
for name in ("any", "nvptx-arch", "amdgpu-arch", "offload-arch", "as", "ld", "gcc"):
    (tools / name).write_text(f"#!/bin/sh\necho >> {outside}/ran-{name}\necho sm_70\n")
    (tools / name).chmod(0o755)
subprocess.run([clang, "-fsyntax-only", "-x", "cuda", "-nocudainc", "-nocudalib", "--offload-arch=native",
                f"--nvptx-arch-tool={tools}/any", str(base / "plugin.cpp")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
assert (outside / "ran-any").exists()
(outside / "ran-any").unlink()
subprocess.run([clang, "-fsyntax-only", f"-MJ{outside}/trap.json", str(base / "plugin.cpp")], stderr=subprocess.DEVNULL)
assert (outside / "trap.json").exists()
(outside / "trap.json").unlink()

script = repository / "c++"
script.write_text(f"#!/bin/sh\ntouch {outside}/ran-compiler\n")
script.chmod(0o755)

SOURCE = '#include "task.h"\ntask<> work();\ntask<> all() {\n  work();\n  co_return;\n}\n'
HOSTILE_FLAGS = {
    "fplugin": [f"-fplugin={plugin}"],
    "load": ["-Xclang", "-load", "-Xclang", plugin],
    "load-joined": ["-Xclang=-load", f"-Xclang={plugin}"],
    "add-plugin": ["-Xclang", "-load", "-Xclang", plugin, "-Xclang", "-add-plugin", "-Xclang", "x"],
    "pass-plugin": [f"-fpass-plugin={plugin}"],
    "mllvm-load": ["-mllvm", f"-load={plugin}"],
    "config": ["--config=" + str(repository / "flags.cfg")],
    "response": ["@" + str(repository / "flags.rsp")],
    "output": ["-o", f"{outside}/output.o", "-save-temps=obj"],
    "dependencies": ["-MD", "-MF", f"{outside}/deps.d", "-MT", "x"],
    "dependencies-wp": [f"-Wp,-MD,{outside}/deps-wp.d"],
    "dependency-file": ["-Xclang", "-dependency-file", "-Xclang", f"{outside}/dependency-file.d", "-Xclang", "-MT",
                        "-Xclang", "x"],
    "dependency-dot": ["-Xclang", "-dependency-dot", "-Xclang", f"{outside}/graph.dot"],
    "header-list": ["-Xclang", "-H", "-Xclang", "-header-include-file", "-Xclang", f"{outside}/headers.txt"],
    "serialized": ["--serialize-diagnostics", f"{outside}/diagnostics.dia"],
    "diagnostic-log": ["-Xclang", "-diagnostic-log-file", "-Xclang", f"{outside}/log.txt"],
    "time-trace": [f"-ftime-trace={outside}/trace.json"],
    "statistics": ["-save-stats=obj", f"-fproc-stat-report={outside}/proc.csv", "-Xclang", f"-stats-file={outside}/stats.json"],
    "modules": ["-fmodules", "-fcxx-modules", "-fimplicit-modules", "-fimplicit-module-maps",
                f"-fmodules-cache-path={outside}/modules"],
    "module-output": [f"-fmodule-output={outside}/m.pcm", "-x", "c++-module"],
    "emit-pch": ["-Xclang", "-emit-pch", "-o", f"{outside}/x.pch"],
    "profile": [f"-fprofile-instr-generate={outside}/profile.raw", "--coverage"],
    "remarks": [f"-foptimization-record-file={outside}/remarks.yaml"],
    "crash": [f"-fcrash-diagnostics-dir={outside}", "-gen-reproducer=always"],
    "api": ["-Xclang", "-extract-api", "-Xclang", f"--symbol-graph-dir={outside}"],
    "symbol-graph": [f"--emit-symbol-graph", f"--symbol-graph-dir={outside}"],
    "rewrite": ["-Xclang", "-fixit=x", "-Xclang", "-fix-what-you-can"],
    "serialized-joined": [f"-Xclang=-serialize-diagnostic-file", f"-Xclang={outside}/joined.dia"],
    "plain": [],
    "cuda-tool": ["-x", "cuda", "-nocudainc", "-nocudalib", "--offload-arch=native", f"--nvptx-arch-tool={tools}/any"],
    "hip-tool": ["-x", "hip", "-nogpuinc", "-nogpulib", "--offload-arch=native", f"--amdgpu-arch-tool={tools}/any"],
    "offload-tool": ["-x", "hip", "-nogpuinc", "-nogpulib", "--offload-arch=native", f"--offload-arch-tool={tools}/any"],
    "amdgpu-prefix": ["--target=amdgcn-amd-amdhsa", "-mcpu=native", f"-B{tools}"],
    "amdgpu-tool": ["--target=amdgcn-amd-amdhsa", "-mcpu=native", f"--amdgpu-arch-tool={tools}/any"],
    "nvptx-prefix": ["--target=nvptx64-nvidia-cuda", "-march=native", f"-B{tools}"],
    "openmp-amdgpu": ["-fopenmp", "-fopenmp-targets=amdgcn-amd-amdhsa", f"-B{tools}"],
    "openmp-nvptx": ["-fopenmp", "-fopenmp-targets=nvptx64-nvidia-cuda", f"-B{tools}"],
    "programs": ["-no-integrated-as", "-fno-integrated-cc1", f"-B{tools}", "-fuse-ld=" + str(tools / "ld"), "-ccc-gcc-name",
                 str(tools / "gcc"), f"--gcc-toolchain={tools}"],
    "fragments": ["-gen-cdb-fragment-path", str(outside)],
    "fragment": [f"-MJ{outside}/fragment.json"],
    "config-fragment": ["--config=" + str(repository / "fragment.cfg")],
    "config-tool": ["--config=" + str(repository / "tool.cfg")],
    "cl": ["--driver-mode=cl", f"/clang:-MJ{outside}/cl.json", "/clang:-gen-cdb-fragment-path", f"/clang:{outside}",
           f"/Fo{outside}/x.obj", f"/Fp{outside}/x.pch", "/Yc", f"/sourceDependencies{outside}/x.json"],
    "xarch": ["-Xarch_host", f"-MJ{outside}/xarch.json"],
    "index-store": [f"-index-store-path={outside}", "-ftime-report", f"-dumpdir", f"{outside}/"],
    "prefix-map": [f"-fdebug-prefix-map=/x={outside}", f"-ffile-prefix-map=/x={outside}", "-gsplit-dwarf"],
    "ast": ["-Xclang", "-emit-module", "-Xclang", "-o", "-Xclang", f"{outside}/x.o", "-emit-ast"],
    "working": [f"-working-directory={outside}"],
}
(repository / "flags.cfg").write_text(f"-fplugin={plugin}\n")
(repository / "fragment.cfg").write_text(f"-MJ {outside}/config.json -gen-cdb-fragment-path {outside}\n")
(repository / "tool.cfg").write_text(f"--target=amdgcn-amd-amdhsa -mcpu=native --amdgpu-arch-tool={tools}/any\n")
(repository / "flags.rsp").write_text(f"-fplugin={plugin} -MD -MF {outside}/response.d\n")
entries = []
for name, flags in HOSTILE_FLAGS.items():
    (repository / f"{name}.cpp").write_text(SOURCE)
    entries.append({"directory": str(repository), "file": f"{name}.cpp",
                    "arguments": ["./c++", "-std=c++20", f"-I{headers}", *flags, "-c", f"{name}.cpp"]})
# A configuration beside the compiler is read without a flag.
(repository / "beside.cpp").write_text(SOURCE)
(tools / "clang++").write_text(script.read_text())
(tools / "clang++.cfg").write_text((repository / "fragment.cfg").read_text())
entries.append({"directory": str(repository), "file": "beside.cpp",
                "arguments": [str(tools / "clang++"), "-std=c++20", f"-I{headers}", "-c", "beside.cpp"]})
(repository / "compile_commands.json").write_text(json.dumps(entries))
# clang-tidy's own configuration adds arguments, too.
(repository / ".clang-tidy").write_text(json.dumps({
    "ExtraArgs": [f"-fplugin={plugin}", "-MD", "-MF", f"{outside}/extra.d", "-Xclang", "-load", "-Xclang", plugin],
    "ExtraArgsBefore": [f"-fplugin={plugin}", f"-ftime-trace={outside}/before.json"],
    "CheckOptions": {"Models": "../models.yaml;/dev/null"}}))


def run(*words: str) -> subprocess.CompletedProcess:
    # Programs of the repository are not found by name, either: a path that begins there is an old trick.
    environment = {**os.environ, "CORO_TIDY_CACHE_DIR": str(base / "cache")}
    return subprocess.run([tool, *words], cwd=repository, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=300)


failed = []


def expect(good: bool, what: str, ended: subprocess.CompletedProcess) -> None:
    if not good:
        failed.append(f"{what} (exit status {ended.returncode}):\n{ended.stdout[-3000:]}")


before = sorted(str(p) for p in repository.rglob("*"))
ended = run("check", "--format", "concise")
# It is analysed in spite of its flags.
expect("plain.cpp:4:3: warning:" in ended.stdout, "no finding", ended)
expect("fplugin.cpp:4:3: warning:" in ended.stdout, "no finding", ended)
expect("fragment.cpp:4:3: warning:" in ended.stdout and "beside.cpp:4:3: warning:" in ended.stdout, "no finding", ended)
for command in (["map", "--format", "json", "-o", str(base / "map.json")], ["doctor"], ["explain-cancellation", "all"],
                ["index", "-q"], ["link", "-q"], ["check", "--no-cache", "--no-keyword-scan", "--diff"],
                ["check", "--no-isolate", "--no-shared-headers", "--no-cache"],
                ["map", "--no-isolate", "--format", "text"]):
    ended = run(*command)
    expect(ended.returncode in (0, 1, 2), " ".join(command), ended)
# The index of a project stands beside its database.
written = sorted(p for p in {str(p) for p in repository.rglob("*")} - set(before) if "/.coro-tidy" not in p)
if written:
    failed.append(f"in the repository: {written}")
if left := sorted(str(p.relative_to(outside)) for p in outside.rglob("*")):
    failed.append(f"outside: {left}")

for one in failed:
    print(one)
sys.exit(1 if failed else 0)
