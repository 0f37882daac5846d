#!/usr/bin/env python3
"""Writes a page of `coro-tidy map` anew with 5,000 files: large_map.py PAGE LARGE-PAGE."""
import json
import random
import re
import sys
from pathlib import Path

FILES = 5000


def main() -> None:
    random.seed(7)
    page = Path(sys.argv[1]).read_text()
    found = re.search(r'(<script type="application/json" id="data">)(.*?)(</script>)', page, re.DOTALL)
    data = json.loads(found[2])
    sample = [f for file in data["files"] for f in file["functions"]]
    areas = ["net", "storage", "http", "db", "core", "ui", "auth", "util", "rpc", "cluster"]
    parts = ["impl", "detail", "api", "tests"]
    count, files = 0, []
    for number in range(FILES):
        functions = []
        for _ in range(1 + int(random.expovariate(1 / 7))):
            one = dict(random.choice(sample), index=count, statements=1 + int(random.lognormvariate(2, 1)))
            one["calls"] = [random.randrange(count + 1) for _ in range(random.randrange(4))]
            functions.append(one)
            count += 1
        files.append({"path": f"src/{random.choice(areas)}/{random.choice(parts)}/file_{number}.cpp", "functions": functions})
    data["files"] = files
    text = json.dumps(data).replace("<", "\\u003c")
    Path(sys.argv[2]).write_text(page[:found.start(2)] + text + page[found.end(2):])
    print(count, "functions")


if __name__ == "__main__":
    main()
