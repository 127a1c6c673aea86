# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a case plays: a sandbox, the fault proxy before it, and a second writer who goes past the proxy."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from unittest import mock

import requests

from ansible_collections.mailfleet.email.plugins.module_utils._http import retries
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import store as email_account_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import store as email_settings_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud import (
    store as email_profile_store,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource import write as outcome
from tests.faults.proxy import FaultProxy
from tests.sandbox.client import Sandbox
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec
    from tests.faults.fault import Fault
    from tests.faults.proxy import Passed, Stray

    from .model import Expectation, Key, Record, State

# Long enough for a slow machine where nothing stalls, short where something does: each stall takes all of it.
_PATIENCE_SECONDS = 60.0
_STALLED_SECONDS = 0.3
_WAITING_SECONDS = 1.5


@dataclass(frozen=True)
class Task:
    """A task as a user would write it: the spec, its options, and what the model expects of it."""

    spec: ModuleSpec
    options: Record
    expect: Callable[[State], Expectation]


class Deed(StrEnum):
    """What another run does to a record while a task is at work."""

    CHANGE_UNMANAGED = "changes a field that the task does not describe"
    CHANGE_MANAGED = "changes a field that the task describes"
    DELETE = "deletes it"
    CREATE = "creates it"


@dataclass(frozen=True)
class Meddling:
    """A deed of a second writer: to which record, and after how many of the task's requests."""

    deed: Deed
    name: str
    after: int


class Product(Protocol):
    """One of the products: what is stored, and how a second writer changes it."""

    api_url_suffix: str

    def state(self) -> State:
        """All that is stored."""

    def meddle(self, meddling: Meddling, task: Task, state: State) -> Key | None:
        """Do the deed; returns the record it was done to, ``None`` where there was nothing to do it to."""


@dataclass
class Meddler:
    """Watches a task's requests, and does its deed after the one it waits for.

    ``seen`` are the requests that the server has done, in order; ``at`` is how many of them there were when the deed
    was done, ``key`` the record it was done to; ``start`` and ``after`` are all that was stored before the task and
    after the deed.
    """

    product: Product
    task: Task
    meddling: Meddling
    start: State
    seen: list[tuple[str, str]] = field(default_factory=list)
    at: int | None = None
    key: Key | None = None
    after: State = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, method: str, path: str) -> None:
        """Note a request that the server has done, and whose answer is still to come."""
        with self._lock:
            self.seen.append((method, path))
            if self.at is None and len(self.seen) > self.meddling.after:
                self.at = len(self.seen)
                now = self.product.state()
                if self.meddling.deed is not Deed.CREATE:
                    # Not to what the task has just created: whose record that is could not be known afterwards.
                    now = {key: record for key, record in now.items() if key in self.start}
                self.key = self.product.meddle(self.meddling, self.task, now)
                self.after = self.product.state()

    @property
    def done(self) -> bool:
        """Whether there was something to do."""
        return self.key is not None

    @property
    def earlier(self) -> list[tuple[str, str]]:
        """The task's requests before the deed, with the one that it followed."""
        return self.seen[: self.at]

    @property
    def later(self) -> list[tuple[str, str]]:
        """The task's requests after the deed."""
        return self.seen[self.at :]


@dataclass
class Ran:
    """A run of a task: its result, its warnings, its requests as the proxy saw them, and what was stored around it.

    ``left_open`` is how many Webitel logins are open that were not before.
    """

    outcome: Record
    warnings: list[str]
    log: list[Passed]
    strays: list[Stray]
    before: State
    after: State
    meddler: Meddler | None = None
    left_open: int = 0

    @property
    def failed(self) -> bool:
        """Whether the task says that it failed."""
        return bool(self.outcome.get("failed"))

    @property
    def words(self) -> str:
        """Everything that the task says."""
        return f"{self.outcome!r} {self.warnings!r}"


class Scene:
    """One sandbox with its proxy, for one case after another.

    ``injected`` are the faults that have happened, ``credentials`` all that must appear nowhere; ``requests`` are those
    of the last run.
    """

    def __init__(self, sandbox: Sandbox, proxy: FaultProxy) -> None:
        """Play on ``sandbox`` through ``proxy``."""
        self.sandbox = sandbox
        self.proxy = proxy
        self.injected: list[str] = []
        self.requests: list[Passed] = []
        self.writer = requests.Session()
        self.writer.trust_env = False
        self.credentials = [
            sandbox.ready[product][name]
            for product in ("webitel", "itflex", "webitel_cloud")
            for name in ("access_token", "key", "password", "refresh_token")
            if name in sandbox.ready[product]
        ]
        self._bound_tokens: dict[str, str] = {}

    @classmethod
    @contextmanager
    def open(cls, directory: Path) -> Iterator[Scene]:
        """Start what a scene needs, its data below ``directory``; all of it ends with the block."""
        with (
            Sandbox.start(directory) as sandbox,
            FaultProxy(sandbox.url) as proxy,
            # The proxy and the sandbox answer at once, so there is nothing to wait for.
            mock.patch.multiple(retries, FIRST_PAUSE=0.001, LONGEST_PAUSE=0.002),
            # Nothing here is for a proxy that the environment may name.
            mock.patch.dict("os.environ", {"NO_PROXY": "*", "no_proxy": "*"}),
        ):
            yield cls(sandbox, proxy)

    def bound_token(self, domain: str) -> str:
        """A Webitel token that is bound to a domain."""
        if domain not in self._bound_tokens:
            self._bound_tokens[domain] = self.sandbox.tokens(domain)["access_token"]
            self.credentials.append(self._bound_tokens[domain])
        return self._bound_tokens[domain]

    def run(
        self,
        task: Task,
        product: Product,
        *,
        check_mode: bool = False,
        faults: Sequence[Fault] = (),
        meddling: Meddling | None = None,
        slow: bool = False,
    ) -> Ran:
        """Run the task under these faults while the second writer does that deed.

        With ``slow`` the task is to think that its reads are old by the time that it writes.
        """
        before, open_before = product.state(), self.open_logins(task)
        meddler = Meddler(product, task, meddling, before) if meddling is not None else None
        self.proxy.plan(faults)
        self.proxy.before_answer = meddler
        runner = Runner(self._connection(product, faults))
        old_after = -1.0 if slow else outcome.OLD_AFTER
        with (
            mock.patch.object(email_account_store, "OLD_AFTER", old_after),
            mock.patch.object(email_settings_store, "OLD_AFTER", old_after),
            mock.patch.object(email_profile_store, "OLD_AFTER", old_after),
        ):
            result = runner.run(task.spec, check_mode=check_mode, **task.options)
        log, strays = self.proxy.log, self.proxy.strays
        self.requests = log
        # This waits for what the server is still at, though nobody waits for its answer any more.
        self.proxy.plan(())
        self.proxy.before_answer = None
        self.injected += [str(passed.kind) for passed in log if passed.kind is not None]
        left_open = self.open_logins(task) - open_before
        return Ran(result, runner.warnings, log, strays, before, product.state(), meddler, left_open)

    def _connection(self, product: Product, faults: Sequence[Fault]) -> dict[str, Any]:
        """The options that lead to the proxy, with as much patience as these faults need."""
        stalls = any(fault.kind.stalls for fault in faults)
        connection: dict[str, Any] = {
            "api_url": self.proxy.url + product.api_url_suffix,
            "timeout": _STALLED_SECONDS if stalls else _PATIENCE_SECONDS,
        }
        if any(fault.kind.lets_wait for fault in faults):
            connection["deadline"] = _WAITING_SECONDS
        return connection

    def open_logins(self, task: Task) -> int:
        """How many Webitel logins are open, where the task logs in at all."""
        return len(self.sandbox.sessions()) if "username" in task.options else 0
