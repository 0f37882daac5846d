"""flip_bytes.py TOOL INDEX FILE FLAG...: analyses FILE with indexes in which a byte is another one."""
import subprocess
import sys
from pathlib import Path

tool, index, file, *flags = sys.argv[1:]
good = Path(index).read_bytes()


def run(data: bytes) -> tuple[int, list[str]]:
    Path("flipped.index").write_bytes(data)
    done = subprocess.run([tool, "check", "-q", "--format", "concise", "--no-isolate", "--no-cache", file, "--index",
                           "flipped.index", "--", *flags], capture_output=True, text=True, timeout=60)
    return done.returncode, sorted(done.stdout.splitlines())


whole, lines = run(good)
assert whole == 1, (whole, lines)
# A prime step looks at every part of the file in a few dozen runs.
damaged = 0
for at in range(0, len(good), 67):
    data = bytearray(good)
    data[at] ^= 0x55
    status, found = run(bytes(data))
    assert status in (0, 1, 2), (at, status)
    assert all("coro-blocking-call" not in line or line in lines for line in found), (at, found)
    damaged += found != lines
assert damaged > 3, damaged
