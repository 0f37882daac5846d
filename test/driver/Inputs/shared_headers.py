"""shared_headers.py CORO-TIDY INCLUDES: a project whose units share headers of a library, or only seem to.

Runs with and without shared headers must say the same; how many units could share them is checked too.
"""
import json
import subprocess
import sys
from pathlib import Path

tool, includes = sys.argv[1:]
root = Path.cwd()
for folder in ("src", "ext", "src/third_party"):
    (root / folder).mkdir(parents=True)

# The library: its tasks are lazy unless it is told otherwise.
(root / "ext/lib.h").write_text("""#ifndef LIB_H
#define LIB_H
#include <task.h>
#include <coroutine>
#ifdef LIB_EAGER
using work_task = eager<>;
#else
using work_task = task<>;
#endif
work_task work();
inline int helper() { int local = 1; return local; }
#endif
""")
(root / "ext/config.h").write_text("#pragma once\n#include <lib.h>\n#include <project_config.h>\n")
(root / "src/third_party/vendored.h").write_text("#pragma once\n#include <lib.h>\n#include <project_config.h>\n")
(root / "ext/bare.h").write_text("struct bare {};\n")
(root / "src/project_config.h").write_text("#pragma once\ninline task<> configured() { work(); co_return; }\n")
(root / "src/options.h").write_text("#pragma once\n#define LIB_EAGER 1\n")
(root / "src/shared.h").write_text("#pragma once\n#include <lib.h>\ninline task<> in_header() { work(); co_return; }\n")
(root / "src/third_party/tp.h").write_text("#pragma once\n#include <lib.h>\ninline task<> theirs() { work(); co_return; }\n")

USE = "task<> use_{n}() {{ work(); co_return; }}\n"
units: dict[str, tuple[str, str]] = {}


def unit(name: str, text: str, group: str = "") -> None:
    units[name] = (text + USE.format(n=name), group)


for n in range(3):
    unit(f"plain_{n}", "#include <vector>\n#include \"lib.h\"\n" if n == 1 else "#include <lib.h>\n#include <vector>\n")
unit("through", "#include \"shared.h\"\n#include <vector>\n")
# These see another library than the others.
unit("macro", "#define LIB_EAGER\n#include <lib.h>\n#include <vector>\n")
unit("macro_in_header", "#include \"options.h\"\n#include <lib.h>\n#include <vector>\n")
unit("undefined", "#undef __cpp_impl_coroutine\n#include <lib.h>\n#include <vector>\n")
unit("inside", "#include <coroutine>\n#include <utility>\n#include <vector>\nnamespace other {\n#include <lib.h>\nvoid f();\n}\n"
               "using namespace other;\n")
unit("inside_late", "#include <coroutine>\n#include <utility>\n#include <vector>\nnamespace other { void f();\n#include <lib.h>\n}\n"
                    "using namespace other;\n")
# These do not include it, whatever a look at their text may say.
unit("comment", "/*\n#include <lib.h>\n*/\n#include <vector>\n#include <task.h>\ntask<> work();\n")
unit("condition", "#if 0\n#include <lib.h>\n#endif\n#include <vector>\n#include <task.h>\ntask<> work();\n")
unit("broken", "#include <lib.h>\n#include <vector>\nint broken = ;\n")
# Macros of other names do no harm.
unit("guarded", "#define MINE 1\n#include <lib.h>\n#include <vector>\n")
for n in range(3):
    # What a system header includes counts as the system's.
    unit(f"config_{n}", "#include <config.h>\n", "-DCONFIG")
    # A vendored header reads one of the project: findings there must not get lost.
    unit(f"vendored_{n}", "#include <vendored.h>\n", "-DVENDORED")
    # Without a guard a header cannot be included twice.
    unit(f"bare_{n}", "#include <lib.h>\n#include <bare.h>\n", "-DBARE")
    unit(f"third_{n}", "#include <tp.h>\n", "-DTHIRD")

entries = []
for name, (text, group) in units.items():
    (root / f"src/{name}.cpp").write_text(text)
    flags = [group] if group else []
    entries.append({"directory": str(root), "file": f"src/{name}.cpp",
                    "arguments": ["c++", "-std=c++20", "-Isrc", "-Isrc/third_party", "-isystem", "ext", "-isystem", includes, *flags,
                                  "-c", f"src/{name}.cpp", "-o", f"{name}.o"]})
(root / "compile_commands.json").write_text(json.dumps(entries))


def check(*options: str) -> tuple[dict, int]:
    """The report, and how many units shared headers."""
    ran = subprocess.run([tool, "check", "--no-cache", "--format", "json", "--statistics", *options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    count = [int(line.split()[0]) for line in ran.stderr.splitlines() if "parsed with shared headers" in line]
    return json.loads(ran.stdout), sum(count)


plain, number = check("--no-shared-headers")
assert number == 0
places = {finding["location"]["file"] for finding in plain["findings"]}
for silent in ("macro", "macro_in_header"):
    assert f"src/{silent}.cpp" not in places, silent
for told in ("plain_0", "guarded", "inside", "comment", "config_1", "third_2"):
    assert f"src/{told}.cpp" in places, told
assert "src/shared.h" in places and "src/project_config.h" in places
assert not any("tp.h" in place for place in places)


def compare(names: list[str], wanted: int) -> None:
    """Analyses some units: they say what the plain run said of them."""
    files = [f"src/{name}.cpp" for name in names]
    shared, number = check(*files)
    assert number == wanted, f"{names}: {number} units shared headers, not {wanted}"
    for kind in ("findings", "problems"):
        def of(report: dict) -> list[dict]:
            return [one for one in report[kind] if (one.get("location") or one)["file"] in files]
        assert of(shared) == of(plain), f"{names}: {of(shared)}\nis not\n{of(plain)}"


plains = ["plain_0", "plain_1", "plain_2"]
compare([*plains, "through", "guarded"], 5)
for odd in ("macro", "macro_in_header", "undefined", "inside", "inside_late", "comment", "condition", "broken"):
    compare([*plains, odd], 3)
for group, wanted in (("config", 3), ("vendored", 0), ("bare", 0), ("third", 3)):
    compare([f"{group}_{n}" for n in range(3)], wanted)
