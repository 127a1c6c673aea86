# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that passes requests on to a server, and does to them what a plan says."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from .answers import Response, a_part, fixed_answer, garbage, of_another_type, redirect, repeating
from .fault import Fault, FaultKind, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping
    from types import TracebackType

_Result = TypeVar("_Result")

_HOST = "127.0.0.1"
_DELAY_SECONDS = 0.05
_LOOK_SECONDS = 0.005
# Later than the first look of a client that looks at once.
_LATE_SECONDS = 0.3
_SHUTDOWN_SECONDS = 1
# More turns of the event loop than it takes from a connection that waits to the handler of its request.
_STEPS_TO_A_HANDLER = 10
# Less than the server's own five seconds: a connection that it closes at the same moment would be a fault of nobody's.
_KEEP_ALIVE_SECONDS = 1
_HOP_BY_HOP = frozenset(("connection", "content-length", "host", "keep-alive", "transfer-encoding"))
_ADDED_BY_THE_LIBRARY = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


@dataclass
class Passed:
    """A request as the proxy saw it. ``done`` tells whether the server answered it."""

    method: str
    path: str
    kind: FaultKind | None
    headers: Mapping[str, str]
    done: bool = False


@dataclass(frozen=True)
class Stray:
    """A request that came to the other origin, which a redirect names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class FaultProxy:
    """Listens on a free port of the loopback address, in a thread of its own, from ``with`` to its end.

    ``log`` are the requests since the last ``plan``, in their order; ``strays`` are those that followed a redirect to
    another origin. ``before_answer`` is called in a thread with the method and the path of each request that the server
    has done, before its answer is passed on.
    """

    def __init__(self, upstream: str, seed: int = 0) -> None:
        """Pass requests on to the origin ``upstream``. The random bytes of a fault come from ``seed``."""
        self.url = ""
        self.log: list[Passed] = []
        self.strays: list[Stray] = []
        self.before_answer: Callable[[str, str], None] | None = None
        self._upstream = upstream
        self._seed = seed
        self._random = random.Random(seed)
        self._plan = FaultPlan()
        self._under_way: list[tuple[web.BaseRequest, asyncio.Event]] = []
        self._late: list[asyncio.Task[None]] = []
        self._errors: list[Exception] = []
        self._other_url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self._in_loop(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close all connections. Raises what went wrong in the proxy itself, if the block has raised nothing."""
        self._in_loop(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if error is None:
            self._raise_errors()

    def plan(self, faults: Iterable[Fault]) -> None:
        """Take these faults in place of the present ones, count requests anew, and empty the log.

        Raises what went wrong in the proxy itself since the last plan, such as an error of ``before_answer``.
        """
        self._in_loop(self._begin(tuple(faults)))
        self._raise_errors()

    def _in_loop(self, work: Coroutine[object, object, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _raise_errors(self) -> None:
        if self._errors:
            errors, self._errors = self._errors, []
            raise ExceptionGroup("The fault proxy failed", errors)

    async def _begin(self, faults: tuple[Fault, ...]) -> None:
        await self._finish_all()
        self._plan = FaultPlan(faults)
        self._random.seed(self._seed)
        self.log, self.strays = [], []

    async def _start(self) -> None:
        self._client = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE_SECONDS),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_ADDED_BY_THE_LIBRARY,
        )
        self._runners = [
            web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=_SHUTDOWN_SECONDS)
            for handler in (self._handle, self._note_stray)
        ]
        self.url, self._other_url = [await _listen(runner) for runner in self._runners]

    async def _stop(self) -> None:
        await self._finish_all()
        for runner in self._runners:
            await runner.cleanup()
        await self._client.close()

    async def _note_stray(self, request: web.BaseRequest) -> web.StreamResponse:
        self.strays.append(Stray(request.method, request.raw_path, dict(request.headers), await request.read()))
        return web.json_response({})

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        # It would depend on the speed of the machine what a client finds that looks into a lost answer, if all that
        # the server is still asked for by clients that are gone were not finished first.
        given_up = [finished for earlier, finished in self._under_way if _is_gone(earlier)]
        this = (request, asyncio.Event())
        self._under_way.append(this)
        try:
            for finished in given_up:
                await finished.wait()
            # What a client gives up before it was looked at, no server would have seen.
            return web.Response() if _is_gone(request) else await self._met(request)
        except ConnectionError:
            # The client is gone, which is its right.
            raise
        except Exception as error:
            self._errors.append(error)
            raise
        finally:
            self._under_way.remove(this)
            this[1].set()

    async def _finish_all(self) -> None:
        """Wait for everything that was sent, also for what has not been read yet."""
        for _step in range(_STEPS_TO_A_HANDLER):
            await asyncio.sleep(0)
        for _request, finished in list(self._under_way):
            await finished.wait()
        late, self._late = self._late, []
        await asyncio.gather(*late)

    async def _met(self, request: web.BaseRequest) -> web.StreamResponse:
        """Count a request, and answer it as planned."""
        method, path = request.method, request.raw_path
        passed = Passed(method, path, self._plan.next_for(method, path), request.headers)
        self.log.append(passed)
        return await self._answered(request, passed)

    async def _answered(self, request: web.BaseRequest, passed: Passed) -> web.StreamResponse:
        kind = passed.kind
        if kind is FaultKind.REFUSE:
            return _reset(request)
        body = await request.read()
        if kind is not None and kind.is_late and request.method == "POST":
            self._late.append(asyncio.create_task(self._do_late(request, body, passed)))
            answer = None
        else:
            answer = await self._do(request, body, passed) if kind is None or kind.passes_on else None
        if kind in (FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.RESET_LATE):
            return _reset(request)
        if kind is not None and kind.stalls:
            return await _stall(request)
        if kind is FaultKind.TRUNCATE and answer is not None:
            return await _truncate(request, answer)
        if kind is FaultKind.DELAY:
            await asyncio.sleep(_DELAY_SECONDS)
        elif kind is not None:
            answer = self._faulty_answer(kind, request, body, answer)
        assert answer is not None, kind
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async def _do(self, request: web.BaseRequest, body: bytes, passed: Passed) -> Response:
        """Let the server do it, and return its answer."""
        answer = await self._pass_on(request, body)
        passed.done = True
        if self.before_answer is not None:
            await asyncio.to_thread(self.before_answer, request.method, request.raw_path)
        return answer

    async def _do_late(self, request: web.BaseRequest, body: bytes, passed: Passed) -> None:
        """Let the server do what its client has given up, or knows the loss of."""
        if passed.kind is not None and passed.kind.stalls:
            await _stall(request)
        await asyncio.sleep(_LATE_SECONDS)
        try:
            await self._do(request, body, passed)
        except Exception as error:  # noqa: BLE001  Raised with the next plan: nobody waits for this one.
            self._errors.append(error)

    async def _pass_on(self, request: web.BaseRequest, body: bytes) -> Response:
        url = URL(self._upstream + request.raw_path, encoded=True)
        headers = _end_to_end(request.headers)
        async with self._client.request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as response:
            return Response(response.status, _end_to_end(response.headers), await response.read())

    def _faulty_answer(self, kind: FaultKind, request: web.BaseRequest, body: bytes, real: Response | None) -> Response:
        if kind is FaultKind.GARBAGE:
            return garbage(self._random)
        if kind is FaultKind.ECHO:
            return repeating(self._random, request.headers, body)
        if kind is FaultKind.REDIRECT_OTHER:
            return redirect(self._other_url + request.raw_path)
        if kind is FaultKind.REDIRECT_SAME:
            return redirect(request.raw_path)
        if kind is FaultKind.WRONG_TYPE and real is not None:
            return of_another_type(real)
        if kind in (FaultKind.PART_206, FaultKind.PART_OF_TOTAL) and real is not None:
            return a_part(real, kind)
        return fixed_answer(kind)


async def _listen(runner: web.ServerRunner) -> str:
    await runner.setup()
    # Naming the protocol matters: asyncio switches Nagle's algorithm off only where it is named.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind((_HOST, 0))
    await web.SockSite(runner, listening).start()
    return f"http://{_HOST}:{listening.getsockname()[1]}"


def _is_gone(request: web.BaseRequest) -> bool:
    return request.transport is None or request.transport.is_closing()


def _reset(request: web.BaseRequest) -> web.StreamResponse:
    """Break the connection so that the client sees a reset, and no orderly end."""
    transport = request.transport
    if transport is not None:
        # A linger time of zero: what the system then sends is a reset.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def _stall(request: web.BaseRequest) -> web.StreamResponse:
    while not _is_gone(request):
        await asyncio.sleep(_LOOK_SECONDS)
    return web.Response()


async def _truncate(request: web.BaseRequest, answer: Response) -> web.StreamResponse:
    """Send half of the body and close the connection. Of an empty body that is nothing, so one is announced."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body) or 2
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers that are about more than one connection."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP)
