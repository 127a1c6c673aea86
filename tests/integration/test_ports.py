# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A move to another port that forgets the encryption: the plan and the task warn of it, of each kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS
from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec
    from tests.integration.repository import Document
    from tests.sandbox.client import Sandbox

DOMAIN = "a.example"
FORWARD = (
    "smtp_crypt is ssl-tls with port 587: servers begin in clear there",
    "options.secure is true with port 587: servers begin in clear there",
    "imap_port is 143: servers begin in clear there, and Webitel begins with TLS on every port: give port 993",
)
BACK = (
    "smtp_crypt is starttls with port 465: servers begin with TLS there",
    "options.secure is false with port 465: servers begin with TLS there",
)


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """One host with a live record of each kind, all of which begin with TLS on the ports for it."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    cloud = sandbox.ready["webitel_cloud"]
    address = {"webitel_cloud_api_url": cloud["api_url"], "webitel_cloud_access_token": cloud["access_token"]}
    made.hosts = {"all-kinds": {**made.hosts["pbx"], **made.hosts["berlin"], **address}}
    sandbox.add_accounts([account(name="Alarms")])
    sandbox.add_domains(DOMAIN)
    sandbox.control("PUT", f"webitel/settings/{DOMAIN}", settings())
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "imap_port": 993}])
    return made


def _described(accounts: Document, options: Document, profiles: Document) -> Document:
    return {
        "email_accounts": [{"name": "Alarms", **accounts}],
        "email_settings": [{"domain": DOMAIN, "options": options}],
        "email_profiles": [{"name": "Support", **profiles}],
    }


@pytest.mark.parametrize("spec", WAYS)
def test_half_a_move_is_warned_of(repository: Repository, spec: ModuleSpec) -> None:
    ways = {"MAILFLEET_IN_PROCESS": str(spec == "action")}
    name = "mail/all-kinds/mail.yml"
    repository.write(name, _described({"smtp_port": 587}, {"port": 587}, {"imap_port": 143}))
    for playbook in ("plan", "apply"):
        _expect(repository, playbook, FORWARD, ways)
    back = {"smtp_crypt": "starttls", "smtp_port": 465}, {"secure": False, "port": 465}, {"imap_port": 993}
    repository.write(name, _described(*back))
    _expect(repository, "plan", BACK, ways)


def test_a_whole_move_is_not_warned_of(repository: Repository) -> None:
    whole = {"smtp_port": 587, "smtp_crypt": "starttls"}, {"port": 587, "secure": False}, {"smtp_port": 587}
    repository.write("mail/all-kinds/mail.yml", _described(*whole))
    _expect(repository, "plan", (), {})


def _expect(repository: Repository, playbook: str, warnings: tuple[str, ...], environment: dict[str, str]) -> None:
    ended = repository.run(playbook, environment=environment)
    assert ended.status == 0, ended.output
    output = " ".join(ended.output.split())
    assert all(words in output for words in warnings), ended.output
    assert output.count("servers begin") == len(warnings), ended.output
