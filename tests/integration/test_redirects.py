# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirects: credentials go to the configured server only, and a write goes where it was sent or nowhere."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.integration import calls
from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Playbook

SETTINGS = "/api/v2/email/settings"


class OtherServer:
    """A server at another address. ``requests`` is what it was asked."""

    def __init__(self, url: str, requests: list[str]) -> None:
        """Stand for the server that listens at ``url``."""
        self.url = url
        self.requests = requests

    @classmethod
    @contextmanager
    def start(cls) -> Iterator[OtherServer]:
        """Listen on a free port of this machine until the end of the block."""
        requests: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                requests.append(self.rfile.readline().decode())
                self.close_connection = True

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield cls(f"http://127.0.0.1:{server.server_port}", requests)
            server.shutdown()


@pytest.fixture
def other_server() -> Iterator[OtherServer]:
    with OtherServer.start() as server:
        yield server


@pytest.mark.parametrize("status", [302, 307])
def test_another_origin_never_sees_credentials(playbook: Playbook, other_server: OtherServer, status: int) -> None:
    elsewhere = {"Location": f"{other_server.url}/elsewhere"}
    playbook.sandbox.fault("/", status=status, headers=elsewhere, times=100)
    login = {"domain": DOMAIN, "username": "me", "password": "secret"}
    run = playbook.run(
        [
            *(Task(task.name, task.module, {**task.arguments, "access_token": "secret"}) for task in calls.ALL),
            Task("login", "email_settings_info", login),
            Task("token", "email_account_info", {"refresh_token": "secret"}),
        ],
        defaults=playbook.addresses,
    )
    for name in run.outcomes:
        outcome = run.failed(name)
        assert outcome.returned["failure"]["kind"] == "redirect"
        assert len(outcome.calls) == 1
        assert other_server.url in outcome.returned["msg"]
        assert playbook.sandbox.url in outcome.returned["msg"]
    assert len(run.outcomes) == len(calls.ALL) + 2
    assert other_server.requests == []


def test_write_is_not_redirected(playbook: Playbook, other_server: OtherServer) -> None:
    """Whether to this server or another one, a POST, PUT or DELETE that is redirected is an error."""
    sandbox = playbook.sandbox
    sandbox.put_settings("live.example.com", settings())
    sandbox.add_accounts([account(name="Live")])
    locations = {"elsewhere": f"{other_server.url}/", "here": "/other"}
    tasks = []
    for where, location in locations.items():
        for method in ("POST", "PUT", "DELETE"):
            sandbox.fault(SETTINGS, method=method, status=307, headers={"Location": location})
            sandbox.fault("/api/email", method=method, status=307, headers={"Location": location})
        tasks += [
            Task(f"create {where}", "email_settings", {"domain": DOMAIN, **settings()}),
            Task(f"change {where}", "email_settings", {"domain": "live.example.com", "options": {"port": 1}}),
            Task(f"delete {where}", "email_settings", {"domain": "live.example.com", "state": "absent"}),
            Task(f"create account {where}", "email_account", account()),
        ]
    before = sandbox.settings(), sandbox.accounts()
    run = playbook.run(tasks)
    for task in tasks:
        assert run.failed(task.name).returned["failure"]["kind"] == "redirect"
        assert len(run[task.name].writes) == 1
    assert (sandbox.settings(), sandbox.accounts()) == before
    assert other_server.requests == []


@pytest.mark.parametrize("check", [False, True])
def test_read_is_not_redirected_within_the_server(playbook: Playbook, *, check: bool) -> None:
    """A check that follows and a run that refuses would be a trap; both name the address that needs none."""
    playbook.sandbox.put_settings(DOMAIN, settings())
    moved = {"Location": f"/moved{SETTINGS}?domain={DOMAIN}"}
    playbook.sandbox.fault(SETTINGS, method="GET", status=301, headers=moved, times=100)
    run = playbook.run(
        [
            Task("read", "email_settings_info", {"domain": DOMAIN}),
            Task("write", "email_settings", {"domain": DOMAIN, **settings()}, check=check),
        ]
    )
    for name in ("read", "write"):
        outcome = run.failed(name)
        assert outcome.returned["failure"]["kind"] == "redirect"
        assert f"set api_url to {playbook.sandbox.url}/moved" in outcome.returned["msg"]
        assert len(outcome.requests) == 1
