# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test messages: every encryption with every mechanism, and every way to fail."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
from aiosmtpd.controller import Controller

from tests.sandbox.client import Sandbox
from tests.sandbox.nodemailer_addresses import addresses, envelope_address, header_value
from tests.unit.sandbox.vendor_client import ACCOUNTS, SETTINGS, VendorClient, account_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_A = "?domain=a.example"
ENCRYPTIONS = {
    "none": ("none", {"ignoreTLS": True}, False),
    "starttls": ("starttls", {"requireTLS": True}, True),
    "ssl-tls": ("ssl_tls", {"secure": True}, True),
}


def options_of(sandbox: Sandbox, encryption: str, **more: object) -> dict[str, Any]:
    smtp = sandbox.ready["smtp"]
    listener, transport, _tls = ENCRYPTIONS[encryption]
    auth = {"user": smtp["username"], "pass": smtp["password"]}
    return {"host": "localhost", "port": smtp[listener], **transport, "auth": auth, **more}


def send(
    sandbox: Sandbox, webitel: VendorClient, to: str = "someone@example.com", **options: object
) -> tuple[int, Any]:
    sandbox.put_settings("a.example", settings_of(**options))
    return webitel.call("POST", f"{SETTINGS}/test/{to}{AT_A}")


def account_for(sandbox: Sandbox, crypt: str, **changes: object) -> dict[str, Any]:
    smtp = sandbox.ready["smtp"]
    return account_of(
        **{
            "smtp_crypt": crypt,
            "smtp_port": smtp[ENCRYPTIONS[crypt][0]],
            "password": smtp["password"],
            "to_email": "someone@example.com",
            **changes,
        }
    )


@pytest.mark.parametrize("mechanism", ["plain", "login", "cram-md5", None])
@pytest.mark.parametrize("encryption", ENCRYPTIONS)
def test_both_products_send(
    sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient, encryption: str, mechanism: str | None
) -> None:
    options = options_of(sandbox, encryption, **({"authMethod": mechanism.upper()} if mechanism else {}))
    status, answer = send(sandbox, webitel, **options)
    assert status == 200, answer
    assert answer["status"] == "OK"
    info = answer["info"]
    assert (info["accepted"], info["rejected"]) == (["someone@example.com"], [])
    assert info["envelope"] == {"from": "certs@example.com", "to": ["someone@example.com"]}
    assert info["response"].startswith("250 ")

    account = account_for(sandbox, encryption, smtp_auth_mechanism=mechanism)
    assert itflex.call("POST", f"{ACCOUNTS}/test", account) == (200, None)

    listener, _transport, tls = ENCRYPTIONS[encryption]
    messages = sandbox.messages()
    assert len(messages) == 2
    for message in messages:
        assert message["from"] == "certs@example.com"
        assert message["to"] == ["someone@example.com"]
        assert message["subject"] == "Test message"
        assert message["body"].startswith("This is a test message")
        assert (message["listener"], message["tls"]) == (listener, tls)
        assert message["auth_user"] == "certs@example.com"


def test_without_a_login(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    options = options_of(sandbox, "starttls")
    del options["auth"]
    assert send(sandbox, webitel, **options)[0] == 200
    account = account_for(sandbox, "starttls", has_auth=False, password=None)
    assert itflex.call("POST", f"{ACCOUNTS}/test", account)[0] == 200
    assert [message["auth_user"] for message in sandbox.messages()] == [None, None]


def test_starttls_is_taken_where_it_is_offered(sandbox: Sandbox, webitel: VendorClient) -> None:
    smtp = sandbox.ready["smtp"]
    for listener, ignored, tls in (("starttls", False, True), ("starttls", True, False), ("none", False, False)):
        assert send(sandbox, webitel, host="localhost", port=str(smtp[listener]), ignoreTLS=ignored)[0] == 200
        assert sandbox.messages()[-1]["tls"] is tls


def test_the_address_may_stand_in_the_body(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", {**settings_of(**options_of(sandbox, "none")), "from": "Certs <c@example.com>"})
    assert webitel.call("POST", f"{SETTINGS}/test{AT_A}", {"to": "body@example.com"})[0] == 200
    assert (sandbox.messages()[0]["from"], sandbox.messages()[0]["to"]) == ("c@example.com", ["body@example.com"])
    sandbox.put_settings("a.example", settings_of(**options_of(sandbox, "none")))
    nobody = {"status": "error", "info": "No recipients defined", "code": "EENVELOPE"}
    assert webitel.call("POST", f"{SETTINGS}/test{AT_A}", {}) == (500, nobody)


def test_a_further_user(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.add_mail_user("other@example.com", "pässword")
    account = account_for(sandbox, "none", email="other@example.com", password="pässword")
    for mechanism in ("plain", "login", "cram-md5"):
        assert itflex.call("POST", f"{ACCOUNTS}/test", {**account, "smtp_auth_mechanism": mechanism})[0] == 200


def test_no_settings(webitel: VendorClient) -> None:
    answer = webitel.call("POST", f"{SETTINGS}/test/x@example.com{AT_A}")
    assert answer == (404, {"status": "error", "info": "Not settings EMail provider from domain a.example"})


def failure(sandbox: Sandbox, webitel: VendorClient, to: str = "someone@example.com", **options: object) -> str:
    status, answer = send(sandbox, webitel, to, **options)
    assert status == 500, answer
    assert answer["status"] == "error"
    assert sandbox.messages() == []
    info: str = answer["info"]
    return info


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_wrong_passwords(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient, mechanism: str) -> None:
    auth = {"user": sandbox.ready["smtp"]["username"], "pass": "wrong"}
    options = options_of(sandbox, "starttls", authMethod=mechanism, auth=auth)
    step = ' sequence while waiting for "235"' if mechanism == "CRAM-MD5" else ""
    refused = f"Invalid login{step}: 535 5.7.8 "
    assert failure(sandbox, webitel, **options).startswith(refused)
    unknown = {"user": "stranger@example.com", "pass": "wrong"}
    assert failure(sandbox, webitel, **{**options, "auth": unknown}).startswith(refused)

    account = account_for(sandbox, "starttls", password="wrong", smtp_auth_mechanism=mechanism.lower())
    assert refusal(itflex, account)[0] == "password"


def refusal(itflex: VendorClient, account: dict[str, Any]) -> tuple[str, str]:
    status, answer = itflex.call("POST", f"{ACCOUNTS}/test", account)
    assert status == 400, answer
    (error,) = answer["errors"]
    assert error["type"] == "rule"
    return error["field"], error["msg"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def test_nobody_listens(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    port = free_port()
    assert "ECONNREFUSED" in failure(sandbox, webitel, host="localhost", port=port)
    field, text = refusal(itflex, account_for(sandbox, "none", smtp_port=port))
    assert field == "smtp_server"
    assert "ECONNREFUSED" in text


def test_no_such_host(sandbox: Sandbox, webitel: VendorClient) -> None:
    assert failure(sandbox, webitel, host="mail.invalid", port=25) == "getaddrinfo ENOTFOUND mail.invalid"


@pytest.mark.parametrize("encryption", ["starttls", "ssl-tls"])
def test_certificates_are_checked(
    sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient, encryption: str
) -> None:
    options = options_of(sandbox, encryption, host="127.0.0.1")
    assert failure(sandbox, webitel, **options).startswith("Hostname/IP does not match certificate's altnames")
    assert refusal(itflex, account_for(sandbox, encryption, smtp_server="127.0.0.1"))[0] == "smtp_crypt"
    assert send(sandbox, webitel, **options, tls={"rejectUnauthorized": False})[0] == 200


def test_the_wrong_encryption(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    smtp = sandbox.ready["smtp"]
    plain = failure(sandbox, webitel, host="localhost", port=smtp["none"], secure=True)
    assert plain == "SSL routines: wrong version number"
    required = failure(sandbox, webitel, host="localhost", port=smtp["none"], requireTLS=True)
    assert required.startswith("Error upgrading connection with STARTTLS")
    assert refusal(itflex, account_for(sandbox, "starttls", smtp_port=smtp["none"]))[0] == "smtp_crypt"
    waiting = options_of(sandbox, "none", port=smtp["ssl_tls"], greetingTimeout=200)
    assert failure(sandbox, webitel, **waiting) == "Greeting never received"


def test_refused_senders_and_recipients(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    text = failure(sandbox, webitel, "unknown@example.com", **options_of(sandbox, "none"))
    assert text.startswith("Can't send mail - all recipients were rejected: 550 5.1.1 ")
    assert refusal(itflex, account_for(sandbox, "none", to_email="unknown@example.com"))[0] == "to_email"

    account = account_for(sandbox, "none", email="refused@example.com", has_auth=False)
    field, text = refusal(itflex, account)
    assert field == "email"
    assert "Mail command failed: 553 5.7.1 " in text


@pytest.mark.parametrize("to", ["nobody", "no body at all"])
def test_addresses_that_no_server_would_understand(sandbox: Sandbox, webitel: VendorClient, to: str) -> None:
    assert failure(sandbox, webitel, to, **options_of(sandbox, "none"))


@pytest.mark.parametrize(
    ("text", "envelope", "header"),
    [
        ("a@example.com", "a@example.com", "a@example.com"),
        ("ü.x@example.com", "=?UTF-8?Q?=C3=BC=2Ex?=@example.com", "=?UTF-8?Q?=C3=BC=2Ex?=@example.com"),
        ("Ü <a@exämple.example>", "a@xn--exmple-cua.example", "=?UTF-8?Q?=C3=9C?= <a@xn--exmple-cua.example>"),
        ("Doe, John <a@example.com>", "a@example.com", "John <a@example.com>"),
        ('"Doe, John" <a@example.com>', "a@example.com", '"Doe, John" <a@example.com>'),
        ("b@example.com <a@example.com>", "a@example.com", '"b@example.com" <a@example.com>'),
        ("Team: A <a@example.com>, b@example.com;", "a@example.com", "Team:A <a@example.com>, b@example.com;"),
        ("a@example.com, RCPT TO:<b@example.com>", "a@example.com", "a@example.com, RCPT TO:b@example.com;"),
        ("A\\B (c) <a@example.com>", "a@example.com", '"A\\\\B" <a@example.com>'),
        ("nobody", "", ""),
        ("<nobody>", "", ""),
    ],
)
def test_addresses_are_read_as_nodemailer_does(text: str, envelope: str, header: str) -> None:
    assert (envelope_address(text), header_value(addresses(text))) == (envelope, header)


def test_missing_credentials(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    text = failure(sandbox, webitel, **options_of(sandbox, "none", auth={"user": "u"}))
    assert text.startswith("Invalid login: 535 5.7.8 ")
    assert refusal(itflex, account_for(sandbox, "none", password=None))[0] == "password"


def test_an_unknown_mechanism(sandbox: Sandbox, webitel: VendorClient) -> None:
    text = failure(sandbox, webitel, **options_of(sandbox, "none", authMethod="NTLM"))
    assert text == 'Unknown authentication method "NTLM"'


def test_an_account_without_a_server(sandbox: Sandbox, itflex: VendorClient) -> None:
    status, answer = itflex.call("POST", f"{ACCOUNTS}/test", account_for(sandbox, "none", smtp_server=None))
    assert status == 400
    assert [(error["field"], error["type"]) for error in answer["errors"]] == [("smtp_server", "required")]


def test_the_test_checks_the_account(itflex: VendorClient) -> None:
    status, answer = itflex.call("POST", f"{ACCOUNTS}/test", account_of(service="yahoo"))
    assert status == 400
    assert [(error["field"], error["type"]) for error in answer["errors"]] == [
        ("to_email", "required"),
        ("service", "invalid"),
    ]


class NoLogins:
    """A mail server's handler that takes no message."""


@contextmanager
def server_offering(*left_out: str) -> Iterator[int]:
    """Run a mail server that lacks some mechanisms; yield its port."""
    controller = Controller(
        NoLogins(), hostname="127.0.0.1", port=free_port(), auth_require_tls=False, auth_exclude_mechanism=left_out
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def test_a_mechanism_that_is_not_offered(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    with server_offering("PLAIN") as port:
        text = failure(sandbox, webitel, **options_of(sandbox, "none", port=port, authMethod="PLAIN"))
        assert text == "Invalid login: 504 5.5.4 Unrecognized authentication type"
        assert refusal(itflex, account_for(sandbox, "none", smtp_port=port))[0] == "smtp_auth_mechanism"


def test_without_a_mechanism_the_first_that_is_offered_is_taken(sandbox: Sandbox, webitel: VendorClient) -> None:
    with server_offering("PLAIN") as port:
        text = failure(sandbox, webitel, **options_of(sandbox, "none", port=port))
        assert text.startswith('Invalid login sequence while waiting for "334 VXNlcm5hbWU6": 334 ')
    with server_offering("PLAIN", "LOGIN") as port:
        text = failure(sandbox, webitel, **options_of(sandbox, "none", port=port))
        assert text == "Invalid login: 504 5.5.4 Unrecognized authentication type"


def test_a_server_that_says_nothing(sandbox: Sandbox, webitel: VendorClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        text = failure(sandbox, webitel, host="localhost", port=port, greetingTimeout=200)
    assert text == "Greeting never received"


def test_a_slow_send_holds_nobody_up(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = {"host": "localhost", "port": silent.getsockname()[1], "greetingTimeout": 2000}
        sender = Thread(target=failure, args=(sandbox, webitel), kwargs=options)
        sender.start()
        connection, _address = silent.accept()
        with connection:
            assert itflex.call("GET", ACCOUNTS) == (200, [])
            assert sender.is_alive()
            sender.join()


def test_a_server_that_drops_the_connection(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    """The vendor's mailer tries again for ever, and hands a message over each time."""
    sandbox.traps(webitel_silence_seconds=0.5)
    sandbox.put_settings("a.example", settings_of(**options_of(sandbox, "none")))
    assert webitel.raw("POST", f"{SETTINGS}/test/dropped@example.com{AT_A}").status_code == 504
    assert len(sandbox.messages()) > 1
    sandbox.traps(webitel_dropped="error")
    status, answer = send(sandbox, webitel, "dropped@example.com", **options_of(sandbox, "none"))
    assert (status, answer["info"], answer["code"]) == (500, "Connection closed unexpectedly", "ECONNECTION")
    account = account_for(sandbox, "none", to_email="dropped@example.com")
    assert refusal(itflex, account) == (
        "smtp_server",
        "Falha no envio do email de teste: Connection closed unexpectedly",
    )


def test_a_sender_whose_connection_drops_hands_nothing_over(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.traps(webitel_silence_seconds=0.5)
    record = {**settings_of(**options_of(sandbox, "none")), "from": "dropped@example.com"}
    sandbox.put_settings("a.example", record)
    assert webitel.raw("POST", f"{SETTINGS}/test/x@example.com{AT_A}").status_code == 504
    assert sandbox.messages() == []


def test_trying_ends_when_the_client_has_left(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", settings_of(**options_of(sandbox, "none")))
    with pytest.raises(requests.Timeout):
        webitel.raw("POST", f"{SETTINGS}/test/dropped@example.com{AT_A}", timeout=0.4)
    time.sleep(0.6)
    count = len(sandbox.messages())
    time.sleep(0.6)
    assert len(sandbox.messages()) == count > 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"auth": {"user": "certs@example.com", "pass": "wrong"}}, "EAUTH"),
        ({"host": "mail.invalid"}, "ENOTFOUND"),
        ({"host": "127.0.0.1", "requireTLS": True, "ignoreTLS": False}, None),
        ({"authMethod": "NTLM"}, "EAUTH"),
    ],
)
def test_errors_carry_the_mailers_code(
    sandbox: Sandbox, webitel: VendorClient, changes: dict[str, Any], code: str | None
) -> None:
    status, answer = send(sandbox, webitel, **{**options_of(sandbox, "none"), **changes})
    assert status == 500
    assert answer.get("code") == code


def test_options_as_a_text(sandbox: Sandbox, webitel: VendorClient) -> None:
    smtp = sandbox.ready["smtp"]
    url = f"smtp://{quote(smtp['username'], safe='')}:{smtp['password']}@localhost:{smtp['none']}?ignoreTLS=true"
    record = {**settings_of(), "options": url}
    assert webitel.call("POST", f"{SETTINGS}{AT_A}", record)[1]["options"] == url
    assert webitel.call("POST", f"{SETTINGS}/test/x@example.com{AT_A}")[0] == 200
    assert [message["auth_user"] for message in sandbox.messages()] == [smtp["username"]]


def test_another_provider(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", {**settings_of(**options_of(sandbox, "none")), "provider": "SMTP"})
    answer = webitel.call("POST", f"{SETTINGS}/test/x@example.com{AT_A}")
    assert answer == (500, {"status": "error", "info": "Bad provider name."})
