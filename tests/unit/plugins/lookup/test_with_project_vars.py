# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Ansible looks for the variables of a play that a project imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible import context  # type: ignore[attr-defined,unused-ignore]
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.mailfleet.email.plugins.lookup import with_project_vars as plugin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "moves"),
    [
        (["project/site.yml"], True),
        (["project/site.yml", "project/other.yml"], True),
        (["project/site.yml", "elsewhere/site.yml"], False),
        (["mailfleet.email.plan"], False),
        ([], False),
    ],
)
def test_where_variables_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], moves: bool
) -> None:
    for name in ("project/site.yml", "project/other.yml", "elsewhere/site.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(context, "CLIARGS", {"args": arguments})
    loader = DataLoader()
    lookup: Any = plugin.LookupModule(loader=loader)
    lookup.set_options = lambda **_options: None
    before = loader.get_basedir()
    terms = [["berlin", "pbx"]]
    assert lookup.run(terms) == terms
    assert loader.get_basedir() == (str(tmp_path / "project") if moves else before)


@pytest.mark.parametrize("term", [{"berlin": 1}, 5, True, None, "", " ", [], ["berlin", 5], [{"berlin": 1}], [""]])
def test_what_no_play_takes_for_its_hosts(term: Any) -> None:
    lookup: Any = plugin.LookupModule(loader=DataLoader())
    lookup.set_options = lambda **_options: None
    with pytest.raises(AnsibleError, match=r"mailfleet_hosts, .* must be a pattern of hosts or groups"):
        lookup.run(["berlin", term])
