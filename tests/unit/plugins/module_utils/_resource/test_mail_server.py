# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mail server's words may show, and what is wrong with a ca_path."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import LEFT_OUT
from ansible_collections.mailfleet.email.plugins.module_utils._resource.mail_server import (
    ca_path_problems,
    quote_answer,
)

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = 'päss w"ord\\1-secret'
PLAIN = base64.b64encode(f"\0bob\0{PASSWORD}".encode()).decode()
LOGIN = base64.b64encode(PASSWORD.encode()).decode()


@pytest.mark.parametrize(
    "words",
    [
        f"bad {PASSWORD}",
        'bad LOGIN bob "päss w\\"ord\\\\1-secret"',
        "bad " + json.dumps(f"\0bob\0{PASSWORD}"),
        "bad " + json.dumps(f"\0bob\0{PASSWORD}", ensure_ascii=False),
        f"bad AUTH PLAIN {PLAIN}",
        f"bad {LOGIN}",
        f"bad AUTH PLAIN {PLAIN[:20]}...",
        f"bad {PLAIN[:17]}\r\n{PLAIN[17:]}",
        f"bad ...{LOGIN[-11:]}",
        f"bad {LOGIN[:4]} {LOGIN[4:9]}",
    ],
)
def test_words_that_repeat_the_password_as_it_was_sent(words: str) -> None:
    assert quote_answer(words, "bob", PASSWORD) == LEFT_OUT


@pytest.mark.parametrize("words", ['bad LOGIN bob "p\\"1"', "bad cFwiMQ==", 'bad "p$1"'])
def test_words_that_repeat_a_short_password(words: str) -> None:
    password = "p$1" if "$" in words else 'p\\"1' if "==" in words else 'p"1'
    assert quote_answer(words, "bob", password) == LEFT_OUT


@pytest.mark.parametrize("password", [PASSWORD, ""])
def test_other_words_are_shown(password: str) -> None:
    words = '5.7.8 Authentication failed: VXNlcm5hbWU6 "bob" is not known'
    assert quote_answer(words, "bob", password) == words


def test_a_ca_path_that_no_file_can_have(tmp_path: Path) -> None:
    assert [problem.field for problem in ca_path_problems(f"{tmp_path}/a\0b")] == ["ca_path"]
    assert [problem.field for problem in ca_path_problems(f"{tmp_path}/none")] == ["ca_path"]
    assert ca_path_problems(None) == []
