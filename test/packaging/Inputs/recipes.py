"""recipes.py REPOSITORY: reads each recipe with the tool it is for, or with the interpreter of its language, where that is installed."""
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
from pathlib import Path

root = Path(sys.argv[1])
folder = root / "packaging"
version = re.search(r"project\(coro-tidy VERSION (\S+)", (root / "CMakeLists.txt").read_text())[1]


def read(*command: str, **options) -> None:
    """Runs a command that must like the recipe, or says that it is not there."""
    if shutil.which(command[0]) is None:
        print(f"{command[0]} is not installed: not tried")
        return
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


formula = folder / "homebrew/coro-tidy.rb"
read("ruby", "-wc", str(formula))
# A formula is a class; with a stand-in for Homebrew's its body is executed.
read("ruby", "-e", """
class Formula
  def self.method_missing(name, *words, **options) = nil
  def self.respond_to_missing?(*) = true
  def self.test = nil
end
load ARGV[0]
raise 'no install' unless CoroTidy.method_defined?(:install)
""", str(formula))
recipe = folder / "conan/conanfile.py"

# Conan is not in Debian; a stand-in for its classes executes the recipe. What it exports must be enough to configure a build.
def run_conan_recipe(exported: Path) -> None:
    def copy(_, pattern: str, source: str, target: str) -> None:
        for file in subprocess.run(["git", "ls-files"], cwd=source, capture_output=True, text=True, check=True).stdout.splitlines():
            # The pattern's star takes in what lies below.
            if fnmatch.fnmatch(file, pattern) and (Path(source) / file).is_file():
                (Path(target) / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(Path(source) / file, Path(target) / file)

    class Anything:
        """Has every attribute and method, and remembers what was set by key."""
        def __init__(self, *_) -> None:
            self.cache_variables = {}
            self.made = []

        def __getattr__(self, name: str):
            value = Anything() if not name.startswith("__") else None
            setattr(self, name, value)
            return value

        def __delattr__(self, name: str) -> None:
            pass

        def __call__(self, *words, **_):
            self.made.append(words)
            return self

    toolchains = []

    class Toolchain(Anything):
        def __init__(self, *_) -> None:
            super().__init__()
            toolchains.append(self)

    for name, members in {"conan": {"ConanFile": Anything}, "conan.tools": {}, "conan.tools.files": {"copy": copy},
                          "conan.tools.cmake": {"CMake": Anything, "CMakeToolchain": Toolchain, "cmake_layout": lambda _: None}}.items():
        module = sys.modules[name] = types.ModuleType(name)
        vars(module).update(members)
    space = {"__name__": "conanfile"}
    exec(compile(recipe.read_text(), str(recipe), "exec"), space)
    package = space["CoroTidy"]()
    package.recipe_folder, package.export_sources_folder, package.package_folder = str(recipe.parent), str(exported), "/package"
    package.options = types.SimpleNamespace(llvm="22")
    for step in ["export_sources", "layout", "generate", "build", "package", "package_id", "package_info"]:
        getattr(package, step)()
    settings = [f"-D{name}={'ON' if value is True else value or 'OFF'}" for name, value in toolchains[0].cache_variables.items()]
    read("cmake", "-S", str(exported), "-B", str(exported / "build"), "-DCMAKE_CXX_COMPILER=clang++-22", "-DCMAKE_C_COMPILER=clang-22",
         *settings)
    assert package.buildenv_info.prepend_path.made == [("PATH", "/package/bin")], package.buildenv_info.prepend_path.made


with tempfile.TemporaryDirectory() as exported:
    run_conan_recipe(Path(exported))
manifest = json.loads((folder / "vcpkg/vcpkg.json").read_text())
assert manifest["name"] == "coro-tidy" and manifest["version"] == version, manifest
# vcpkg's functions are not defined without vcpkg; the syntax is read all the same, up to the first of them.
port = subprocess.run(["cmake", "-P", str(folder / "vcpkg/portfile.cmake")], capture_output=True, text=True)
assert 'Unknown CMake command "vcpkg_from_github"' in port.stderr, port.stderr
read("nix-instantiate", "--parse", str(folder / "nix/default.nix"))
# Evaluated with a stand-in for the packages of Nix.
read("nix-instantiate", "--eval", "--strict", "-E", f"""
  let llvm = {{ stdenv.mkDerivation = it: it; llvm = "l"; libclang = "c"; }};
      it = import {folder}/nix/default.nix {{
        pkgs = {{ llvmPackages_22 = llvm; cmake = 1; ninja = 1; python3 = 1; gzip = 1; zlib = 1; zstd = 1; libxml2 = 1; lib.platforms.unix = []; }};
      }};
  in assert it.version == "{version}"; assert builtins.pathExists "${{toString it.src}}/CMakeLists.txt"; it.cmakeFlags""",
     env={**os.environ, "NIX_STATE_DIR": tempfile.gettempdir(), "NIX_STORE_DIR": tempfile.gettempdir()})
for script in ["checksums.sh", "try-package.sh"]:
    read("sh", "-n", str(folder / script))
instructions = [line.split()[0] for line in (folder / "container/Containerfile").read_text().splitlines()
                if line and line[0].isalpha()]
assert instructions == ["FROM", "ARG", "COPY", "RUN", "ENTRYPOINT", "CMD"], instructions
for file, pattern in [(formula, rf"tags/v{re.escape(version)}\.tar"), (recipe, rf'version = "{re.escape(version)}"'),
                      (folder / "nix/default.nix", rf'version = "{re.escape(version)}"')]:
    assert re.search(pattern, file.read_text()), f"{file} is not of version {version}"
