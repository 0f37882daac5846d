"""external.py INCLUDES: writes a project with code of others in many places, and its compile database."""
import json
import sys
from pathlib import Path

HEADER = """#pragma once
#include "task.h"
task<> work_in_{name}();
inline task<> {name}() {{ work_in_{name}(); co_return; }}
"""
BODY = "\ntask<> {name}_body() {{\n  work_in_{name}();\n  co_return;\n}}\n"
FOLDERS = ["third_party/lib", "build/_deps/lib-src", "vcpkg_installed/x64/include", ".conan2/p/lib", "libs/theirs", "libs/ours",
           "generated", "far/away", "src/theirs"]

root, inputs = Path.cwd(), sys.argv[1]
includes = []
for number, folder in enumerate(FOLDERS):
    name = "in_" + Path(folder).name.replace("-", "_")
    (root / folder).mkdir(parents=True)
    (root / folder / f"{name}.h").write_text(HEADER.format(name=f"{name}_{number}"))
    includes.append(f'#include "../{folder}/{name}.h"\n')
SOURCE = '#include "task.h"\ntask<> work_in_{name}();\n' + BODY
(root / "third_party/lib/lib.cpp").write_text(SOURCE.format(name="lib"))
(root / "src/main.cpp").write_text("".join(includes) + SOURCE.format(name="own"))
entries = [{"directory": str(root), "file": file, "arguments": ["c++", "-std=c++20", f"-I{inputs}", "-c", file]}
           for file in ("src/main.cpp", "third_party/lib/lib.cpp")]
(root / "build/compile_commands.json").write_text(json.dumps(entries))
