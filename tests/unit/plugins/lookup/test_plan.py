# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was reviewed, read from a file by a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.mailfleet.email.plugins.lookup import plan as plugin
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import plan_text

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = {"record": "Alarms", "action": "created", "changed_fields": [], "fingerprint": "f00"}
PLANS: dict[str, Any] = {
    "porto": {"email_settings": [], "email_accounts": [ENTRY]},
    "berlin": {"email_accounts": []},
}


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """The file of a plan that was made with a key."""
    path = tmp_path / "plan.json"
    path.write_text(plan_text(PLANS, [], "k"))
    return str(path)


def looked_up(*terms: str, **options: str) -> list[Any]:
    """What a template gets; the options are known to Ansible as its loader would make them known."""
    declared = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    constants.config.initialize_plugin_configuration_definitions("lookup", "plan", declared)
    lookup = plugin.LookupModule()
    lookup._load_name = "plan"
    return lookup.run(list(terms), {}, **options)


def test_what_is_found(plan: str) -> None:
    assert looked_up(plan, key="k") == ["berlin", "porto"]
    assert looked_up(plan, key="k", host="porto") == ["email_accounts", "email_settings"]
    assert looked_up(plan, key="k", host="porto", kind="email_accounts") == [ENTRY]
    assert looked_up(plan, key="k", host="berlin", kind="email_settings") == []


def test_a_host_that_the_plan_does_not_know(plan: str) -> None:
    with pytest.raises(AnsibleError, match=r"plan\.json does not know pbx: plan again"):
        looked_up(plan, key="k", host="pbx")


@pytest.mark.parametrize("options", [{}, {"key": ""}, {"key": " "}, {"key": "other"}])
def test_a_plan_without_its_key(plan: str, options: dict[str, str]) -> None:
    with pytest.raises(AnsibleError, match=r"The plan .*plan\.json "):
        looked_up(plan, **options)


@pytest.mark.parametrize("terms", [(), ("a.json", "b.json")])
def test_one_file_at_a_time(terms: tuple[str, ...]) -> None:
    with pytest.raises(AnsibleError, match=f"reads one file at a time, and not {len(terms)}"):
        looked_up(*terms)


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match=r"missing\.json: No such file"):
        looked_up(str(tmp_path / "missing.json"))
