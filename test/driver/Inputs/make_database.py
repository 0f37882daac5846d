"""Writes the compile database that bad-input.test describes."""
import json
import sys
from pathlib import Path

project, inputs = Path(sys.argv[1]).resolve(), sys.argv[2]
build = project / "build"
(build / "flags.rsp").write_text(f"-std=c++20 -I{inputs}")


def entry(name: str, *flags: str) -> dict:
    return {"directory": str(build), "file": f"../src/{name}",
            "arguments": ["g++", "@flags.rsp", *flags, "-c", f"../src/{name}"]}


entries = [
    entry("with space.cpp", "-o", "a.o"),
    entry("with space.cpp", "-o", "b.o"),
    entry("clean.cpp", "-fno-such-flag", "-Wno-such-warning", "--expt-relaxed-constexpr", "-gencode", "arch=compute_70,code=sm_70"),
    entry("one.cpp"),
    entry("gone.cpp"),
]
(build / "compile_commands.json").write_text(json.dumps(entries))
