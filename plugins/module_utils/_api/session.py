# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP session to one configured server: time and size limits, retries, redirects, certificates.

requests is imported where a session is made, so that this file can be loaded on a host that lacks it.
"""

from __future__ import annotations

import json
import random
import threading
import time
import typing as t
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlencode, urljoin, urlsplit

from . import failures
from .errors import BadAnswer, ConnectionFailed, RedirectRefused, Request, quote
from .pacing import Pacer

if t.TYPE_CHECKING:
    import requests

_LARGEST_BODY = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_SMALL_CHUNK = 256
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TRY_AGAIN = frozenset((429, 502, 503, 504))
_NOT_DONE = frozenset((429, 503))
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 20.0


@dataclass(frozen=True)
class Limits:
    """How a server is talked to.

    C(timeout) in seconds for one request, C(retries) after the first try, C(connections) at most at the same time,
    C(rate) in requests per second or C(None) for no limit.
    """

    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = 30.0
    retries: int = 3
    connections: int = 1
    rate: float | None = None


@dataclass(frozen=True)
class Answer:
    """A whole answer. C(data) is the decoded JSON; C(decoded) tells whether the body was JSON at all."""

    request: Request
    status: int
    content_type: str
    size: int
    data: t.Any
    decoded: bool

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    def without_content(self) -> Answer:
        """The answer itself. Raises L(BadAnswer) where it has a body that is no JSON: it comes from something else."""
        if self.size:
            self.json()
        return self

    def json(self) -> t.Any:
        """The decoded body. Raises L(BadAnswer) where the body is no JSON."""
        if not self.decoded:
            if not self.size:
                raise BadAnswer(self.request, f"the answer ({self.status}) has no content")
            what = f"{self.content_type or 'no content type'}, {self.size} bytes"
            raise BadAnswer(self.request, f"the answer ({self.status}) is no JSON ({quote(what)})", "Check api_url")
        return self.data


class Session:
    """Sends requests below one base address, and credentials to its origin only. Threads may share it.

    C(retried) counts the requests that were sent again. C(authorize) puts the credentials on a request's headers; it is
    asked anew for each try.
    """

    def __init__(self, api_url: str, limits: Limits, authorize: t.Callable[[dict[str, str]], None]) -> None:
        import requests
        from requests.adapters import HTTPAdapter

        self._base = api_url.rstrip("/")
        self._limits = limits
        self._authorize = authorize
        self._pacer = Pacer(limits.rate)
        self._counting = threading.Lock()
        self.retried = 0
        self._http = requests.Session()
        for scheme in ("http://", "https://"):
            adapter = HTTPAdapter(pool_connections=1, pool_maxsize=limits.connections, pool_block=True)
            self._http.mount(scheme, adapter)
        # Without this, requests would put the credentials of a .netrc file in place of ours.
        self._http.auth = _keep_headers
        # Without this, requests would read the whole body of a redirect before the limits can stop it.
        self._http.get_redirect_target = _no_redirect_target  # type: ignore[method-assign,assignment]
        self._http.headers["Accept"] = "application/json"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: object = None,
        authorized: bool = True,
    ) -> Answer:
        """Send a request, again where that is safe, and return the answer, whatever its status.

        Raises L(ConnectionFailed), L(BadAnswer) or L(RedirectRefused).
        """
        url = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        for attempt in range(self._limits.retries + 1):
            last = attempt == self._limits.retries
            try:
                answer, retry_after = self._follow(method, url, body, authorized)
            except ConnectionFailed as exc:
                if last or not exc.passing or (method == "POST" and exc.sent):
                    raise
                retry_after = None
                too_many = False
            else:
                if last or not _worth_another_try(method, answer.status):
                    return answer
                too_many = answer.status == 429
            self.wait_for_retry(attempt, retry_after, for_all=too_many)
        raise AssertionError("the last try returns or raises")

    @property
    def retries(self) -> int:
        """How many times a request may be sent again."""
        return self._limits.retries

    def wait_for_retry(self, attempt: int, retry_after: str | None = None, *, for_all: bool = False) -> None:
        """Count a retry, and wait before it; C(attempt) counts from 0.

        A pause that the server asks for holds all threads back, not this one alone.
        """
        with self._counting:
            self.retried += 1
        asked = _seconds(retry_after)
        longest = min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE)
        pause = random.uniform(0, longest) if asked is None else asked
        if for_all or asked is not None:
            self._pacer.hold(pause)
        else:
            time.sleep(pause)

    def _follow(self, method: str, url: str, body: object, authorized: bool) -> tuple[Answer, str | None]:
        for _hop in range(_MOST_REDIRECTS + 1):
            request = Request(method, url)
            response = self._send(request, body, authorized)
            if response.status_code not in _REDIRECTS:
                return self._read(request, response), response.headers.get("Retry-After")
            response.close()
            url = _next_url(request, response.status_code, response.headers.get("Location"))
        raise BadAnswer(request, f"more than {_MOST_REDIRECTS} redirects in a row", "Check api_url")

    def _send(self, request: Request, body: object, authorized: bool) -> requests.Response:
        import requests

        self._pacer.wait()
        headers: dict[str, str] = {}
        if authorized:
            self._authorize(headers)
        verify: bool | str = self._limits.validate_certs
        if verify and self._limits.ca_path:
            verify = self._limits.ca_path
        try:
            return self._http.request(
                request.method,
                request.url,
                json=body,
                headers=headers,
                # Given with each request: an environment variable beats what is set on the session.
                verify=verify,
                timeout=self._limits.timeout,
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, OSError, ValueError) as exc:
            raise failures.explain(exc, request, self._limits.timeout) from None

    def _read(self, request: Request, response: requests.Response) -> Answer:
        content = self._content(request, response)
        try:
            data, decoded = json.loads(content), True
        except (ValueError, RecursionError):
            data, decoded = None, False
        content_type = response.headers.get("Content-Type", "")
        size = 0 if content.isspace() else len(content)
        return Answer(request, response.status_code, content_type, size, data, decoded)

    def _content(self, request: Request, response: requests.Response) -> bytearray:
        import requests
        from urllib3.exceptions import HTTPError

        deadline = time.monotonic() + self._limits.timeout
        content = bytearray()
        try:
            for chunk in _chunks(response):
                content += chunk
                if len(content) > _LARGEST_BODY:
                    raise BadAnswer(request, f"the answer is larger than {_LARGEST_BODY} bytes", "Check api_url")
                if time.monotonic() > deadline:
                    raise failures.timed_out(request, self._limits.timeout)
        except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
            raise failures.explain(exc, request, self._limits.timeout) from None
        finally:
            response.close()
        return content


def _keep_headers(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


def _chunks(response: requests.Response) -> t.Iterator[bytes]:
    """The body in pieces as they arrive: a server that sends a byte a second must not hold up the look at the clock."""
    raw = response.raw
    if hasattr(raw, "read1"):
        read = partial(raw.read1, _CHUNK, decode_content=True)
    elif "Content-Encoding" in response.headers:
        # urllib3 1 can decode only what it reads in full pieces, so the pieces are small.
        yield from response.iter_content(_SMALL_CHUNK)
        return
    else:
        read = partial(t.cast(HTTPResponse, raw._fp).read1, _CHUNK)
    yield from iter(read, b"")
    raw.release_conn()


def _no_redirect_target(_response: requests.Response) -> None:
    return None


def _worth_another_try(method: str, status: int) -> bool:
    """Whether the status promises that the same request can go out again without being done twice.

    A POST creates; it is sent again only where the server says that it did nothing (429, 503).
    """
    if method == "POST":
        return status in _NOT_DONE
    return status in _TRY_AGAIN or (method == "GET" and status == 500)


def _seconds(retry_after: str | None) -> float | None:
    """The pause in seconds that a C(Retry-After) header asks for, in either of its forms; bounded."""
    if not retry_after:
        return None
    seconds = retry_after.strip()
    if seconds.isascii() and seconds.isdecimal():
        return min(float(seconds), _LONGEST_PAUSE)
    try:
        asked = parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(asked, 0.0), _LONGEST_PAUSE)


def _next_url(request: Request, status: int, location: str | None) -> str:
    if not location:
        raise BadAnswer(request, f"a redirect ({status}) that does not say where to", "Check api_url")
    try:
        url = urljoin(request.url, location)
    except ValueError:
        raise BadAnswer(request, f"a redirect ({status}) to no valid address", "Check api_url") from None
    if _origin(url) != _origin(request.url):
        raise RedirectRefused(
            request,
            f"the server redirects to another address, {_origin(url)}; credentials go to {_origin(request.url)} only",
            "If the other address is right, set api_url to it",
        )
    if request.method != "GET":
        raise RedirectRefused(
            request,
            f"the server redirects ({status}) to {_origin(url)}{quote(urlsplit(url).path)}",
            "A write does not follow a redirect: set api_url so that none is needed",
        )
    return url


def _origin(url: str) -> str:
    """Scheme, host and port of an address, without user and password."""
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        port = None
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def api_url_problem(api_url: str) -> str | None:
    """What is wrong with the configured address, or C(None). The text never holds the address's password."""
    try:
        parts = urlsplit(api_url)
        _port = parts.port
    except ValueError:
        return "is not a valid address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an address such as https://server.example.com"
    if parts.username or parts.password:
        return "must not hold a user name or password: use the options for credentials"
    if parts.query or parts.fragment:
        return "must not hold a query or fragment: it is the base address of the server"
    return None
