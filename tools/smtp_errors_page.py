# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the lists in docs/smtp_errors.md from the tables of causes and of findings.

Run it with ANSIBLE_COLLECTIONS_PATH naming the folder above ansible_collections, so that the collection is found by its
full name: ``python tools/smtp_errors_page.py``. The page has a pair of comments where each list belongs; what stands
outside of them is written by hand.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "smtp_errors.md"
_UTILS = "ansible_collections.mailfleet.email.plugins.module_utils"
_STAGES = {
    "product": "Before the mail server: the machine that sends",
    "connection": "The connection",
    "encryption": "The encryption",
    "login": "The login",
    "sender": "The sender",
    "recipient": "The recipient",
    "message": "The message",
    "server": "The mail server itself",
}
# A name of an option or a key of the transport, as advice writes it.
_NAMES = re.compile(r"\b(?:options(?:\.\w+)+|smtp_\w+|has_auth|to_email|(?:authMethod|requireTLS|ignoreTLS)\b)")


def _table(module: str, name: str) -> Any:
    return getattr(importlib.import_module(f"{_UTILS}.{module}"), name)


def _titles() -> dict[str, str]:
    """What each product is called, by its folder, of those that have fields about a mail server."""
    registry = importlib.import_module("ansible_collections.mailfleet.email.plugins.plugin_utils._registry")
    titles: dict[str, str] = registry.TITLES
    return {folder: title for folder, title in titles.items() if _has(f"_products.{folder}.mail_words")}


def _has(module: str) -> bool:
    return importlib.util.find_spec(f"{_UTILS}.{module}") is not None


def causes() -> str:
    """All causes, by the stage of the conversation that they end, each with a heading to link to."""
    known = _table("_mail.causes", "CAUSES")
    parts = []
    for stage, names in groupby(known, key=lambda name: str(known[name].stage)):
        parts += [f"### {_STAGES[stage]}", f"In a result: `stage: {stage}`", *map(_cause, names)]
    return "\n\n".join(parts)


def _cause(name: str) -> str:
    change_for, meaning_of = (_table("_mail.explanation", function) for function in ("change_for", "meaning_of"))
    changes = {
        title: change_for(name, _table(f"_products.{folder}.mail_words", "FIELDS"))
        for folder, title in _titles().items()
    }
    if len(set(changes.values())) == 1:
        lines = [f"- {_marked(next(iter(changes.values())))}."]
    else:
        lines = [f"- {title}: {_marked(change)}." for title, change in changes.items()]
    said_at = _table("_mail.causes", "CAUSES")[name].said_at
    after = f" Servers say so after {', '.join(said_at)}." if said_at else ""
    return "\n".join([f"#### `{name}`", "", f"{meaning_of(name)}.{after}", "", *lines])


def _marked(text: str) -> str:
    return _NAMES.sub(lambda match: f"`{match[0]}`", text)


def findings() -> str:
    """All findings of the checks, by what they are about, each with a heading to link to."""
    known = _table("_smtp_check.finding_table", "FINDINGS")
    parts = []
    for about, names in groupby(known, key=lambda name: str(known[name].about)):
        parts.append(f"### {about}")
        for name in names:
            parts += [f"#### Finding `{name}`", f"{known[name].meaning} Mostly {known[name].evidence}."]
    return "\n\n".join(parts)


def made(page: str) -> str:
    """The page with its lists made again."""
    for name, lines in (("causes", causes()), ("findings", findings())):
        begin, end = f"<!-- {name}: made by tools/smtp_errors_page.py -->", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n\n{lines}\n\n{end}{after}"
    return page


def main() -> None:
    """Write the page."""
    sys.path[:0] = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
