"""Runs `coro-tidy check` in an empty cache, sends it a signal when a unit is done, and shows what it then does."""
import signal
import subprocess
import sys
import time
from pathlib import Path

cache, name, *command = sys.argv[1:]
# What runs in the background of a shell ignores SIGINT, and so would this.
run = subprocess.Popen([*command[:2], "--cache-dir", cache, *command[2:]],
                       preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
end = time.monotonic() + 120
while not [f for f in Path(cache).rglob("*") if f.is_file()]:
    if run.poll() is not None or time.monotonic() > end:
        run.kill()
        sys.exit(f"no unit was done, exit status {run.returncode}")
    time.sleep(0.05)
# The unit's process writes its result before the run has read it.
time.sleep(0.5)
run.send_signal(signal.Signals[name])
began = time.monotonic()
code = run.wait(timeout=60)
print("ended by", signal.Signals(-code).name if code < 0 else code)
print("in time" if time.monotonic() - began < 30 else "late", flush=True)
