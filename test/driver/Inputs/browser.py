#!/usr/bin/env python3
"""Opens a page of `coro-tidy map` in headless Chromium and uses it as a person would.

    browser.py PAGE SCREENSHOT.png [--dark] [--size WxH] [--expect-code TEXT]

Fails on any message in the console, if clicking the first hot spot does not show its code, or if the keys do not work. The browser is driven over
its debugging pipe (the Chrome DevTools Protocol), which needs nothing but Python.
"""
import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Browser:
    def __init__(self, size: str) -> None:
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not program:
            sys.exit("no Chromium")
        self.profile = tempfile.TemporaryDirectory(prefix="coro-map-")
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()

        def fixed_descriptors() -> None:
            # The browser reads from 3 and writes to 4.
            a, b = os.dup(to_read), os.dup(to_write)
            os.dup2(a, 3)
            os.dup2(b, 4)
            for descriptor in (3, 4):
                os.set_inheritable(descriptor, True)

        width, height = size.split("x")
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}", "about:blank"],
            preexec_fn=fixed_descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.messages: list[str] = []
        self.events: list[str] = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t["targetId"] for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=int(width), height=int(height), deviceScaleFactor=1, mobile=False)

    def receive(self) -> dict:
        while b"\0" not in self.buffer:
            part = os.read(self.read_end, 1 << 16)
            if not part:
                sys.exit("the browser ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        method, parameters = message.get("method", ""), message.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            detail = parameters["exceptionDetails"]
            self.messages.append(detail.get("exception", {}).get("description", detail["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.messages.append(f"console.{parameters['type']}: {parameters['args']}")
        elif method == "Log.entryAdded":
            self.messages.append(parameters["entry"]["text"])
        return message

    def call(self, method: str, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, page: Path) -> None:
        self.events.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        while "Page.loadEventFired" not in self.events:
            self.receive()

    def run(self, script: str):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def click(self, script: str) -> None:
        """Clicks the middle of the element that \\p script names."""
        box = self.run(f"(() => {{ const e = {script}; if (!e) return null; const b = e.getBoundingClientRect(); "
                       "return [b.left + b.width / 2, b.top + b.height / 2]; })()")
        if not box:
            sys.exit(f"not on the page: {script}")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def key(self, key: str, text: str = "") -> None:
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **({"text": text} if text and kind == "keyDown" else {}))

    def screenshot(self, file: Path) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        time.sleep(0.2)
        self.profile.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("screenshot", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--size", default="1400x860")
    parser.add_argument("--expect-code", default="")
    options = parser.parse_args()
    browser = Browser(options.size)
    try:
        use(browser, options)
    finally:
        browser.close()


def use(browser: Browser, options) -> None:
    browser.open(options.page)
    wait = "document.querySelectorAll('#side .hot').length"
    until = time.monotonic() + 30
    while not browser.run(wait) and time.monotonic() < until:
        time.sleep(0.1)
    print("hot spots:", browser.run(wait))
    theme = "document.documentElement.dataset.theme"
    browser.run("document.activeElement.blur()")
    if (browser.run(theme) == "dark") != options.dark:
        browser.key("d", "d")
    if (browser.run(theme) == "dark") != options.dark:
        sys.exit("the key d does not change the theme")
    # Something is drawn.
    colours = browser.run("(() => { const c = document.getElementById('map'); const d = c.getContext('2d')"
                          ".getImageData(0, 0, c.width, c.height).data; const s = new Set(); "
                          "for (let i = 0; i < d.length; i += 404) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return s.size; })()")
    if colours < 5:
        sys.exit(f"the map is empty: {colours} colours")
    browser.screenshot(options.screenshot.with_suffix(".all.png"))
    if browser.run(wait):
        browser.click("document.querySelector('#side .hot')")
        code = browser.run("[...document.querySelectorAll('#side .spot pre')].map(e => e.innerText).join('\\n')")
        if not code or options.expect_code not in code:
            sys.exit(f"a click on a hot spot does not show its code: {code!r}")
        print("code:", code.splitlines()[0] if code else "")
    browser.run("document.getElementById('map').focus()")
    seen = set()
    for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        browser.key(arrow)
        seen.add(browser.run("document.querySelector('#side h2').innerText"))
    if len(seen) < 2:
        sys.exit(f"the arrow keys do not move: {seen}")
    browser.key("Escape")
    browser.key("n", "n")
    browser.key("/", "/")
    if browser.run("document.activeElement.id") != "search":
        sys.exit("the key / does not lead to the search")
    browser.key("Escape")
    browser.key("Escape")
    if browser.run(wait):
        browser.click("document.querySelector('#side .hot')")
    browser.screenshot(options.screenshot)
    if browser.messages:
        sys.exit("messages in the console:\n" + "\n".join(browser.messages))
    print("no message in the console")


if __name__ == "__main__":
    main()
