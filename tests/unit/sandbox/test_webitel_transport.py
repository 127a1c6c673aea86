# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stored transport options are read as Nodemailer 1.x reads them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.smtp_connection import LONGEST_WAIT_SECONDS, Login, SendError, own_name
from tests.sandbox.webitel_transport import mail_server


@pytest.mark.parametrize(
    ("options", "encryption", "port"),
    [
        ({}, "starttls_if_offered", 25),
        ({"secure": True}, "implicit", 465),
        ({"secure": "false", "port": "2465"}, "implicit", 2465),
        ({"secure": 0, "port": 587}, "starttls_if_offered", 587),
        ({"requireTLS": True, "port": 0}, "starttls", 25),
        ({"ignoreTLS": True}, "none", 25),
        ({"ignoreTLS": True, "requireTLS": True}, "none", 25),
        ({"secure": True, "ignoreTLS": True}, "implicit", 465),
    ],
)
def test_encryption_and_port(options: dict[str, Any], encryption: str, port: int) -> None:
    server = mail_server(options)
    assert (server.encryption, server.port) == (encryption, port)


@pytest.mark.parametrize(
    ("options", "login"),
    [
        ({}, None),
        ({"auth": None}, None),
        ({"auth": {}}, Login("undefined", "undefined", None)),
        ({"auth": {"user": "u", "pass": None}}, Login("u", "null", None)),
        ({"auth": {"user": "u", "pass": 1}, "authMethod": " cram-md5 "}, Login("u", "1", "CRAM-MD5")),
    ],
)
def test_login(options: dict[str, Any], login: Login | None) -> None:
    assert mail_server(options).login == login


@pytest.mark.parametrize(
    ("tls", "verify"),
    [(None, True), ({}, True), ({"rejectUnauthorized": "false"}, True), ({"rejectUnauthorized": False}, False)],
)
def test_verification(tls: Any, verify: bool) -> None:
    assert mail_server({"tls": tls}).verify is verify


def test_waits_are_bounded() -> None:
    server = mail_server({"connectionTimeout": "200", "greetingTimeout": 99_999_999, "socketTimeout": 500})
    waits = (server.connect_seconds, server.greeting_seconds, server.answer_seconds)
    assert waits == (0.2, LONGEST_WAIT_SECONDS, 0.5)


def test_the_name_for_greetings() -> None:
    assert mail_server({"name": "client.example.net"}).client_name == "client.example.net"
    assert mail_server({}).client_name == own_name()
    assert "." in own_name()


@pytest.mark.parametrize(
    ("options", "host", "port", "encryption", "login"),
    [
        ("smtp://mail.example", "mail.example", 25, "starttls_if_offered", None),
        ("smtps://mail.example", "mail.example", 465, "implicit", None),
        ("smtp://u:p@mail.example:587", "mail.example", 587, "starttls_if_offered", Login("u", "p", None)),
        (
            "smtp://u%40a.example:p%3Aq@mail.example",
            "mail.example",
            25,
            "starttls_if_offered",
            Login("u@a.example", "p", None),
        ),
        ("smtp://u@mail.example", "mail.example", 25, "starttls_if_offered", Login("u", "undefined", None)),
        ("smtp://mail.example?ignoreTLS=1", "mail.example", 25, "none", None),
        (
            {"url": "smtp://mail.example:26", "host": "other.example", "port": 1},
            "mail.example",
            26,
            "starttls_if_offered",
            None,
        ),
        ("no address", "localhost", 25, "starttls_if_offered", None),
        ([], "localhost", 25, "starttls_if_offered", None),
    ],
)
def test_addresses(options: object, host: str, port: int, encryption: str, login: Login | None) -> None:
    server = mail_server(options)
    assert (server.host, server.port, server.encryption, server.login) == (host, port, encryption, login)


@pytest.mark.parametrize("options", [5, True, {"port": -1}, {"port": "70000"}])
def test_options_that_make_no_sense(options: object) -> None:
    with pytest.raises(SendError):
        mail_server(options)
