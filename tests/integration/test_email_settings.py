# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_settings``: what it does to the settings of a domain on a server that behaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration import ritual
from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, PASSWORD, settings
from tests.integration.ritual import Step, assert_unchanged

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

ALL_FIELDS = [
    "description",
    "from",
    "options.auth.pass",
    "options.auth.user",
    "options.host",
    "options.port",
    "options.secure",
    "provider",
]


@pytest.mark.parametrize("spec", WAYS)
def test_ritual(playbook: Playbook, spec: ModuleSpec) -> None:
    transport = {"port": 587, "secure": False, "auth": {"pass": "second-password"}, "extra": {"requireTLS": True}}
    changed_fields = ["options.auth.pass", "options.port", "options.requireTLS", "options.secure"]
    run = ritual.perform(
        playbook,
        spec,
        "email_settings",
        {
            "create": Step({"domain": DOMAIN, **settings()}, "created", "POST", ALL_FIELDS),
            "change": Step({"domain": DOMAIN, "options": transport}, "updated", "PUT", changed_fields),
            "delete": Step(
                {"domain": DOMAIN, "state": "absent"}, "deleted", "DELETE", sorted([*ALL_FIELDS, "options.requireTLS"])
            ),
        },
    )
    checks = [run[f"create ({what})"].returned["password_check"] for what in ("check", "do", "repeat")]
    assert checks == ["set", "set", "compared"]
    record = {"domain": DOMAIN, **settings(auth={"user": "pbx@my.example.com"})}
    assert run["create (check)"].returned["email_settings"] == record
    assert run["create (do)"].returned["email_settings"] == record
    diff = run["change (do)"].returned["diff"]
    login = [diff[when]["options"]["auth"]["pass"] for when in ("before", "after")]
    assert login == ["<secret: current>", "<secret: new>"]
    assert run["delete (do)"].returned["diff"]["after"] == {}
    assert playbook.sandbox.settings() == {}


def test_diff_is_printed(playbook: Playbook) -> None:
    playbook.sandbox.put_settings(DOMAIN, settings())
    transport = {"port": 587, "auth": {"pass": "second-password"}}
    run = playbook.run(
        [Task("change", "email_settings", {"domain": DOMAIN, "options": transport}, check=True)], options=["--diff"]
    )
    for line in ('-        "port": 465', '+        "port": 587', '+            "pass": "<secret: new>"'):
        assert line in run.output
    assert f"--- before: email_settings of {DOMAIN}" in run.output


def test_no_false_change(playbook: Playbook) -> None:
    """What means the same as the live record is no change, in whatever words it is described."""
    live = settings(port="465", tls={"rejectUnauthorized": False}, connectionTimeout=9000)
    playbook.sandbox.put_settings(DOMAIN, {**live, "description": ""})
    transports = {
        "port": {"port": 465},
        "port as a text": {"port": "465"},
        "name of the option": {"tls": {"reject_unauthorized": False}},
        "name on the wire": {"tls": {"rejectUnauthorized": False}},
        "other name of the password": {"auth": {"password": PASSWORD}},
        "extra": {"extra": {"connectionTimeout": 9000, "tls": {"rejectUnauthorised": None}}},
    }
    tasks = [
        Task(name, "email_settings", {"domain": DOMAIN, "options": options}) for name, options in transports.items()
    ]
    for description in ("", None):
        name = f"description {description!r}"
        tasks.append(Task(name, "email_settings", {"domain": DOMAIN, "description": description}))
    run = playbook.run(tasks)
    for name in run.outcomes:
        assert_unchanged(run.succeeded(name))
    assert len(run.outcomes) == len(tasks)


def test_replace(playbook: Playbook) -> None:
    playbook.sandbox.put_settings(DOMAIN, {**settings(debug=True, pool={"rate": 5}), "colour": "red"})
    wanted = {"domain": DOMAIN, **settings(), "replace": True}
    run = playbook.run(
        [
            Task("check", "email_settings", wanted, check=True),
            Task("do", "email_settings", wanted),
            Task("repeat", "email_settings", wanted),
        ]
    )
    assert run.succeeded("do").returned["changed_fields"] == ["colour", "options.debug", "options.pool.rate"]
    assert ritual.foretold(run.succeeded("check")) == ritual.foretold(run["do"])
    assert_unchanged(run.succeeded("repeat"))
    stored = playbook.sandbox.settings()[DOMAIN]
    assert {name: stored[name] for name in stored if name != "_id"} == {"domain": DOMAIN, **settings()}


def test_update_password_on_create(playbook: Playbook) -> None:
    def wanted(**changes: object) -> dict[str, object]:
        return {"domain": DOMAIN, **settings(**changes), "update_password": "on_create"}

    second = {"auth": {"user": "pbx@my.example.com", "pass": "second-password"}}
    run = playbook.run(
        [
            Task("create", "email_settings", wanted()),
            Task("other password", "email_settings", wanted(**second)),
            Task("other port too", "email_settings", wanted(**second, port=587)),
            Task("always", "email_settings", {**wanted(**second, port=587), "update_password": "always"}),
        ]
    )
    assert run.succeeded("create").returned["password_check"] == "set"
    assert_unchanged(run.succeeded("other password"))
    assert run["other password"].returned["password_check"] == "skipped"
    assert run.succeeded("other port too").returned["changed_fields"] == ["options.port"]
    assert run["other port too"].bodies("PUT")[0]["options"]["auth"]["pass"] == PASSWORD
    assert run.succeeded("always").returned["changed_fields"] == ["options.auth.pass"]
    assert playbook.sandbox.settings()[DOMAIN]["options"]["auth"]["pass"] == "second-password"
