"""A language client for tests: just enough of the protocol to see diagnostics."""
import json
import subprocess
from pathlib import Path


class Client:
    def __init__(self, command: list[str], root: Path) -> None:
        self.server = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=open(root / "server.log", "w"))
        self.ids = 0
        self.request("initialize", processId=None, rootUri=root.as_uri(), capabilities={})
        self.notify("initialized")

    def send(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def receive(self) -> dict:
        length = 0
        while True:
            line = self.server.stdout.readline()
            if not line:
                raise RuntimeError(f"the server has gone (status {self.server.wait()})")
            if line == b"\r\n":
                break
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(self.server.stdout.read(length))

    def notify(self, method: str, **params) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, **params):
        self.ids += 1
        self.send({"id": self.ids, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.ids and "method" not in message:
                return message.get("result")

    def open(self, file: Path) -> list[dict]:
        """Opens a file; returns its diagnostics."""
        self.notify("textDocument/didOpen", textDocument={"uri": file.as_uri(), "languageId": "cpp", "version": 1,
                                                          "text": file.read_text()})
        return self.diagnostics(file, 1)

    def change(self, file: Path, version: int, text: str) -> list[dict]:
        """Gives an open file another text; returns its diagnostics."""
        self.notify("textDocument/didChange", textDocument={"uri": file.as_uri(), "version": version},
                    contentChanges=[{"text": text}], wantDiagnostics=True)
        return self.diagnostics(file, version)

    def diagnostics(self, file: Path, version: int) -> list[dict]:
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == file.as_uri() \
                    and message["params"].get("version", version) == version:
                return message["params"]["diagnostics"]

    def close(self) -> int:
        self.request("shutdown")
        self.notify("exit")
        return self.server.wait(timeout=30)
