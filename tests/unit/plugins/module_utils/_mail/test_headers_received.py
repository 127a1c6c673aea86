# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Received headers as the usual servers write them, and as nobody should."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._mail.received import Hop, hop, path
from ansible_collections.mailfleet.email.plugins.module_utils._mail.tokens import Token, tokens

AES = "TLS_AES_256_GCM_SHA384"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
WHEN = "Sat, 21 Nov 2026 12:00:00 +0000"
# For each form: the header, and what is to be read from it.
FORMS = {
    "postfix with TLS": (
        (
            "from [192.0.2.1] (client.example [192.0.2.1])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384"
            " (256/256 bits)\n\t key-exchange X25519 server-signature ECDSA (prime256v1) server-digest SHA256)\n"
            "\t(No client certificate requested)\n\t(Authenticated sender: me@example.com)\n"
            f"\tby mx.example.com (Postfix) with ESMTPSA id A557F210241\n\tfor <you@example.com>; {WHEN} (UTC)"
        ),
        Hop("192.0.2.1", "mx.example.com", "ESMTPSA", "A557F210241", NOON, "TLSv1.3", AES, True),
    ),
    "postfix in clear": (
        f"from client (unknown [192.0.2.1]) by mx.example.com (Postfix) with ESMTPA id A55; {WHEN}",
        Hop("client", "mx.example.com", "ESMTPA", "A55", NOON, None, None, False),
    ),
    "postfix from its own machine": (
        f"by mx.example.com (Postfix, from userid 1000) id 4XyZ; {WHEN}",
        Hop("", "mx.example.com", "", "4XyZ", NOON, None, None, None),
    ),
    "dovecot": (
        (
            f"from mx.example.com\n\tby box.example.com with LMTP\n\tid AB/+c\n\t(envelope-from <a@b.example>)\n"
            f"\tfor <you@example.com>; {WHEN}"
        ),
        Hop("mx.example.com", "box.example.com", "LMTP", "AB/+c", NOON, None, None, None),
    ),
    "exim": (
        (
            f"from [192.0.2.1] (helo=client.example) by mx.example.com with esmtpsa (TLS1.3) tls {AES} (Exim 4.96)"
            f" (envelope-from <a@b.example>) id 1abcde-000123-2k for you@example.com; {WHEN}"
        ),
        Hop("192.0.2.1", "mx.example.com", "esmtpsa", "1abcde-000123-2k", NOON, "TLSv1.3", AES, True),
    ),
    "older exim": (
        (
            "from client.example ([192.0.2.1]) by mx.example.com with esmtps"
            f" (TLSv1.2:ECDHE-RSA-AES256-GCM-SHA384:256) (Exim 4.89) id 1a-2; {WHEN}"
        ),
        Hop("client.example", "mx.example.com", "esmtps", "1a-2", NOON, "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", True),
    ),
    "exchange": (
        (
            "from A.prod.example (2001:db8::1) by B.prod.example (2001:db8::2) with Microsoft SMTP Server"
            f" (version=TLS1_2, cipher={AES}) id 15.20.7.8 via Frontend Transport; {WHEN}"
        ),
        Hop("A.prod.example", "B.prod.example", "Microsoft SMTP Server", "15.20.7.8", NOON, "TLSv1.2", AES, True),
    ),
    "exchange to itself": (
        f"from A.prod.example ([fe80::1]) by A.prod.example ([fe80::1%6]) with mapi id 15.20.7.8; {WHEN}",
        Hop("A.prod.example", "A.prod.example", "mapi", "15.20.7.8", NOON, None, None, None),
    ),
    "gmail": (
        (
            "from client.example (client.example. [192.0.2.1]) by mx.google.com with ESMTPS id x-20a.2 for"
            f" <you@gmail.com> (version=TLS1_3 cipher={AES} bits=256/256); Sat, 21 Nov 2026 04:00:00 -0800 (PST)"
        ),
        Hop("client.example", "mx.google.com", "ESMTPS", "x-20a.2", NOON, "TLSv1.3", AES, True),
    ),
    "gmail inside": (
        f"by 2002:a05:6a10:1 with SMTP id a1csp; {WHEN}",
        Hop("", "2002:a05:6a10:1", "SMTP", "a1csp", NOON, None, None, None),
    ),
    "sendmail": (
        (
            "from c.example (c.example [192.0.2.1]) by mx.example.com (8.17.1/8.17.1) with ESMTPS id 3AL"
            f" (version=TLSv1.3 cipher={AES} bits=256 verify=NO); {WHEN}"
        ),
        Hop("c.example", "mx.example.com", "ESMTPS", "3AL", NOON, "TLSv1.3", AES, True),
    ),
    "qmail": (
        f"from unknown (HELO c.example) (192.0.2.1) by mx.example.com with SMTP; {WHEN}",
        Hop("unknown", "mx.example.com", "SMTP", "", NOON, None, None, False),
    ),
    "no time zone": (
        "from a by b with SMTP; Sat, 21 Nov 2026 12:00:00 -0000",
        Hop("a", "b", "SMTP", "", NOON, None, None, False),
    ),
    "no time": ("from a by b with ESMTPS", Hop("a", "b", "ESMTPS", "", None, None, None, True)),
    "a time that is none": ("from a by b; soon", Hop("a", "b", "", "", None, None, None, None)),
    "nothing": ("", Hop("", "", "", "", None, None, None, None)),
    # A sender chooses the name by which it greets, and that is no TLS.
    "greeting": (
        f"from TLSv1.3 (TLSv1.3.example [192.0.2.1]) by mx.example.com with ESMTP id 1; {WHEN}",
        Hop("TLSv1.3", "mx.example.com", "ESMTP", "1", NOON, None, None, False),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    value, expected = FORMS[form]
    assert hop(value) == expected


@pytest.mark.parametrize(
    ("form", "inside"),
    [
        *((form, True) for form in ("dovecot", "exchange to itself", "gmail inside", "postfix from its own machine")),
        *((form, False) for form in ("postfix in clear", "exim", "exchange", "gmail", "qmail")),
    ],
)
def test_who_can_hand_over_like_this(form: str, inside: bool) -> None:
    assert hop(FORMS[form][0]).is_inside is inside


def test_the_oldest_comes_first() -> None:
    assert [one.by_host for one in path(["from b by c", "from a by b"])] == ["b", "c"]


def test_tokens() -> None:
    assert tokens('a (b (c) \\) d) "e ; (f)" g;h )') == [
        Token("word", "a"),
        Token("comment", "b (c) \\) d"),
        Token("word", '"e ; (f)"'),
        Token("word", "g"),
        Token("semicolon", ";"),
        Token("word", "h"),
    ]


def test_what_is_not_closed_ends_with_the_text() -> None:
    assert tokens("a (b (c)") == [Token("word", "a"), Token("comment", "b (c)")]
    assert tokens('a "b ; c') == [Token("word", "a"), Token("word", '"b ; c')]
    assert tokens("a\\") == [Token("word", "a\\")]


@given(st.text(alphabet='ab ();"\\\n', max_size=60))
def test_no_text_is_refused_and_none_takes_long(text: str) -> None:
    found = tokens(text)
    assert all(token.text or token.kind == "comment" for token in found)
    hop(text)
