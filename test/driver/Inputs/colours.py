#!/usr/bin/env python3
"""Can the kinds of the map be told apart, and what stands on them be read: colours.py page.css

Each pair of kinds is compared as people with and without defects of colour vision see it (Machado, Oliveira and Fernandes, "A physiologically-based
model for simulation of color vision deficiency", 2009), by its distance in CIELAB; texts by the contrast of WCAG 2.
"""
import itertools
import math
import re
import sys
from pathlib import Path

EYES = {
    "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
KINDS = ["io", "compute", "mixed", "blocking"]
LEAST_DISTANCE = 24  # a clear difference; 2.3 is the least that is seen at all
LEAST_CONTRAST = 4.5


def linear(colour: str) -> list[float]:
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    r, g, b = rgb
    x, y, z = ((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047, 0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
               (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883)
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, eye: list[list[float]]) -> tuple[float, float, float]:
    rgb = linear(colour)
    return lab([min(1, max(0, sum(row[i] * rgb[i] for i in range(3)))) for row in eye])


def contrast(one: str, other: str) -> float:
    dark, light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (light + 0.05) / (dark + 0.05)


def main() -> None:
    css = Path(sys.argv[1]).read_text()
    themes = re.findall(r":root([^{]*)\{(.*?)\}", css, re.DOTALL)
    problems = 0
    for selector, body in themes:
        theme = "dark" if "dark" in selector else "light"
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", body))
        for name, eye in EYES.items():
            for a, b in itertools.combinations(KINDS, 2):
                distance = math.dist(seen(colours[a], eye), seen(colours[b], eye))
                if distance < LEAST_DISTANCE:
                    problems += 1
                    print(f"{theme}, {name}: {a} and {b} differ by {distance:.0f} only")
        texts = [(kind, kind + "-text") for kind in KINDS]
        texts += [(back, text) for back in ("back", "panel", "folder", "folder-alt", "file", "code") for text in ("text", "soft")]
        texts += [("panel", "accent"), ("back", "accent"), ("mark", "text")]
        for back, text in texts:
            if contrast(colours[back], colours[text]) < LEAST_CONTRAST:
                problems += 1
                print(f"{theme}: {text} on {back} has a contrast of {contrast(colours[back], colours[text]):.1f}")
    print(f"{len(themes)} themes, {problems} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
