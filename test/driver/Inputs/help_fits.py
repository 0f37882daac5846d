"""help_fits.py COROTIDY: the help of every command fits a screen."""
import re
import subprocess
import sys

tool = sys.argv[1]


def help_of(*command: str) -> list[str]:
    text = subprocess.run([tool, "help", *command], check=True, capture_output=True, text=True).stdout
    return text.splitlines()


overview = help_of()
commands = re.findall(r"^  ([a-z-]+) {2,}\S", "\n".join(overview), re.MULTILINE)
assert "check" in commands and len(commands) > 10, commands
for name, lines in [("", overview), *((command, help_of(command)) for command in commands)]:
    options = sum(line.lstrip().startswith("-") for line in lines)
    most = 24 if options <= 15 and name else 50
    assert 3 < len(lines) <= most, f"help {name}: {len(lines)} lines"
    assert max(map(len, lines)) <= 100, f"help {name}: {max(lines, key=len)}"
    # The same by the option.
    if name:
        asked = subprocess.run([tool, name, "--help"], check=True, capture_output=True, text=True).stdout
        assert asked.splitlines() == lines, name
