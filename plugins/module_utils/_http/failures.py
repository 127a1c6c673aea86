# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why there was no answer, in words: what requests raises becomes a `ConnectionFailed` that says what to do.

The text of such an exception is not passed on as it is: it can hold a proxy's password or a header's value.
"""

from __future__ import annotations

import re
import socket
import ssl
import typing as t
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from .errors import ApiError, ConnectionFailed, InvalidResponse, Request, quote

_ADDRESS = "Check api_url, its port and its scheme"
_CUT_OFF = "the server closed it before the answer was complete"
# In the words of http.client, which keeps the number nowhere else.
_REFUSED_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")

_TOO_OLD = frozenset(("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "VERSION_TOO_LOW"))

_NOT_ACCEPTED = "the server does not accept the client's certificate"
_OF_CLIENT = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "the server wants a client's certificate",
    "TLSV1_ALERT_UNKNOWN_CA": _NOT_ACCEPTED,
    "SSLV3_ALERT_BAD_CERTIFICATE": _NOT_ACCEPTED,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": _NOT_ACCEPTED,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": _NOT_ACCEPTED,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": _NOT_ACCEPTED,
}


def timed_out(request: Request, timeout: float) -> ConnectionFailed:
    """The error for an answer that was not complete in time."""
    message = f"no complete answer within {round(timeout, 1):g} seconds"
    return ConnectionFailed(request, message, "Raise timeout?", sent=True, late=True)


def was_not_reached(exc: BaseException) -> bool:
    """Whether nobody took the connection in time; newer releases of urllib3 call that a failure of the proxy."""
    import requests
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    if not isinstance(exc, requests.exceptions.ProxyError):
        return isinstance(exc, requests.exceptions.ConnectTimeout)
    # In urllib3 1 a connection that was refused is one of those that took too long.
    return any(
        isinstance(cause, ConnectTimeoutError) and not isinstance(cause, NewConnectionError) for cause in _chain(exc)
    )


def not_reached(request: Request, seconds: float, exc: BaseException | None = None) -> ConnectionFailed:
    """The error for a server, or its proxy, that did not take the connection in time, nor would a second later."""
    import requests

    message = f"no connection within {seconds:g} seconds"
    if isinstance(exc, requests.exceptions.ProxyError):
        return ConnectionFailed(request, f"the proxy failed: {message}", "Check the proxy settings", transient=False)
    return ConnectionFailed(request, message, "Check whether it is on, api_url and the network", transient=False)


def cut_off(request: Request) -> ConnectionFailed:
    """The error for an answer that ends too early."""
    return ConnectionFailed(request, f"the connection broke: {_CUT_OFF}", _ADDRESS, sent=True)


def explain(exc: BaseException, request: Request, timeout: float) -> ApiError:
    """The error that says what `exc`, raised by requests while sending or reading, means."""
    import requests
    from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

    if isinstance(exc, requests.exceptions.ProxyError):
        refused = next(filter(None, (_REFUSED_TUNNEL.search(str(cause)) for cause in _chain(exc))), None)
        reason = f"it answered {refused[1]}" if refused else _cause(exc)
        return ConnectionFailed(request, f"the proxy failed: {reason}", "Check the proxy settings")
    if isinstance(exc, requests.exceptions.SSLError):
        return _tls(exc, request)
    if isinstance(exc, (requests.exceptions.Timeout, ReadTimeoutError, socket.timeout)):
        return timed_out(request, timeout)
    if isinstance(exc, (requests.exceptions.ContentDecodingError, requests.exceptions.InvalidHeader, DecodeError)):
        return InvalidResponse(request, f"the answer cannot be read ({type(exc).__name__})", "Check api_url")
    if isinstance(
        exc, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError, HTTPError, HTTPException)
    ):
        if _never_connected(exc):
            return ConnectionFailed(request, f"no connection: {_cause(exc)}", "Check api_url and the network")
        if _is_no_http(exc):
            return InvalidResponse(
                request, "the answer cannot be read: it is no HTTP, or has too many or too large headers", _ADDRESS
            )
        return ConnectionFailed(request, f"the connection broke: {_cause(exc)}", _ADDRESS, sent=True)
    return InvalidResponse(request, f"the request cannot be sent ({type(exc).__name__})", "Check api_url")


def _tls(exc: BaseException, request: Request) -> ConnectionFailed:
    for cause in _chain(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message or "the certificate is not accepted"
            advice = "Give the issuing authority's certificate with ca_path, or correct api_url if the name differs"
            return ConnectionFailed(request, f"certificate not accepted: {reason}", advice, transient=False)
        if type(cause).__name__ == "CertificateError":
            # What urllib3 1 raises itself where the name is another one.
            advice = "Correct api_url, if the server has another name"
            return ConnectionFailed(request, f"certificate not accepted: {quote(cause)}", advice, transient=False)
    for cause in _chain(exc):
        said = _OF_CLIENT.get(str(getattr(cause, "reason", None)))
        if said is not None:
            return ConnectionFailed(request, f"TLS failed: {said}", "Check client_cert and client_key", transient=False)
    if any(getattr(cause, "reason", None) in _TOO_OLD for cause in _chain(exc)):
        message = "TLS failed: the server's version of it is too old"
        return ConnectionFailed(request, message, "Check the server: it should offer TLS 1.2 or newer", transient=False)
    return ConnectionFailed(request, f"TLS failed: {_cause(exc)}", _ADDRESS, transient=False)


def _is_no_http(exc: BaseException) -> bool:
    """Whether something else than an HTTP answer came; not where the answer only ended too early."""
    from urllib3.exceptions import InvalidChunkLength

    return any(
        isinstance(cause, InvalidChunkLength)
        or (isinstance(cause, HTTPException) and not isinstance(cause, (RemoteDisconnected, IncompleteRead)))
        for cause in _chain(exc)
    )


def _never_connected(exc: BaseException) -> bool:
    from urllib3.exceptions import NewConnectionError

    return any(isinstance(cause, NewConnectionError) for cause in _chain(exc))


def _cause(exc: BaseException) -> str:
    """The innermost cause that the system words itself, such as `Connection refused`."""
    text = ""
    for cause in _chain(exc):
        if isinstance(cause, ssl.SSLError):
            text = cause.reason or text
        elif isinstance(cause, OSError) and cause.strerror:
            text = cause.strerror
    return text or _CUT_OFF


def _chain(exc: BaseException) -> t.Iterator[BaseException]:
    """An exception with all that it was raised from or wraps, outermost first."""
    waiting: list[object] = [exc]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
