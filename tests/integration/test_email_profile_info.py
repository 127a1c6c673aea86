# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Email profiles read: all, by id, by name, by what they are like, and what they are refused for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

MODULE = "email_profile_info"


@pytest.mark.parametrize("spec", WAYS)
def test_reading(playbook: Playbook, sandbox: Sandbox, spec: ModuleSpec) -> None:
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    client = {"oauth2": {"client_id": "c", "client_secret": "hush-hush-client", "redirect_url": ""}}
    first, second = sandbox.webitel_cloud.add_profiles(
        [
            {"name": "a", "flow_id": flow, "smtp_host": "one.example.com", "params": client},
            {"name": "b", "flow_id": flow, "smtp_host": "two.example.com", "enabled": True},
        ]
    )
    run = playbook.run(
        [
            Task("all", MODULE),
            Task("by id", MODULE, {"id": [second, 4711]}),
            Task("by name", MODULE, {"name": ["a", "nobody"]}),
            Task("filtered", MODULE, {"filters": {"enabled": True}}),
            Task("by a flow", MODULE, {"filters": {"schema.name": "Tickets", "smtp_host": "one.example.com"}}),
            Task("secret", MODULE, {"filters": {"params.oauth2.client_secret": "x"}}),
            Task("unknown", MODULE, {"filters": {"smtp_prot": 25}}),
            Task("opened", MODULE, {"shown_fields": ["mailbox", "params.oauth2.client_secret"]}),
        ],
        spec=spec,
    )
    found = run.succeeded("all").returned
    assert [profile["id"] for profile in found["email_profiles"]] == [first, second]
    assert found["email_profiles"][0]["schema"] == {"id": str(flow), "name": "Tickets"}
    assert {"path": ["password"], "readable": False} in found["secret_fields"][1]
    assert {"path": ["params", "oauth2", "client_secret"], "readable": True} in found["secret_fields"][0]
    names = {
        task: [profile["name"] for profile in run.succeeded(task).returned["email_profiles"]]
        for task in ("by id", "by name", "filtered", "by a flow")
    }
    assert names == {"by id": ["b"], "by name": ["a"], "filtered": ["b"], "by a flow": ["a"]}
    assert "is a secret" in run.failed("secret").returned["msg"]
    assert "smtp_prot: is no field of a record" in run.failed("unknown").returned["msg"]
    assert "shown_fields[1]: leads to a password or key" in run.failed("opened").returned["msg"]
    assert "hush-hush" not in run.output
