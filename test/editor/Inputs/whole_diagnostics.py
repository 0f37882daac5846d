"""whole_diagnostics.py SERVER FILE: opens FILE in a language server and prints all that its diagnostics say."""
import sys
from pathlib import Path

from lsp import Client

server, file = sys.argv[1], Path(sys.argv[2])
client = Client([server, "--background-index=false", "--enable-config"], file.parent)
for found in client.open(file):
    start = found["range"]["start"]
    print(f"{start['line'] + 1}:{start['character'] + 1}: {found['message']}")
print("ended with", client.close())
