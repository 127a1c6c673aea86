# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every place where a record may hold a secret: shown nowhere, in results, diffs, reports, exports and plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import yaml

from tests.integration.playbook import Task
from tests.integration.records import account, settings
from tests.integration.repository import Repository
from tests.sandbox.encodings import LeakSearch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

CORPUS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_name("secret_paths.yml").read_text("utf-8")
)
DOMAIN = "live.example.com"
FLOW = {"name": "Tickets"}
OURS = ("described", "inventory.yml")
REPORTS = {f"MAILFLEET_REPORT_{name.upper()}": f"report.{name}" for name in ("json", "markdown", "html", "junit")}


class Planted:
    """A secret of its own for each place."""

    def __init__(self) -> None:
        """Begin with none."""
        self.places: dict[str, str] = {}

    def record(self, product: str, base: dict[str, Any]) -> dict[str, Any]:
        """A record with a secret at each place of a product."""
        record = base
        for place in CORPUS[product]:
            for path, value in place.items():
                secret = f"planted{uuid4().hex}"
                self.places[secret] = f"{product} {path}"
                record = _with(record, path.split("."), value.replace("{}", secret))
        return record

    def found_in(self, places: dict[str, str]) -> list[str]:
        """Which secret stands in which text."""
        search = LeakSearch(self.places)
        return [
            f"{self.places[secret]} in {place}" for place, text in places.items() for secret in search.found_in(text)
        ]


def _with(data: Any, steps: list[str], value: str) -> Any:
    """Data with a value at a path; a number is a place in a list."""
    if not steps:
        return value
    name, *rest = steps
    if name.isdecimal():
        items = data if isinstance(data, list) else []
        items = items + [{}] * (int(name) + 1 - len(items))
        items[int(name)] = _with(items[int(name)], rest, value)
        return items
    fields = data if isinstance(data, dict) else {}
    return {**fields, name: _with(fields.get(name), rest, value)}


@pytest.fixture
def planted() -> Planted:
    """The secrets of live and of described records."""
    return Planted()


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, planted: Planted) -> Repository:
    """One host for each product, with one record whose every place holds a secret."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    cloud = sandbox.ready["webitel_cloud"]
    made.hosts["cloud"] = {
        "webitel_cloud_api_url": cloud["api_url"],
        "webitel_cloud_access_token": cloud["access_token"],
    }
    made.variables["mailfleet_document"] = "described/{{ inventory_hostname }}"
    _store(sandbox, planted)
    return made


def _store(sandbox: Sandbox, planted: Planted) -> None:
    """Put a record of each kind on its server."""
    live = {name: value for name, value in settings(dkim={}).items() if name != "provider"}
    sandbox.put_settings(DOMAIN, planted.record("webitel", live))
    sandbox.add_accounts([planted.record("itflex", account(name="Live"))])
    profile = planted.record("webitel_cloud", {"name": "Live"})
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{**profile, "flow_id": flow}])


def _describe(repository: Repository, planted: Planted) -> None:
    """Describe other secrets for the places that a document knows."""
    options = planted.record("webitel", {})["options"]
    auth = {name: options["auth"].pop(name) for name in ("user", "pass")}
    # A port is a number there, and one server is named once.
    options = {name: value for name, value in options.items() if name not in ("port", "service", "url")}
    entry = {"domain": DOMAIN, "options": {"auth": auth, "host": "smtp.example.com", "extra": options}}
    repository.write("described/pbx/settings.yml", {"email_settings": [entry]})
    password = planted.record("itflex", {})["password"]
    repository.write("described/berlin/accounts.yml", {"email_accounts": [{"name": "Live", "password": password}]})
    profile = planted.record("webitel_cloud", {})
    secrets = {
        "password": profile["password"],
        "params": {"oauth2": {"client_secret": profile["params"]["oauth2"]["client_secret"]}},
    }
    repository.write("described/cloud/p.yml", {"email_profiles": [{"name": "Live", "schema": FLOW, **secrets}]})


def _left(repository: Repository) -> Iterator[tuple[str, str]]:
    """What all runs left in the repository, less what the test wrote."""
    for file in repository.path.rglob("*"):
        place = str(file.relative_to(repository.path))
        if file.is_file() and not place.startswith(OURS):
            yield place, file.read_text("utf-8", "replace")


def test_no_place_is_shown(repository: Repository, planted: Planted) -> None:
    exported = repository.run("export", "-e", "mailfleet_export_to=live", "-vvvv", "--diff")
    assert exported.status == 0, exported.output
    _describe(repository, planted)
    environment = {**REPORTS, "ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report", "ANSIBLE_LOG_PATH": "ansible.log"}
    said = {"export": exported.output}
    for playbook, options in (("plan", ()), ("drift", ()), ("apply", ("-e", "plan=plan.json"))):
        ended = repository.run(playbook, *options, "-vvvv", "--diff", environment=environment)
        said[playbook] = ended.output
        # The appliance takes none of its own odd values again; what it says of them is no secret either.
        changed = {host for host in repository.hosts if ended.changed(host)}
        assert changed >= {"plan": set(repository.hosts), "apply": {"pbx", "cloud"}}.get(playbook, set()), ended.output
    written = dict(_left(repository))
    assert {"plan.json", "ansible.log", *(f"report.{name}" for name in ("json", "markdown", "html", "junit"))} <= {
        *written
    }
    assert any(place.startswith("live/pbx/") for place in written)
    assert planted.found_in({**said, **written}) == []


# What each product takes of a record whose every place holds a secret of somebody else.
_MODULES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "email_settings": ({"domain": DOMAIN}, {"options": {"host": "other.example.com"}}),
    "email_account": ({"name": "Live"}, {"smtp_port": 2525}),
    "email_profile": ({"name": "Live"}, {"smtp_port": 2525}),
}


@pytest.mark.parametrize("spec", ["action", "module"])
def test_no_place_is_shown_by_modules_for_one_record(playbook: Playbook, planted: Planted, spec: ModuleSpec) -> None:
    """Read, compared, changed and removed, with the differences printed; each product's secrets are set anew, too."""
    _store(playbook.sandbox, planted)
    passwords: dict[str, dict[str, Any]] = {
        "email_settings": {"options": {"auth": {"user": "u", "pass": planted.record("itflex", {})["password"]}}},
        "email_account": {"password": planted.record("itflex", {})["password"]},
        "email_profile": {"password": planted.record("webitel_cloud", {})["password"]},
    }
    tasks = []
    for module, (identity, change) in _MODULES.items():
        tasks.append(Task(f"{module} info", f"{module}_info"))
        consent = {"erase_stored_mail": True} if module == "email_profile" else {}
        ways = {"change": change, "password": passwords[module], "remove": {"state": "absent", **consent}}
        tasks += [
            Task(f"{module} {way} {check}", module, {**identity, **given}, check=check)
            for way, given in ways.items()
            for check in (True, False)
        ]
    run = playbook.run(tasks, spec=spec, options=("-vvv", "--diff"))
    for task in tasks:
        if task.name.endswith(("info", "remove False", "change True")):
            run.succeeded(task.name)
    said = {"output": run.output, **{name: str(found.returned) for name, found in run.outcomes.items()}}
    assert planted.found_in(said) == []
