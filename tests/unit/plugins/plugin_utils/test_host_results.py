# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one result of those for each kind of record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._resource.phases import NO_RECORD
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import joined


@dataclass(frozen=True)
class _Warning:
    """A warning as a module's own are since core 2.19: an object, and no text."""

    event: SimpleNamespace

    def __hash__(self) -> int:
        return hash(self.event.msg)


@pytest.mark.parametrize("made", [str, lambda text: _Warning(SimpleNamespace(msg=text))])
def test_a_name_of_one_kind_is_no_slip_of_the_other(made: Callable[[str], Any]) -> None:
    mine, both, other = f"{NO_RECORD} A", f"{NO_RECORD} B", "something else"
    results: dict[str, Any] = {
        "accounts": {"changed": False, "warnings": [made(both), made(other)]},
        "settings": {"changed": False, "warnings": [made(mine), made(both)]},
    }
    reported = joined(results, None)["warnings"]
    words = [one if isinstance(one, str) else one.event.msg for one in reported]
    assert list(dict.fromkeys(words)) == [both, other]
