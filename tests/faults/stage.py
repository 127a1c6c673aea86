# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the tasks are run: a sandbox with a fault proxy before it."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import store as email_account_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import store as email_settings_store
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud import (
    store as email_profile_store,
)
from tests.faults.tasks import OLD_PASSWORD, PASSWORDS, Document, Task
from tests.sandbox.webitel_cloud_store import WRITTEN
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.faults.fault import Fault
    from tests.faults.proxy import FaultProxy, Passed, Stray
    from tests.sandbox.client import Sandbox

# Far more than any request takes.
PATIENCE = 30.0
_RETRIES = 3
# For a creation that may come late: longer than the proxy lets it wait.
_LOOKING = 2.5
_CREDENTIAL_HEADERS = ("Authorization", "X-Access-Token", "X-Key", "X-Webitel-Access")


@dataclass(frozen=True)
class Run:
    """A run of a task: how it ended, what it warned of, its requests, and what came to an address of no server."""

    outcome: Document
    warnings: list[str]
    requests: list[Passed]
    strays: list[Stray]

    @property
    def failed(self) -> bool:
        """Whether the task failed."""
        return bool(self.outcome.get("failed"))

    @property
    def credentials(self) -> set[str]:
        """The tokens and keys that went with the requests."""
        values = (request.headers.get(name, "") for request in self.requests for name in _CREDENTIAL_HEADERS)
        return {value.removeprefix("Bearer ") for value in values} - {""}


class Stage:
    """A sandbox, and the proxy that stands before it."""

    def __init__(self, sandbox: Sandbox, proxy: FaultProxy) -> None:
        """Run tasks against ``sandbox``, through ``proxy`` where there are to be faults."""
        self._sandbox = sandbox
        self._proxy = proxy
        self._port = sandbox.ready["smtp"]["none"]
        for user in ("pbx@my.example", "certificates@example.com"):
            sandbox.add_mail_user(user, OLD_PASSWORD)
        webitel, itflex, cloud = (sandbox.ready[name] for name in ("webitel", "itflex", "webitel_cloud"))
        self.secrets = {
            *PASSWORDS,
            *(webitel[name] for name in ("access_token", "key", "password")),
            *(itflex[name] for name in ("access_token", "refresh_token")),
            cloud["access_token"],
        }

    def set_up(self, task: Task) -> None:
        """Forget everything, and store what is live before the task."""
        self._sandbox.reset()
        if task.traps:
            self._sandbox.traps(**task.traps)
        if task.product == "itflex":
            self._sandbox.add_accounts(self.before(task))
        elif task.product == "webitel_cloud":
            # The number of the first flow is 1.
            self._sandbox.webitel_cloud.add_schema("Tickets")
            live = [{name: value for name, value in profile.items() if name != "id"} for profile in task.live]
            self._sandbox.webitel_cloud.add_profiles(live)
        else:
            self._sandbox.add_domains_of(task.options)
            for settings in self.before(task):
                self._sandbox.put_settings(settings["domain"], settings)

    def before(self, task: Task) -> list[Document]:
        """The records that are live before a task."""
        return [self._reachable(record) for record in task.live] if task.sends else task.live

    def expected(self, task: Task) -> list[Document]:
        """The records that must be live when a task is done."""
        return self.before(task) if task.sends else task.expected

    def _reachable(self, record: Document) -> Document:
        if "options" in record:
            options = {**record["options"], "host": "localhost", "port": self._port, "secure": False}
            return {**record, "options": options}
        return {**record, "smtp_server": "localhost", "smtp_port": self._port, "smtp_crypt": "none"}

    def live(self, task: Task) -> list[Document]:
        """The records of the task's product as they are now."""
        if task.product == "webitel_cloud":
            # Without what the server alone writes.
            return [{name: row[name] for name in ("id", *WRITTEN)} for row in self._sandbox.webitel_cloud.profiles()]
        return self._sandbox.accounts() if task.product == "itflex" else list(self._sandbox.settings().values())

    def messages(self) -> list[Document]:
        """The messages that have arrived."""
        return self._sandbox.messages()

    def open_logins(self) -> int:
        """How many logins have not been ended."""
        return len(self._sandbox.sessions())

    def run(self, task: Task, *, check_mode: bool = False) -> Run:
        """Run a task without faults, and without a repetition that could mend one."""
        return self._run(task, check_mode, [], timeout=PATIENCE, retries=0)

    def run_under(self, fault: Fault, task: Task, *, check_mode: bool, timeout: float) -> Run:
        """Run a task under a fault, with this time limit for each request.

        What stalls for good is not tried again, and other faults that last are once, for the sake of time.
        """
        retries = _RETRIES if fault.times == 1 else int(not fault.kind.stalls)
        limits: dict[str, Any] = {"timeout": timeout, "retries": retries}
        if fault.kind.lets_wait:
            limits["deadline"] = _LOOKING + (timeout if fault.kind.stalls else 0)
        return self._run(task, check_mode, [fault], **limits)

    def _run(self, task: Task, check_mode: bool, faults: list[Fault], **limits: Any) -> Run:
        self._proxy.plan(faults)
        runner = Runner({**self._connection(task), **limits})
        # Whether a task reads again must not depend on the speed of the machine.
        old_after = -1.0 if task.slow else math.inf
        with ExitStack() as patches:
            for store in (email_account_store, email_settings_store, email_profile_store):
                patches.enter_context(mock.patch.object(store, "OLD_AFTER", old_after))
            outcome = runner.run(task.spec, check_mode=check_mode, **task.options)
        run = Run(outcome, runner.warnings, self._proxy.log, self._proxy.strays)
        self._proxy.plan([])
        return run

    def _connection(self, task: Task) -> Document:
        ready = self._sandbox.ready[task.product]
        if task.product == "itflex":
            return {"api_url": self._proxy.url, "refresh_token": ready["refresh_token"]}
        if task.product == "webitel_cloud":
            return {"api_url": f"{self._proxy.url}/api", "access_token": ready["access_token"]}
        credentials = {name: ready[name] for name in ("username", "password")}
        return {"api_url": f"{self._proxy.url}/engine", **credentials}
