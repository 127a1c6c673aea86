# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox sends as Nodemailer does: the same options at the same server come to the same end, in the same words."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.mail.arrivals import arrival
from tests.mail.cases import TRANSPORT
from tests.mail.certificates import CERTIFICATES, HOST
from tests.mail.nodemailer_process import Message, Outcome, send_all
from tests.mail.postfix import ENCRYPTIONS, Listener
from tests.mail.scripted_server import ScriptedServer
from tests.sandbox.smtp_connection import SendError
from tests.sandbox.smtp_send import send_test_message
from tests.sandbox.webitel_transport import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix, Variant

# Whoever may send without a login.
ANYBODY = "anybody@example.com"
GOOD, BAD = "the user's password", "a wrong password"


@dataclass(frozen=True)
class Comparison:
    """One message for both. ``options`` lack the port, which is the listener's or the script's unless they name one.

    With a ``password``, which is one of the two above, the tests' user logs in. Whoever logs in sends as that user.
    """

    options: dict[str, Any]
    meets: Listener | tuple[str, ...]
    password: str | None = None
    sender: str = ANYBODY
    to_email: str = "inbox@example.com"

    def message(self, port: int, user: User) -> Message:
        """The message with what is known only when the servers run."""
        options = {"host": HOST, "port": port, **self.options}
        if self.password:
            options["auth"] = {"user": user.address, "pass": user.password if self.password == GOOD else self.password}
        return Message(options, user.address if "auth" in options else self.sender, self.to_email)


SENDERS = (
    "",
    "nobody",
    "<nobody>",
    "owner@example.com",
    "anybody@exämple.example",
    "änybödy@example.com",
    "Änybödy <äny.bödy@example.com>",
    "Any Body <anybody@example.com>",
    "Body, Any <anybody@example.com>",
    '"Body, Any" <anybody@example.com>',
    "'Body, Any' <anybody@example.com>",
    "somebody@example.com <anybody@example.com>",
    "By somebody@example.com <anybody@example.com>",
    "anybody@example.com, somebody@example.com",
    "Team: Any <anybody@example.com>, Some <somebody@example.com>",
    "Any; Body <anybody@example.com>",
    "Any (Body) <anybody@example.com>",
    'Any "the" Body <anybody@example.com>',
    '"unbalanced <anybody@example.com>',
    "anybody(x)@example.com",
)

_NOT_OFFERED: tuple[tuple[str | None, Variant], ...] = (
    ("LOGIN", "plain_only"),
    ("CRAM-MD5", "plain_only"),
    ("PLAIN", "cram_md5_only"),
    (None, "cram_md5_only"),
    (None, "no_login"),
)


def _comparisons() -> Iterator[tuple[str, Comparison]]:
    for encryption in ENCRYPTIONS:
        transport, usual = TRANSPORT[encryption], Listener(encryption)
        for mechanism, password in product((None, "PLAIN", "LOGIN", "CRAM-MD5"), (GOOD, BAD)):
            options = {**transport, **({"authMethod": mechanism} if mechanism else {})}
            yield f"{encryption}, {mechanism}, {password}", Comparison(options, usual, password)
        for mechanism, variant in _NOT_OFFERED:
            listener = Listener(encryption, variant=variant)
            options = {**transport, **({"authMethod": mechanism} if mechanism else {})}
            yield f"{encryption}, {mechanism} at {variant}", Comparison(options, listener, GOOD)
        yield f"{encryption}, no login", Comparison(transport, usual)
        yield f"{encryption}, login wanted", Comparison(transport, Listener(encryption, variant="login_required"))
        yield f"{encryption}, too large", Comparison(transport, Listener(encryption, variant="tiny"))
    for encryption, certificate in product(ENCRYPTIONS[1:], CERTIFICATES):
        listener = Listener(encryption, certificate)
        for rejects in (None, True, False, "false", 0):
            options = {**TRANSPORT[encryption], **({} if rejects is None else {"tls": {"rejectUnauthorized": rejects}})}
            yield f"{encryption}, {certificate}, rejectUnauthorized {rejects!r}", Comparison(options, listener)
    for encryption in ENCRYPTIONS[1:]:
        yield (
            f"{encryption}, an address for a host",
            Comparison({**TRANSPORT[encryption], "host": "127.0.0.1"}, Listener(encryption)),
        )


def _modes() -> Iterator[tuple[str, Comparison]]:
    switches: list[dict[str, Any]] = [
        {},
        {"ignoreTLS": True},
        {"requireTLS": True},
        {"ignoreTLS": True, "requireTLS": True},
        {"secure": True},
        {"secure": True, "ignoreTLS": True},
        {"secure": "false"},
        {"secure": 0},
        {"secure": ""},
        {"requireTLS": "no"},
    ]
    for switch, encryption in product(switches, ENCRYPTIONS):
        # A client that speaks in clear to a port with TLS waits for a greeting that does not come.
        yield f"{switch} at {encryption}", Comparison({**switch, "greetingTimeout": 3000}, Listener(encryption))
    plain, tls = Listener("none"), Listener("tls")
    # A service fills in what is not given, so these are about encryption, ports and mechanisms.
    for service in ("1und1", "Gmail", "someone@gmail.com", "Maildev", "nobody knows it", "Zoho"):
        yield f"service {service}", Comparison({"service": service, "greetingTimeout": 3000}, plain)
        yield f"service {service}, secure", Comparison({"service": service, "secure": True}, tls, GOOD)
        yield f"service {service} at no port", Comparison({"service": service, "port": None, "secure": True}, tls)
    yield "name", Comparison({"name": "client.example.net"}, plain)
    yield "authMethod with spaces", Comparison({"authMethod": " cram-md5 "}, plain, GOOD)
    yield "authMethod unknown", Comparison({"authMethod": "NTLM"}, plain, GOOD)
    yield "keys that nobody knows", Comparison({"whatever": {"a": 1}, "debug": True}, plain)
    auths: list[Any] = [
        None,
        "",
        {},
        {"user": "certs@example.com"},
        {"pass": "x"},
        {"user": "", "pass": ""},
        {"user": "stranger@example.com", "pass": "x"},
        {"user": "certs@example.com", "pass": None},
    ]
    for auth in auths:
        yield f"auth {auth}", Comparison({"auth": auth}, plain)
    yield "LOGIN without a user name", Comparison({"authMethod": "LOGIN", "auth": {"user": "", "pass": ""}}, plain)
    for port in (None, 0, "", 1, -1, 70000, "70000"):
        yield f"port {port!r}", Comparison({"port": port}, plain)
        yield f"port {port!r}, secure", Comparison({"port": port, "secure": True}, tls)
    for host in (None, "", "mail.invalid", "LOCALHOST"):
        yield f"host {host!r}", Comparison({"host": host, "secure": True}, tls)
    for sender in SENDERS:
        yield f"from {sender!r}", Comparison({}, plain, sender=sender)
    for to_email in (
        "unknown@example.com",
        "later@example.com",
        "full@example.com",
        "nobody",
        "",
        "Inbox <inbox@example.com>",
        "inbox@exämple.example",
        "a@elsewhere.example",
    ):
        yield f"to {to_email!r}", Comparison({}, plain, to_email=to_email)


def _scripts() -> Iterator[tuple[str, Comparison]]:
    hello = ("220 a", "250 b")
    after_hello = (*hello, "250 2.1.0 Ok", "250 2.1.5 Ok")
    yield "greetingTimeout", Comparison({"greetingTimeout": 200}, ("",))
    yield "greetingTimeout as a text", Comparison({"greetingTimeout": "200"}, ("",))
    yield "connectionTimeout", Comparison({"connectionTimeout": 200, "secure": True}, ("",))
    yield "connectionTimeout as a text", Comparison({"connectionTimeout": "200", "secure": True}, ("",))
    yield "socketTimeout", Comparison({"socketTimeout": 200}, ("220 a",))
    yield "socketTimeout in the envelope", Comparison({"socketTimeout": 200}, after_hello[:3])
    yield "socketTimeout in TLS", Comparison({"socketTimeout": 200}, ("220 a", "250-b\n250 STARTTLS", "220 go"))
    yield "greeting 554", Comparison({}, ("554 5.7.1 no",))
    yield "greeting of many lines", Comparison({}, ("554-5.7.1 no\n554 5.7.1 never",))
    yield "EHLO 421", Comparison({}, ("220 a", "421 4.3.2 busy"))
    yield "EHLO and HELO refused", Comparison({}, ("220 a", "502 no", "502 no"))
    yield "EHLO refused, TLS required", Comparison({"requireTLS": True}, ("220 a", "502 no"))
    yield "HELO", Comparison({}, ("220 a", "502 no", "250 b", "451 4.3.0 no"))
    yield "STARTTLS refused", Comparison({}, ("220 a", "250-b\n250 STARTTLS", "454 4.7.0 no"))
    yield "a refusal of many lines", Comparison({}, (*hello, "452-4.3.1 one\n452 4.3.1 two"))
    yield "DATA refused", Comparison({}, (*after_hello, "451 4.3.0 no"))
    yield "another challenge", Comparison({}, ("220 a", "250-b\n250 AUTH LOGIN", "334 dXNlcm5hbWU6"), GOOD)
    # What comes after a login tells whether it was taken for one.
    plain, login, after = ("220 a", "250 b"), ("220 a", "250-b\n250 AUTH LOGIN"), "550 5.7.1 no sender"
    cram, challenge = ("220 a", "250-b\n250 AUTH CRAM-MD5"), "334 PDEuMkBhPg=="
    prompts = ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6")
    yield "PLAIN not offered, taken", Comparison({}, (*plain, "235 2.7.0 ok", after), GOOD)
    yield "PLAIN not offered, refused", Comparison({}, (*plain, "503 5.5.1 no such thing"), GOOD)
    yield "PLAIN, another success", Comparison({}, (*plain, "250 ok", after), GOOD)
    yield "PLAIN, asked for more", Comparison({}, (*plain, "334 ", "235 2.7.0 ok", after), GOOD)
    yield "PLAIN, asked for more in vain", Comparison({}, (*plain, "334 ", "535 5.7.8 no"), GOOD)
    yield "LOGIN, another success", Comparison({}, (*login, *prompts, "250 ok", after), GOOD)
    yield "CRAM-MD5, another success", Comparison({}, (*cram, challenge, "250 ok"), GOOD)
    yield "CRAM-MD5, of several lines", Comparison({}, (*cram, challenge, "235-2.7.0 ok\n235 2.7.0 ok"), GOOD)
    yield "CRAM-MD5, empty challenge", Comparison({}, (*cram, "334 "), GOOD)
    tokens = ("220 a", "250-b\n250 AUTH XOAUTH2")
    yield "a token that nobody gave", Comparison({}, (*tokens, "334 e30=", "535 5.7.8 no"), GOOD)
    yield "DATA taken otherwise", Comparison({}, (*after_hello, "250 go", "554 5.6.0 no"))
    yield "no challenge", Comparison({}, ("220 a", "250-b\n250 AUTH CRAM-MD5", "535 5.7.8 no"), GOOD)


COMPARISONS = dict([*_comparisons(), *_modes(), *_scripts()])


@pytest.fixture(scope="module")
def outcomes(postfix: Postfix, sender: User, certificates: Certificates) -> dict[str, tuple[Outcome, Outcome]]:
    """How each message ended with Nodemailer and with the sandbox."""
    with ScriptedServer.many(one.meets for one in COMPARISONS.values() if isinstance(one.meets, tuple)) as ports:
        messages = {
            title: one.message(ports[one.meets] if isinstance(one.meets, tuple) else postfix.ports[one.meets], sender)
            for title, one in COMPARISONS.items()
        }
        theirs = send_all(list(messages.values()), certificates)
        ours = asyncio.run(_all_sent_by_the_sandbox(list(messages.values()), certificates))
    return dict(zip(messages, zip(theirs, ours, strict=True), strict=True))


async def _all_sent_by_the_sandbox(messages: list[Message], certificates: Certificates) -> list[Outcome]:
    return await asyncio.gather(*(_sent_by_the_sandbox(message, certificates) for message in messages))


async def _sent_by_the_sandbox(message: Message, certificates: Certificates) -> Outcome:
    try:
        server = mail_server(message.options)
        sent = await send_test_message(server, message.sender, message.to_email, certificates.authority)
        return Outcome(info=sent.as_nodemailer_info())
    except SendError as error:
        return Outcome(error=error.text)


def _without_places(text: str) -> str:
    """An error without the places in OpenSSL's source, which differ with its version."""
    return re.sub(r"^.*:(SSL routines):[^:]*:([^:]*):.*\n?$", r"\1: \2", text)


@pytest.mark.parametrize("title", COMPARISONS)
def test_same_end(title: str, outcomes: dict[str, tuple[Outcome, Outcome]], postfix: Postfix, dovecot: Dovecot) -> None:
    theirs, ours = outcomes[title]
    if theirs.info is None:
        assert theirs.error is not None
        assert ours.error == _without_places(theirs.error)
        return
    assert ours.info is not None, ours.error
    for name in ("accepted", "rejected", "envelope"):
        assert ours.info[name] == theirs.info[name]
    assert ours.info.keys() == theirs.info.keys()
    assert ("<" in ours.info["messageId"]) == ("<" in theirs.info["messageId"])
    seen = [arrival(info["response"], postfix, dovecot) for info in (theirs.info, ours.info)]
    assert seen[0] == seen[1]
