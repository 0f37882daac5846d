#!/usr/bin/env python3
"""Talks to a gateway over loopback and checks its answers.

    smoke_test.py BINARY [CHECK...]

Every check gets a server of its own. `basic` stands for the checks that need
neither timing nor an administrator. The exit status is 0 only if all passed.
"""

import os
import pathlib
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

TIME_LIMIT = 30
STEP_LIMIT = 3.0
HELLO, DATA, BROADCAST, STATS, RELOAD, KICK, PING = range(1, 8)
OK, ERROR, EVENT, KEEP_ALIVE = 0x80, 0x81, 0x82, 0x83
TOKEN = "open-sesame"


class Failure(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failure(message)


def encode(kind, payload=b""):
    if isinstance(payload, str):
        payload = payload.encode()
    return struct.pack(">BI", kind, len(payload)) + payload


def samples(*values):
    return struct.pack(f">{len(values)}i", *values)


class Server:
    def __init__(self, binary, directory, **settings):
        self.config = pathlib.Path(directory, "gateway.conf")
        self.journal = pathlib.Path(directory, "gateway.journal")
        self.settings = {
            "idle_timeout_ms": 5000,
            "kick_grace_ms": 50,
            "flush_interval_ms": 20,
            "max_missed": 20,
            "admin_token": TOKEN,
            "journal": self.journal,
            **settings,
        }
        self.config.write_text(self.config_text())
        self.errors = pathlib.Path(directory, "stderr")
        with self.errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                [binary, "--port", "0", "--config", self.config],
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        try:
            line = self.read_line()
            expect(
                line.startswith("listening on 127.0.0.1:"),
                f"first line is {line!r}",
            )
        except Failure:
            self.kill()
            raise
        self.port = int(line.rsplit(":", 1)[1])

    def config_text(self, **changes):
        settings = {**self.settings, **changes}
        return "".join(f"{key} = {value}\n" for key, value in settings.items())

    def read_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], STEP_LIMIT)
        expect(ready, "the server prints nothing")
        return self.process.stdout.readline().decode().strip()

    def stop(self):
        expect(self.process.poll() is None, "the server is gone: " + self.report())
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STEP_LIMIT)
        except subprocess.TimeoutExpired:
            raise Failure("the server does not stop") from None
        expect(status == 0, f"exit status {status}: {self.report()}")
        expect(self.read_line() == "stopped", "no clean shutdown")
        report = self.report()
        expect(
            "Sanitizer" not in report and "runtime error:" not in report,
            "sanitizer report: " + report,
        )

    def report(self):
        return self.errors.read_text(errors="replace")[-4000:].strip()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def client(self, name="client"):
        client = Client(self.port)
        client.id = int(client.ask(HELLO, name).removeprefix("id="))
        return client


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), STEP_LIMIT)
        self.socket.settimeout(STEP_LIMIT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self, size):
        data = b""
        while len(data) < size:
            try:
                part = self.socket.recv(size - len(data))
            except TimeoutError:
                raise Failure("no answer in time") from None
            except ConnectionResetError:
                part = b""
            if not part:
                raise EOFError("closed by the server")
            data += part
        return data

    def receive(self):
        kind, size = struct.unpack(">BI", self.read(5))
        return kind, self.read(size).decode()

    def receive_other_than(self, *skipped, limit=200):
        for _ in range(limit):
            kind, text = self.receive()
            if kind not in skipped:
                return kind, text
        raise Failure(f"nothing but {skipped} in {limit} frames")

    def ask(self, kind, payload=b"", wanted=OK):
        self.send(encode(kind, payload))
        try:
            answer, text = self.receive_other_than(KEEP_ALIVE, EVENT)
        except EOFError:
            raise Failure(f"closed instead of answering {kind}") from None
        expect(answer == wanted, f"answer to {kind} is {answer:#x} {text!r}")
        return text

    def expect_event(self, wanted):
        kind, text = self.receive_other_than(KEEP_ALIVE)
        expect((kind, text) == (EVENT, wanted), f"got {kind:#x} {text!r}, not {wanted!r}")

    def expect_end(self):
        try:
            frame = self.receive_other_than(KEEP_ALIVE)
        except EOFError:
            return
        raise Failure(f"got {frame!r}, not the end")


def summary(values):
    data = samples(*values)
    mean = abs(sum(values)) // len(values) * (1 if sum(values) >= 0 else -1)
    return (
        f"crc={zlib.crc32(data)} count={len(values)} min={min(values)} "
        f"max={max(values)} mean={mean}"
    )


def check_data(server):
    with server.client() as client:
        for values in ([7], [1, 2, 4], [-5, -6, 1000], list(range(-9000, 5000))):
            answer = client.ask(DATA, samples(*values))
            expect(answer == summary(values), f"{answer!r}")
        client.ask(DATA, b"\0\0\1", wanted=ERROR)
        client.ask(99, wanted=ERROR)
        expect(client.ask(PING) == "pong", "the session survives an error")


def check_concurrent(server):
    failures = []

    def work(number):
        try:
            with server.client(f"c{number}") as client:
                for i in range(40):
                    values = [number, i, -i]
                    answer = client.ask(DATA, samples(*values))
                    expect(answer == summary(values), f"{answer!r}")
        except (Failure, EOFError, OSError) as failure:
            failures.append(repr(failure))

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * STEP_LIMIT)
        expect(not thread.is_alive(), "a session hangs")
    expect(not failures, "; ".join(failures))


def check_broadcast(server):
    with server.client("a") as a, server.client("b") as b, server.client("c") as c:
        expect(a.ask(BROADCAST, "hi") == "delivered=2", "two others hear it")
        b.expect_event("a: hi")
        c.expect_event("a: hi")
        b.ask(BROADCAST, "yo")
        a.expect_event("b: yo")


def check_stats(server):
    with server.client("ann") as ann, server.client("bob"):
        ann.ask(PING)
        text = ann.ask(STATS)
        expect(text.startswith("sessions=2 idle_timeout_ms=5000 "), text)
        expect(f"session {ann.id} name=ann frames=3\n" in text, text)
        expect(" name=bob frames=1\n" in text, text)


def check_oversize(server):
    with server.client() as client, server.client() as other:
        client.send(struct.pack(">BI", DATA, 1 << 30))
        client.expect_end()
        other.ask(PING)


def check_split_frame(server):
    """A frame of which the idle timeout sees one part only."""
    values = [3, -4, 5]
    frame = encode(DATA, samples(*values))
    for cut in (2, 5, 9):
        with server.client() as client:
            client.send(frame[:cut])
            kind, _ = client.receive()
            expect(kind == KEEP_ALIVE, f"got {kind:#x}, not a keep-alive")
            client.send(frame[cut:])
            client.socket.settimeout(1.0)
            kind, text = client.receive_other_than(KEEP_ALIVE)
            expect(
                (kind, text) == (OK, summary(values)),
                f"frame cut at {cut} is answered by {kind:#x} {text!r}",
            )
            expect(client.ask(PING) == "pong", "the session is in step")


def check_idle_end(server):
    with server.client() as client:
        client.expect_end()


def check_churn(server):
    """Sessions end while a broadcast waits for one that does not read."""
    text = "x" * 60_000
    with server.client("loud") as loud, server.client("slow") as slow:
        others = [server.client(f"c{n}") for n in range(12)]
        for _ in range(150):
            loud.send(encode(BROADCAST, text))
        # The broadcast is stuck now: the slow one's queue and socket are full.
        time.sleep(0.3)
        for other in others:
            other.socket.close()
        more = [server.client(f"d{n}") for n in range(6)]
        time.sleep(0.2)
        slow.socket.close()
        for other in more:
            other.socket.close()
        for _ in range(150):
            kind, answer = loud.receive_other_than(KEEP_ALIVE, EVENT)
            expect(kind == OK, f"{kind:#x} {answer!r}")
        expect(loud.ask(PING) == "pong", "still there")


def check_kick(server):
    with server.client() as admin, server.client("victim") as victim:
        admin.ask(KICK, f"guess {victim.id}", wanted=ERROR)
        admin.ask(KICK, f"{TOKEN} 4711", wanted=ERROR)
        expect(victim.ask(PING) == "pong", "not kicked yet")
        admin.ask(KICK, f"{TOKEN} {victim.id}")
        victim.expect_event("kicked")
        victim.expect_end()
        text = admin.ask(STATS)
        expect("sessions=1 " in text and "victim" not in text, text)
        expect(
            f"audit kick {victim.id}\n" in server.journal.read_text(),
            "the kick is not on file",
        )


def check_reload(server):
    with server.client() as admin, server.client() as other:
        admin.ask(RELOAD, "guess", wanted=ERROR)
        server.config.write_text(server.config_text(idle_timeout_ms=1234))
        admin.ask(RELOAD, TOKEN)
        other.expect_event("configuration reloaded")
        expect(" idle_timeout_ms=1234 " in admin.ask(STATS), "new value")
        server.config.write_text("idle_timeout_ms = soon\n")
        admin.ask(RELOAD, TOKEN, wanted=ERROR)
        expect(" idle_timeout_ms=1234 " in admin.ask(STATS), "old value kept")


def check_audit(server):
    with server.client() as admin:
        admin.ask(RELOAD, TOKEN)
        expect(
            server.journal.exists()
            and f"audit reload {server.config}\n" in server.journal.read_text(),
            "the reload is answered before it is on file",
        )


def check_slow_config(server):
    """The file is a pipe: reading it takes as long as we like."""
    server.config.unlink()
    os.mkfifo(server.config)
    with server.client() as admin, server.client() as other:
        admin.send(encode(RELOAD, TOKEN))
        pipe = None
        for _ in range(100):
            try:
                pipe = os.open(server.config, os.O_WRONLY | os.O_NONBLOCK)
                break
            except OSError:
                time.sleep(0.01)
        expect(pipe is not None, "nobody reads the configuration")
        try:
            other.socket.settimeout(1.0)
            other.ask(PING)
            os.write(pipe, server.config_text(idle_timeout_ms=777).encode())
        finally:
            os.close(pipe)
        kind, text = admin.receive_other_than(KEEP_ALIVE, EVENT)
        expect(kind == OK, f"{kind:#x} {text!r}")
        expect(" idle_timeout_ms=777 " in admin.ask(STATS), "new value")


def check_journal(server):
    """Data goes on while the journal is flushed all the time."""
    with server.client() as client:
        for i in range(1500):
            client.ask(DATA, samples(i))
        server.stop()
        client.expect_end()
    lines = server.journal.read_text().splitlines()
    for i, line in enumerate(lines):
        wanted = f"data {client.id} " + summary([i])
        expect(line == wanted, f"line {i} of the journal is {line!r}")
    expect(len(lines) == 1500, f"{len(lines)} lines in the journal")


RARE_FLUSH = {"flush_interval_ms": 60_000}
CHECKS = {
    "data": (check_data, RARE_FLUSH),
    "concurrent": (check_concurrent, RARE_FLUSH),
    "broadcast": (check_broadcast, RARE_FLUSH),
    "stats": (check_stats, RARE_FLUSH),
    "oversize": (check_oversize, RARE_FLUSH),
    "idle_end": (check_idle_end, {"idle_timeout_ms": 100, "max_missed": 2}),
    "split_frame": (check_split_frame, {"idle_timeout_ms": 200}),
    "churn": (check_churn, {}),
    "kick": (check_kick, {}),
    "reload": (check_reload, {}),
    "audit": (check_audit, RARE_FLUSH),
    "slow_config": (check_slow_config, {}),
    "journal": (check_journal, {"flush_interval_ms": 1}),
}
BASIC = ["data", "concurrent", "broadcast", "stats", "oversize", "idle_end"]


def run(name, binary):
    function, settings = CHECKS[name]
    with tempfile.TemporaryDirectory() as directory:
        server = Server(binary, directory, **settings)
        try:
            function(server)
            if server.process.returncode is None:
                server.stop()
        finally:
            server.kill()
            if server.process.returncode not in (0, -signal.SIGKILL):
                print(server.report(), file=sys.stderr)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = pathlib.Path(sys.argv[1]).resolve()
    names = []
    for name in sys.argv[2:] or CHECKS:
        names += BASIC if name == "basic" else [name]
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        sys.exit(f"no such check: {', '.join(unknown)}")

    def out_of_time(*_):
        raise Failure(f"not done within {TIME_LIMIT} s")

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(TIME_LIMIT)
    failed = []
    for name in names:
        began = time.monotonic()
        try:
            run(name, binary)
            outcome = "ok"
        except (Failure, EOFError, OSError) as failure:
            outcome = f"FAILED: {failure or type(failure).__name__}"
            failed.append(name)
        print(f"{name:12} {time.monotonic() - began:5.2f} s  {outcome}", flush=True)
        if "not done within" in outcome:
            break
    signal.alarm(0)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    print(f"all {len(names)} passed")


if __name__ == "__main__":
    main()
