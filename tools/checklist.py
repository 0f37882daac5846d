"""Reads checks/CheckList.def, the one declaration of every check."""
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r'CORO_CHECK\((\w+), "(coro-[a-z0-9-]+)", (\w+), (\w+), (\w+), "([^"]*)"\)')

# What the driver says by itself; it has a page and no check.
UNUSED_NOLINT = "coro-unused-nolint"


@dataclass
class Check:
    cls: str      # MissingAwaitCheck
    id: str       # coro-missing-await
    family: str   # await: the folder under checks/ and test/checks/
    level: str    # Warning, Suggestion, OptIn
    cost: str     # Low, Medium, High
    summary: str

    @property
    def name(self) -> str:
        return self.id.removeprefix("coro-")


def read(root: Path = ROOT) -> list[Check]:
    file = root / "checks" / "CheckList.def"
    checks = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if line.startswith("CORO_CHECK("):
            found = LINE.fullmatch(line.strip())
            if not found:
                raise SystemExit(f"{file}:{number}: cannot read this line")
            checks.append(Check(*found.groups()))
    return checks
