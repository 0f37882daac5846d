"""What MkDocs is told beyond mkdocs.yml: see there."""
import logging
import posixpath
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import checklist  # noqa: E402

log = logging.getLogger("mkdocs.hooks.coro_tidy")


def on_config(config):
    """The pages of the checks, by family as in their index."""
    families: dict[str, list[str]] = {}
    for check in checklist.read(ROOT):
        families.setdefault(check.family, []).append(f"checks/{check.id}.md")
    pages = [{"All checks": "checks/README.md"}, *({family.capitalize(): ids} for family, ids in families.items()),
             f"checks/{checklist.UNUSED_NOLINT}.md"]
    for entry in config["nav"]:
        if "Checks" in entry:
            entry["Checks"] = pages
    return config


def on_nav(nav, config, files):
    for file in files.documentation_pages():
        if file.page is None or not any(file.page is page for page in nav.pages):
            log.warning("%s is not in the navigation: see mkdocs.yml", file.src_path)
    return nav


def on_page_markdown(markdown, page, config, files):
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_path.replace("\\", "/")))

    def outside(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[1]))
        if target.startswith("docs/") or not (ROOT / target).exists():
            return link[0]
        kind = "tree" if (ROOT / target).is_dir() else "blob"
        return f"]({config['repo_url'].rstrip('/')}/{kind}/main/{target}{link[2] or ''})"

    return re.sub(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)", outside, markdown)
