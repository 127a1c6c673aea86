# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One SMTP connection: answers of every kind, in bounded time and space, and the three ways to log in."""

from __future__ import annotations

import base64
import contextlib
import hmac
import socket
import threading
import time
from typing import TYPE_CHECKING, Callable

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.addresses import Address
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_link import LinkFailed, SmtpLink
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_reader import Reply
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "me@example.com", "schlüssel\u2026 mit Leerzeichen"


@contextlib.contextmanager
def linked(server: SmtpServer, timeout: float = 10.0) -> Iterator[SmtpLink]:
    with serve(server):
        link = SmtpLink.open(Address(socket.AF_INET, ("127.0.0.1", server.port)), timeout)
        try:
            yield link
        finally:
            link.close()


def test_banner_and_offer() -> None:
    server = SmtpServer(offers=("SIZE 1000", "AUTH PLAIN", "AUTH=LOGIN", "STARTTLS", "8BITMIME"))
    with linked(server) as link:
        assert link.banner() == Reply(220, "mail.example.com ESMTP")
        reply, offer = link.hello("client.example.com")
    assert reply.code == 250
    assert offer.extensions == ("SIZE 1000", "AUTH PLAIN", "AUTH=LOGIN", "STARTTLS", "8BITMIME")
    assert (set(offer.mechanisms), offer.size, offer.starttls) == ({"PLAIN", "LOGIN"}, 1000, True)
    assert [line.text for line in server.lines] == ["ehlo client.example.com", "quit"]


@pytest.mark.parametrize("size", ["SIZE", "SIZE x", "SIZE -1", f"SIZE {'9' * 5000}"])
def test_size_that_no_message_can_have(size: str) -> None:
    with linked(SmtpServer(offers=(size,))) as link:
        link.banner()
        _reply, offer = link.hello("client.example.com")
    assert offer.size is None


def test_server_that_knows_no_ehlo() -> None:
    server = SmtpServer(answers={"EHLO": "502 5.5.1 What?"})
    with linked(server) as link:
        link.banner()
        reply, offer = link.hello("client.example.com")
    assert (reply.code, offer.extensions, offer.mechanisms, offer.starttls) == (250, (), (), False)
    assert server.words[:2] == ["ehlo", "helo"]


@pytest.mark.parametrize(
    ("ehlo", "helo", "reply", "words"),
    [
        ("550 Not with me", "250 mail.example.com", Reply(250, "mail.example.com"), ["ehlo", "helo"]),
        ("550 Not with me", "503 Once", Reply(550, "Not with me"), ["ehlo", "helo"]),
        ("550 Not with me", "", Reply(550, "Not with me"), ["ehlo", "helo"]),
        ("502 What?", "550 Not with me", Reply(550, "Not with me"), ["ehlo", "helo"]),
        ("421 Too many", "250 mail.example.com", Reply(421, "Too many"), ["ehlo", "quit"]),
    ],
)
def test_server_that_refuses_ehlo(ehlo: str, helo: str, reply: Reply, words: list[str]) -> None:
    """The answer that tells more is the one that counts."""
    server = SmtpServer(answers={"EHLO": ehlo, "HELO": helo})
    with linked(server) as link:
        link.banner()
        assert link.hello("client.example.com")[0] == reply
    assert server.words[:2] == words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5.7.8 Bad password", "5.7.8"),
        ("5.7.8", "5.7.8"),
        ("4.7.0\nmore", "4.7.0"),
        ("5.7.8x", ""),
        ("at 5.7.8", ""),
        ("3.1.1 x", ""),
    ],
)
def test_enhanced_codes(text: str, code: str) -> None:
    assert Reply(535, text).enhanced_code == code


@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x01\x00\x02\x02\x46\n", b"* OK IMAP4\r\n"])
def test_server_of_another_protocol(banner: bytes) -> None:
    with linked(SmtpServer(banner=banner)) as link, pytest.raises(LinkFailed, match="the answer is not SMTP"):
        link.banner()


def test_server_that_says_nothing() -> None:
    with (
        linked(SmtpServer(banner=None), timeout=0.2) as link,
        pytest.raises(LinkFailed, match=r"no answer within 0\.2"),
    ):
        link.banner()


class _TimeIsUp(BaseException):
    """What ends a task in the middle of a step, whoever raises it."""


def test_no_leave_is_taken_of_a_server_that_owes_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task whose time is over would wait for one more answer, as long as for any."""

    def end(*_arguments: object) -> None:
        raise _TimeIsUp

    server = SmtpServer()
    begun = time.monotonic()
    with linked(server, timeout=30.0) as link:
        link.banner()
        monkeypatch.setattr(link._smtp, "getreply", end)
        with pytest.raises(_TimeIsUp):
            link.hello("client.example.com")
        link.close()
    assert time.monotonic() - begun < 10.0
    assert "quit" not in server.words


def test_server_that_hangs_up() -> None:
    with linked(SmtpServer(answers={"VRFY": ""})) as link:
        link.banner()
        with pytest.raises(LinkFailed, match="the server closed the connection"):
            link.command("VRFY", "x")
        with pytest.raises(LinkFailed, match="the server closed the connection"):
            link.command("NOOP")


def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(LinkFailed, match="Connection refused"):
            SmtpLink.open(Address(socket.AF_INET, unused.getsockname()), 5.0)


@contextlib.contextmanager
def raw(behave: Callable[[socket.socket], None]) -> Iterator[Address]:
    """A server that is a function of its one connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve_one() -> None:
            connection, _address = listener.accept()
            with connection, contextlib.suppress(OSError):
                behave(connection)

        thread = threading.Thread(target=serve_one)
        thread.start()
        yield Address(socket.AF_INET, listener.getsockname())
        thread.join()


def test_answer_without_end() -> None:
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"220-" + b"x" * 100 + b"\r\n")

    with raw(flood) as address:
        link = SmtpLink.open(address, 60.0)
        with pytest.raises(LinkFailed, match="an answer without end"):
            link.banner()
        link.close()


def test_answer_that_drips() -> None:
    """Each byte comes in time, and the whole does not."""

    def drip(connection: socket.socket) -> None:
        for _number in range(1000):
            connection.sendall(b"2")
            time.sleep(0.02)

    with raw(drip) as address:
        link = SmtpLink.open(address, 0.3)
        began = time.monotonic()
        with pytest.raises(LinkFailed, match=r"no answer within 0\.3 seconds"):
            link.banner()
        assert time.monotonic() - began < 10
        link.close()


def log_in(mechanism: str, server: SmtpServer) -> Reply:
    with linked(server) as link:
        link.banner()
        link.hello("client.example.com")
        return link.log_in(mechanism, USER, PASSWORD)


def sent(server: SmtpServer) -> list[str]:
    return [line.text for line in server.lines][1:-1]


def test_plain() -> None:
    server = SmtpServer()
    assert log_in("PLAIN", server).code == 235
    (line,) = sent(server)
    command, mechanism, response = line.split(" ")
    assert (command, mechanism) == ("AUTH", "PLAIN")
    assert base64.b64decode(response).decode() == f"\0{USER}\0{PASSWORD}"


def test_login() -> None:
    server = SmtpServer()
    assert log_in("LOGIN", server).code == 235
    command, *answers = sent(server)
    assert command == "AUTH LOGIN"
    assert [base64.b64decode(answer).decode() for answer in answers] == [USER, PASSWORD]


def test_cram_md5() -> None:
    server = SmtpServer()
    assert log_in("CRAM-MD5", server).code == 235
    command, answer = sent(server)
    assert command == "AUTH CRAM-MD5"
    digest = hmac.new(PASSWORD.encode(), b"<1.2@mail.example.com>", "md5").hexdigest()
    assert base64.b64decode(answer).decode() == f"{USER} {digest}"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_refusal_ends_the_login(mechanism: str) -> None:
    server = SmtpServer(answers={"AUTH": "504 5.5.4 Unknown"})
    assert log_in(mechanism, server) == Reply(504, "5.5.4 Unknown")
    assert len(sent(server)) == 1


@pytest.mark.parametrize("mechanism", ["LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("challenge", ["x", "Benützer:"])
def test_challenge_that_is_no_base64(mechanism: str, challenge: str) -> None:
    server = SmtpServer(answers={f"AUTH {mechanism}": f"334 {challenge}"})
    assert log_in(mechanism, server).code == 235


def test_machine_without_md5(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_arguments: object) -> None:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(hmac, "new", forbid)
    with pytest.raises(LinkFailed, match="this machine allows no MD5"):
        log_in("CRAM-MD5", SmtpServer())
