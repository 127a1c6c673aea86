# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extra variables that leave out how the names of ours begin, such as `prune`, or stand in the place of an option.

In a play of somebody else such a name may well be read. In a playbook of the collection only a template among the
variables of the host can read it, or one in a document.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import CONTROL

_PLAYBOOKS: t.Final = Path(__file__).resolve().parents[2] / "playbooks"
_OPTIONS: t.Final = {
    **dict.fromkeys(("check", "check_mode", "dry_run"), "--check"),
    **{name: f"--{name}" for name in ("diff", "limit")},
}
"""Options of `ansible-playbook`, by what they are taken for."""
_NOT_OF_THE_HOST: t.Final = ("hostvars", "vars", "groups")


def bare_names(
    names: t.Collection[str], given: t.Mapping[str, t.Any], on_command_line: t.Collection[str]
) -> dict[str, str]:
    """What is meant by each extra variable that nobody reads and that is the end of one of `names`, or an option."""
    if Path(str(given.get("playbook_dir", ""))).resolve() != _PLAYBOOKS:
        return {}
    ours = {name: f"{CONTROL}{name}" for name in on_command_line if f"{CONTROL}{name}" in names}
    found = {**{name: _OPTIONS[name] for name in on_command_line if name in _OPTIONS}, **ours}
    own = [value for name, value in given.items() if not name.startswith("gitops_") and name not in _NOT_OF_THE_HOST]
    return {name: meant for name, meant in found.items() if name not in names and not _is_read(name, own)}


def _is_read(name: str, values: t.Iterable[t.Any]) -> bool:
    """Whether a template in the values has this name in it."""
    return any(_reads(re.compile(rf"\b{re.escape(name)}\b"), value) for value in values)


def _reads(word: re.Pattern[str], value: t.Any) -> bool:
    if isinstance(value, str):
        return "{" in value and word.search(value) is not None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any(_reads(word, part) for part in parts)
