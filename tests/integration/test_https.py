# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Over HTTPS, as every user has it: whom the modules trust, and how often a run loads the authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration import calls
from tests.integration.playbook import Playbook, Task
from tests.integration.records import account
from tests.sandbox.client import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec

# Python loads it at every start; it notes each time that somebody loads authorities.
COUNTING = """
import os
import ssl

_create = ssl.create_default_context


def counted(*args, **options):
    with open(os.environ["COUNTED"], "a") as file:
        file.write(f"{os.getpid()}\\n")
    return _create(*args, **options)


ssl.create_default_context = counted
"""


# What the machine that runs the tests names, if anything.
NO_BUNDLE = {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""}


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that serves HTTPS, by an authority that no machine knows."""
    with Sandbox.start(tmp_path_factory.mktemp("secure"), tls=True) as sandbox:
        yield sandbox


@pytest.fixture
def playbook(tmp_path_factory: pytest.TempPathFactory, secure: Sandbox) -> Playbook:
    """Runs tasks against that one."""
    secure.reset()
    return Playbook(tmp_path_factory.mktemp("play"), secure)


@pytest.mark.parametrize("spec", ["action", "module"])
def test_an_authority_is_trusted_that_the_task_or_the_environment_names(playbook: Playbook, spec: ModuleSpec) -> None:
    authority = playbook.sandbox.ready["ca_file"]
    defaults = {group: {**options, "ca_path": authority} for group, options in playbook.defaults.items()}
    unknown = playbook.run([Task("Read", "email_account_info")], spec=spec).failed("Read")
    assert "certificate not accepted" in unknown.returned["msg"]
    for options, environment in (
        (defaults, {}),
        (playbook.defaults, {"SSL_CERT_FILE": authority}),
        (playbook.defaults, {"CURL_CA_BUNDLE": authority}),
    ):
        playbook.sandbox.reset()
        run = playbook.run(calls.ALL, defaults=options, environment={**NO_BUNDLE, **environment}, spec=spec)
        assert all(run[task.name].requests for task in calls.ALL)
        run.succeeded("email_account")
        run.succeeded("email_settings")


def test_a_run_loads_the_authorities_once_whoever_is_trusted_beside_them(playbook: Playbook, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(COUNTING, encoding="utf-8")
    counted = tmp_path / "counted"
    tasks = [Task(f"Account {number}", "email_account", account(name=f"Account {number}")) for number in range(3)]
    authority = playbook.sandbox.ready["ca_file"]
    defaults = {group: {**options, "ca_path": authority} for group, options in playbook.defaults.items()}
    run = playbook.run(
        tasks, defaults=defaults, environment={"PYTHONPATH": str(tmp_path), "COUNTED": str(counted)}, spec="action"
    )
    for task in tasks:
        assert run.succeeded(task.name).writes == ["POST"]
    assert len(counted.read_text(encoding="utf-8").splitlines()) == 1


def test_many_connections_of_a_task_share_one_context(playbook: Playbook, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(COUNTING, encoding="utf-8")
    counted = tmp_path / "counted"
    wanted = {"accounts": [account(name=f"Account {number}") for number in range(20)], "concurrency": 8}
    environment = {
        **NO_BUNDLE,
        "PYTHONPATH": str(tmp_path),
        "COUNTED": str(counted),
        "SSL_CERT_FILE": playbook.sandbox.ready["ca_file"],
    }
    run = playbook.run([Task("Create", "email_accounts_sync", wanted)], environment=environment, spec="module")
    assert run.succeeded("Create").writes == ["POST"] * 20
    # Once by ansible-playbook, for workers that did not ask, and once by the module.
    assert len(set(counted.read_text(encoding="utf-8").splitlines())) == 2
    assert len(counted.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("spec", ["action", "module"])
def test_certificates_that_are_not_verified_are_warned_of_once(playbook: Playbook, spec: ModuleSpec) -> None:
    """In our own words: what a library has to say about each request never reaches the terminal."""
    defaults = {group: {**options, "validate_certs": False} for group, options in playbook.defaults.items()}
    loop = {"loop": ["A", "B"], "loop_control": {"label": "{{ item }}"}}
    run = playbook.run(
        [
            Task("Read", "email_account_info"),
            Task("Read again", "email_account_info"),
            Task("Read all", "email_account_info", {"name": "{{ item }}"}, keywords=loop),
        ],
        defaults=defaults,
        spec=spec,
    )
    (warning,) = run.succeeded("Read").warnings
    assert "is not verified, since validate_certs is false" in warning
    assert run.output.count("[WARNING]") == 1
    for words in ("InsecureRequestWarning", "Unverified HTTPS", "urllib3", "Warning:"):
        assert words not in run.output
