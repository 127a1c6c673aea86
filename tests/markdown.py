# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests look for in the project's Markdown: code blocks, links, and the anchors that links lead to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
GUIDES = sorted(DOCS.glob("*.md"))
ROLE_READMES = sorted(ROOT.glob("roles/*/README.md"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *GUIDES, *ROLE_READMES]

_FILE_NAME = re.compile(r"# (?P<name>[\w./-]+\.(?:yml|ini|cfg|json))\b")
_NO_PART_OF_A_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A code block, with the line of the document that it begins at."""

    document: Path
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        """The block's place, for the name of a test."""
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    @property
    def file_name(self) -> str | None:
        """The name of the file that the block shows, where its first line says so in a comment."""
        found = _FILE_NAME.match(self.text)
        return found["name"] if found else None

    @property
    def commands(self) -> list[str]:
        """The commands of a console block, without comments behind them."""
        lines = [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]
        return [re.sub(r"\s+# .*", "", line) for line in lines]


@cache
def tokens(document: Path) -> list[Token]:
    """The document as Markdown's parser sees it."""
    return MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8"))


def blocks(document: Path) -> list[Block]:
    """All code blocks of a document."""
    return [
        Block(document, token.map[0] + 1, token.info.strip(), token.content)
        for token in tokens(document)
        if token.type in ("fence", "code_block") and token.map
    ]


def links(document: Path) -> list[str]:
    """The targets of all links and pictures of a document."""
    found = []
    for token in tokens(document):
        for part in token.children or ():
            target = part.attrGet("href" if part.type == "link_open" else "src")
            if part.type in ("link_open", "image") and target:
                found.append(str(target))
    return found


def headings(document: Path, level: str = "h2") -> list[str]:
    """The headings of one level."""
    parsed = tokens(document)
    return [parsed[place + 1].content for place, token in enumerate(parsed[:-1]) if is_heading(token, level)]


def is_heading(token: Token, level: str = "") -> bool:
    """Whether a heading begins here, of that level if one is given."""
    return token.type == "heading_open" and level in ("", token.tag)


def anchors(document: Path) -> set[str]:
    """The anchors that forges and the site give the headings of a document."""
    parsed = tokens(document)
    counted: Counter[str] = Counter()
    found = set()
    for place, token in enumerate(parsed):
        if is_heading(token):
            words = "".join(part.content for part in parsed[place + 1].children or ())
            slug = _NO_PART_OF_A_SLUG.sub("", words.lower()).replace(" ", "-")
            found.add(f"{slug}-{counted[slug]}" if counted[slug] else slug)
            counted[slug] += 1
    return found


def all_blocks() -> Iterator[Block]:
    """The code blocks of all documents."""
    for document in DOCUMENTS:
        yield from blocks(document)
