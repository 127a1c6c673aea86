# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Nodemailer reads otherwise is refused, and what it reads as it looks is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import nodemailer
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.check_spec import EMAIL_SETTINGS_CHECK
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, DOMAINS, GET, NOT_FOUND, WHOAMI
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

HOST = {"host": "smtp.example.com"}


def problems(runner: Runner, **options: Any) -> dict[str, str]:
    result = runner.run(EMAIL_SETTINGS, domain=DOMAIN, **options)
    return {problem["field"]: problem["message"] for problem in result.get("failure", {}).get("problems", [])}


@pytest.mark.parametrize(
    "sender",
    [
        "Doe, John <a@b.example>",
        "Doe,John<a@b.example>",
        "Sales; EU <a@b.example>",
        "Team: Alarms <a@b.example>",
        "other@b.example <a@b.example>",
        "Via other@b.example <a@b.example>",
        "Support (EU) <a@b.example>",
        'John "Doe" <a@b.example>',
        '"unbalanced <a@b.example>',
        "A\\, B <a@b.example>",
        "'Doe, J' <a@b.example>",
    ],
)
def test_name_that_is_taken_apart(webitel: Runner, sender: str) -> None:
    found = problems(webitel, options=HOST, **{"from": sender})
    assert list(found) == ["from"]
    assert found["from"] == (
        "has a name that Nodemailer takes apart: put it in double quotes, as in '\"Doe, John\" <a@b>'"
    )


@pytest.mark.parametrize("sender", ["jösé@b.example", "José <josé@b.example>", "почта@b.example", "a(b)@b.example"])
def test_local_part_that_becomes_another(webitel: Runner, sender: str) -> None:
    found = problems(webitel, options=HOST, **{"from": sender})
    assert list(found) == ["from"]
    assert found["from"].startswith("must have letters of ASCII before the @: Nodemailer makes another")


@pytest.mark.parametrize(
    "sender",
    [
        "a@b.example",
        "<a@b.example>",
        "A.B+c_d-e'f@b.example",
        "a@exämple.example",
        "José <jose@b.example>",
        "John Q. Public & Sons <a@b.example>",
        "[EXT] Alarms! <a@b.example> ",
        '"Doe, John" <a@b.example>',
        '"Via other@b.example: (EU)" <a@b.example>',
        '"says \\"hi\\"" <a@b.example>',
    ],
)
def test_sender_that_is_read_as_it_looks(conversation: Conversation, webitel: Runner, sender: str) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(DOMAINS).answers({"info": {DOMAIN: {}}})
    assert webitel.run(EMAIL_SETTINGS, check_mode=True, domain=DOMAIN, options=HOST, **{"from": sender})["changed"]


@pytest.mark.parametrize(
    ("extra", "words"), [({"service": "1und1"}, "authMethod are then"), ({"url": "smtp://x.example"}, "outweighs host")]
)
def test_two_servers(webitel: Runner, extra: dict[str, Any], words: str) -> None:
    (name,) = extra
    assert words in problems(webitel, options={**HOST, "extra": extra})[f"options.extra.{name}"]


def test_address_of_ipv6_in_brackets(webitel: Runner) -> None:
    """Node asks the DNS for the name `[2001:db8::25]`, and nobody has it."""
    assert "leave them out" in problems(webitel, options={"host": "[2001:db8::25]"})["options.host"]


def test_password_without_a_user(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    found = problems(webitel, options={**HOST, "auth": {"pass": "hunter2"}})
    assert found["options.auth.user"].startswith("is needed with a password: Nodemailer logs in as 'undefined'")


def test_a_check_tells_it_as_a_finding() -> None:
    options = {"host": "no-such-host.invalid", "auth": {"pass": "hunter2"}, "extra": {"service": "1und1"}}
    shared = {"timeout": 1.0, "dns_servers": ["127.0.0.1:9"], "from": "Doe, John <jösé@b.example>"}
    checked = Runner(shared).run(EMAIL_SETTINGS_CHECK, options=options)
    found = [(one["field"], one["severity"]) for one in checked["findings"] if one["code"] == "read_otherwise"]
    assert found == [
        ("options.auth.user", "error"),
        ("from", "warning"),
        ("from", "warning"),
        ("options.extra.service", "warning"),
    ]


@pytest.mark.parametrize(
    ("wanted", "offered", "chosen"),
    [
        (None, ("CRAM-MD5", "LOGIN", "PLAIN"), "PLAIN"),
        (None, ("CRAM-MD5", "LOGIN"), "LOGIN"),
        (None, ("XOAUTH2", "CRAM-MD5"), "CRAM-MD5"),
        (None, ("XOAUTH2",), None),
        (None, ("NTLM",), "PLAIN"),
        (None, (), "PLAIN"),
        ("CRAM-MD5", ("PLAIN",), "CRAM-MD5"),
        ("XOAUTH2", ("PLAIN",), None),
    ],
)
def test_what_it_logs_in_with(wanted: str | None, offered: tuple[str, ...], chosen: str | None) -> None:
    assert nodemailer.login_mechanism(wanted, offered) == chosen


CLEAR = "servers begin in clear there, and mostly no connection comes about: give false, or port 465"
TLS = "servers begin with TLS there, and mostly say nothing in clear: give true, or port 587"


@pytest.mark.parametrize(
    ("transport", "warnings"),
    [
        ({"secure": True, "port": 587}, [f"options.secure is true with port 587: {CLEAR}"]),
        ({"secure": True, "port": " 25 "}, [f"options.secure is true with port 25: {CLEAR}"]),
        ({"secure": True, "port": "2525"}, [f"options.secure is true with port 2525: {CLEAR}"]),
        ({"secure": False, "port": 465}, [f"options.secure is false with port 465: {TLS}"]),
        ({"secure": True, "port": 465}, []),
        ({"secure": False, "port": 587}, []),
        ({"secure": "false", "port": 465}, []),
        ({"port": 465}, []),
        ({"port": 587}, []),
        ({"secure": True}, []),
    ],
)
def test_ports_and_tls(transport: dict[str, Any], warnings: list[str]) -> None:
    assert nodemailer.port_warnings(transport) == warnings
