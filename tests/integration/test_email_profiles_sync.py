# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many email profiles in one task: created, changed and pruned, and read as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

PASSWORD = "first-password-of-a-profile"
DEFAULTS = {"schema": {"name": "Tickets"}, "smtp_host": "smtp.example.com", "update_password": "on_create"}


def described(*names: str, **changes: Any) -> list[dict[str, Any]]:
    """Profiles of these names."""
    return [{"name": name, "login": f"{name}@example.com", "password": PASSWORD, **changes} for name in names]


@pytest.mark.parametrize("spec", WAYS)
def test_ritual(playbook: Playbook, sandbox: Sandbox, spec: ModuleSpec) -> None:
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": name, "flow_id": flow} for name in ("old", "kept", "b")])
    arguments = {
        "defaults": DEFAULTS,
        "profiles": described("a", "b"),
        "prune": True,
        "prune_keep": ["k*"],
        "prune_limit": "100%",
    }
    erasing = {**arguments, "erase_stored_mail": True}
    run = playbook.run(
        [
            Task("refused", "email_profiles_sync", arguments),
            Task("preview", "email_profiles_sync", erasing, check=True),
            Task("done", "email_profiles_sync", erasing),
            Task("again", "email_profiles_sync", erasing),
        ],
        spec=spec,
    )
    refused = run.failed("refused")
    assert "erases all mail stored with the profile" in refused.returned["msg"]
    assert refused.writes == []
    preview, done = run.succeeded("preview"), run.succeeded("done")
    assert preview.returned["results"] == done.returned["results"]
    assert {entry["key"]: entry["action"] for entry in done.returned["results"]} == {
        "a": "created",
        "b": "updated",
        "old": "deleted",
    }
    assert sorted(done.writes) == ["DELETE", "PATCH", "POST"]
    assert run.succeeded("again").returned["changed"] is False
    assert sorted(profile["name"] for profile in sandbox.webitel_cloud.profiles()) == ["a", "b", "kept"]
    assert PASSWORD not in run.output


def test_a_lost_answer_to_a_creation_makes_none_twice(playbook: Playbook, sandbox: Sandbox) -> None:
    """The server knows no unique names, so whoever sends a creation again makes a second profile."""
    sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.fault("/api/email/profile", method="POST", status=504, after=True)
    run = playbook.run([Task("many", "email_profiles_sync", {"defaults": DEFAULTS, "profiles": described("a", "b")})])
    done = run.succeeded("many")
    assert [entry["action"] for entry in done.returned["results"]] == ["created", "created"]
    assert sorted(profile["name"] for profile in sandbox.webitel_cloud.profiles()) == ["a", "b"]


def test_all_problems_are_reported_with_their_places(playbook: Playbook, sandbox: Sandbox) -> None:
    sandbox.webitel_cloud.add_schema("Tickets")
    profiles = [
        {"name": "a", "smtp_port": 0},
        {"name": "b", "schema": {"name": "none"}},
        {"name": "c", "enabled": True, "listen": True},
    ]
    run = playbook.run(
        [
            Task("input", "email_profiles_sync", {"profiles": profiles}),
            Task(
                "plan", "email_profiles_sync", {"profiles": profiles[1:], "defaults": {"schema": {"name": "Tickets"}}}
            ),
        ]
    )
    assert run.failed("input").requests == []
    assert "profiles[0].smtp_port: (a) must be a port" in run["input"].returned["msg"]
    failure = run.failed("plan").returned
    assert {problem["field"] for problem in failure["failure"]["problems"]} == {
        "profiles[0].schema.name",
        "profiles[1].listen",
    }
