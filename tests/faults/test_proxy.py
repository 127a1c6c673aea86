# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault proxy: each fault is what it says, on the requests that the plan names, and everything else passes."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, IncompleteRead
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.faults.fault import Fault, FaultKind, FaultPlan
from tests.sandbox.encodings import LeakSearch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.proxy import FaultProxy
    from tests.sandbox.client import Sandbox

ACCOUNTS = "/api/email/accounts"
ACCOUNT = {
    "default": False,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "has_auth": False,
}
PATIENCE = 30.0
RESET = {FaultKind.REFUSE, FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.RESET_LATE}
STATUS = {
    FaultKind.STATUS_429_BEFORE: 429,
    FaultKind.STATUS_500_BEFORE: 500,
    FaultKind.STATUS_502_BEFORE: 502,
    FaultKind.STATUS_503_BEFORE: 503,
    FaultKind.STATUS_504_BEFORE: 504,
    FaultKind.STATUS_500_AFTER: 500,
    FaultKind.STATUS_502_AFTER: 502,
    FaultKind.STATUS_504_AFTER: 504,
    FaultKind.STATUS_502_LATE: 502,
    FaultKind.STATUS_504_LATE: 504,
    FaultKind.RETRY_AFTER: 503,
    FaultKind.RETRY_AFTER_DATE: 503,
    FaultKind.REDIRECT_SAME: 307,
    FaultKind.REDIRECT_OTHER: 307,
    FaultKind.UNAUTHORIZED: 401,
    FaultKind.FORBIDDEN_HTML: 403,
    FaultKind.ECHO: 400,
}


@dataclass
class Client:
    """Sends requests through the proxy, as anybody could; on one connection as long as that lives."""

    session: requests.Session
    url: str

    def get(self, path: str = ACCOUNTS, timeout: float = PATIENCE) -> requests.Response:
        """Read the accounts, or what else has this path."""
        return self.session.get(self.url + path, timeout=timeout, allow_redirects=False)

    def post(self, timeout: float = PATIENCE) -> requests.Response:
        """Create an account."""
        return self.session.post(self.url + ACCOUNTS, json=ACCOUNT, timeout=timeout, allow_redirects=False)


@pytest.fixture
def client(sandbox: Sandbox, proxy: FaultProxy) -> Iterator[Client]:
    """A client with good credentials; no faults but those of the test."""
    proxy.plan([])
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {sandbox.ready['itflex']['access_token']}"
        yield Client(session, proxy.url)
    proxy.before_answer = None


def test_what_meets_no_fault_passes_as_it_is(sandbox: Sandbox, proxy: FaultProxy, client: Client) -> None:
    created = client.post()
    direct = client.session.get(sandbox.url + ACCOUNTS, timeout=PATIENCE)
    assert created.json() == direct.json()[0]
    passed = client.get(f"{ACCOUNTS}?name=a%2Fb&name=%C3%A9")
    assert (passed.status_code, passed.content) == (200, direct.content)
    assert client.get("/api/nothing").status_code == 404
    assert [(entry.method, entry.path, entry.kind, entry.done) for entry in proxy.log] == [
        ("POST", ACCOUNTS, None, True),
        ("GET", f"{ACCOUNTS}?name=a%2Fb&name=%C3%A9", None, True),
        ("GET", "/api/nothing", None, True),
    ]
    assert proxy.log[0].headers["Authorization"] == client.session.headers["Authorization"]
    assert [entry["path"] for entry in sandbox.requests() if "?" in entry["path"]]


def test_a_header_that_comes_twice_passes_twice(sandbox: Sandbox, client: Client) -> None:
    body = {"grant_type": "refresh_token", "refresh_token": sandbox.ready["itflex"]["refresh_token"]}
    response = client.session.post(f"{client.url}/api/oauth2/token", json=body, timeout=PATIENCE)
    assert {"access-token", "refresh-token"} <= set(response.cookies.keys())


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if not kind.is_late], ids=str)
def test_the_server_does_what_is_passed_on(
    sandbox: Sandbox, proxy: FaultProxy, client: Client, kind: FaultKind
) -> None:
    """Whatever the client is answered."""
    proxy.plan([Fault(kind)])
    try:
        client.post(timeout=0.5 if kind.stalls else PATIENCE)
    except requests.RequestException:
        assert kind in RESET or kind.stalls or kind is FaultKind.TRUNCATE
    # What a client gave up is finished before its next request is looked at.
    assert len(client.get().json()) == kind.passes_on
    assert len(sandbox.accounts()) == kind.passes_on
    assert [(entry.kind, entry.done) for entry in proxy.log] == [(kind, kind.passes_on), (None, True)]


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind.is_late], ids=str)
def test_the_server_does_what_is_late_after_the_client_has_lost_its_answer(
    sandbox: Sandbox, proxy: FaultProxy, client: Client, kind: FaultKind
) -> None:
    proxy.plan([Fault(kind)])
    try:
        client.post(timeout=0.5 if kind.stalls else PATIENCE)
    except requests.RequestException:
        assert kind in RESET or kind.stalls
    assert client.get().json() == []
    log = proxy.log
    proxy.plan([])
    assert len(sandbox.accounts()) == 1
    assert [(entry.kind, entry.done) for entry in log] == [(kind, True), (None, True)]


@pytest.mark.parametrize("kind", sorted(RESET))
def test_reset(proxy: FaultProxy, client: Client, kind: FaultKind) -> None:
    proxy.plan([Fault(kind)])
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        client.get()


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind.stalls], ids=str)
def test_stall(proxy: FaultProxy, client: Client, kind: FaultKind) -> None:
    proxy.plan([Fault(kind)])
    with pytest.raises(requests.ReadTimeout):
        client.get(timeout=0.2)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ACCOUNTS), ("DELETE", f"{ACCOUNTS}/1")], ids=["with a body", "without"]
)
def test_truncate(proxy: FaultProxy, client: Client, method: str, path: str) -> None:
    """As the standard library sees it: older releases of requests do not count the bytes."""
    client.post()
    proxy.plan([Fault(FaultKind.TRUNCATE)])
    with closing(HTTPConnection(proxy.url.removeprefix("http://"), timeout=PATIENCE)) as connection:
        connection.request(method, path, headers={"Authorization": str(client.session.headers["Authorization"])})
        answer = connection.getresponse()
        with pytest.raises(IncompleteRead):
            answer.read()


@pytest.mark.parametrize("kind", STATUS, ids=str)
def test_status(proxy: FaultProxy, client: Client, kind: FaultKind) -> None:
    proxy.plan([Fault(kind)])
    assert client.get().status_code == STATUS[kind]


def test_retry_after(proxy: FaultProxy, client: Client) -> None:
    proxy.plan([Fault(FaultKind.RETRY_AFTER), Fault(FaultKind.RETRY_AFTER_DATE, nth=1)])
    assert client.get().headers["Retry-After"] == "0"
    assert client.get().headers["Retry-After"].endswith("GMT")


def test_delay(proxy: FaultProxy, client: Client) -> None:
    at_once = client.get()
    proxy.plan([Fault(FaultKind.DELAY)])
    late = client.get()
    assert late.content == at_once.content
    assert late.elapsed.total_seconds() >= 0.05


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param(FaultKind.HTML_200, b"<html><head><title>200", id="html"),
        pytest.param(FaultKind.EMPTY_200, b"", id="nothing"),
        pytest.param(FaultKind.WRONG_TYPE, b'{"items": []}', id="type"),
    ],
)
def test_false_success(proxy: FaultProxy, client: Client, kind: FaultKind, content: bytes) -> None:
    proxy.plan([Fault(kind)])
    answer = client.get()
    assert answer.status_code == 200
    assert answer.content[:22] == content


def test_garbage_comes_from_the_seed(proxy: FaultProxy, client: Client) -> None:
    bodies = []
    for _again in range(2):
        proxy.plan([Fault(FaultKind.GARBAGE, times=2)])
        bodies.append((client.get().content, client.get().content))
    assert bodies[0] == bodies[1]
    assert bodies[0][0] != bodies[0][1]
    proxy.plan([Fault(FaultKind.GARBAGE)])
    claimed = client.get()
    assert claimed.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.exceptions.JSONDecodeError):
        claimed.json()


def test_an_error_repeats_what_was_sent(proxy: FaultProxy) -> None:
    sent = {**ACCOUNT, "password": "planted/password+4711"}
    headers = {"Authorization": "Bearer planted-token-4711"}
    said = []
    proxy.plan([Fault(FaultKind.ECHO, times=5)])
    for _again in range(5):
        answer = requests.post(proxy.url + ACCOUNTS, json=sent, headers=headers, timeout=PATIENCE, proxies={"http": ""})
        assert LeakSearch(["planted/password+4711", "planted-token-4711"]).found_in(answer.text) == [
            "planted/password+4711",
            "planted-token-4711",
        ]
        said.append(answer.text)
    assert len(set(said)) > 1


def test_what_follows_a_redirect_to_another_origin_is_noted(proxy: FaultProxy, client: Client) -> None:
    proxy.plan([Fault(FaultKind.REDIRECT_OTHER)])
    location = client.get().headers["Location"]
    assert not location.startswith(proxy.url)
    requests.put(location, data=b"body", headers={"X-Key": "secret"}, timeout=PATIENCE, proxies={"http": ""})
    (stray,) = proxy.strays
    assert (stray.method, stray.path, stray.headers["X-Key"], stray.body) == ("PUT", ACCOUNTS, "secret", b"body")
    proxy.plan([])
    assert proxy.strays == []


def test_a_redirect_to_the_same_origin_can_be_followed(proxy: FaultProxy, client: Client) -> None:
    proxy.plan([Fault(FaultKind.REDIRECT_SAME)])
    response = client.session.get(proxy.url + ACCOUNTS, timeout=PATIENCE)
    assert (response.status_code, len(response.history)) == (200, 1)


def test_a_part_of_a_list(proxy: FaultProxy, client: Client) -> None:
    client.post()
    proxy.plan([Fault(FaultKind.PART_206), Fault(FaultKind.PART_OF_TOTAL, nth=1, times=2)])
    part, some, written = client.get(), client.get(), client.post()
    assert (part.status_code, part.headers["Content-Range"], part.json()) == (206, "items 0-1/3", [])
    assert (some.status_code, some.headers["X-Total-Count"], some.json()) == (200, "2", [])
    assert "X-Total-Count" not in written.headers


def _met(faults: list[Fault], *lines: str) -> list[FaultKind | None]:
    plan = FaultPlan(tuple(faults))
    return [plan.next_for(*line.split()) for line in lines]


def test_a_fault_counts_the_requests_that_it_fits() -> None:
    kind = FaultKind.GARBAGE
    lines = ("GET /a", "POST /a", "GET /b", "POST /engine/a?x=1", "POST /a/1", "POST /a")
    assert _met([Fault(kind)], *lines) == [kind, None, None, None, None, None]
    assert _met([Fault(kind, nth=1, times=2)], *lines) == [None, kind, kind, None, None, None]
    assert _met([Fault(kind, method="POST", nth=1)], *lines) == [None, None, None, kind, None, None]
    assert _met([Fault(kind, method="POST", path="/a", times=9)], *lines) == [None, kind, None, kind, kind, kind]


def test_of_two_faults_the_first_happens_and_both_count() -> None:
    faults = [Fault(FaultKind.REFUSE, nth=1), Fault(FaultKind.GARBAGE, times=3)]
    kinds = [FaultKind.GARBAGE, FaultKind.REFUSE, FaultKind.GARBAGE, None]
    assert _met(faults, *["GET /"] * 4) == kinds


def test_somebody_may_interfere_before_the_answer(sandbox: Sandbox, proxy: FaultProxy, client: Client) -> None:
    seen: list[Any] = []

    def interfere(method: str, path: str) -> None:
        seen.append((method, path, threading.current_thread().name, len(sandbox.accounts())))
        sandbox.add_accounts([{**ACCOUNT, "name": "Another"}])

    proxy.before_answer = interfere
    proxy.plan([Fault(FaultKind.RESET_BEFORE, nth=1)])
    client.post()
    assert [entry[:2] + entry[3:] for entry in seen] == [("POST", ACCOUNTS, 1)]
    assert seen[0][2] not in ("fault proxy", threading.current_thread().name)
    assert len(sandbox.accounts()) == 2
    with pytest.raises(requests.ConnectionError):
        client.get()
    assert len(seen) == 1


def test_an_error_of_the_interference_comes_to_light(proxy: FaultProxy, client: Client) -> None:
    def interfere(_method: str, _path: str) -> None:
        raise LookupError("of the test")

    proxy.before_answer = interfere
    assert client.get().status_code == 500
    proxy.before_answer = None
    with pytest.raises(ExceptionGroup) as caught:
        proxy.plan([])
    assert isinstance(caught.value.exceptions[0], LookupError)
    proxy.plan([])


def test_many_requests_at_once(proxy: FaultProxy, client: Client) -> None:
    """Each of a plan's faults happens once, whichever of the threads it meets."""
    proxy.plan([Fault(FaultKind.STATUS_503_BEFORE, nth=nth) for nth in range(0, 40, 2)])
    statuses: list[int] = []
    headers = dict(client.session.headers)

    def ask() -> None:
        for _time in range(5):
            response = requests.get(proxy.url + ACCOUNTS, headers=headers, timeout=PATIENCE, proxies={"http": ""})
            statuses.append(response.status_code)

    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 20 + [503] * 20
    assert [entry.kind is None for entry in proxy.log] == [False, True] * 20
