# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reply codes and enhanced codes are found by their grammar, and a number that is neither is left alone."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_reply import NO_REPLY, Reply, reply_in


@pytest.mark.parametrize(
    ("text", "code", "enhanced_code"),
    [
        ("Invalid login: 535 5.7.8 Error: authentication failed", 535, "5.7.8"),
        ("535 5.7.8 no", 535, "5.7.8"),
        ("Invalid login: 534-5.7.9 Application-specific 534 5.7.9 password required", 534, "5.7.9"),
        ("host said: 550 #5.1.0 Address rejected.", 550, "5.1.0"),
        ("(535, b'5.7.8 Error: authentication failed')", 535, "5.7.8"),
        ("{'x@example.com': (550, b'5.1.1 <x@example.com>: unknown')}", 550, "5.1.1"),
        ("Message failed: 552 Too much mail data", 552, None),
        ("554-mx.example.com 554 Go away", 554, None),
        ("421", 421, None),
        ("535 4.7.8 the classes differ", 535, None),
        ("Falha: Mail command failed: 451 4.3.0 Temporary lookup failure", 451, "4.3.0"),
        ("refused: 5.1.10 null MX", None, "5.1.10"),
    ],
)
def test_a_reply_is_found(text: str, code: int | None, enhanced_code: str | None) -> None:
    assert reply_in(text) == Reply(code, enhanced_code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "connect ECONNREFUSED 127.0.0.1:465",
        "no answer within 500 ms",
        "the quota of 550 MB is used up",
        "server 5.7.8.9 does not answer",
        "Postfix 5.1.1 is not supported",
        "502 Bad Gateway",
        "proxy: 503 Service Unavailable",
        "599 no such code",
        'Invalid login sequence while waiting for "235"',
        "Can't send mail: 550 5.1.1 one; 552 5.2.2 another",
        "250 2.0.0 Ok: queued as 550",
    ],
)
def test_no_reply_is_made_up(text: str) -> None:
    assert reply_in(text) == NO_REPLY


def test_what_is_temporary() -> None:
    assert [Reply(450, None).temporary, Reply(None, "4.2.0").temporary] == [True, True]
    assert [Reply(550, "5.1.1").temporary, NO_REPLY.temporary] == [False, False]


def test_in_words() -> None:
    assert [str(Reply(550, "5.1.1")), str(Reply(550, None)), str(NO_REPLY)] == ["550 5.1.1", "550", ""]
