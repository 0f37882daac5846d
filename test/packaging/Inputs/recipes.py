"""recipes.py REPOSITORY: reads each recipe with the tool it is for, or with the interpreter of its language, where that is installed."""
import json
import re
import shutil
import subprocess
import sys
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
compile(recipe.read_text(), str(recipe), "exec")
manifest = json.loads((folder / "vcpkg/vcpkg.json").read_text())
assert manifest["name"] == "coro-tidy" and manifest["version"] == version, manifest
# vcpkg's functions are not defined without vcpkg; the syntax is read all the same, up to the first of them.
port = subprocess.run(["cmake", "-P", str(folder / "vcpkg/portfile.cmake")], capture_output=True, text=True)
assert 'Unknown CMake command "vcpkg_from_github"' in port.stderr, port.stderr
read("nix-instantiate", "--parse", str(folder / "nix/default.nix"))
for script in ["checksums.sh", "try-package.sh"]:
    read("sh", "-n", str(folder / script))
instructions = [line.split()[0] for line in (folder / "container/Containerfile").read_text().splitlines()
                if line and line[0].isalpha()]
assert instructions == ["FROM", "ARG", "COPY", "RUN", "ENTRYPOINT", "CMD"], instructions
for file, pattern in [(formula, rf"tags/v{re.escape(version)}\.tar"), (recipe, rf'version = "{re.escape(version)}"'),
                      (folder / "nix/default.nix", rf'version = "{re.escape(version)}"')]:
    assert re.search(pattern, file.read_text()), f"{file} is not of version {version}"
