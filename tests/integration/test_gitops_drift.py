# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift, by name: what it finds is in its exit status, and it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

EQUAL, DIFFERENT, NOT_READ = 0, 2, 4


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance that are as described, and have one record each that nobody described."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", **settings()}]})
    made.write("mail/berlin/accounts.yml", {"email_accounts": [account()]})
    sandbox.add_accounts([account(), account(name="Nobody's", email="nobody@example.com")])
    for domain in ("a.example", "nobody.example"):
        sandbox.put_settings(domain, settings())
    return made


def test_equal(repository: Repository) -> None:
    """What nobody described is reported, and is no difference as long as it is not to be removed."""
    ended = repository.run("drift", "-v")
    assert ended.status == EQUAL, ended.output
    assert "1 live and not described: email_accounts Nobody's (id 2)" in ended.output
    assert "1 live and not described: email_settings nobody.example" in ended.output
    pruning = repository.run("drift", "-e", "mailfleet_prune=true")
    assert pruning.status == DIFFERENT
    kept = {"mailfleet_prune": True, "mailfleet_prune_keep": ["Nobody*"]}
    repository.variables |= kept
    keeping = repository.run("drift", "-v")
    assert keeping.status == EQUAL, keeping.output
    assert "not described:" not in keeping.output
    assert repository.writes() == []


@pytest.mark.parametrize("in_process", ["0", "1"])
def test_a_host_needs_no_python(repository: Repository, in_process: str) -> None:
    """What the inventory says of a Python on the host does not matter, since nothing runs there."""
    repository.variables["ansible_python_interpreter"] = "/no/such/python"
    ended = repository.run("drift", environment={"MAILFLEET_IN_PROCESS": in_process})
    assert ended.status == EQUAL, ended.output


def test_different(repository: Repository) -> None:
    repository.write("mail/berlin/more.yml", {"email_accounts": [account(name="Missing"), {"name": "Nobody's"}]})
    repository.sandbox.put_settings("a.example", settings(port=2525))
    ended = repository.run("drift")
    assert ended.status == DIFFERENT
    assert "email_accounts Missing is missing" in ended.output
    assert "email_settings a.example differs in options.port" in ended.output
    assert repository.writes() == []
    one = repository.run("drift", "--limit", "pbx")
    assert (one.status, one.failed("pbx")) == (DIFFERENT, 1)


@pytest.mark.parametrize("reason", ["refused", "error", "document", "variable"])
def test_not_read(repository: Repository, reason: str) -> None:
    """That something is not known counts more than a difference on another host, which is still reported."""
    repository.sandbox.put_settings("a.example", settings(port=2525))
    if reason == "refused":
        repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    elif reason == "error":
        repository.sandbox.fault("/api/email/accounts", status=500, times=1000)
    elif reason == "document":
        repository.write("mail/berlin/more.yml", {"email_acounts": []})
    else:
        repository.write("mail/berlin/more.yml", {"email_accounts": [{"name": "{{ nowhere }}"}]})
    ended = repository.run("drift")
    assert ended.status == NOT_READ, ended.output
    assert "email_settings a.example differs in options.port" in ended.output
    assert "could not be read" in ended.output


def test_one_record_of_many_cannot_be_read(repository: Repository) -> None:
    described = [{"domain": domain, **settings()} for domain in ("a.example", "b.example")]
    repository.write("mail/pbx/settings.yml", {"email_settings": described})
    repository.variables["webitel_retries"] = 0
    repository.sandbox.fault("/api/v2/email/settings?domain=b.example", status=500, times=1000)
    ended = repository.run("drift", "--limit", "pbx")
    assert ended.status == NOT_READ
    assert "could not be read: email_settings b.example" in ended.output


def test_nothing_is_described(repository: Repository) -> None:
    """Silence is not taken for equality."""
    repository.write("mail/berlin/accounts.yml", "# nothing yet")
    ended = repository.run("drift", "--limit", "berlin")
    assert ended.status == NOT_READ
    assert "Nothing is described for berlin" in ended.output


def test_description_in_variables(repository: Repository) -> None:
    del repository.variables["mailfleet_document"]
    repository.write("host_vars/berlin.yml", {"email_accounts": [account()]})
    repository.write("host_vars/pbx.yml", {"email_settings": [{"domain": "a.example", **settings(port=2525)}]})
    ended = repository.run("drift")
    assert ended.status == DIFFERENT
    assert (ended.failed("pbx"), ended.failed("berlin")) == (1, 0)


@pytest.mark.parametrize(("playbook", "status"), [("drift", NOT_READ), ("plan", DIFFERENT), ("apply", DIFFERENT)])
@pytest.mark.parametrize("empty", ["inventory", "pattern", "limit"])
def test_no_host_is_no_good_news(repository: Repository, playbook: str, status: int, empty: str) -> None:
    options: list[str] = []
    if empty == "inventory":
        repository.hosts.clear()
    else:
        options = ["-e", "mailfleet_hosts=no_such_group"] if empty == "pattern" else ["-e", "mailfleet_hosts=pbx"]
        options += ["--limit", "berlin"] if empty == "limit" else []
    ended = repository.run(playbook, *options)
    assert ended.status == status, ended.output
    assert "no host is in this run" in ended.output
    assert repository.sandbox.requests() == []


def test_as_many_hosts_as_there_must_be(repository: Repository) -> None:
    repository.variables["mailfleet_expect_hosts"] = 2
    assert repository.run("drift").status == EQUAL
    del repository.hosts["pbx"]
    for playbook, status in (("drift", NOT_READ), ("plan", DIFFERENT), ("apply", DIFFERENT)):
        ended = repository.run(playbook)
        assert ended.status == status
        assert "1 hosts are in this run, and not 2 as mailfleet_expect_hosts says" in ended.output
        assert repository.writes() == []


@pytest.mark.parametrize("expected", ["six", "", [2], {"hosts": 2}, 2.5, "2.5", -2, True])
def test_a_number_of_hosts_that_is_none(repository: Repository, expected: object) -> None:
    """Nobody knows whether these are the hosts that there must be, so it is not reported that live differs."""
    repository.variables["mailfleet_expect_hosts"] = expected
    ended = repository.run("drift")
    assert ended.status == NOT_READ, ended.output
    assert "mailfleet_expect_hosts: must be " in " ".join(ended.output.split())
    assert repository.sandbox.requests() == []


@pytest.mark.parametrize("playbook", ["plan", "apply"])
def test_a_plan_for_a_number_of_hosts_that_is_none(repository: Repository, playbook: str) -> None:
    repository.variables["mailfleet_expect_hosts"] = 2.5
    ended = repository.run(playbook)
    assert ended.status == DIFFERENT, ended.output
    assert "mailfleet_expect_hosts: must be " in " ".join(ended.output.split())
    assert repository.sandbox.requests() == []


@pytest.mark.parametrize("expected", [None, 2, "2"])
def test_a_number_of_hosts_that_is_right(repository: Repository, expected: object) -> None:
    repository.variables["mailfleet_expect_hosts"] = expected
    ended = repository.run("drift")
    assert ended.status == EQUAL, ended.output


def test_the_exit_status_of_a_plan(repository: Repository) -> None:
    """It tells that there is something to do, and that something is not known."""
    repository.variables["mailfleet_detailed_exitcode"] = True
    assert repository.run("plan").status == EQUAL
    repository.sandbox.put_settings("a.example", settings(port=2525))
    assert repository.run("plan").status == DIFFERENT
    assert repository.plan()["totals"]["updated"] == 1
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    assert repository.run("plan").status == NOT_READ
    repository.variables["mailfleet_detailed_exitcode"] = False
    del repository.hosts["berlin"]
    assert repository.run("plan").status == EQUAL


@pytest.mark.parametrize("several", [False, True])
def test_documents_without_a_host(repository: Repository, several: bool) -> None:
    """A host that left the inventory: what is live there is nobody's any more."""
    if several:
        repository.write("shared/none.yml", "# nothing yet")
        repository.variables["mailfleet_document"] = ["shared/none.yml", "mail/{{ inventory_hostname }}"]
    repository.write("mail/lisbon/accounts.yml", {"email_accounts": [account()]})
    repository.write("mail/README/about.md", "No document.")
    for playbook in ("drift", "plan"):
        ended = repository.run(playbook)
        assert ended.status == EQUAL, ended.output
        words = " ".join(ended.output.split())
        assert "describe what is on no host of this run" in words
        assert "lisbon" in words
        assert "README" not in words
    limited = repository.run("drift", "--limit", "berlin")
    assert "lisbon" in limited.output
    assert "pbx" not in limited.output
