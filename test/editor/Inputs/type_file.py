"""type_file.py SERVER FILE: types FILE into an empty document of a language server."""
import random
import sys
from pathlib import Path

from lsp import Client

server, file = sys.argv[1], Path(sys.argv[2])
text = file.read_text()
file.write_text("")
client = Client([server, "--background-index=false", "--enable-config"], file.parent)
client.open(file)
version = 1


def ours(content: str) -> list[str]:
    """The diagnostics of the document with this content; waits for just them."""
    global version
    version += 1
    client.notify("textDocument/didChange", textDocument={"uri": file.as_uri(), "version": version},
                  contentChanges=[{"text": content}], wantDiagnostics=True)
    while True:
        message = client.receive()
        parameters = message.get("params", {})
        if message.get("method") == "textDocument/publishDiagnostics" and parameters.get("version") == version:
            return sorted(f"{d['code']}:{d['range']['start']['line'] + 1}" for d in parameters["diagnostics"]
                          if str(d.get("code")).startswith("coro-"))


# The preamble is typed in one go: it is parsed again whenever it changes.
start = text.index("task<> tick")
states = [text[:end] for end in range(start, len(text) + 1)]
told = sum(bool(ours(state)) for state in states)
print(f"typed {len(states)} states, {told} of them with our diagnostics")

chance = random.Random(1)
for _ in range(60):
    a, b = sorted(chance.sample(range(start, len(text)), 2))
    ours(text[:a] + text[min(b, a + chance.randint(1, 40)):])
print("cut at 60 places")
print("at the end:", ours(text))
print("ended with", client.close())
