"""sharded_project.py SOURCES: units for a run in shards, in SOURCES: several that show the same finding in a header, some with
one of their own, and one that does not compile."""
import sys
from pathlib import Path

sources = Path(sys.argv[1])
(sources / "shared.h").write_text('#include "task.h"\n\ntask<> work();\n'
                                  'inline task<> careless() {\n  work();\n  co_return;\n}\n')
for number in range(8):
    # Two code units of UTF-16 and four bytes before the finding, so that columns differ from each other.
    own = f"task<> own{number}() {{\n  /* \N{GRINNING FACE} */ work();\n  co_return;\n}}\n" if number % 3 == 0 else ""
    (sources / f"unit{number}.cpp").write_text(f'#include "shared.h"\n{own}')
(sources / "broken.cpp").write_text('#include "shared.h"\nint broken() { return nothing; }\n')
