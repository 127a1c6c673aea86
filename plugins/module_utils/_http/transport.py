# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections below a session: requests, less what it does of its own accord, with a time limit that holds.

The time limit of requests begins anew with each piece that arrives: a server that sends a byte a second holds it up
for ever. Here it counts for the whole answer, from its first header to the end of its body.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
import typing as t
import weakref
from contextlib import suppress
from email.errors import MissingHeaderBodySeparatorDefect
from http.client import CONTINUE, SWITCHING_PROTOCOLS, HTTPException, HTTPResponse

from .trust import Trust, context_for

try:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.utils import get_environ_proxies
    from urllib3._version import __version__ as urllib3_version
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
    from urllib3.util.connection import allowed_gai_family
except ImportError:
    # This file can be loaded on a host that lacks them; its user learns of it before a session is made.
    HTTPAdapter = HTTPConnection = HTTPSConnection = object  # type: ignore[assignment,misc]
    HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[assignment,misc]


def new_http_session(api_url: str, connections: int, trust: Trust) -> requests.Session:
    """A session of requests to one server, which holds at most `connections` open, as the environment wants it.

    All of them share one TLS context. It adds no credentials of a `.netrc` file, and reads no more of a redirect than
    where it leads.
    """
    http = requests.Session()
    # The environment is asked once: requests would search it anew for each request, and for credentials too.
    http.trust_env = False
    http.proxies.update(get_environ_proxies(api_url))
    http.verify = trust.validate_certs
    for scheme in ("http://", "https://"):
        http.mount(scheme, _Adapter(trust, pool_connections=1, pool_maxsize=connections, pool_block=True))
    # Without this, requests would read the whole body of a redirect before the limits can stop it.
    http.get_redirect_target = _no_redirect_target  # type: ignore[method-assign,assignment]
    return http


def _no_redirect_target(_response: requests.Response) -> None:
    return None


class _TimedReader(io.RawIOBase):
    """Reads from a connection until the time is up that the connection has now."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb", buffering=0)
        self._timeout = connection.gettimeout()
        self._until = time.monotonic() + (self._timeout or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        if self._timeout is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                # On Python 3.9 this is not yet the same as a TimeoutError.
                raise socket.timeout
            self._connection.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            # The next request on this connection begins with the whole time.
            self._connection.settimeout(self._timeout)
            self._stream.close()
        super().close()


class _TimedStreams:
    """What `http.client` needs of a connection to read an answer."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._connection))


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(t.cast("socket.socket", _TimedStreams(sock)), *args, **kwargs)

    def begin(self) -> None:
        """Read the headers. Raises `HTTPException` where a line is none, since none after it would be read."""
        super().begin()
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            raise HTTPException

    def _read_status(self) -> tuple[str, int, str]:
        """The status, where each that only announces another one (RFC 9110, 15.2) counts as `100 Continue`."""
        version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, (CONTINUE if CONTINUE < status < 200 and status != SWITCHING_PROTOCOLS else status), reason


# All that this process has connected, and nobody else holds any more where it is gone.
_open: weakref.WeakSet[t.Any] = weakref.WeakSet()


def break_connections() -> None:
    """End what any thread waits for a server's answer to: each sees a connection that broke."""
    for connection in list(_open):
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _InTime:
    """Lets the limit for connecting count for all addresses of a server together, where urllib3 begins it anew."""

    def _new_conn(self) -> socket.socket:
        conn = t.cast("t.Any", self)
        name, seconds, until = conn._dns_host, conn.timeout, time.monotonic() + conn.timeout
        errors: list[Exception] = []
        addresses = _addresses(name, conn.port) or [name]
        try:
            for index, conn._dns_host in enumerate(addresses):
                # Each gets its share of what is left, so that one that is silent leaves time for the next.
                conn.timeout = max(until - time.monotonic(), 0.001) / (len(addresses) - index)
                try:
                    connected: socket.socket = super()._new_conn()  # type: ignore[misc]
                except (ConnectTimeoutError, NewConnectionError) as exc:
                    errors.append(exc)
                else:
                    # TLS is part of it.
                    connected.settimeout(max(until - time.monotonic(), 0.001))
                    return connected
        finally:
            conn._dns_host, conn.timeout = name, seconds
        # What urllib3 calls a new connection that failed is one of those that took too long, too.
        raise next((error for error in errors if not isinstance(error, NewConnectionError)), errors[-1])


def _addresses(name: str, port: int) -> list[str]:
    """All addresses of a server; none where its name is not known, which urllib3 says in its own way."""
    with suppress(OSError, UnicodeError):
        found = socket.getaddrinfo(name.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
        return list(dict.fromkeys(str(address[0]) for *_rest, address in found))
    return []


class _Connection(_InTime, HTTPConnection):
    response_class = _TimedResponse

    def connect(self) -> None:
        """Connect, so that others can break it."""
        super().connect()
        self.sock.settimeout(self.timeout)
        _open.add(self)


class _TlsConnection(_InTime, HTTPSConnection):
    response_class = _TimedResponse

    def connect(self) -> None:
        """Connect; TLS and a proxy's tunnel are part of it, and a wait for them is none for the answer."""
        try:
            super().connect()
        except socket.timeout:
            raise ConnectTimeoutError(self, "no TLS in time") from None
        self.sock.settimeout(self.timeout)
        _open.add(self)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def __init__(self, trust: Trust, **options: t.Any) -> None:
        self._trust = trust
        super().__init__(**options)

    def send(self, request: requests.PreparedRequest, *args: t.Any, **kwargs: t.Any) -> requests.Response:
        if str(request.url).startswith("https:"):
            self.poolmanager.connection_pool_kw["ssl_context"] = self._context()
        return super().send(request, *args, **kwargs)

    def cert_verify(self, _conn: t.Any, _url: str, _verify: t.Any, _cert: t.Any) -> None:
        """Leave it to the context; requests would load its own authorities into it for each connection."""

    def _context(self) -> ssl.SSLContext:
        context = context_for(self._trust)
        if urllib3_version.startswith("1."):
            # It compares the names itself, and fails at addresses where the context wants to.
            context.check_hostname = False
        return context

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        context = self._context()
        manager = super().proxy_manager_for(*args, ssl_context=context, proxy_ssl_context=context, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
