# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mail servers and libraries say is judged as `tests/mail/replies` says: bare, and as a product passes it on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._mail.causes import CAUSES
from ansible_collections.mailfleet.email.plugins.module_utils._mail.judge import judge
from ansible_collections.mailfleet.email.plugins.module_utils._mail.reply_text import COMMANDS

FILES = sorted((Path(__file__).parents[1] / "mail" / "replies").glob("*.yml"))
ENTRIES: list[dict[str, Any]] = [entry for file in FILES for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]
REPLIES = [entry for entry in ENTRIES if "reply" in entry]
OF_LIBRARIES = [entry for entry in ENTRIES if "library" in entry]
PORT = 465
COMMON = {"system", "cause", "advice", "source"}


def named(entry: dict[str, Any]) -> str:
    return f"{entry['system']}: {entry.get('reply', entry.get('library'))}"[:60]


def judged(text: str, command: str | None) -> str | None:
    return judge(text, command, PORT).cause


@pytest.mark.parametrize("entry", REPLIES, ids=named)
def test_reply(entry: dict[str, Any]) -> None:
    causes = {
        "bare": judged(entry["reply"], entry["said_at"]),
        "webitel": judged(entry["webitel"], None),
        "itflex": judged(entry["itflex"], entry["said_at"]),
    }
    assert causes == dict.fromkeys(causes, entry["cause"])
    assert judge(entry["reply"], entry["said_at"]).temporary == entry["reply"].startswith("4")


@pytest.mark.parametrize("entry", OF_LIBRARIES, ids=named)
def test_words_of_a_library(entry: dict[str, Any]) -> None:
    assert judged(entry["library"], None) == entry["cause"]
    assert judged(f"Falha no envio: {entry['library']}", None) == entry["cause"]


@pytest.mark.parametrize("entry", REPLIES, ids=named)
def test_the_product_s_words_tell_the_command(entry: dict[str, Any]) -> None:
    assert judge(entry["webitel"]).command == entry["said_at"]


def test_entries_are_whole() -> None:
    assert len(REPLIES) >= 250
    assert len({entry["system"] for entry in REPLIES}) >= 35
    for entry in ENTRIES:
        own = {"library"} if "library" in entry else {"said_at", "reply", "webitel", "itflex"}
        assert entry.keys() == COMMON | own
        assert entry["advice"] == CAUSES[entry["cause"]].advice
    assert {entry["said_at"] for entry in REPLIES} == set(COMMANDS)


def test_entries_are_reported_once() -> None:
    reported = [(entry["system"], entry.get("said_at"), entry.get("reply", entry.get("library"))) for entry in ENTRIES]
    assert sorted({str(one) for one in reported if reported.count(one) > 1}) == []
