"""index_database.py BUILD SOURCES -- FLAG...: a compile database in BUILD for the .cpp files in SOURCES."""
import json
import sys
from pathlib import Path

build, sources, flags = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[4:]
entries = [{"directory": str(build.resolve()), "file": f"../{file}",
            "arguments": ["clang++", *flags, "-c", f"../{file}"]} for file in sorted(sources.glob("*.cpp"))]
(build / "compile_commands.json").write_text(json.dumps(entries))
