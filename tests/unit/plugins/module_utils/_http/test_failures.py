# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which requests fails has its words, its advice, and what may be done next."""

from __future__ import annotations

import socket
import ssl
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from urllib3.exceptions import (
    DecodeError,
    InvalidChunkLength,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ConnectionFailed,
    InvalidResponse,
    Request,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.failures import (
    cut_off,
    explain,
    not_reached,
    timed_out,
)

REQUEST = Request("GET", "https://server.example.com/a")
ADDRESS = "Check api_url, its port and its scheme"
CUT_OFF = "the connection broke: the server closed it before the answer was complete"
NETWORK = "Check api_url and the network"
CERTIFICATE = "Give the issuing authority's certificate with ca_path, or correct api_url if the name differs"
OLD_TLS = "the server's version of it is too old. Check the server: it should offer TLS 1.2 or newer"
NO_HTTP = "the answer cannot be read: it is no HTTP, or has too many or too large headers"
# urllib3 wants its own objects here, which say nothing about the failure.
ANY: Any = SimpleNamespace(tell=lambda: 0, length_remaining=0)


def refused() -> OSError:
    """What the system says where nothing listens; a new one each time, since its cause is changed."""
    return ConnectionRefusedError(111, "Connection refused")


def reset() -> OSError:
    """What the system says where the other side hangs up."""
    return ConnectionResetError(104, "Connection reset by peer")


def tls(reason: str) -> requests.exceptions.SSLError:
    """What requests raises where OpenSSL names this reason."""
    failure = ssl.SSLError(1, "of OpenSSL")
    failure.reason = reason
    return requests.exceptions.SSLError(failure)


def certificate(verify_message: str) -> requests.exceptions.SSLError:
    """What requests raises where OpenSSL does not accept the certificate."""
    failure = ssl.SSLCertVerificationError(1, "of OpenSSL")
    failure.verify_message = verify_message
    return requests.exceptions.SSLError(failure)


def wrapped(*causes: BaseException) -> BaseException:
    """The first exception, raised from the second, and so on."""
    for outer, inner in zip(causes, causes[1:]):
        outer.__cause__ = inner
    return causes[0]


class CertificateError(ValueError):
    """The namesake of what urllib3 1 raises."""


@pytest.mark.parametrize(
    ("exc", "text"),
    [
        (requests.exceptions.ProxyError(refused()), "the proxy failed: Connection refused. Check the proxy settings"),
        (
            wrapped(requests.ConnectionError(), NewConnectionError(ANY, "no"), refused()),
            f"no connection: Connection refused. {NETWORK}",
        ),
    ],
)
def test_the_server_got_nothing(exc: BaseException, text: str) -> None:
    error = explain(exc, REQUEST, 2.5)
    assert isinstance(error, ConnectionFailed)
    assert str(error) == f"{REQUEST}: {text}"
    assert (error.sent, error.transient, error.indeterminate) == (False, True, False)


@pytest.mark.parametrize(
    ("exc", "text"),
    [
        *(
            (exc, "no complete answer within 2.5 seconds. Raise timeout?")
            for exc in (requests.ReadTimeout(), ReadTimeoutError(ANY, "/a", "late"), socket.timeout())
        ),
        (requests.ConnectionError(reset()), f"the connection broke: Connection reset by peer. {ADDRESS}"),
        (ProtocolError("broken", reset()), f"the connection broke: Connection reset by peer. {ADDRESS}"),
        (requests.ConnectionError(ProtocolError("broken", RemoteDisconnected("gone"))), f"{CUT_OFF}. {ADDRESS}"),
        (requests.exceptions.ChunkedEncodingError(IncompleteRead(b"")), f"{CUT_OFF}. {ADDRESS}"),
        (IncompleteRead(b""), f"{CUT_OFF}. {ADDRESS}"),
    ],
)
def test_the_server_may_have_done_it(exc: BaseException, text: str) -> None:
    error = explain(exc, REQUEST, 2.5)
    assert isinstance(error, ConnectionFailed)
    assert str(error) == f"{REQUEST}: {text}"
    assert (error.sent, error.transient, error.indeterminate) == (True, True, True)


def test_an_answer_that_ends_too_early() -> None:
    error = cut_off(REQUEST)
    assert str(error) == f"{REQUEST}: {CUT_OFF}. {ADDRESS}"
    assert (error.sent, error.transient) == (True, True)


@pytest.mark.parametrize(
    ("exc", "text"),
    [
        (
            certificate("self-signed certificate"),
            f"certificate not accepted: self-signed certificate. {CERTIFICATE}",
        ),
        (
            certificate(""),
            f"certificate not accepted: the certificate is not accepted. {CERTIFICATE}",
        ),
        (
            requests.exceptions.SSLError(CertificateError("another\nname")),
            "certificate not accepted: another name. Correct api_url, if the server has another name",
        ),
        *(
            (tls(reason), f"TLS failed: {OLD_TLS}")
            for reason in ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW")
        ),
        (tls("WRONG_VERSION_NUMBER"), f"TLS failed: WRONG_VERSION_NUMBER. {ADDRESS}"),
        (
            tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            "TLS failed: the server wants a client's certificate. Check client_cert and client_key",
        ),
        (
            tls("TLSV1_ALERT_UNKNOWN_CA"),
            "TLS failed: the server does not accept the client's certificate. Check client_cert and client_key",
        ),
    ],
)
def test_a_try_in_vain_is_not_repeated(exc: BaseException, text: str) -> None:
    error = explain(exc, REQUEST, 2.5)
    assert isinstance(error, ConnectionFailed)
    assert str(error) == f"{REQUEST}: {text}"
    assert (error.sent, error.transient, error.indeterminate) == (False, False, False)


@pytest.mark.parametrize(
    ("exc", "text"),
    [
        (requests.exceptions.ContentDecodingError(), "the answer cannot be read (ContentDecodingError). Check api_url"),
        (requests.exceptions.InvalidHeader(), "the answer cannot be read (InvalidHeader). Check api_url"),
        (DecodeError(), "the answer cannot be read (DecodeError). Check api_url"),
        (requests.ConnectionError(ProtocolError("broken", BadStatusLine("x"))), f"{NO_HTTP}. {ADDRESS}"),
        (InvalidChunkLength(ANY, b"zz"), f"{NO_HTTP}. {ADDRESS}"),
        (requests.exceptions.InvalidURL("hunter2"), "the request cannot be sent (InvalidURL). Check api_url"),
        (ValueError("hunter2"), "the request cannot be sent (ValueError). Check api_url"),
    ],
)
def test_what_came_is_no_answer(exc: BaseException, text: str) -> None:
    error = explain(exc, REQUEST, 2.5)
    assert isinstance(error, InvalidResponse)
    assert str(error) == f"{REQUEST}: {text}"


def test_the_innermost_cause_is_reported() -> None:
    exc = wrapped(requests.ConnectionError(), reset(), OSError("without words"), OSError(113, "No route to host"))
    assert "the connection broke: No route to host" in str(explain(exc, REQUEST, 2.5))


def test_each_thing_that_a_failure_holds_may_be_the_cause() -> None:
    exc = wrapped(requests.ConnectionError(reset()), ValueError("of no interest"))
    assert "the connection broke: Connection reset by peer" in str(explain(exc, REQUEST, 2.5))
    given_up = requests.ConnectionError(MaxRetryError(ANY, "/a", ProtocolError("broken", reset())))
    assert "the connection broke: Connection reset by peer" in str(explain(given_up, REQUEST, 2.5))


def test_causes_in_a_circle_end() -> None:
    exc = wrapped(requests.ConnectionError(), ConnectionAbortedError(103, "Aborted"))
    wrapped(ProtocolError("x"), exc)
    assert exc.__cause__ is not None
    exc.__cause__.__context__ = exc
    assert "the connection broke: Aborted" in str(explain(exc, REQUEST, 2.5))


def test_after_a_time_limit_the_server_may_do_it_yet() -> None:
    """A creation is not sent twice then."""
    error = timed_out(REQUEST, 2.04)
    assert str(error) == f"{REQUEST}: no complete answer within 2 seconds. Raise timeout?"
    assert (error.indeterminate, error.late, error.transient) == (True, True, True)


def test_a_server_that_takes_no_connection_is_not_asked_again() -> None:
    error = not_reached(REQUEST, 10.0)
    assert str(error) == (
        f"{REQUEST}: no connection within 10 seconds. Check whether it is on, api_url and the network"
    )
    assert (error.indeterminate, error.late, error.transient) == (False, False, False)
