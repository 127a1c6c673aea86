# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that are ended in the middle of a task: the next run completes the work, and no login stays open.

An ordinary run takes a selection of all combinations; with ``--full-grid`` it takes all of them.
"""

from __future__ import annotations

import itertools
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pytest

from tests.faults.fault import Fault, FaultKind
from tests.faults.processes import processes_of, send, wait_until_ended
from tests.integration.playbook import COLLECTION, WAYS, Playbook, Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.proxy import FaultProxy
    from tests.integration.playbook import Document, ModuleSpec, Run
    from tests.sandbox.client import Sandbox

SignalGuard = Literal["SIGINT", "SIGTERM", "SIGKILL", "Control-C", "power off"]
Point = Literal["before", "during", "after"]

_PATIENCE = 60
# As long as a request is held up at most, where the way out waits for it.
_TIME_LIMIT = 5
ACCOUNTS, SETTINGS = "/api/email/accounts", "/api/v2/email/settings"
DOMAINS = ["a.example.com", "b.example.com", "c.example.com"]


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Let playbooks take SIGINT also where these tests run in the background, which hands down that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@dataclass(frozen=True)
class Work:
    """A task, its write at which it is ended, and what must be true in the end."""

    task: Task
    write: tuple[str, str]
    accounts: dict[str, str] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)
    nth: int = 0

    @property
    def logs_in(self) -> bool:
        """Whether the task begins with a login that must be ended."""
        return "settings" in self.task.module


def _store(sandbox: Sandbox) -> None:
    """What is there before: an account by each name, settings for the first two domains."""
    sandbox.add_accounts([account(name=name, email=f"{name}@example.com") for name in ("A", "B", "C", "D")])
    for domain in DOMAINS[:2]:
        sandbox.put_settings(domain, settings())


LIVE = {name: f"{name}@example.com" for name in ("A", "B", "C", "D")}
LIVE_PORTS = dict.fromkeys(DOMAINS[:2], 465)
NEW = account(name="New", email="new@example.com")
SWAPPED = [
    {"id": 1, "name": "B"},
    {"id": 2, "name": "A"},
    {"name": "C", "smtp_port": 25},
    NEW,
    {"name": "D", "state": "absent"},
]
SWAPPED_ACCOUNTS = {"B": "A@example.com", "A": "B@example.com", "C": "C@example.com", "New": "new@example.com"}
SYNC = Task("sync", "email_accounts_sync", {"accounts": SWAPPED, "concurrency": 2})
FLEET = [{"domain": domain, "options": {"port": 25}} for domain in DOMAINS[:2]] + [{"domain": DOMAINS[2], **settings()}]
WORKS = {
    "create an account": Work(Task("one", "email_account", NEW), ("POST", ACCOUNTS), {**LIVE, "New": NEW["email"]}),
    "change settings": Work(
        Task("one", "email_settings", FLEET[0]), ("PUT", SETTINGS), LIVE, {**LIVE_PORTS, DOMAINS[0]: 25}
    ),
    "swap the names of accounts, first write": Work(SYNC, ("PUT", ACCOUNTS), SWAPPED_ACCOUNTS),
    "swap the names of accounts, third write": Work(SYNC, ("PUT", ACCOUNTS), SWAPPED_ACCOUNTS, nth=2),
    "swap the names of accounts, creation": Work(SYNC, ("POST", ACCOUNTS), SWAPPED_ACCOUNTS),
    "many settings": Work(
        Task("many", "email_settings_sync", {"settings": FLEET, "concurrency": 1}),
        ("PUT", SETTINGS),
        LIVE,
        {DOMAINS[0]: 25, DOMAINS[1]: 25, DOMAINS[2]: 465},
        nth=1,
    ),
}
ENDINGS: tuple[SignalGuard, ...] = ("SIGINT", "SIGTERM", "SIGKILL", "Control-C", "power off")
POINTS: tuple[Point, ...] = ("before", "during", "after")
SELECTED: list[tuple[str, SignalGuard, Point, ModuleSpec]] = [
    ("change settings", "SIGTERM", "during", "action"),
    ("change settings", "SIGINT", "after", "module"),
    ("change settings", "Control-C", "before", "action"),
    ("many settings", "SIGTERM", "after", "module"),
    ("many settings", "Control-C", "during", "action"),
    ("create an account", "power off", "after", "module"),
    ("swap the names of accounts, first write", "SIGKILL", "after", "action"),
    ("swap the names of accounts, third write", "power off", "after", "action"),
    ("swap the names of accounts, creation", "power off", "after", "action"),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take all combinations where they are asked for."""
    if "point" in metafunc.fixturenames:
        everything = itertools.product(WORKS, ENDINGS, POINTS, WAYS)
        cases = list(everything) if metafunc.config.getoption("--full-grid") else SELECTED
        metafunc.parametrize(("name", "ending", "point", "spec"), cases)


@dataclass(frozen=True)
class Stage:
    """A sandbox behind a proxy, and a place for the files of playbooks."""

    sandbox: Sandbox
    proxy: FaultProxy
    directory: Path

    def run(self, tasks: list[Task], spec: ModuleSpec) -> Run:
        """Run a playbook through the proxy; Webitel gets a user name, so that there is a login to be ended."""
        ready = self.sandbox.ready
        login = {name: ready["webitel"][name] for name in ("username", "password")}
        refresh = {"refresh_token": ready["itflex"]["refresh_token"]}
        defaults: dict[str, Document] = {
            f"group/{COLLECTION}.{product}": {
                "api_url": ready[product]["api_url"].replace(self.sandbox.url, self.proxy.url),
                "timeout": _TIME_LIMIT,
                "retries": 0,
                **credentials,
            }
            for product, credentials in (("webitel", login), ("itflex", refresh))
        }
        return Playbook(self.directory, self.sandbox, warm=False).run(tasks, defaults=defaults, spec=spec)

    def run_and_end(self, work: Work, ending: SignalGuard, point: Point, spec: ModuleSpec) -> None:
        """Run a task as far as the point, end the playbook there, and wait until nothing of it is left."""
        method, path = ("GET", work.write[1]) if point == "before" else work.write
        kind = FaultKind.STALL_BEFORE if point == "during" else FaultKind.STALL_AFTER
        self.proxy.plan([Fault(kind, method=method, path=path, nth=0 if point == "before" else work.nth)])
        directory = self.directory / "ended"
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(Stage(self.sandbox, self.proxy, directory).run, [work.task], spec)
            deadline = time.monotonic() + _PATIENCE
            while not any(passed.kind is kind and passed.done is kind.passes_on for passed in self.proxy.log):
                assert not running.done(), running.result().output
                assert time.monotonic() < deadline, "the task never came to this point"
                time.sleep(0.005)
            assert bool(self.sandbox.sessions()) is work.logs_in
            _end(ending, directory)
            wait_until_ended(directory)
            assert running.result().outcomes == {}
        self.proxy.plan([])


def _end(ending: SignalGuard, directory: Path) -> None:
    """End a playbook, as a user, a pipeline or a power failure would."""
    processes = processes_of(directory)
    if ending == "power off":
        send(signal.SIGKILL, processes)
    elif ending == "Control-C":
        # A terminal sends it to the processes that have not left the group of the first one.
        group = os.getpgid(processes[0].pid)
        send(signal.SIGINT, [process for process in processes if os.getpgid(process.pid) == group])
    else:
        send(signal.Signals[ending], processes[:1])


@pytest.fixture
def stage(sandbox: Sandbox, proxy: FaultProxy, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(sandbox, proxy, tmp_path_factory.mktemp("play"))


def _accounts(sandbox: Sandbox) -> list[tuple[str, str]]:
    return sorted((stored["name"], stored["email"]) for stored in sandbox.accounts())


def test_the_next_run_completes_what_one_left(
    stage: Stage, name: str, ending: SignalGuard, point: Point, spec: ModuleSpec
) -> None:
    work, sandbox = WORKS[name], stage.sandbox
    _store(sandbox)
    passwords = {stored["id"]: stored["password"] for stored in sandbox.accounts()}
    stage.run_and_end(work, ending, point, spec)
    if ending not in ("SIGKILL", "power off"):
        assert sandbox.sessions() == []
    run = stage.run([replace(work.task, name="next"), replace(work.task, name="third")], spec)
    run.succeeded("next")
    assert run.succeeded("third").returned["changed"] is False
    assert run["third"].writes == []
    assert _accounts(sandbox) == sorted((work.accounts or LIVE).items())
    ports = {domain: stored["options"]["port"] for domain, stored in sandbox.settings().items()}
    assert ports == (work.domains or LIVE_PORTS)
    for stored in sandbox.accounts():
        assert stored["password"] == passwords.get(stored["id"], NEW["password"])


@pytest.mark.parametrize(
    ("name", "ending", "spec"),
    [
        ("change settings", "SIGTERM", "action"),
        ("change settings", "SIGINT", "module"),
        ("many settings", "SIGINT", "action"),
        ("many settings", "SIGTERM", "module"),
    ],
)
def test_a_login_whose_answer_is_on_its_way_is_ended(
    stage: Stage, name: str, ending: SignalGuard, spec: ModuleSpec
) -> None:
    """The end comes when the server has logged the task in, and the task does not know it yet."""
    directory = stage.directory / "ended"
    ended: list[str] = []

    def end(method: str, path: str) -> None:
        if path.endswith("/login"):
            ended.append(method)
            _end(ending, directory)
            # The signal most often arrives in this time; where it comes later, the task knows its login.
            time.sleep(0.3)

    _store(stage.sandbox)
    stage.proxy.plan([])
    stage.proxy.before_answer = end
    try:
        run = replace(stage, directory=directory).run([WORKS[name].task], spec)
        wait_until_ended(directory)
    finally:
        stage.proxy.before_answer = None
    assert ended == ["POST"]
    assert run.outcomes == {}
    assert stage.sandbox.sessions() == []
