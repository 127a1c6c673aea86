# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens a connection to a mail server, with or without TLS; every failure is worded as Nodemailer 1.x does."""

from __future__ import annotations

import ipaddress
import os
import smtplib
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Encryption = Literal["none", "starttls_if_offered", "starttls", "implicit"]
Stage = Literal["connection", "encryption", "mechanism", "credentials", "sender", "recipient", "message"]

LONGEST_WAIT_SECONDS = 10.0
_NO_ISSUER_FOUND = 20


class SendError(Exception):
    """The message was not sent; ``stage`` says what it failed at, ``text`` and ``code`` are what Webitel passes on."""

    def __init__(self, stage: Stage, text: str, code: str | None = None) -> None:
        """Keep all."""
        super().__init__(text)
        self.stage = stage
        self.text = text
        self.code = code


class Dropped(SendError):
    """The server ended the connection without a word: no failure to Nodemailer's pool, which then begins again."""

    def __init__(self) -> None:
        """Say so in the words of a product that gives up."""
        super().__init__("connection", "Connection closed unexpectedly", "ECONNECTION")


@dataclass(frozen=True)
class Login:
    """Who logs in; without a ``mechanism`` the first that the server offers is taken."""

    username: str
    password: str
    mechanism: str | None


def own_name() -> str:
    """How this machine greets a mail server where nobody has given it a name."""
    name = os.uname().nodename
    return name if "." in name else "[127.0.0.1]"


@dataclass(frozen=True)
class MailServer:
    """Where to send, and how. ``server_name`` is what the server is asked for (SNI), and has to prove."""

    host: str
    port: int
    encryption: Encryption
    verify: bool
    login: Login | None
    client_name: str = field(default_factory=own_name)
    server_name: str | None = None
    connect_seconds: float = LONGEST_WAIT_SECONDS
    greeting_seconds: float = LONGEST_WAIT_SECONDS
    answer_seconds: float = LONGEST_WAIT_SECONDS


@contextmanager
def connection(server: MailServer, ca_file: Path) -> Iterator[smtplib.SMTP]:
    """Hold a connection that is encrypted as ``server`` says and has greeted, and end it.

    Certificates are checked against the system's authorities and the one in ``ca_file``. Raises ``SendError``, also
    for a connection that breaks within the block.
    """
    client = smtplib.SMTP(local_hostname=server.client_name)
    try:
        client.sock = _connected(server, ca_file)
        client.sock.settimeout(server.greeting_seconds)
        _await_greeting(client)
        client.sock.settimeout(server.answer_seconds)
        _say_hello(client, server)
        if _wants_starttls(client, server):
            _start_tls(client, server, ca_file)
        yield client
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise _broken(error, "Timeout", "ETIMEOUT") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()


def reply(code: int, text: bytes) -> str:
    """Return the server's reply as it was, line by line."""
    *lines, last = text.decode(errors="replace").split("\n")
    return "\n".join([*(f"{code}-{line}" for line in lines), f"{code} {last}"])


def _broken(error: Exception, after_a_timeout: str, code: str) -> SendError:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return SendError("connection", after_a_timeout, code)
    # The library words the reason of the network where there is one, and has none for an orderly end.
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return SendError("connection", "read ECONNRESET", "ECONNRESET")
    return SendError("connection", "read ECONNRESET", "ECONNRESET") if "[Errno" in str(error) else Dropped()


def _connected(server: MailServer, ca_file: Path) -> socket.socket:
    try:
        address = _address(server)
        sock = socket.create_connection((address, server.port), server.connect_seconds)
        return _encrypted(sock, server, ca_file) if server.encryption == "implicit" else sock
    except (socket.gaierror, UnicodeError) as error:
        raise SendError("connection", f"getaddrinfo ENOTFOUND {server.host}", "ENOTFOUND") from error
    except ConnectionRefusedError as error:
        refused = f"connect ECONNREFUSED {address}:{server.port}"
        raise SendError("connection", refused, "ECONNREFUSED") from error
    except TimeoutError as error:
        raise SendError("connection", "Connection timeout", "ETIMEDOUT") from error
    except OSError as error:
        raise SendError("connection", f"connect {server.host}:{server.port}: {error}") from error


def _address(server: MailServer) -> str:
    """Return the one address that is tried: IPv4 first."""
    found = socket.getaddrinfo(server.host, None, type=socket.SOCK_STREAM)
    return str(min(found, key=lambda entry: entry[0] != socket.AF_INET)[4][0])


def _encrypted(sock: socket.socket, server: MailServer, ca_file: Path) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=ca_file)
    context.load_default_certs()
    # Node is less strict than Python about what a certificate has to hold.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    # The name is checked below, since the words for a wrong one need the names that would be right.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if server.verify else ssl.CERT_NONE
    try:
        # Node says no name by itself.
        encrypted = context.wrap_socket(sock, server_hostname=server.server_name)
    except ssl.SSLCertVerificationError as error:
        unknown = error.verify_code == _NO_ISSUER_FOUND
        words = "unable to verify the first certificate" if unknown else error.verify_message
        raise SendError("encryption", words, _code_of(words)) from error
    except ssl.SSLError as error:
        reason = f"SSL routines: {str(error.reason).replace('_', ' ').lower()}"
        raise SendError("encryption", reason, "EPROTO") from error
    if server.verify:
        try:
            _check_name(encrypted, server.server_name or server.host)
        except SendError:
            encrypted.close()
            raise
    return encrypted


def _check_name(encrypted: ssl.SSLSocket, host: str) -> None:
    names: list[tuple[str, str]] = (encrypted.getpeercert() or {}).get("subjectAltName", ())  # type: ignore[assignment]
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not any(kind == "DNS" and _covers(name.lower(), host.lower()) for kind, name in names):
            listed = ", ".join(f"{kind}:{name}" for kind, name in names)
            reason = f"Host: {host}. is not in the cert's altnames: {listed}"
            raise _other_name(reason) from None
        return
    # Python writes those of IPv6 out; Node shortens them.
    addresses = [str(ipaddress.ip_address(name)) for kind, name in names if kind == "IP Address"]
    if str(ipaddress.ip_address(host)) not in addresses:
        raise _other_name(f"IP: {host} is not in the cert's list: {', '.join(addresses)}")


def _code_of(words: str) -> str:
    """Return Node's code of what is wrong with a certificate."""
    known = (("first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"), ("expired", "CERT_HAS_EXPIRED"))
    self_signed = ("self", "DEPTH_ZERO_SELF_SIGNED_CERT")
    return next((code for part, code in (*known, self_signed) if part in words), "UNABLE_TO_GET_ISSUER_CERT_LOCALLY")


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and name[2:] == host.partition(".")[2])


def _other_name(reason: str) -> SendError:
    words = f"Hostname/IP does not match certificate's altnames: {reason}"
    return SendError("encryption", words, "ERR_TLS_CERT_ALTNAME_INVALID")


def _await_greeting(client: smtplib.SMTP) -> None:
    try:
        code, text = client.getreply()
    except smtplib.SMTPServerDisconnected as error:
        raise _broken(error, "Greeting never received", "ETIMEDOUT") from error
    if code != 220:
        raise _protocol_error("Invalid greeting from server", code, text, "EPROTOCOL")


def _say_hello(client: smtplib.SMTP, server: MailServer) -> None:
    code, text = client.ehlo()
    if code == 421:
        raise _protocol_error("Server terminates connection", code, text, "ECONNECTION")
    if _is_positive(code):
        return
    if server.encryption == "starttls":
        words = "EHLO failed but HELO does not support required STARTTLS"
        raise _protocol_error(words, code, text, "ECONNECTION")
    code, text = client.helo()
    if not _is_positive(code):
        raise _protocol_error("Invalid response for EHLO/HELO", code, text, "EPROTOCOL")


def _protocol_error(words: str, code: int, text: bytes, name: str) -> SendError:
    return SendError("connection", f"{words}:\n{reply(code, text)}: {reply(code, text)}", name)


def _is_positive(code: int) -> bool:
    return 200 <= code < 300


def _wants_starttls(client: smtplib.SMTP, server: MailServer) -> bool:
    offered = client.has_extn("starttls")
    return server.encryption == "starttls" or (server.encryption == "starttls_if_offered" and offered)


def _start_tls(client: smtplib.SMTP, server: MailServer, ca_file: Path) -> None:
    code, _text = client.docmd("STARTTLS")
    if not _is_positive(code):
        raise SendError("encryption", "Error upgrading connection with STARTTLS")
    assert client.sock is not None
    client.sock = _encrypted(client.sock, server, ca_file)
    # What the server said in clear counts no longer.
    client.file = None
    client.esmtp_features.clear()
    _say_hello(client, server)
