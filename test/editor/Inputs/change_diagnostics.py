"""change_diagnostics.py SERVER FILE COMMAND...: opens FILE in a language server and, after each shell COMMAND, types a blank line at its end.
Prints what the diagnostics are each time."""
import subprocess
import sys
from pathlib import Path

from lsp import Client

server, file, commands = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
client = Client([server, "--background-index=false", "--enable-config"], file.parent)


def show(step: str, diagnostics: list[dict]) -> None:
    found = [f"{d['range']['start']['line'] + 1} [{d.get('code')}] {d['message'].splitlines()[0]}" for d in diagnostics]
    print(f"{step}: " + (" | ".join(sorted(found)) or "nothing"))


show("opened", client.open(file))
text = file.read_text()
for version, command in enumerate(commands, 2):
    subprocess.run(command, shell=True, cwd=file.parent, check=True)
    text += "\n"
    show(command, client.change(file, version, text))
print("ended with", client.close())
