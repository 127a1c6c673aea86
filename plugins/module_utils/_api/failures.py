# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why there was no answer, in words: what requests raises becomes a L(ConnectionFailed) that says what to do.

The text of such an exception is not passed on as it is: it can hold a proxy's password or a header's value.
"""

from __future__ import annotations

import socket
import ssl
import typing as t
from http.client import HTTPException

from .errors import ApiError, BadAnswer, ConnectionFailed, Request, quote


def timed_out(request: Request, timeout: float) -> ConnectionFailed:
    """The error for an answer that was not complete in time."""
    return ConnectionFailed(request, f"no complete answer within {timeout:g} seconds", "Raise timeout?", sent=True)


def explain(exc: BaseException, request: Request, timeout: float) -> ApiError:
    """The error that says what C(exc), raised by requests while sending or reading, means."""
    import requests
    from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

    if isinstance(exc, requests.exceptions.ProxyError):
        return ConnectionFailed(request, f"the proxy failed: {_cause(exc)}", "Check the proxy settings")
    if isinstance(exc, requests.exceptions.SSLError):
        return _tls(exc, request)
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        message = f"no connection within {timeout:g} seconds"
        return ConnectionFailed(request, message, "Check api_url and the network")
    if isinstance(exc, (requests.exceptions.Timeout, ReadTimeoutError, socket.timeout)):
        return timed_out(request, timeout)
    if isinstance(exc, (requests.exceptions.ContentDecodingError, requests.exceptions.InvalidHeader, DecodeError)):
        return BadAnswer(request, f"the answer cannot be read ({type(exc).__name__})", "Check api_url")
    if isinstance(exc, OSError) and not isinstance(exc, requests.RequestException):
        reason = exc.strerror or "a file cannot be read"
        return ConnectionFailed(request, f"TLS cannot start: {reason}", "Check ca_path", passing=False)
    if isinstance(
        exc, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError, HTTPError, HTTPException)
    ):
        if _never_connected(exc):
            return ConnectionFailed(request, f"no connection: {_cause(exc)}", "Check api_url and the network")
        return ConnectionFailed(request, f"the connection broke: {_cause(exc)}", sent=True)
    return BadAnswer(request, f"the request cannot be sent ({type(exc).__name__})", "Check api_url")


def _tls(exc: BaseException, request: Request) -> ConnectionFailed:
    for cause in _chain(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message or "the certificate is not accepted"
            advice = "Give the issuing authority's certificate with ca_path, or correct api_url if the name differs"
            return ConnectionFailed(request, f"certificate not accepted: {reason}", advice, passing=False)
        if type(cause).__name__ == "CertificateError":
            # What urllib3 1 raises itself where the name is another one.
            advice = "Correct api_url, if the server has another name"
            return ConnectionFailed(request, f"certificate not accepted: {quote(cause)}", advice, passing=False)
    if any(getattr(cause, "reason", None) == "NO_CERTIFICATE_OR_CRL_FOUND" for cause in _chain(exc)):
        return ConnectionFailed(request, "TLS cannot start: no certificate found", "Check ca_path", passing=False)
    advice = "Check api_url, its port and its scheme"
    return ConnectionFailed(request, f"TLS failed: {_cause(exc)}", advice, passing=False)


def _never_connected(exc: BaseException) -> bool:
    from urllib3.exceptions import NewConnectionError

    return any(isinstance(cause, NewConnectionError) for cause in _chain(exc))


def _cause(exc: BaseException) -> str:
    """The innermost cause that the system words itself, such as C(Connection refused)."""
    text = ""
    for cause in _chain(exc):
        if isinstance(cause, ssl.SSLError):
            text = cause.reason or text
        elif isinstance(cause, OSError) and cause.strerror:
            text = cause.strerror
    return text or "the server closed it before the answer was complete"


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
