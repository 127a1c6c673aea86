# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose Authentication-Results header is believed, and what is read from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._mail.authentication import Verdict, verdicts

AR, RECEIVED = "Authentication-Results", "Received"
INSIDE = (RECEIVED, "from mx.example.com by box.example.com with LMTP id 2; Sat, 21 Nov 2026 12:00:00 +0000")
BORDER = (RECEIVED, "from stranger.example (s [192.0.2.1]) by mx.example.com with ESMTPS id 1; x")
BEFORE = (RECEIVED, "from pc.example by stranger.example with ESMTPSA id 0; x")


def result_of(fields: list[tuple[str, str]], method: str, authserv_id: str | None = None) -> str | None:
    """What a method's verdict is."""
    found = verdicts(fields, authserv_id).by_method.get(method)
    return found.result if found else None


# What stands above the border, from the receiver's own machines, and what below it, from who knows whom.
@pytest.mark.parametrize(
    ("fields", "believed"),
    [
        ([(AR, "mx.example.com; spf=pass"), INSIDE, BORDER], True),
        ([INSIDE, (AR, "mx.example.com; spf=pass"), BORDER], True),
        ([INSIDE, (AR, "EXAMPLE.com; spf=pass"), BORDER], True),
        ([INSIDE, (AR, "box.example.com; spf=pass"), BORDER], True),
        # A full name may end with a dot.
        ([INSIDE, (AR, "mx.example.com.; spf=pass"), BORDER], True),
        (
            [
                INSIDE,
                (AR, "mx.example.com; spf=pass"),
                (RECEIVED, BORDER[1].replace("mx.example.com", "MX.example.com.")),
            ],
            True,
        ),
        ([INSIDE, (AR, "elsewhere.example.; spf=pass"), BORDER], False),
        ([INSIDE, BORDER, (AR, "mx.example.com; spf=pass")], False),
        ([INSIDE, BORDER, (AR, "mx.example.com; spf=pass"), BORDER], False),
        ([INSIDE, BORDER, INSIDE, (AR, "mx.example.com; spf=pass"), BORDER], False),
        ([INSIDE, (AR, "elsewhere.example; spf=pass"), BORDER], False),
        ([INSIDE, (AR, "com; spf=pass"), BORDER], False),
        ([INSIDE, (AR, "sub.mx.example.com; spf=pass"), BORDER], False),
        # Without a name, it is of the server whose header stands below it.
        ([INSIDE, (AR, "spf=pass smtp.mailfrom=a.example"), BORDER], True),
        ([(AR, "spf = pass smtp.mailfrom=a.example"), INSIDE, BORDER], True),
        ([INSIDE, BORDER, (AR, "spf=pass smtp.mailfrom=a.example")], False),
        ([INSIDE, BORDER, (AR, "spf=pass smtp.mailfrom=a.example"), BORDER], False),
        ([INSIDE, ("ARC-Authentication-Results", "i=1; mx.example.com; spf=pass"), BORDER], False),
        ([(AR, "mx.example.com; spf=pass")], False),
        ([INSIDE, (AR, "mx.example.com; spf=pass")], False),
    ],
)
def test_without_a_name_only_what_no_sender_can_write(fields: list[tuple[str, str]], believed: bool) -> None:
    assert result_of(fields, "spf") == ("pass" if believed else None)


def test_above_the_border_counts_also_where_nothing_came_from_outside() -> None:
    assert result_of([(AR, "box.example.com; spf=pass"), INSIDE], "spf") == "pass"


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ([BORDER, (AR, "mx; spf=pass")], "pass"),
        ([BORDER, (AR, "MX; spf=fail"), (AR, "mx; spf=softfail")], "fail"),
        ([BORDER, (AR, "other; spf=fail")], None),
        ([(AR, "mx; spf=fail"), BORDER, (AR, "mx; spf=pass")], "fail"),
        # What the receiver did not judge is not taken from further down.
        ([(AR, "mx; dkim=pass"), BORDER, (AR, "mx; spf=pass")], None),
    ],
)
def test_with_a_name_the_topmost_and_its_neighbours(fields: list[tuple[str, str]], result: str | None) -> None:
    assert result_of(fields, "spf", "mx") == result


def test_names_that_are_not_believed_are_reported() -> None:
    fields = [
        INSIDE,
        (AR, "mx.example.com; none"),
        (AR, "elsewhere.example; spf=pass"),
        BORDER,
        (AR, "mx.example.com; spf=pass"),
        (AR, "filter; spf=pass"),
        (AR, "filter; dkim=pass"),
    ]
    found = verdicts(fields, None)
    assert (found.authserv_id, found.by_method) == ("mx.example.com", {})
    assert found.ignored == ["elsewhere.example", "filter"]
    assert verdicts(fields, "nobody").authserv_id is None


# As they are met: in several headers, with comments, with a reason, with several signatures.
GMAIL = (
    "mx.google.com;\r\n       dkim=pass header.i=@example.com header.s=s1 header.b=AbC;\r\n       spf=pass (google.com:"
    " domain of a@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@Example.com;\r\n"
    "       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com"
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            GMAIL,
            [
                Verdict("dkim", "pass", "", "example.com"),
                Verdict(
                    "spf",
                    "pass",
                    "google.com: domain of a@example.com designates 192.0.2.1 as permitted sender",
                    "example.com",
                ),
                Verdict("dmarc", "pass", "p=REJECT sp=REJECT dis=NONE", "example.com"),
            ],
        ),
        (
            'mx (a comment) 1; dkim = fail reason="bad; (signature)" header.d = b.example; iprev=pass',
            [Verdict("dkim", "fail", "bad; (signature)", "b.example")],
        ),
        ("mx; DKIM/1=TempError; x", [Verdict("dkim", "temperror", "", "")]),
        (
            "mx; dkim=fail header.d=a.example; dkim=pass header.d=b.example; dkim=pass header.d=c.example",
            [Verdict("dkim", "pass", "", "b.example")],
        ),
        # The result about the greeting never stands for the one about the sender, in either order.
        ("mx; spf=pass smtp.helo=h.example", []),
        (
            "mx; spf=pass smtp.helo=h.example; spf=fail smtp.mailfrom=a@s.example",
            [Verdict("spf", "fail", "", "s.example")],
        ),
        (
            "mx; spf=softfail smtp.mailfrom=s.example; spf=pass smtp.helo=h.example",
            [Verdict("spf", "softfail", "", "s.example")],
        ),
        (
            "mx; spf=pass smtp.helo=h.example smtp.mailfrom=s.example",
            [Verdict("spf", "pass", "", "s.example")],
        ),
        (
            "mx; spf=fail smtp.mailfrom=s.example; spf=pass smtp.mailfrom=other.example",
            [Verdict("spf", "fail", "", "s.example")],
        ),
        # One that does not say whom it is about stands for nobody where another one does.
        ("mx; spf=pass; spf=fail smtp.mailfrom=s.example", [Verdict("spf", "fail", "", "s.example")]),
        ("mx; dmarc=fail header.from=a.example; dmarc=pass", [Verdict("dmarc", "fail", "", "a.example")]),
        ('mx; spf=pass smtp.mailfrom="a b"@s.example', [Verdict("spf", "pass", "", "s.example")]),
        ("mx; spf=pass smtp.mailfrom=bounce+a=b.example@s.example", [Verdict("spf", "pass", "", "s.example")]),
        ("mx; spf=pass (helo) smtp.helo=h.example (envelope-from=a@b.example)", []),
        ("mx; spf=pass identity=helo smtp.mailfrom=s.example", []),
        ("mx; spf=pass smtp.mailfrom=<> smtp.helo=h.example", []),
        ('mx; spf=pass smtp.mailfrom="<>" smtp.helo=h.example', []),
        ("mx; spf=pass (sender SPF authorized) identity=HELO client-ip=192.0.2.1 envelope-from=a@s.example", []),
        ("mx; spf (c) = (d) Pass (e) smtp.mailfrom = <a@s.example>", [Verdict("spf", "pass", "c", "s.example")]),
        ('"mx"; spf=pass', [Verdict("spf", "pass", "", "")]),
        ("mx; none", []),
        ("mx", []),
        ("", []),
    ],
)
def test_what_is_read(value: str, expected: list[Verdict]) -> None:
    name = "mx.google.com" if value is GMAIL else "mx"
    assert list(verdicts([(AR, value)], name).by_method.values()) == expected


# Exchange Online: no name in front, a domain that is none, a verdict of its own about all of them.
EXCHANGE = (
    "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; dkim=none (message not signed)\r\n header.d=none;"
    "dmarc=bestguesspass action=none\r\n header.from=example.com;compauth=pass reason=109"
)
FRONTEND = (
    "Received",
    (
        "from mail.example.com (192.0.2.1) by AM0EUR02FT033.mail.protection.outlook.com (10.13.54.1) with Microsoft"
        " SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1 via Frontend Transport;"
        " Mon, 30 Nov 2026 09:00:00 +0000"
    ),
)
INTERNAL = (
    "Received",
    (
        "from AM0PR01CA0001.eurprd01.prod.outlook.com (2603:10a6:208::1) by AM9PR01MB0001.eurprd01.prod.outlook.com"
        " (2603:10a6:20b::1) with Microsoft SMTP Server (version=TLS1_3, cipher=x) id 15.20.2;"
        " Mon, 30 Nov 2026 09:00:01 +0000"
    ),
)


def test_exchange_online() -> None:
    fields = [INTERNAL, (AR, EXCHANGE), FRONTEND, (AR, EXCHANGE.replace("pass", "fail")), BORDER]
    found = verdicts(fields, "protection.outlook.com")
    assert found.authserv_id == "am0eur02ft033.mail.protection.outlook.com"
    assert list(found.by_method.values()) == [
        Verdict("spf", "pass", "sender IP is 192.0.2.1", "example.com"),
        Verdict("dkim", "none", "message not signed", ""),
        Verdict("dmarc", "bestguesspass", "", "example.com"),
    ]
    # Nobody outside reaches the hosts of the mailboxes, so the border can be known without a name.
    assert verdicts(fields, None) == found
    assert verdicts([(AR, EXCHANGE), FRONTEND, BORDER], None).by_method == found.by_method
    assert verdicts([FRONTEND, (AR, EXCHANGE), FRONTEND], None).by_method == {}


@pytest.mark.parametrize("written", ["mx.example.com", "mx.example.com.", '"MX.example.com."'])
@pytest.mark.parametrize("given_name", ["mx.example.com", "MX.example.com."])
def test_a_name_with_a_dot_at_its_end_is_the_same(written: str, given_name: str) -> None:
    fields = [(AR, f"{written}; spf=fail smtp.mailfrom=a.example"), BORDER]
    assert result_of(fields, "spf", given_name) == "fail"
    assert result_of(fields, "spf", "example.com.") is None


def test_a_name_that_is_given_vouches_for_no_header_without_one() -> None:
    """Servers remove what others wrote under their name, and this has none: a sender can put it below the border."""
    forged = [(AR, "spf=pass smtp.mailfrom=a.example"), (RECEIVED, "from x.example by mx.example.com with ESMTP; x")]
    assert verdicts([INSIDE, BORDER, *forged], "mx.example.com").by_method == {}
    assert result_of([INSIDE, (AR, "mx.example.com; spf=fail"), BORDER, *forged], "spf", "mx.example.com") == "fail"


@given(st.text(alphabet='mx=;."()\\ \n/spf', max_size=80))
def test_no_text_is_too_much(value: str) -> None:
    assert set(verdicts([(AR, value), BORDER], "mx").by_method) <= {"spf"}


@pytest.mark.parametrize("filling", ["a" * 200_000, "a" * 200_000 + "=", f'reason="{" " * 200_000}"', "a." * 100_000])
def test_a_long_header_takes_no_time(filling: str) -> None:
    """A sender may write it; with time by the square of its length, it would keep a task busy for hours."""
    assert result_of([(AR, f"mx; spf=pass {filling} smtp.mailfrom=a.example")], "spf", "mx") == "pass"
