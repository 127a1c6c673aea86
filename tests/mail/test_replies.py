# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replies of `replies/`, said by a server: both products' test sends and both checks come to the same causes."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import quote
from ansible_collections.mailfleet.email.plugins.module_utils._mail.addresses import Address
from ansible_collections.mailfleet.email.plugins.module_utils._mail.causes import CAUSES
from ansible_collections.mailfleet.email.plugins.module_utils._mail.send_failure import send_failure
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_probe import look_at
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_session import Encryption, Login, Target
from ansible_collections.mailfleet.email.plugins.module_utils._mail.tls import Trust
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import check as itflex_check
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import mail_words as itflex
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import mail_words as webitel
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.facts import Configuration, Facts
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.link import link_findings
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.login import login_findings
from tests.mail.daemon import LOOPBACK
from tests.mail.scripted_server import ScriptedServer
from tests.sandbox.itflex import FIELD_OF_STAGE
from tests.sandbox.smtp_connection import SendError
from tests.sandbox.smtp_send import send_test_message
from tests.sandbox.webitel_transport import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mail.certificates import Certificates
    from tests.mail.scripted_server import Script

FILES = sorted((Path(__file__).parent / "replies").glob("*.yml"))
ENTRIES: list[dict[str, Any]] = [entry for file in FILES for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]
REPLIES = [entry for entry in ENTRIES if "reply" in entry]
# What the server says before the command, and how it offers a login where there is one.
_BEFORE = {
    "connect": (),
    "EHLO": ("220 a",),
    "STARTTLS": ("220 a", "250-b\n250 STARTTLS"),
    "AUTH": ("220 a", "250-b\n250 AUTH PLAIN"),
    "MAIL": ("220 a", "250 b"),
    "RCPT": ("220 a", "250 b", "250 c"),
    "DATA": ("220 a", "250 b", "250 c", "250 d"),
    "end of data": ("220 a", "250 b", "250 c", "250 d", "354 e"),
}
NOW = datetime.now(UTC)
CHECKED = [entry for entry in REPLIES if entry["said_at"] in ("connect", "EHLO", "STARTTLS", "AUTH")]


def script_of(entry: dict[str, Any]) -> Script:
    # A client that is refused after EHLO says HELO.
    again = (entry["reply"],) if entry["said_at"] == "EHLO" else ()
    return (*_BEFORE[entry["said_at"]], entry["reply"], *again, "221 f")


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[Script, int]]:
    """The port of each script."""
    with ScriptedServer.many(map(script_of, REPLIES)) as running:
        yield running


async def _sent(entry: dict[str, Any], port: int, authority: Path) -> SendError:
    options: dict[str, Any] = {"host": LOOPBACK, "port": port}
    if entry["said_at"] == "AUTH":
        options["auth"] = {"user": "certs@example.com", "pass": "planted-passw0rd"}
    with pytest.raises(SendError) as caught:
        await send_test_message(mail_server(options), "certs@example.com", "inbox@example.com", authority)
    return caught.value


@pytest.fixture(scope="module")
def failures(ports: dict[Script, int], certificates: Certificates) -> list[SendError]:
    """How the sandbox fails to send a message, for each reply."""

    async def all_of_them() -> list[SendError]:
        return [await _sent(entry, ports[script_of(entry)], certificates.authority) for entry in REPLIES]

    return asyncio.run(all_of_them())


def named(entry: dict[str, Any]) -> str:
    return f"{entry['system']}: {entry['reply']}"[:60]


@pytest.mark.parametrize("index", range(len(REPLIES)), ids=map(named, REPLIES))
def test_sends(index: int, failures: list[SendError]) -> None:
    entry, failure = REPLIES[index], failures[index]
    # Nodemailer does not repeat what was said to STARTTLS.
    cause = "starttls_not_offered" if entry["said_at"] == "STARTTLS" else entry["cause"]
    text, blamed = quote(failure.text), {"field": FIELD_OF_STAGE[failure.stage], "type": "rule"}
    for words, error in ((webitel.PRODUCT_WORDS, {}), (itflex.PRODUCT_WORDS, blamed)):
        smtp = send_failure([{"msg": text, **error}], 25, words)
        assert smtp is not None
        assert (smtp["cause"], smtp["stage"]) == (cause, CAUSES[cause].stage)
        assert smtp["advice"].endswith(".")


@pytest.mark.parametrize("entry", CHECKED, ids=named)
def test_checks(entry: dict[str, Any], ports: dict[Script, int]) -> None:
    port = ports[script_of(entry)]
    login = Login("certs@example.com", "planted-passw0rd", in_clear=True)
    encryption = Encryption.STARTTLS if entry["said_at"] == "STARTTLS" else Encryption.NONE
    target = Target(Address(socket.AF_INET, (LOOPBACK, port)), Trust(LOOPBACK), "client.example.com", 5.0)
    facts = Facts(NOW, observation=look_at(target, encryption, login))
    settings = Configuration(
        "check", itflex_check._WORDS, LOOPBACK, port, encryption, None, True, login.user, login.password
    )
    found = [*link_findings(settings, facts), *login_findings(settings, facts)]
    assert [finding.cause for finding in found if finding.severity == "error"] == [entry["cause"]]
    assert all(finding.evidence == "proved" for finding in found if finding.severity == "error")
