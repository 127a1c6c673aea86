# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the demo and draw what it prints as docs/demo.svg: ``python tools/record_demo.py``.

ANSIBLE_COLLECTIONS_PATH names the folder above ansible_collections. The picture shows the steps in ``SHOWN``, without
the tasks that only say that all is well.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "demo.svg"
TITLE = "make demo"
WIDTH = 116
SHOWN = (3, 4, 6, 7)
LICENCE = """<!--
Copyright (c) 2026, the mailfleet.email authors
GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
"""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"^=== (?P<number>\d+)\. ", re.MULTILINE)
_NEWS_OF_NOTHING = re.compile(r"(?:ok|skipping|included): [^{]*")
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def demo_output() -> str:
    """What the demo prints, in colour; raises ``CalledProcessError`` where it fails."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_FORCE_COLOR": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return finished.stdout


def shown_part(output: str) -> str:
    """The part of the output that the picture shows."""
    parts = _STEP.split(output)
    steps = zip(parts[1::2], parts[2::2], strict=True)
    return "\n\n".join(shown_step(f"=== {number}. {text}") for number, text in steps if int(number) in SHOWN)


def shown_step(text: str) -> str:
    """A step without the tasks that have nothing to tell, and without what follows the last step."""
    blocks = text.partition("\nAll of it came true.")[0].strip().split("\n\n")
    return "\n\n".join(block.strip("\n") for block in blocks if not has_no_news(_COLOUR.sub("", block)))


def has_no_news(block: str) -> bool:
    """Whether a block of Ansible's output is the head of a play, or a task that only says that all is well."""
    head, *lines = block.strip().splitlines()
    return head.startswith("PLAY [") or (head.startswith("TASK [") and all(map(_NEWS_OF_NOTHING.fullmatch, lines)))


def picture(text: str) -> str:
    """The text in a terminal, as an SVG that loads nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(text), soft_wrap=False)
    # A picture that would fetch a font shows none where it may not; the reader's own font does as well.
    drawn = _FONT.sub("", console.export_svg(title=TITLE, unique_id="demo"))
    return LICENCE + "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def texts(drawn: str) -> list[str]:
    """What is written in a picture, line by line, without what may differ: ports, and how many tasks had no news."""
    words = re.findall(r"<text [^>]*>([^<]*)</text>", drawn)
    return [
        re.sub(r"\b\d{5}\b|(?<=ok=)\d+|(?<=skipped=)\d+", "N", word).replace("&#160;", " ").strip() for word in words
    ]


if __name__ == "__main__":
    FILE.write_text(picture(shown_part(demo_output())), encoding="utf-8")
