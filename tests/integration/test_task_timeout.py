# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's own `timeout`: the task ends then, and begins nothing after it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.integration.playbook import Playbook, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec
    from tests.sandbox.client import Sandbox

LIMIT = 3
# Ansible's own start and end, on a busy machine.
_AROUND = 12
# The end of a task, and the start of a process for the next one, there.
_BETWEEN = 6
_ACCOUNTS = [account(name=f"New {number}", default=False) for number in range(40)]
_SETTINGS = [{"domain": f"new{number}.example.com", **settings()} for number in range(40)]
_PROFILES = [{"name": f"New {number}", "schema": {"name": "Tickets"}} for number in range(40)]
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts": ("email_accounts_sync", {"accounts": _ACCOUNTS}),
    "accounts one by one": ("email_accounts_sync", {"accounts": _ACCOUNTS, "concurrency": 1}),
    "settings": ("email_settings_sync", {"settings": _SETTINGS}),
    "profiles": ("email_profiles_sync", {"profiles": _PROFILES}),
    "account": ("email_account", account(name="New")),
    "all of a host": ("host_sync", {}),
}
# The first kind ends in time, so that the limit falls into the work for another one.
_OF_HOST = {"email_accounts": _ACCOUNTS, "email_settings": _SETTINGS[:1], "email_profiles": _PROFILES}


# Each costs ten seconds of waiting, and a server that hangs is the same for all in the end.
CASES = [
    *(("slow", name, "action") for name in TASKS),
    *(("stuck", name, "module") for name in ("accounts one by one", "profiles")),
    ("slow", "settings", "module"),
    ("stuck", "settings", "action"),
]


@pytest.fixture
def playbook(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Playbook:
    """Each module is the process that Ansible starts, and that it ends or not at the limit."""
    return Playbook(tmp_path_factory.mktemp("play"), sandbox, warm=False)


@pytest.mark.parametrize(("fault", "name", "spec"), CASES)
def test_a_task_ends_at_its_own_limit(playbook: Playbook, fault: str, name: str, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    sandbox.webitel_cloud.add_schema("Tickets")
    # One account takes two requests, which must be longer than the limit together.
    slow = 2_000 if name == "account" else 900
    sandbox.traps(delay_ms=slow if fault == "slow" else 60_000)
    module, arguments = TASKS[name]
    variables = {
        f"{group.rpartition('.')[2]}_{option}": value
        for group, options in playbook.defaults.items()
        for option, value in options.items()
    }
    begun = time.monotonic()
    task = Task(name, module, arguments, keywords={"timeout": LIMIT})
    run = playbook.run([task], spec=spec, variables={**variables, **_OF_HOST} if module == "host_sync" else None)
    ended = time.monotonic()
    assert run[name].failed
    assert "time frame" in run.output or "timed out" in run.output.lower() or "timeout" in run.output.lower()
    assert ended - begun < LIMIT + _AROUND
    # A request is noted when its answer is due; what was begun in time may come yet.
    time.sleep(2)
    sent = len(sandbox.requests())
    time.sleep(3)
    assert len(sandbox.requests()) == sent


_AS_MODULES = ("settings info", "account check", "delivery")


class Mute:
    """A server that takes connections and never says anything; ``begun`` are the moments when it got something."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.begun: list[float] = []
        self._kept: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                self.begun.append(time.monotonic())
                self._kept.append(connection)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        for one in (self._listening, *self._kept):
            one.close()
        self._thread.join()


def _single_tasks(port: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """Tasks of every other kind of work, all of whose servers are the one at this port."""
    url, patient = {"api_url": f"http://127.0.0.1:{port}", "access_token": "t"}, {"timeout": 60, "deadline": 120}
    smtp = {"options": {"host": "127.0.0.1", "port": port, "secure": False}}
    mailbox = {"host": "127.0.0.1", "port": port, "username": "u", "password": "p"}
    return {
        "account info": ("email_account_info", {**url, **patient}),
        "settings info": ("email_settings_info", {**url, **patient, "domains": ["a.example"]}),
        "profile info": ("email_profile_info", {**url, **patient}),
        "settings": ("email_settings", {**url, **patient, "domain": DOMAIN, **settings()}),
        "profile": ("email_profile", {**url, **patient, "name": "New", "schema": {"id": 1}}),
        "account test": ("email_account_test", {**url, **patient, "name": "New", "to_email": "a@example.com"}),
        "settings check": ("email_settings_check", {"domain": DOMAIN, **smtp, "timeout": 60}),
        "account check": (
            "email_account_check",
            {"email": "a@example.com", "smtp_server": "127.0.0.1", "smtp_port": port, "timeout": 60},
        ),
        "profile check": (
            "email_profile_check",
            {"imap_host": "localhost", "imap_port": port, "mailbox": "INBOX", "timeout": 60},
        ),
        "delivery": (
            "email_delivery_info",
            {
                **mailbox,
                "encryption": "tls",
                "wait": 60,
                "timeout": 60,
                "messages": [{"name": "a", "from": "a@example.com"}],
            },
        ),
    }


@pytest.mark.parametrize("spec", ["action", "module"])
def test_tasks_of_one_record_and_checks_end_at_their_own_limit(playbook: Playbook, spec: ModuleSpec) -> None:
    """One after the other, so that the beginning of each tells when the one before it ended."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Mute()) for name in _single_tasks(0)}
        made = {name: _single_tasks(server.port)[name] for name, server in servers.items()}
        if spec == "module":
            made = {name: made[name] for name in _AS_MODULES}
        # A process of its own takes long to start on a busy machine.
        limit = LIMIT if spec == "action" else 3 * LIMIT
        tasks = [Task(name, *parts, keywords={"timeout": limit}) for name, parts in made.items()]
        run = playbook.run(tasks, spec=spec)
        moments = [servers[name].begun for name in made]
        ended = time.monotonic()
        time.sleep(2)
    for name in made:
        message = str(run[name].returned["msg"]).lower()
        assert run[name].failed
        assert any(words in message for words in ("timed out", "time frame", "is over")), message
    begun = {name: moments for name, moments in zip(made, moments, strict=True) if moments}
    assert begun, run.output
    assert all(moments[-1] - moments[0] < limit + 1 for moments in begun.values())
    assert ended - next(iter(begun.values()))[0] < len(made) * (limit + _BETWEEN)
