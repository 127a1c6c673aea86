# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS with a mail server: as strict as can be, and less so where that is needed to see what is wrong."""

from __future__ import annotations

import contextlib
import enum
import ssl
import threading
import typing as t
import warnings
from dataclasses import dataclass
from pathlib import Path

from .certificate import read_certificate

if t.TYPE_CHECKING:
    import socket

_NAME_ERRORS = (62, 63, 64)  # X509_V_ERR_HOSTNAME_MISMATCH and the same of addresses, as OpenSSL numbers them.


class Strictness(enum.Enum):
    """How much of a certificate is verified."""

    FULL = "authority, dates and name"
    NAME_ASIDE = "authority and dates"
    NONE = "nothing"
    OLD = "nothing, and old versions, ciphers and keys are taken too"


@dataclass(frozen=True)
class CertificateProblem:
    """Why OpenSSL did not accept a certificate: its own number, and its own words."""

    code: int
    words: str

    @property
    def is_about_name(self) -> bool:
        """Whether the certificate is for another server."""
        return self.code in _NAME_ERRORS


@dataclass(frozen=True)
class Tls:
    """An encrypted connection. `chain` are the certificates that the server sent, its own first, in DER."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True)
class Trust:
    """Which authorities are trusted, and which name the certificate has to have.

    `ca_path` is a file or a directory; without it the authorities of the system count. Without `says_name` the server
    does not learn which one is wanted (SNI), so one with several certificates shows its usual one.
    """

    server_name: str
    ca_path: str | None = None
    says_name: bool = True

    def wrap(self, connection: socket.socket, strictness: Strictness) -> ssl.SSLSocket:
        """Begin TLS, within the connection's time limit.

        Raises `ssl.SSLCertVerificationError` where the certificate does not stand the test, `OSError` or
        `ValueError` where there is no TLS at all.
        """
        # Asked here: where Python's own wrap_socket objects to a name, it leaves the connection open.
        if not can_have_certificate(self.server_name):
            raise ValueError(f"{self.server_name!r} is no name that a certificate could have")
        context = context_for(self.ca_path, strictness)
        if self.says_name:
            return context.wrap_socket(connection, server_hostname=self.server_name)
        # OpenSSL looks at the name only where it was said.
        context.check_hostname = False
        encrypted = context.wrap_socket(connection)
        if strictness is Strictness.FULL:
            _check_name(encrypted, self.server_name)
        return encrypted


def _check_name(connection: ssl.SSLSocket, name: str) -> None:
    """Raise the error that OpenSSL raises, where the certificate is another server's."""
    own = read_certificate(connection.getpeercert(binary_form=True) or b"")
    if own is not None and own.is_for(name):
        return
    connection.close()
    error = ssl.SSLCertVerificationError("hostname mismatch")
    error.verify_code, error.verify_message = _NAME_ERRORS[0], "Hostname mismatch"
    raise error


def can_have_certificate(name: str) -> bool:
    """Whether a certificate could be for this name: none of its parts is too long, and the first is not empty."""
    try:
        return bool(name.encode("idna")) and not name.startswith(".")
    except UnicodeError:
        return False


def check_authorities(ca_path: str) -> None:
    """Raise `OSError` where `ca_path` is no file with certificates, and no directory."""
    if not Path(ca_path).is_dir():
        context_for(ca_path, Strictness.FULL)


def context_for(ca_path: str | None, strictness: Strictness) -> ssl.SSLContext:
    """What a client needs for TLS with these authorities. Raises `OSError` where `ca_path` cannot be read."""
    if ca_path is None:
        context = ssl.create_default_context()
    elif Path(ca_path).is_dir():
        context = ssl.create_default_context(capath=ca_path)
    else:
        context = ssl.create_default_context(cafile=ca_path)
    # The same judgement with every Python: these two are on by default since 3.13, and in the products they are off.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_PARTIAL_CHAIN", 0)
    context.check_hostname = strictness is Strictness.FULL
    # Python's own list leaves out ciphers of TLS 1.2 that Node and Go take, such as those with CBC and SHA-1.
    context.set_ciphers("DEFAULT:@SECLEVEL=2")
    if strictness in (Strictness.NONE, Strictness.OLD):
        context.verify_mode = ssl.CERT_NONE
    if strictness is Strictness.OLD:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    return context


WANTS_A_CERTIFICATE: t.Final = "the server wants a certificate of the client"


def noting_handshakes(context: ssl.SSLContext, done: threading.Event) -> ssl.SSLContext:
    """The context, with which `done` is set once a handshake is over."""

    class Noting(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            done.set()

    context.sslsocket_class = Noting
    return context


def reason_of_tls(error: ssl.SSLError) -> str:
    """Why TLS failed, in OpenSSL's own words, but for the alert that names its cause (RFC 8446, 6.2)."""
    words = (error.reason or str(error)).replace("_", " ").lower()
    return f"{WANTS_A_CERTIFICATE} ({words})" if "alert certificate required" in words else words


def is_tls(first_bytes: bytes) -> bool:
    """Whether these begin a record of TLS: an alert or a step of the handshake, and the version 3."""
    return first_bytes.startswith((b"\x15\x03", b"\x16\x03"))


def client_hello(server_name: str) -> bytes:
    """The first bytes that a client of TLS sends."""
    outgoing = ssl.MemoryBIO()
    client = context_for(None, Strictness.NONE).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def describe(connection: ssl.SSLSocket) -> Tls:
    """What there is to know about an encrypted connection."""
    cipher = connection.cipher()
    return Tls(connection.version() or "", cipher[0] if cipher else "", tuple(_chain(connection)))


def _chain(connection: ssl.SSLSocket) -> list[bytes]:
    """The certificates as the server sent them. Python 3.9 shows the server's own only."""
    if hasattr(connection, "get_unverified_chain"):
        return list(connection.get_unverified_chain())
    inner = t.cast(t.Any, connection)._sslobj
    if hasattr(inner, "get_unverified_chain"):
        return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in inner.get_unverified_chain()]
    own = connection.getpeercert(binary_form=True)
    return [own] if own else []
