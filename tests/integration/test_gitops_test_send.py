# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""test_send, by name: messages through everything that is live, and a failure where one does not get out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

TO = ("-e", "test_send_to=me@example.com")


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance that can send; the appliance has two accounts of one name."""
    smtp = sandbox.ready["smtp"]
    login = {"user": smtp["username"], "pass": smtp["password"]}
    sandbox.put_settings("a.example", settings(host=smtp["host"], port=smtp["ssl_tls"], auth=login))
    live = {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], "password": smtp["password"]}
    sandbox.add_accounts([account(email=smtp["username"], **live), account(email=smtp["username"], **live)])
    return Repository(tmp_path_factory.mktemp("gitops"), sandbox)


def test_everything_that_is_live(repository: Repository) -> None:
    ended = repository.run("test_send", *TO)
    assert ended.status == 0, ended.output
    assert len(repository.sandbox.messages()) == 3
    assert repository.run("test_send", *TO, "--check").status == 0
    assert len(repository.sandbox.messages()) == 3


def test_what_the_host_names(repository: Repository) -> None:
    repository.sandbox.traps(itflex_passwords="omit")
    hidden = repository.run("test_send", *TO, "--limit", "berlin")
    assert hidden.status == 2
    assert "2 of 2 test messages were not sent" in hidden.output
    password = repository.sandbox.ready["smtp"]["password"]
    repository.hosts["berlin"]["mailfleet_test_accounts"] = [{"id": 1, "password": password}]
    named = repository.run("test_send", *TO, "--limit", "berlin", "-v")
    assert named.status == 0, named.output
    assert len(repository.sandbox.messages()) == 1
    assert password not in named.output


def test_who_names_the_domains_needs_no_list_of_them(repository: Repository) -> None:
    sandbox = repository.sandbox
    refusal = '{"status": "error", "info": "Permission denied!"}'
    sandbox.fault("/api/v2/domains", method="GET", status=403, body=refusal, times=1)
    refused = repository.run("test_send", *TO, "--limit", "pbx")
    assert refused.status == 2
    assert "may not list the domains of the server: name them with domain" in " ".join(refused.output.split())
    sandbox.clear_requests()
    repository.hosts["pbx"]["mailfleet_test_domains"] = ["a.example"]
    named = repository.run("test_send", *TO, "--limit", "pbx")
    assert named.status == 0, named.output
    assert not any(request["path"].endswith("/api/v2/domains") for request in sandbox.requests())
    assert len(sandbox.messages()) == 1
