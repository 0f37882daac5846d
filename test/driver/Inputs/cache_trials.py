"""cache_trials.py TRIAL CORO-TIDY INCLUDES: one way to mistreat a cache.

Each trial works in the current folder on a few small units, and compares what runs say with what a run without a cache says.
"""
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

trial, tool, includes = sys.argv[1:]
UNITS = ["dropped.cpp", "one.cpp"] if trial == "killed" else ["dropped.cpp", "one.cpp", "two.cpp", "clean.cpp"]


def command(*options: str) -> list[str]:
    return [tool, "check", "--format", "json", "-j2", "--no-index", *options, *UNITS, "--", "-std=c++20", f"-I{includes}"]


def start(*options: str, **more) -> subprocess.Popen:
    return subprocess.Popen(command(*options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def answer(run: subprocess.Popen) -> tuple[str, str]:
    """The findings of a run, without its duration, and what it said besides."""
    out, err = run.communicate()
    assert run.returncode == 1, f"exit code {run.returncode}: {out}{err}"
    report = json.loads(out)
    report.pop("seconds", None)
    return json.dumps(report, indent=1), err


def touch(number: int) -> None:
    """Changes the contents of every unit, and no finding."""
    for unit in UNITS:
        path = Path(unit)
        path.write_text(path.read_text().split("// trial")[0] + f"// trial {number}\n")


def same(found: tuple[str, str], what: str, note: str = "") -> None:
    assert found[0] == wanted, f"{what}: {found[0]}\n  is not\n{wanted}"
    assert note in found[1] and bool(note) == bool(found[1]), f"{what}: {found[1]!r}"


wanted, _ = answer(start("--no-cache"))
assert '"check"' in wanted
cache = Path("cache")

if trial == "concurrent":
    for number in range(3):
        touch(number)
        runs = [start("--cache-dir", "cache") for _ in range(8)]
        for run in runs:
            same(answer(run), "one of eight runs")
    assert not list(cache.glob("*.new")), "left behind"
elif trial == "killed":
    began = time.monotonic()
    same(answer(start("--cache-dir", "cache")), "cold")
    duration = time.monotonic() - began
    for number in range(50):
        touch(number)
        run = start("--cache-dir", "cache")
        time.sleep(random.uniform(0, duration))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        same(answer(start("--cache-dir", "cache")), f"after kill {number}")
elif trial == "corrupted":
    def bitten(data: bytes) -> list[bytes]:
        return [b"", data[:len(data) // 2], data[:-1] + bytes([data[-1] ^ 1]), b"\0" * len(data), b"x" + data]
    same(answer(start("--cache-dir", "cache")), "cold")
    for kind in range(5):
        for file in cache.glob("llvmcache-*"):
            file.write_bytes(bitten(file.read_bytes())[kind])
        same(answer(start("--cache-dir", "cache")), f"corruption {kind}")
    # The lists of inputs may still gain the times of files that were too young to be told by their time.
    def results() -> dict[str, int]:
        return {file.name: file.stat().st_mtime_ns for file in cache.glob("llvmcache-*.result")}
    before = results()
    assert len(before) == len(UNITS), before
    same(answer(start("--cache-dir", "cache")), "mended")
    assert before == results(), "mended entries are used"
elif trial == "unwritable":
    Path("file").write_text("")
    same(answer(start("--cache-dir", "file/cache")), "no folder", "results could not be kept")

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
    same(answer(start("--cache-dir", "cache", preexec_fn=full)), "full disk", "results could not be kept")
    assert not list(cache.glob("llvmcache-*")), "half a file was kept"
    # What is there can be read though nothing can be written.
    time.sleep(2.1)
    same(answer(start("--cache-dir", "cache")), "cold")
    same(answer(start("--cache-dir", "cache", preexec_fn=full)), "warm on a full disk")
    if os.getuid():
        touch(0)
        cache.chmod(0o555)
        same(answer(start("--cache-dir", "cache")), "read-only", "results could not be kept")
        cache.chmod(0o755)
else:
    sys.exit(f"no trial {trial}")
