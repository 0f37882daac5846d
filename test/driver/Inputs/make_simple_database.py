"""make_simple_database.py FOLDER INCLUDES FILE...: writes a compile database."""
import json
import sys
from pathlib import Path

folder, inputs, files = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:]
entries = [{"directory": str(Path.cwd()), "file": file, "arguments": ["c++", "-std=c++20", f"-I{inputs}", "-c", file]}
           for file in files]
(folder / "compile_commands.json").write_text(json.dumps(entries))
