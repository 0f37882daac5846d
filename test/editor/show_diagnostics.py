"""show_diagnostics.py [--links] SERVER FILE: opens FILE in a language server and prints its diagnostics."""
import sys
from pathlib import Path

from lsp import Client

links = sys.argv[1] == "--links"
server, file = sys.argv[-2], Path(sys.argv[-1])
client = Client([server, "--background-index=false", "--enable-config"], file.parent)
for found in sorted(client.open(file), key=lambda f: f["code"]):
    start = found["range"]["start"]
    link = [found.get("codeDescription", {}).get("href")] if links else []
    print(f"{start['line'] + 1}:{start['character'] + 1}: {found['message'].splitlines()[0]} "
          f"[{found.get('code')}] ({found.get('source')})", *link)
print("ended with", client.close())
