# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback's documentation, from which Ansible takes its options."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.callback import report

OPTIONS: dict[str, dict[str, Any]] = yaml.safe_load(report.DOCUMENTATION)["options"]


@pytest.mark.parametrize("name", OPTIONS)
def test_each_option_can_be_set_in_each_way(name: str) -> None:
    option = OPTIONS[name]
    assert option["env"] == [{"name": f"MAILFLEET_REPORT_{name.upper()}"}]
    assert option["ini"] == [{"section": "callback_mailfleet_report", "key": name}]
    assert option["vars"] == [{"name": f"mailfleet_report_{name}"}]
    assert all(text.endswith(".") for text in option["description"])


def test_it_works_only_where_it_is_enabled() -> None:
    assert report.CallbackModule.CALLBACK_NEEDS_ENABLED is True
    assert report.CallbackModule.CALLBACK_TYPE == "aggregate"


def test_the_default_limit_fits_the_smallest_comment() -> None:
    assert OPTIONS["markdown_limit"]["default"] < 32768
