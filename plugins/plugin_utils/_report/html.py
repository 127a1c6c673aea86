# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one web page, which loads nothing from elsewhere. Pure: no Ansible, and no files but the page's own.

The document stands in the page as data. The page's script shows it as text only; its policy lets no other script run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from html import escape
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import TITLES

from .document import Document
from .review import review, same_changes
from .words import headlines, remarks

_FOLDER = Path(__file__).parent


def as_html(document: Document) -> bytes:
    """The report of a run as a page."""
    style, script = (_part(name) for name in ("page.css", "page.js"))
    values = {
        "policy": _policy(style, script),
        "title": escape("; ".join(headlines(document))),
        "headline": "<br>".join(escape(line) for line in headlines(document)),
        "remarks": "\n".join(f"<p>{escape(line)}</p>" for line in remarks(document)),
        "review": _list(review(document)),
        "same": _list(same_changes(document)),
        "style": style,
        "script": script,
        "document": _inert(document),
        "titles": _inert(TITLES),
    }
    page = _part("page.html")
    # Piece by piece, so that a value which holds a placeholder is not filled in again.
    pieces = page.split("%%")
    pieces[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(pieces).encode("utf-8", "backslashreplace")


def _list(lines: t.Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A policy that allows this very style and this very script, and nothing from anywhere."""
    sources = {
        "default-src": "'none'",
        "style-src": _hash_of(style),
        "script-src": _hash_of(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inert(data: t.Any) -> str:
    """Data as JSON in which no character means anything to an HTML parser."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
