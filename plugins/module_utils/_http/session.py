# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP session to one configured server: limits of time and size, certificates, retries."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field, replace
from http.client import HTTPException

from .errors import ConnectionFailed, InvalidResponse, Request
from .response import Response, answer_of
from .retries import RateLimiter, Retries
from .transport import new_http_session
from .trust import Trust, TrustError

if t.TYPE_CHECKING:
    import requests

# A server that is off takes a connection's whole limit, while one that works needs less than a second.
_CONNECT_SECONDS = 10.0
_LARGEST_BODY = 64 * 1024 * 1024
# Unpacked, a piece may be a thousand times as large.
_CHUNK = 16 * 1024
_REDIRECTS = frozenset((300, 301, 302, 303, 305, 306, 307, 308))
_NOT_DONE = frozenset((408, 429, 503))
_LOST = frozenset((*_NOT_DONE, 502, 504, *range(520, 525), 598, 599))
_READ_AGAIN = frozenset((*_LOST, 500))
# Accepted, changed by a proxy, a part of it: of a write, nobody knows then whether it is done.
_NOT_SURE = frozenset((202, 203, 206, 207, 208, 226))
# Of success, a read takes 200 only.
_NOT_WHOLE = frozenset(range(201, 300))


@dataclass(frozen=True)
class Limits:
    """How a server is talked to.

    `timeout` in seconds for one request, `retries` after the first try, `deadline` in seconds for a request with all
    its repetitions, `connections` at most at the same time, `rate` in requests per second or `None` for no limit.
    """

    trust: Trust = field(default_factory=Trust)
    timeout: float = 30.0
    retries: int = 3
    deadline: float = 120.0
    connections: int = 1
    rate: float | None = None


class SecretPath(t.NamedTuple):
    """An address below the base one with a query that shows nowhere, such as `?code=123456`."""

    path: str
    query: str


class Session:
    """Sends requests below one base address, and follows no redirect away from it. Threads may share it.

    `retries` is the policy of retries. `authorize` puts the credentials on a request's headers; it is asked
    anew for each try.
    """

    def __init__(self, api_url: str, limits: Limits, authorize: t.Callable[[dict[str, str]], None]) -> None:
        self._base = api_url.rstrip("/")
        self._limits = limits
        self._authorize = authorize
        self.retries = Retries(limits.retries, limits.deadline, RateLimiter(limits.rate))
        self._http = new_http_session(api_url, limits.connections, limits.trust)
        self._http.headers["Accept"] = "application/json"
        self._was_reached, self._is_off = False, False

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def request(
        self,
        method: str,
        path: str | SecretPath,
        *,
        body: object = None,
        authorized: bool = True,
        repeatable: bool = False,
        secrets: t.Sequence[str] = (),
    ) -> Response:
        """Send a request, again where it certainly was not done, and return the answer, whatever its status.

        `path` is the address below the base one, query included. A read is retried also where its answer was lost,
        and so is what is `repeatable`, such as a login. Whether another write whose answer was lost was done is for
        the caller to find out. `secrets` are texts that no error repeats.

        Raises `ConnectionFailed`, `InvalidResponse` or `RedirectRefused`.
        """
        shown, hidden = path if isinstance(path, SecretPath) else (path, "")
        request = Request(method, f"{self._base}{shown}", hidden)
        again_after = _READ_AGAIN if method == "GET" else _LOST if repeatable else _NOT_DONE
        with self.retries.within_deadline():
            attempts = self.retries.attempts()
            while True:
                try:
                    answer, retry_after = self._answer(request, body, authorized, secrets)
                except ConnectionFailed as exc:
                    lost_write = exc.sent and method != "GET" and not repeatable
                    if lost_write or not exc.transient or not attempts.should_retry(request, exc.message):
                        exc.message += attempts.reported
                        raise
                    continue
                reason = f"the server answers {answer.status}"
                if answer.status not in again_after or not attempts.should_retry(
                    request, reason, retry_after=retry_after, for_all=answer.status == 429
                ):
                    until = time.monotonic() + self.retries.seconds_left
                    return replace(answer, tries=attempts.made, secrets=secrets, until=until)

    def _answer(
        self, request: Request, body: object, authorized: bool, secrets: t.Sequence[str]
    ) -> tuple[Response, str | None]:
        """The answer, and its `Retry-After`."""
        response = self._send(request, body, authorized)
        if response.status_code in _REDIRECTS:
            # Imported late: most tasks meet no redirect.
            from .redirects import refusal

            response.close()
            raise refusal(request, self._base, response.status_code, response.headers.get("Location"), secrets)
        answer = self._read(request, response)
        if answer.status in (_NOT_WHOLE if request.method == "GET" else _NOT_SURE):
            message = f"the answer ({answer.status}) is not the server's last and whole word"
            raise InvalidResponse(request, message, "Check api_url, and what stands before the server")
        return answer, response.headers.get("Retry-After")

    def _send(self, request: Request, body: object, authorized: bool) -> requests.Response:
        import requests

        self.retries.acquire()
        timeout = self._seconds_for(request)
        connect_timeout = min(_CONNECT_SECONDS, timeout)
        headers: dict[str, str] = {}
        if authorized:
            self._authorize(headers)
        try:
            response = self._http.request(
                request.method,
                request.url + request.secret_query,
                json=body,
                headers=headers,
                timeout=(connect_timeout, timeout),
                allow_redirects=False,
                stream=True,
            )
        except TrustError as exc:
            raise ConnectionFailed(
                request, f"TLS cannot start: {exc}", f"Check {exc.option}", transient=False
            ) from None
        except (requests.RequestException, OSError, ValueError) as exc:
            # Imported late, here and below: most tasks meet no failure.
            from . import failures

            if failures.was_not_reached(exc):
                self._is_off = True
                raise failures.not_reached(request, connect_timeout, exc) from None
            raise failures.explain(exc, request, timeout) from None
        self._was_reached = True
        return response

    def _seconds_for(self, request: Request) -> float:
        """The time limit of a request that is to be sent now."""
        left = self.retries.seconds_left
        if left <= 0:
            message = f"not sent, since the deadline of {self._limits.deadline:g} seconds is over"
            raise ConnectionFailed(request, message, "Raise deadline?", transient=False)
        if self._is_off and not self._was_reached:
            # A task about a thousand records waits once for a server that is off.
            from .failures import not_reached

            raise not_reached(request, min(_CONNECT_SECONDS, self._limits.timeout))
        return min(self._limits.timeout, left)

    def _read(self, request: Request, response: requests.Response) -> Response:
        from urllib3.exceptions import HTTPError

        content = bytearray()
        if "," in response.headers.get("Content-Encoding", ""):
            # Packed twice, a few bytes become gigabytes before there is a piece to count.
            response.close()
            raise InvalidResponse(request, "the answer cannot be read: it is packed more than once", "Check api_url")
        try:
            for chunk in response.raw.stream(_CHUNK, decode_content=True):
                content += chunk
                if len(content) > _LARGEST_BODY:
                    raise InvalidResponse(request, f"the answer is larger than {_LARGEST_BODY} bytes", "Check api_url")
            if response.raw.length_remaining:
                # What urllib3 2 finds out by itself.
                from .failures import cut_off

                raise cut_off(request)
        except (HTTPError, HTTPException, OSError) as exc:
            from .failures import explain

            raise explain(exc, request, self._limits.timeout) from None
        except (ValueError, OverflowError):
            # What a size of a chunk makes of urllib3 that is less than nothing.
            raise InvalidResponse(request, "the answer cannot be read: it is no HTTP", "Check api_url") from None
        finally:
            response.close()
        answer = answer_of(request, response.status_code, response.headers.get("Content-Type", ""), content)
        return replace(answer, headers=response.headers)
